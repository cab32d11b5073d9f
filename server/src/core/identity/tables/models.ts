import type { Model } from '@hutong/linkage';
import type { Client, Queryable } from '../../../kit/pool.ts';

export type ModelRow = {
  version: string;
  madeAt: Date;
  madeBy: string;
  basedOn: string | null;
  reason: string | null;
  linked: number;
  separate: number;
  body: Model;
  inUse: boolean;
};
const columns = `version, made_at as "madeAt", made_by as "madeBy", based_on as "basedOn", reason, linked, separate, body, in_use as "inUse"`;

/** The shipped model, once; it is in use until another one is. */
export async function ensureModel(db: Queryable, version: string, body: Model): Promise<void> {
  await db.query(
    `insert into identity.model (version, made_by, body, in_use) values ($1, 'shipped', $2, not exists (select 1 from identity.model where in_use)) on conflict do nothing`,
    [version, JSON.stringify(body)],
  );
}

export async function modelInUse(db: Queryable): Promise<ModelRow> {
  const { rows } = await db.query<ModelRow>(`select ${columns} from identity.model where in_use`);
  return rows[0] as ModelRow;
}

export async function allModels(db: Queryable): Promise<ModelRow[]> {
  const { rows } = await db.query<ModelRow>(`select ${columns} from identity.model order by made_at desc`);
  return rows;
}

export async function insertModel(
  client: Client,
  row: Omit<ModelRow, 'madeAt' | 'inUse' | 'version'>,
): Promise<string> {
  const { rows } = await client.query<{ version: string }>(
    `insert into identity.model (version, made_by, based_on, reason, linked, separate, body)
     select 'model-' || (count(*) + 1), $1, $2, $3, $4, $5, $6 from identity.model returning version`,
    [row.madeBy, row.basedOn, row.reason, row.linked, row.separate, JSON.stringify(row.body)],
  );
  return (rows[0] as { version: string }).version;
}

/** @returns false when there is no such version */
export async function useModel(client: Client, version: string): Promise<boolean> {
  await client.query('update identity.model set in_use = false where in_use and version <> $1', [version]);
  const { rowCount } = await client.query('update identity.model set in_use = true where version = $1', [version]);
  return rowCount === 1;
}

/** How many sources there are, nearly: what the prior is scaled by. */
export async function sourcesNearly(db: Queryable): Promise<number> {
  const { rows } = await db.query<{ n: number }>(
    `select greatest(0, reltuples)::int8 as n from pg_class where oid = 'identity.source'::regclass`,
  );
  return rows[0]?.n ?? 0;
}

/** Pairs that people decided and have not taken back, newest first. */
export async function decidedPairs(db: Queryable, limit: number): Promise<{ a: bigint; b: bigint; same: boolean }[]> {
  const { rows } = await db.query<{ a: string; b: string; same: boolean }>(
    `select p.a::text, p.b::text, p.state = 'linked' as same from identity.pair p join identity.act a on a.id = p.act
     where p.state in ('linked', 'separate') and a.by_kind = 'staff' and a.undone_by is null order by a.id desc limit $1`,
    [limit],
  );
  return rows.map(({ a, b, same }) => ({ a: BigInt(a), b: BigInt(b), same }));
}
