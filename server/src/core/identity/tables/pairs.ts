import type { PairReason, PairState } from '@hutong/contract/identity.ts';
import type { Client, Queryable } from '../../../kit/pool.ts';

export type PairRow = {
  id: string;
  a: bigint;
  b: bigint;
  state: PairState;
  reason: PairReason;
  weight: number;
  model: string;
  foundAt: Date;
  changedAt: Date;
  act: bigint | null;
  version: number;
};
type Columns = Omit<PairRow, 'a' | 'b' | 'act'> & { a: string; b: string; act: string | null };

const columns = `id::text, a::text, b::text, state, reason, weight, model, found_at as "foundAt", changed_at as "changedAt", act::text, version`;
const toPair = (row: Columns): PairRow => ({
  ...row,
  a: BigInt(row.a),
  b: BigInt(row.b),
  act: row.act === null ? null : BigInt(row.act),
});

export type FoundPair = { a: bigint; b: bigint; reason: PairReason | string; weight: number };

/** Puts pairs in the queue. What a person has decided stays decided; one that had settled by itself opens again. */
export async function queuePairs(client: Client, found: readonly FoundPair[], model: string): Promise<void> {
  if (found.length === 0) return;
  await client.query(
    `insert into identity.pair (a, b, state, reason, weight, model)
     select a, b, 'open', reason, weight, $5 from unnest($1::int8[], $2::int8[], $3::text[], $4::float8[]) as g (a, b, reason, weight) order by 1, 2
     on conflict (a, b) do update set reason = excluded.reason, weight = excluded.weight, model = excluded.model,
       state = case when identity.pair.state = 'settled' then 'open' else identity.pair.state end,
       changed_at = case when identity.pair.state = 'settled' then now() else identity.pair.changed_at end,
       version = identity.pair.version + (identity.pair.state = 'settled')::int`,
    [
      found.map(({ a }) => String(a)),
      found.map(({ b }) => String(b)),
      found.map(({ reason }) => reason),
      found.map(({ weight }) => weight),
      model,
    ],
  );
}

/** Open pairs that nobody needs to look at any more. */
export async function settlePairs(client: Client, pairs: readonly { a: bigint; b: bigint }[]): Promise<void> {
  if (pairs.length === 0) return;
  await client.query(
    `update identity.pair p set state = 'settled', changed_at = now(), version = version + 1
     from unnest($1::int8[], $2::int8[]) as g (a, b) where p.a = g.a and p.b = g.b and p.state in ('open', 'awaiting-second')`,
    [pairs.map(({ a }) => String(a)), pairs.map(({ b }) => String(b))],
  );
}

/** @returns false when somebody else has changed the pair since `version` was read */
export async function setPairState(
  client: Client,
  { id, version, state, act }: { id: string; version: number; state: PairState; act: bigint | null },
): Promise<boolean> {
  const { rowCount } = await client.query(
    'update identity.pair set state = $3, act = $4, changed_at = now(), version = version + 1 where id = $1 and version = $2',
    [id, version, state, act === null ? null : String(act)],
  );
  return rowCount === 1;
}

export async function pairById(db: Queryable, id: string): Promise<PairRow | null> {
  if (!/^\d{1,18}$/.test(id)) return null;
  const { rows } = await db.query<Columns>(`select ${columns} from identity.pair where id = $1`, [id]);
  return rows[0] ? toPair(rows[0]) : null;
}

export async function openPairsOf(db: Queryable, sources: readonly bigint[]): Promise<PairRow[]> {
  const { rows } = await db.query<Columns>(
    `select ${columns} from identity.pair where state in ('open', 'awaiting-second') and a = any($1::int8[])
     union select ${columns} from identity.pair where state in ('open', 'awaiting-second') and b = any($1::int8[])`,
    [sources.map(String)],
  );
  return rows.map(toPair);
}

export type QueuePosition = { weight: number; id: string };

/** A page of the queue, strongest evidence first. */
export async function pairPage(
  db: Queryable,
  ask: {
    state: PairState;
    reason: string | null;
    after: QueuePosition | null;
    limit: number;
    skip?: readonly string[];
  },
): Promise<PairRow[]> {
  const { rows } = await db.query<Columns>(
    `select ${columns} from identity.pair where state = $1 and ($2::text is null or reason = $2)
       and ($3::float8 is null or weight < $3 or (weight = $3 and id > $4::int8)) and not (id = any($6::int8[]))
     order by weight desc, id limit $5`,
    [ask.state, ask.reason, ask.after?.weight ?? null, ask.after?.id ?? null, ask.limit, ask.skip ?? []],
  );
  return rows.map(toPair);
}

export async function pairCounts(db: Queryable): Promise<Record<PairState, number>> {
  const counts: Record<PairState, number> = {
    open: 0,
    'awaiting-second': 0,
    linked: 0,
    separate: 0,
    unsure: 0,
    settled: 0,
  };
  const { rows } = await db.query<{ state: PairState; n: number }>(
    'select state, count(*)::int as n from identity.pair group by state',
  );
  for (const { state, n } of rows) counts[state] = n;
  return counts;
}

export async function oldestOpen(db: Queryable): Promise<Date | null> {
  const { rows } = await db.query<{ at: Date | null }>(
    `select min(found_at) as at from identity.pair where state = 'open'`,
  );
  return rows[0]?.at ?? null;
}
