import { foldName } from '@hutong/china';
import { sourceId } from '../server/src/core/identity/model.ts';
import { blockKey } from '../server/src/core/identity/tables/match-keys.ts';
import { copyRows } from '../server/src/kit/copy.ts';
import { type Client, inTransaction, type Pool } from '../server/src/kit/pool.ts';
import { inhabitant } from './inhabitants.ts';

/** So many are made whole, one by one; beyond them the database makes each of them again, mixed with others. */
export const whole = 1_000_000;
const step = 20_000;

/** What is mixed: by name, with the keys of name and year, and of name and day, as the index made them. */
async function notePeople(client: Client): Promise<void> {
  await client.query(
    'create unlogged table bench_fill.person (n int4, id int8, name text, year text, day text, by_year int8, by_day int8)',
  );
  const known = new Map<string, bigint>();
  const keyOf = (kind: 'name-year' | 'name-day', name: string, part: string): bigint => {
    const text = `${kind}|${name}|${part}`;
    const key = known.get(text) ?? blockKey(client, { kind, text });
    known.set(text, key);
    return key;
  };
  for (let from = 0; from < whole; from += step)
    await copyRows(
      client,
      'bench_fill.person',
      [
        ['n', 'int4'],
        ['id', 'int8'],
        ['name', 'text'],
        ['year', 'text'],
        ['day', 'text'],
        ['by_year', 'int8'],
        ['by_day', 'int8'],
      ],
      Array.from({ length: step }, (_, at) => {
        const person = inhabitant(from + at);
        const name = foldName(person.name).key;
        const [year, day] = [person.birthDate.slice(0, 4), person.birthDate.slice(5)];
        return [
          from + at,
          sourceId('FILL', '', String(from + at)),
          name,
          year,
          day,
          keyOf('name-year', name, year),
          keyOf('name-day', name, day),
        ];
      }),
    );
  await client.query(`create unlogged table bench_fill.namesake as
    select *, row_number() over (partition by name order by n) - 1 as at, count(*) over (partition by name) as of from bench_fill.person`);
  await client.query('drop table bench_fill.person');
  await client.query('analyze bench_fill.namesake');
}

const source = (turn: number): string => `hashtextextended(a.id::text, ${turn})`;
const other = (turn: number): string => `mod(a.n + ${turn} * 100003, ${whole})`;
const pairs = (turn: number): string =>
  `bench_fill.namesake a join bench_fill.namesake b on b.name = a.name and b.at = mod(a.at + ${turn}, a.of)`;

/**
 * A further million: each has the name and year of one, the day of a namesake, number, telephone and address of a third. What stands in blocks of some size
 * (name and year, name and day) has the true keys; keys that hardly two people share are random, as theirs would be. What is sealed opens.
 */
async function addTurn(client: Client, turn: number): Promise<void> {
  await client.query(
    `insert into identity.resident (id, shard) select hashtextextended(id::text, ${-turn}), 1 from bench_fill.namesake`,
  );
  await client.query(
    `insert into identity.source (id, shard, institution, authority, resident, number_stamp, how, name, name_folded, sex, birth_date, address, stamp,
       local_sealed, local_index, number_sealed, number_index, phone_sealed, phone_index)
     select ${source(turn)}, 1, 1, '', hashtextextended(a.id::text, ${-turn}), '1', 'resident-number', s.name, s.name_folded, s.sex,
       a.year || '-' || replace(b.day, '02-29', '02-28'), o.address, '1', s.local_sealed, decode(md5('local ${turn} ' || a.id), 'hex'),
       o.number_sealed, decode(md5('number ${turn} ' || a.id), 'hex'), o.phone_sealed, decode(md5('phone ${turn} ' || a.id), 'hex')
     from ${pairs(turn)} join identity.source s on s.id = a.id
     join bench_fill.namesake c on c.n = ${other(turn)} join identity.source o on o.id = c.id`,
  );
  await client.query(
    `insert into identity.match_key (key, source) select k.key, ${source(turn)} from ${pairs(turn)}
     cross join lateral (select unnest(array[a.by_year, b.by_day]) as key union all
       select hashtextextended(a.id::text, ${turn} * 10 + n) from generate_series(1, 5) n) k`,
  );
  await client.query('insert into bench_fill.batch (at) values ($1)', [turn * whole]);
}

/** Adds millions until there are `count` residents or time is up. @returns whether all are there */
export async function multiplyResidents(pool: Pool, count: number, deadline: number): Promise<boolean> {
  const noted = await pool.query(`select to_regclass('bench_fill.namesake') as there`);
  if (!noted.rows[0]?.there) await inTransaction(pool, notePeople);
  for (let turn = 1; turn * whole < count; turn++) {
    const { rows } = await pool.query('select 1 from bench_fill.batch where at = $1', [turn * whole]);
    if (rows.length > 0) continue;
    if (performance.now() > deadline) return false;
    const started = performance.now();
    await inTransaction(pool, async (client) => {
      await client.query(`set local work_mem = '1GB'`);
      await addTurn(client, turn);
    });
    process.stderr.write(`  ${((performance.now() - started) / 1000).toFixed(0)} s: ${turn + 1} million\n`);
  }
  return true;
}
