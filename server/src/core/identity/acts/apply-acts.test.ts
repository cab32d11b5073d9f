import { makeResidentNumber } from '@hutong/china';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freshDatabase } from '../../../../test/database.ts';
import { GroupCommitter, Unit } from '../../../kit/group-commit.ts';
import { inTransaction, type Pool } from '../../../kit/pool.ts';
import { openIdentity, type Sighting, sourceId } from '../index.ts';
import { applyActs } from './apply-acts.ts';
import type { NewAct } from './model.ts';
import { replayActs } from './replay.ts';

let database: Awaited<ReturnType<typeof freshDatabase>>;
let pool: Pool;
let committer: GroupCommitter;

beforeAll(async () => {
  database = await freshDatabase();
  pool = database.pool;
  committer = new GroupCommitter(pool);
});
afterAll(async () => database?.drop());

const id = (localId: string): bigint => sourceId('A', '', localId);
const sighting = (localId: string, says: Sighting['says']): Sighting => ({
  id: id(localId),
  institution: 1,
  authority: '',
  localId,
  message: null,
  ...(says && { says }),
});
async function tell(...sightings: Sighting[]): Promise<void> {
  const identity = openIdentity(pool);
  for (let tries = 0; tries < 10; tries++) {
    const unit = new Unit();
    await identity.addTo(unit, sightings, []);
    const outcome = await committer.commit(unit);
    if (outcome.ok) return;
    if (outcome.error === 'unavailable') throw outcome.cause;
  }
  throw new Error('never committed');
}
const state = async (): Promise<Record<string, string>> =>
  Object.fromEntries(
    (
      await pool.query<{ id: string; resident: string; how: string }>(
        'select id::text, resident::text, how from identity.source order by id',
      )
    ).rows.map((row) => [row.id, `${row.resident} ${row.how}`]),
  );
const does = (act: Omit<NewAct, 'byKind' | 'byId'>): Promise<{ acts: bigint[] }> =>
  inTransaction(pool, (client) => applyActs(client, [{ byKind: 'staff', byId: 'somebody', ...act }]));
const replayed = (): Promise<bigint[]> => inTransaction(pool, async (client) => (await replayActs(client)).differences);
const number = makeResidentNumber({ areaCode: '500999', birthDate: '1980-05-06', sequence: 1 });
const male = { number, birthDate: '1980-05-06', sex: 'male' as const };

test('a long random life of links, merges, splits and messages is taken back step by step to exactly what it was, and replays', async () => {
  const locals = Array.from({ length: 12 }, (_, at) => `p${at}`);
  await tell(
    ...locals.map((local, at) =>
      sighting(local, { stamp: '1', name: at % 3 === 0 ? '张小明' : '李国庆', ...(at % 4 === 0 && male) }),
    ),
  );
  let seed = 20261130;
  const below = (most: number): number => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return Math.floor((seed / 2 ** 32) * most);
  };
  const states = [await state()];
  const done: { act: bigint; left: bigint[]; right: bigint[] }[] = [];
  for (let step = 0; step < 40; step++) {
    const left = [...new Set(Array.from({ length: 1 + below(3) }, () => id(locals[below(12)] as string)))];
    const right = [...new Set(Array.from({ length: 1 + below(3) }, () => id(locals[below(12)] as string)))].filter(
      (one) => !left.includes(one),
    );
    if (right.length === 0) continue;
    const kind = (['link', 'merge', 'separate', 'split', 'unlink'] as const)[below(5)] as NewAct['kind'];
    const { acts } = await does({ kind, left, right, reason: 'test' });
    done.push({ act: acts[0] as bigint, left, right });
    states.push(await state());
  }
  expect(new Set(states.map((one) => JSON.stringify(one))).size).toBeGreaterThan(8);
  expect(await replayed()).toEqual([]);
  expect(await state()).toEqual(states.at(-1));
  for (const { act, left, right } of done.reverse()) {
    expect(await state()).toEqual(states.pop());
    await does({ kind: 'undo', left, right, undoes: act });
  }
  expect(await state()).toEqual(states[0]);
  expect(await replayed()).toEqual([]);
});

test('two people who claim one number at the same instant do not become one', async () => {
  const other = makeResidentNumber({ areaCode: '500999', birthDate: '1990-01-02', sequence: 5 });
  const says = { stamp: '1', number: other, birthDate: '1990-01-02', sex: 'male' as const };
  await Promise.all([
    tell(sighting('one', { ...says, name: '赵大海' })),
    tell(sighting('two', { ...says, name: '钱多多' })),
    ...Array.from({ length: 6 }, (_, at) => tell(sighting(`same${at}`, { ...says, name: '赵大海' }))),
  ]);
  const now = await state();
  expect(now[String(id('one'))]?.split(' ')[0]).not.toBe(now[String(id('two'))]?.split(' ')[0]);
  expect(now[String(id('two'))]).toContain('number-contradicts-name');
  for (let at = 0; at < 6; at++) expect(now[String(id(`same${at}`))]).toBe(now[String(id('one'))]);
  expect(await replayed()).toEqual([]);
});

test('numbers and telephones of identities lie in no column in clear', async () => {
  await tell(
    sighting('500999198005060011', {
      stamp: '1',
      ...male,
      phone: '12999887766',
      documents: [{ type: 'passport', number: 'X1234567' }],
    }),
  );
  const { rows } = await pool.query<{ text: string }>('select source::text as text from identity.source');
  const all = rows.map(({ text }) => text).join('\n');
  for (const canary of [number, '12999887766', 'X1234567', '500999198005060011']) expect(all).not.toContain(canary);
  const identity = openIdentity(pool);
  expect((await identity.find('12999887766', 10)).total).toBe(1);
  const [resident] = (await identity.find(number, 10)).residents;
  expect((await identity.sources(resident as bigint)).some(({ phone }) => phone === '12999887766')).toBe(true);
});
