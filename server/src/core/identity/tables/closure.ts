import { coalesce } from '../../../kit/coalesce.ts';
import type { Pool, Queryable } from '../../../kit/pool.ts';
import { mostClaimants } from '../decide/claims.ts';
import type { Edge, Source } from '../model.ts';
import { type EdgeColumns, type SourceColumns, sourceColumns, toEdge, toSource } from './source-rows.ts';

export type Closure = { sources: Map<bigint, Source>; edges: Edge[] };

/**
 * Everybody whose belonging may hang on these identities or these numbers: families by merge, claimants of the same numbers, and those joined or parted
 * by acts, and so on to the end. Most people have none of it, and cost one look-up in each index.
 */
export async function closureOf(db: Queryable, ids: readonly bigint[], numbers: readonly Buffer[]): Promise<Closure> {
  if (ids.length === 0 && numbers.length === 0) return { sources: new Map(), edges: [] };
  const { rows } = await db.query<SourceColumns & { linked: boolean }>({
    name: 'identity-closure',
    text: `with recursive near as (
        select s.id, s.merged_into, s.number_index from identity.source s where s.id = any($1::int8[])
        union
        select s.id, s.merged_into, s.number_index from unnest($2::bytea[]) as n (number_index)
          cross join lateral (select * from identity.source c where c.number_index = n.number_index limit ${mostClaimants + 1}) s
        union
        select s.id, s.merged_into, s.number_index from near n cross join lateral (
          select c.id, c.merged_into, c.number_index from identity.source c where c.merged_into = n.id
          union all select c.id, c.merged_into, c.number_index from identity.source c where c.id = n.merged_into
          union all (select c.id, c.merged_into, c.number_index from identity.source c where c.number_index = n.number_index limit ${mostClaimants + 1})
          union all select c.id, c.merged_into, c.number_index from identity.edge e join identity.source c on c.id = e.b where e.a = n.id) s)
      select ${sourceColumns}, exists (select 1 from identity.edge e where e.a = source.id) as linked
      from identity.source where id in (select id from near)`,
    values: [ids.map(String), numbers],
  });
  const sources = new Map(rows.map((row) => [BigInt(row.id), toSource(db, row)]));
  const linked = rows.filter((row) => row.linked).map(({ id }) => id);
  return { sources, edges: linked.length === 0 ? [] : await edgesOf(db, linked) };
}

async function edgesOf(db: Queryable, ids: readonly string[]): Promise<Edge[]> {
  const { rows } = await db.query<EdgeColumns>({
    name: 'identity-edges',
    text: 'select a::text, b::text, act::text, says, weight from identity.edge where a = any($1::int8[]) and a < b union select b::text, a::text, act::text, says, weight from identity.edge where a = any($1::int8[]) and a > b',
    values: [ids],
  });
  return rows.map(toEdge);
}

type Near = SourceColumns & { asked: number; numberIndex: Buffer | null; spreads: boolean };

/**
 * The same for whoever is told of in a message: nearly always nobody beside them is joined or parted with anybody, and one look by key says so. The looks of one
 * moment are one statement; only where something hangs on it is the closure followed to its end.
 */
export function openClosures(pool: Pool): (ids: readonly bigint[], numbers: readonly Buffer[]) => Promise<Closure> {
  type Asked = { ids: readonly bigint[]; numbers: readonly Buffer[] };
  // Arrays as sub-selects: of a length that the planner does not know, so that one plan serves.
  const near = coalesce<Asked, Near[]>(
    async (asked) => {
      const { rows } = await pool.query<Near>({
        name: 'identity-near',
        text: `with near as materialized (
            select i.asked, s.id from unnest((select $1::int4[]), (select $2::int8[])) as i (asked, id) join identity.source s on s.id = i.id
            union select n.asked, c.id from unnest((select $3::int4[]), (select $4::bytea[])) as n (asked, number_index)
              cross join lateral (select id from identity.source s where s.number_index = n.number_index limit ${mostClaimants + 1}) c)
          select ${sourceColumns}, asked, number_index as "numberIndex", merged_into is not null
            or exists (select from identity.source c where c.merged_into = source.id) or exists (select from identity.edge e where e.a = source.id) as spreads
          from near join identity.source using (id)`,
        values: [
          asked.flatMap(({ ids }, at) => ids.map(() => at)),
          asked.flatMap(({ ids }) => ids.map(String)),
          asked.flatMap(({ numbers }, at) => numbers.map(() => at)),
          asked.flatMap(({ numbers }) => numbers),
        ],
      });
      const found = new Map<Asked, Near[]>(asked.map((one) => [one, []]));
      for (const row of rows) found.get(asked[row.asked] as Asked)?.push(row);
      return found;
    },
    { lanes: 2 },
  );
  return async (ids, numbers) => {
    if (ids.length === 0 && numbers.length === 0) return { sources: new Map(), edges: [] };
    const rows = (await near({ ids, numbers })) ?? [];
    const asked = new Set(numbers.map((number) => number.toString('hex')));
    const ends = rows.every(
      ({ spreads, numberIndex }) => !spreads && (numberIndex === null || asked.has(numberIndex.toString('hex'))),
    );
    if (!ends) return closureOf(pool, ids, numbers);
    return {
      sources: new Map(
        rows.map(({ asked: _, numberIndex: __, spreads: ___, ...row }) => [BigInt(row.id), toSource(pool, row)]),
      ),
      edges: [],
    };
  };
}
