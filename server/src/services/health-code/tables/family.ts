import type { Relation } from '@hutong/contract/health-code.ts';
import type { Queryable } from '../../../kit/pool.ts';
import type { ProxyRow } from '../model.ts';

type Row = { holder: string; subject: string; relation: Relation; since: Date };
const toProxy = (row: Row): ProxyRow => ({ ...row, holder: BigInt(row.holder), subject: BigInt(row.subject) });

/** Whose codes these people may show. */
export async function heldBy(db: Queryable, holders: bigint[]): Promise<ProxyRow[]> {
  const { rows } = await db.query<Row>(
    'select holder::text, subject::text, relation, since from health_code.proxy where holder = any($1::int8[]) and ended_at is null order by since, id',
    [holders.map(String)],
  );
  return rows.map(toProxy);
}

/** @returns false when it is bound already */
export async function bindProxy(
  db: Queryable,
  row: { shard: number; holder: bigint; subject: bigint; relation: Relation; by: string; institution: number | null },
): Promise<boolean> {
  const { rowCount } = await db.query(
    'insert into health_code.proxy (shard, holder, subject, relation, bound_by, institution) values ($1, $2, $3, $4, $5, $6) on conflict do nothing',
    [row.shard, String(row.holder), String(row.subject), row.relation, row.by, row.institution],
  );
  return rowCount === 1;
}

/** @returns how many were ended */
export async function endProxy(db: Queryable, holders: bigint[], subjects: bigint[], by: string): Promise<number> {
  const { rowCount } = await db.query(
    'update health_code.proxy set ended_at = now(), ended_by = $3 where holder = any($1::int8[]) and subject = any($2::int8[]) and ended_at is null',
    [holders.map(String), subjects.map(String), by],
  );
  return rowCount ?? 0;
}
