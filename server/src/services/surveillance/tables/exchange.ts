import type { ExchangeDirection, ExchangeKind } from '@hutong/contract/surveillance.ts';
import type { Client, Queryable } from '../../../kit/pool.ts';

export type AgreementRow = {
  id: string;
  client: string;
  department: string;
  direction: ExchangeDirection;
  kinds: ExchangeKind[];
  fields: string[];
  purpose: string;
  validFrom: string;
  validTo: string | null;
};
const columns = `id, client, department, direction, kinds, fields, purpose, valid_from::text as "validFrom", valid_to::text as "validTo"`;

/** @returns false when the id belongs to another client */
export async function saveExchangeAgreement(
  db: Queryable,
  row: AgreementRow,
  agent: string,
  at: Date,
): Promise<boolean> {
  const { rowCount } = await db.query(
    `insert into surveillance.exchange_agreement (id, client, department, direction, kinds, fields, purpose, valid_from, valid_to, agent, at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
     on conflict (id) do update set department = $3, direction = $4, kinds = $5, fields = $6, purpose = $7, valid_from = $8, valid_to = $9, agent = $10, at = $11
       where exchange_agreement.client = $2`,
    [
      row.id,
      row.client,
      row.department,
      row.direction,
      row.kinds,
      row.fields,
      row.purpose,
      row.validFrom,
      row.validTo,
      agent,
      at,
    ],
  );
  return (rowCount ?? 0) > 0;
}
export async function exchangeAgreementBy(db: Queryable, id: string): Promise<AgreementRow | null> {
  const { rows } = await db.query<AgreementRow>(
    `select ${columns} from surveillance.exchange_agreement where id = $1`,
    [id],
  );
  return rows[0] ?? null;
}
export async function exchangeAgreements(
  db: Queryable,
): Promise<(AgreementRow & { received: number; sent: number; lastAt: Date | null })[]> {
  const { rows } = await db.query(
    `select ${columns}, (select coalesce(sum(rows), 0)::int from surveillance.exchange_log l where l.agreement = a.id and l.direction = 'in') as received,
       (select coalesce(sum(rows), 0)::int from surveillance.exchange_log l where l.agreement = a.id and l.direction = 'out') as sent,
       (select max(at) from surveillance.exchange_log l where l.agreement = a.id) as "lastAt" from surveillance.exchange_agreement a order by id`,
  );
  return rows as never;
}

export type ExchangedRow = {
  id: string;
  agreement: string;
  kind: ExchangeKind;
  key: string;
  area: string;
  day: string | null;
  shown: Record<string, string>;
  sealed: Buffer | null;
  state: 'new' | 'taken' | 'dismissed';
  version: number;
  received: Date;
};
const exchangedColumns = 'id, agreement, kind, key, area, day::text, shown, sealed, state, version, received';

export async function exchangedByKeys(
  client: Client,
  agreement: string,
  kind: string,
  keys: string[],
): Promise<Map<string, ExchangedRow>> {
  const { rows } = await client.query<ExchangedRow>(
    `select ${exchangedColumns} from surveillance.exchanged where agreement = $1 and kind = $2 and key = any($3) for update`,
    [agreement, kind, keys],
  );
  return new Map(rows.map((row) => [row.key, row]));
}
/** A row of a known key replaces the former one and is news again. */
export async function saveExchanged(client: Client, row: ExchangedRow): Promise<void> {
  await client.query(
    `insert into surveillance.exchanged (id, agreement, kind, key, area, day, shown, sealed, state, received) values ($1, $2, $3, $4, $5, $6, $7, $8, 'new', $9)
     on conflict (agreement, kind, key) do update set area = $5, day = $6, shown = $7, sealed = $8, state = 'new', received = $9, version = exchanged.version + 1`,
    [row.id, row.agreement, row.kind, row.key, row.area, row.day, JSON.stringify(row.shown), row.sealed, row.received],
  );
}
export async function exchangedRows(db: Queryable, reach: string, limit: number): Promise<ExchangedRow[]> {
  const { rows } = await db.query<ExchangedRow>(
    `select ${exchangedColumns} from surveillance.exchanged where $1 = '' or area like $1 || '%' order by (state = 'new') desc, received desc limit $2`,
    [reach, limit],
  );
  return rows;
}
export async function exchangedBy(db: Queryable, id: string): Promise<ExchangedRow | null> {
  const { rows } = await db.query<ExchangedRow>(
    `select ${exchangedColumns} from surveillance.exchanged where id = $1`,
    [id],
  );
  return rows[0] ?? null;
}
export async function settleExchanged(
  client: Client,
  id: string,
  state: 'taken' | 'dismissed',
  item: string | null,
): Promise<boolean> {
  const { rowCount } = await client.query(
    "update surveillance.exchanged set state = $2, item = $3 where id = $1 and state = 'new'",
    [id, state, item],
  );
  return (rowCount ?? 0) > 0;
}

export type LogRow = {
  agreement: string;
  direction: 'in' | 'out';
  kind: ExchangeKind;
  rows: number;
  created: number;
  revised: number;
  unchanged: number;
  agent: string;
  at: Date;
};
export async function logExchange(db: Queryable, row: LogRow): Promise<void> {
  await db.query(
    'insert into surveillance.exchange_log (agreement, direction, kind, rows, created, revised, unchanged, agent, at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)',
    [row.agreement, row.direction, row.kind, row.rows, row.created, row.revised, row.unchanged, row.agent, row.at],
  );
}
export async function exchangeLog(db: Queryable, limit: number): Promise<LogRow[]> {
  const { rows } = await db.query<LogRow>(
    'select agreement, direction, kind, rows, created, revised, unchanged, agent, at from surveillance.exchange_log order by seq desc limit $1',
    [limit],
  );
  return rows;
}
