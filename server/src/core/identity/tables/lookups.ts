import { coalesce } from '../../../kit/coalesce.ts';
import type { Pool } from '../../../kit/pool.ts';
import { type FullRow, findResidents, type SourceRow, sourcesByIds, toRow } from './find.ts';
import { membersOf } from './match-keys.ts';
import { indexOf, sourceColumns } from './source-rows.ts';
import { tracersAmong } from './tracers.ts';

export type Found = { residents: bigint[]; total: number };
/** Look-ups by key that many callers make at once: those of one moment are one statement. */
export type Lookups = {
  /** All registrations of the resident to whom this source identity belongs; none where there is no such identity. */
  beside(source: bigint): Promise<SourceRow[]>;
  /** All registrations of a resident. */
  of(resident: bigint): Promise<SourceRow[]>;
  find(kind: 'number' | 'phone' | 'local-id', text: string, limit: number): Promise<Found>;
  /** As {@link membersOf} and {@link sourcesByIds}. */
  members(keys: readonly bigint[]): ReturnType<typeof membersOf>;
  sources(ids: readonly bigint[]): ReturnType<typeof sourcesByIds>;
  mayTrace(institution: number): Promise<boolean>;
};

const most = 50;
const columnOf = { number: 'number_index', phone: 'phone_index', 'local-id': 'local_index' } as const;
/** While one is under way the next statement gathers: the busier, the fewer. */
const lanes = { lanes: 1 };

/**
 * The first parameter, its length hidden from the planner: otherwise each look is planned anew for as many keys as it has, which takes four times as long as
 * the look itself.
 */
const hidden = (type: 'int8[]' | 'bytea[]'): string => `(select $1::${type})`;

const rowsBy = (pool: Pool, name: string, resident: string) =>
  coalesce<bigint, SourceRow[]>(async (keys) => {
    const { rows } = await pool.query<FullRow & { asked: string }>({
      name,
      text: `select a.asked::text, s.* from unnest(${hidden('int8[]')}) as a (asked) cross join lateral (
          select ${sourceColumns}, since, last_at as "lastAt" from identity.source where resident = ${resident} order by stamp desc, id) s`,
      values: [keys.map(String)],
    });
    const found = new Map<bigint, SourceRow[]>(keys.map((key) => [key, []]));
    for (const { asked, ...row } of rows) found.get(BigInt(asked))?.push(toRow(pool, row));
    return found;
  }, lanes);

const residentsBy = (pool: Pool, kind: keyof typeof columnOf) =>
  coalesce<string, Found>(async (texts) => {
    const { rows } = await pool.query<{ n: number; resident: string; total: number }>({
      name: `identity-find-${kind}`,
      text: `select a.n::int4, f.resident::text, f.total::int4 from unnest(${hidden('bytea[]')}) with ordinality as a (index, n) cross join lateral (
          select resident, count(*) over () as total from (select distinct resident from identity.source where ${columnOf[kind]} = a.index limit 1000) d
          order by resident limit ${most}) f`,
      values: [texts.map((text) => indexOf(pool, kind, text))],
    });
    const found = new Map<string, Found>(texts.map((text) => [text, { residents: [], total: 0 }]));
    for (const { n, resident, total } of rows) {
      const one = found.get(texts[n - 1] as string) as Found;
      one.residents.push(BigInt(resident));
      one.total = total;
    }
    return found;
  }, lanes);

export function openLookups(pool: Pool): Lookups {
  const beside = rowsBy(pool, 'identity-beside', '(select o.resident from identity.source o where o.id = a.asked)');
  const of = rowsBy(pool, 'identity-of', 'a.asked');
  const by = {
    number: residentsBy(pool, 'number'),
    phone: residentsBy(pool, 'phone'),
    'local-id': residentsBy(pool, 'local-id'),
  };
  const block = coalesce<bigint, bigint[] | 'oversize'>(async (keys) => {
    const { members, oversize } = await membersOf(pool, keys);
    return new Map(keys.map((key) => [key, oversize.has(key) ? 'oversize' : (members.get(key) ?? [])]));
  }, lanes);
  const source = coalesce<bigint, SourceRow>((ids) => sourcesByIds(pool, ids), lanes);
  const tracer = coalesce<number, boolean>(async (institutions) => {
    const known = await tracersAmong(pool, institutions);
    return new Map(institutions.map((institution) => [institution, known.has(institution)]));
  }, lanes);
  return {
    async members(keys) {
      const members = new Map<bigint, bigint[]>();
      const oversize = new Set<bigint>();
      await Promise.all(
        [...new Set(keys)].map(async (key) => {
          const found = await block(key);
          if (found === 'oversize') oversize.add(key);
          else if (found && found.length > 0) members.set(key, found);
        }),
      );
      return { members, oversize };
    },
    async sources(ids) {
      const rows = await Promise.all(ids.map((id) => source(id)));
      return new Map(rows.flatMap((row) => (row ? [[row.id, row] as const] : [])));
    },
    mayTrace: async (institution) => (await tracer(institution)) ?? false,
    beside: async (source) => (await beside(source)) ?? [],
    of: async (resident) => (await of(resident)) ?? [],
    async find(kind, text, limit) {
      if (limit > most) return findResidents(pool, kind, text, limit);
      const { residents, total } = (await by[kind](text)) ?? { residents: [], total: 0 };
      return { residents: residents.slice(0, limit), total };
    },
  };
}
