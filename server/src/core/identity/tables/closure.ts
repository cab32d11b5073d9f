import type { Queryable } from '../../../kit/pool.ts';
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
