import type { Client, Queryable } from '../../../kit/pool.ts';

/** What a subscription is told of: names alone. `number` counts from 1 without a gap. */
export type EventRow = {
  number: number;
  at: Date;
  key: bigint;
  type: number;
  id: string;
  version: number;
  subject: bigint | null;
  deleted: boolean;
};
export type NewEvent = Omit<EventRow, 'number'>;

type Row = Omit<EventRow, 'key' | 'subject'> & { key: string; subject: string | null };
const toEvent = (row: Row): EventRow => ({
  ...row,
  key: BigInt(row.key),
  subject: row.subject === null ? null : BigInt(row.subject),
});
const columns = 'number, at, key::text, type, id, version, subject::text, deleted';

/** Gives numbers to what was not told before. @returns how many were new */
export async function addEvents(client: Client, subscription: string, given: readonly NewEvent[]): Promise<number> {
  if (given.length === 0) return 0;
  // Numbers are given out by one at a time.
  await client.query('select 1 from fhir.subscription where id = $1 for no key update', [subscription]);
  const { rows: told } = await client.query<{ key: string; version: number }>(
    'select key::text, version from fhir.subscription_event where subscription = $1 and key = any($2::int8[])',
    [subscription, given.map(({ key }) => String(key))],
  );
  const known = new Set(told.map(({ key, version }) => `${key} ${version}`));
  const events = given.filter(({ key, version }) => !known.has(`${key} ${version}`));
  if (events.length === 0) return 0;
  const { rows } = await client.query<{ last: number }>(
    'update fhir.subscription set last_number = last_number + $2 where id = $1 returning last_number as last',
    [subscription, events.length],
  );
  const first = (rows[0]?.last ?? 0) - events.length + 1;
  await client.query(
    `insert into fhir.subscription_event (subscription, number, at, key, type, id, version, subject, deleted)
     select $1, $2 + n - 1, at, key, type, id, version, subject, deleted
     from unnest($3::timestamptz[], $4::int8[], $5::int2[], $6::text[], $7::int4[], $8::int8[], $9::bool[])
       with ordinality as e (at, key, type, id, version, subject, deleted, n)`,
    [
      subscription,
      first,
      events.map(({ at }) => at),
      events.map(({ key }) => String(key)),
      events.map(({ type }) => type),
      events.map(({ id }) => id),
      events.map(({ version }) => version),
      events.map(({ subject }) => (subject === null ? null : String(subject))),
      events.map(({ deleted }) => deleted),
    ],
  );
  return events.length;
}

/** The last that was told of each key, if it was not its deletion: whoever was told of a row is told that it is gone. */
export async function lastTold(client: Client, subscription: string, keys: readonly bigint[]): Promise<EventRow[]> {
  const { rows } = await client.query<Row>(
    `select distinct on (key) ${columns} from fhir.subscription_event where subscription = $1 and key = any($2::int8[]) order by key, number desc`,
    [subscription, keys.map(String)],
  );
  return rows.map(toEvent).filter(({ deleted }) => !deleted);
}

/** Events from `since` to `until`, both included, in order. */
export async function eventsBetween(
  db: Queryable,
  subscription: string,
  since: number,
  until: number,
  limit: number,
): Promise<EventRow[]> {
  const { rows } = await db.query<Row>(
    `select ${columns} from fhir.subscription_event where subscription = $1 and number between $2 and $3 order by fhir.subscription_event.number limit $4`,
    [subscription, since, until, limit],
  );
  return rows.map(toEvent);
}

/** Notes how far the feed was matched. */
export async function noteMatched(client: Client, xid: string): Promise<void> {
  await client.query(
    'insert into fhir.subscription_matched as m (xid) values ($1::xid8) on conflict (one) do update set xid = greatest(m.xid, $1::xid8)',
    [xid],
  );
}

/** Before the feed is read again from its start: what was matched once is not told anew. */
export async function beginAfterMatched(client: Client): Promise<void> {
  await client.query(
    'update fhir.subscription s set since = greatest(s.since, m.xid) from fhir.subscription_matched m',
  );
}

/** Forgets events that were taken long ago, and tokens that are over. */
export async function forgetOld(db: Queryable, days: number): Promise<void> {
  await db.query(
    `delete from fhir.subscription_event e using fhir.subscription s where s.id = e.subscription and e.at < now() - $1 * interval '1 day'
       and (e.number <= s.sent_number or s.channel = 'websocket')`,
    [days],
  );
  await db.query('delete from fhir.subscription_token where expires < now()');
}

/** What is kept of erased people: the number stays, so that no subscriber sees a gap; whom it was about goes. */
export async function eraseSubscriptionEvents(client: Client, subjects: readonly bigint[]): Promise<void> {
  await client.query(
    `update fhir.subscription_event set key = -number, type = 0, id = '', version = 0, subject = null, deleted = true where subject = any($1::int8[])`,
    [subjects.map(String)],
  );
}

export async function addToken(
  db: Queryable,
  token: { hash: Buffer; client: string; institution: number; subscriptions: readonly string[]; expires: Date },
): Promise<void> {
  await db.query(
    'insert into fhir.subscription_token (hash, client, institution, subscriptions, expires) values ($1, $2, $3, $4, $5)',
    [token.hash, token.client, token.institution, token.subscriptions, token.expires],
  );
}

export async function tokenBy(
  db: Queryable,
  hash: Buffer,
): Promise<{ client: string; subscriptions: string[] } | null> {
  const { rows } = await db.query<{ client: string; subscriptions: string[] }>(
    'select client, subscriptions from fhir.subscription_token where hash = $1 and expires > now()',
    [hash],
  );
  return rows[0] ?? null;
}
