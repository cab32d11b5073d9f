import type { Filter, ResourceType } from '@hutong/fhir';
import type { TableWriter } from '../../../kit/group-commit.ts';
import type { Queryable } from '../../../kit/pool.ts';
import { typeName, typeNumber } from '../keys.ts';
import { type Scope, scopeSql } from '../scope.ts';
import { type Around, int8 } from './at.ts';
import { condition } from './condition.ts';
import { prepareFilters } from './prepare.ts';
import { tokenWord } from './words.ts';

/** A condition of a conditional interaction. */
export type Ask = { type: ResourceType; filters: readonly Filter[]; scope: Scope };
export type Match = { type: ResourceType; id: string; version: number; key: bigint };

type Row = { type: number; id: string; version: number; key: string };
const toMatch = ({ type, id, version, key }: Row): Match => ({ type: typeName(type), id, version, key: BigInt(key) });

/** What senders ask with nearly always: one identifier. Those are looked up together. */
function identifierWord({ type, filters }: Ask): bigint | null {
  const [filter, another] = filters;
  if (
    !filter ||
    another ||
    filter.kind !== 'token' ||
    filter.param !== 'identifier' ||
    filter.negate ||
    filter.values.length !== 1
  )
    return null;
  const [term] = filter.values;
  return term && term.code !== undefined ? tokenWord(type, 'identifier', term) : null;
}

/** At most two matches of each condition: none, one, or too many. All scopes of one call must be the same. */
export async function matchesOf(db: Queryable, asks: readonly Ask[]): Promise<Match[][]> {
  const found: Match[][] = asks.map(() => []);
  const words = asks.map(identifierWord);
  const joined = asks.flatMap((ask, index) =>
    words[index] === null ? [] : [{ ask, word: words[index] as bigint, index }],
  );
  if (joined.length > 0) {
    const values: unknown[] = [];
    const bind = (value: unknown): string => `$${values.push(value)}`;
    const wanted = [...new Set(joined.map(({ word }) => word))];
    const { rows } = await db.query<Row & { hits: string[] }>(
      `select r.type, r.id, r.version, r.key::text, array(select unnest(r.tokens) intersect select unnest(${int8(wanted, bind)}))::text[] as hits
       from store.resource r where r.type = any(${bind([...new Set(joined.map(({ ask }) => typeNumber(ask.type)))])}::int2[]) and r.tokens && ${int8(wanted, bind)}
       and ${scopeSql((joined[0] as { ask: Ask }).ask.scope, 'r', bind)}`,
      values,
    );
    for (const { ask, word, index } of joined)
      for (const row of rows)
        if (typeName(row.type) === ask.type && row.hits.includes(String(word)) && (found[index] as Match[]).length < 2)
          (found[index] as Match[]).push(toMatch(row));
  }
  for (const [index, ask] of asks.entries()) {
    if (words[index] !== null) continue;
    const values: unknown[] = [];
    const bind = (value: unknown): string => `$${values.push(value)}`;
    const around = { scope: ask.scope, now: Date.now() };
    const where = condition(ask.type, around, await prepareFilters(db, ask.type, ask.filters, around), null, bind);
    const { rows } = await db.query<Row>(
      `select r.type, r.id, r.version, r.key::text from store.resource r where ${where} order by r.key limit 2`,
      values,
    );
    found[index] = rows.map(toMatch);
  }
  return found;
}

/** Which of these rows satisfy a search, as the scope sees them; `subjects` narrows to one resident's source identities. */
export async function matchesAmong(
  db: Queryable,
  keys: readonly bigint[],
  { type, filters, subjects, ...around }: Around & Pick<Ask, 'type' | 'filters'> & { subjects?: bigint[] | undefined },
): Promise<Match[]> {
  const values: unknown[] = [];
  const bind = (value: unknown): string => `$${values.push(value)}`;
  const where = condition(type, around, await prepareFilters(db, type, filters, around), subjects ?? null, bind);
  const { rows } = await db.query<Row>(
    `select r.type, r.id, r.version, r.key::text from store.resource r where r.key = any(${int8([...keys], bind)}) and ${where}`,
    values,
  );
  return rows.map(toMatch);
}

/** "There is none": must still be so when the rows are written. `own` is the key that the unit itself makes. */
export type Absence = { ask: Ask; lock: bigint; own: bigint };

/**
 * Guards conditional creates at the commit: whoever comes second, on this server or another, waits for the first one's end and is refused if
 * that made what both missed.
 */
export const absenceWriter: TableWriter<Absence> = {
  name: 'store absence',
  async write(client, rows) {
    const locks = [...new Set(rows.map(({ lock }) => String(lock)))].sort();
    await client.query(
      'select pg_advisory_xact_lock(lock) from (select unnest($1::int8[]) as lock order by 1) as ordered',
      [locks],
    );
    const refused: number[] = [];
    const byScope = new Map<string, number[]>();
    rows.forEach(({ ask }, index) => {
      const name = JSON.stringify(ask.scope, (_key, value) => (typeof value === 'bigint' ? String(value) : value));
      byScope.set(name, [...(byScope.get(name) ?? []), index]);
    });
    for (const indexes of byScope.values()) {
      const found = await matchesOf(
        client,
        indexes.map((index) => (rows[index] as Absence).ask),
      );
      found.forEach((matches, at) => {
        const index = indexes[at] as number;
        if (matches.some(({ key }) => key !== (rows[index] as Absence).own)) refused.push(index);
      });
    }
    return refused;
  },
};
