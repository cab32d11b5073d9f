import type { Queryable } from '../../../kit/pool.ts';
import type { Edge } from '../model.ts';
import { type EdgeColumns, toEdge } from './source-rows.ts';

/** What the acts in force say of exactly these pairs. */
export async function edgesAmong(db: Queryable, pairs: readonly { a: bigint; b: bigint }[]): Promise<Edge[]> {
  if (pairs.length === 0) return [];
  const { rows } = await db.query<EdgeColumns>(
    `select e.a::text, e.b::text, e.act::text, e.says, e.weight from unnest($1::int8[], $2::int8[]) as g (a, b)
     join identity.edge e on e.a = g.a and e.b = g.b`,
    [pairs.map(({ a }) => String(a)), pairs.map(({ b }) => String(b))],
  );
  return rows.map(toEdge);
}

/** Whom the engine has linked with these sources, or asks about: judged again whenever one of the two has changed. */
export async function partnersOf(
  db: Queryable,
  ids: readonly bigint[],
): Promise<{ source: bigint; partner: bigint }[]> {
  const { rows } = await db.query<{ source: string; partner: string }>(
    `select a::text as source, b::text as partner from identity.edge where a = any($1::int8[]) and weight is not null
     union select a::text, b::text from identity.pair where a = any($1::int8[]) and state = 'open'
     union select b::text, a::text from identity.pair where b = any($1::int8[]) and state = 'open'`,
    [ids.map(String)],
  );
  return rows.map(({ source, partner }) => ({ source: BigInt(source), partner: BigInt(partner) }));
}
