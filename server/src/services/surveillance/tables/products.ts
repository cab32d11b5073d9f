import type { Client, Queryable } from '../../../kit/pool.ts';
import type { ProductKind, ProductState, RiskLevel } from '../products/model.ts';

export type ProductRow = {
  id: string;
  signal: string;
  kind: ProductKind;
  state: ProductState;
  number: string | null;
  title: string;
  body: string;
  audience: string;
  level: RiskLevel;
  validTo: string | null;
  draftedBy: string;
  draftedAt: Date;
  signedBy: string | null;
  signedAt: Date | null;
  version: number;
};
export type ProductActRow = { act: string; note: string | null; agent: string; role: string; at: Date };
const columns = `id, signal, kind, state, number, title, body, audience, level, valid_to::text as "validTo", drafted_by as "draftedBy", drafted_at as "draftedAt", signed_by as "signedBy", signed_at as "signedAt", version`;

export async function insertProduct(client: Client, row: ProductRow): Promise<void> {
  await client.query(
    `insert into surveillance.product (id, signal, kind, state, title, body, audience, level, valid_to, drafted_by, drafted_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [
      row.id,
      row.signal,
      row.kind,
      row.state,
      row.title,
      row.body,
      row.audience,
      row.level,
      row.validTo,
      row.draftedBy,
      row.draftedAt,
    ],
  );
}

/** @returns false when somebody else has changed it since `row.version` was read */
export async function saveProduct(client: Client, row: ProductRow): Promise<boolean> {
  const { rowCount } = await client.query(
    `update surveillance.product set state = $3, number = $4, title = $5, body = $6, audience = $7, level = $8, valid_to = $9, signed_by = $10, signed_at = $11, version = version + 1
     where id = $1 and version = $2`,
    [
      row.id,
      row.version,
      row.state,
      row.number,
      row.title,
      row.body,
      row.audience,
      row.level,
      row.validTo,
      row.signedBy,
      row.signedAt,
    ],
  );
  return (rowCount ?? 0) > 0;
}

export async function addProductAct(
  client: Client,
  product: string,
  act: ProductActRow & { title: string; body: string },
): Promise<void> {
  await client.query(
    'insert into surveillance.product_act (product, act, note, title, body, agent, role, at) values ($1, $2, $3, $4, $5, $6, $7, $8)',
    [product, act.act, act.note, act.title, act.body, act.agent, act.role, act.at],
  );
}
export async function productActs(db: Queryable, product: string): Promise<ProductActRow[]> {
  const { rows } = await db.query<ProductActRow>(
    'select act, note, agent, role, at from surveillance.product_act where product = $1 order by seq',
    [product],
  );
  return rows;
}

/** The next number of a kind in a year; without gaps, because it is taken in the transaction of the issue. */
export async function takeNumber(client: Client, kind: ProductKind, year: number): Promise<number> {
  const { rows } = await client.query<{ last: number }>(
    `insert into surveillance.product_number (kind, year, last) values ($1, $2, 1)
     on conflict (kind, year) do update set last = surveillance.product_number.last + 1 returning last`,
    [kind, year],
  );
  return rows[0]?.last ?? 1;
}

export async function setProductNumber(client: Client, id: string, number: string): Promise<void> {
  await client.query('update surveillance.product set number = $2 where id = $1', [id, number]);
}

export async function productBy(db: Queryable, id: string): Promise<ProductRow | null> {
  const { rows } = await db.query<ProductRow>(`select ${columns} from surveillance.product where id = $1`, [id]);
  return rows[0] ?? null;
}
export async function productPage(
  db: Queryable,
  filter: { state: string | null; kind: string | null; signal: string | null; limit: number },
): Promise<{ rows: ProductRow[]; total: number; toSign: number }> {
  const where =
    '($1::text is null or state = $1) and ($2::text is null or kind = $2) and ($3::text is null or signal = $3)';
  const values = [filter.state, filter.kind, filter.signal];
  const { rows } = await db.query<ProductRow>(
    `select ${columns} from surveillance.product where ${where} order by (state = 'submitted') desc, drafted_at desc limit $4`,
    [...values, filter.limit],
  );
  const { rows: counts } = await db.query<{ total: number; toSign: number }>(
    `select count(*) filter (where ${where})::int as total, count(*) filter (where state = 'submitted')::int as "toSign" from surveillance.product`,
    values,
  );
  return { rows, ...(counts[0] as { total: number; toSign: number }) };
}
