import { randomUUID } from 'node:crypto';
import type { Client, Queryable } from '../../../kit/pool.ts';
import type { Told } from '../notify/enqueue.ts';

export type HookRow = {
  id: string;
  name: string;
  url: string;
  secret: Buffer;
  events: string[];
  area: string | null;
  active: boolean;
};
export type DeliveryRow = {
  id: string;
  hook: string | null;
  subscription: string | null;
  event: string;
  payload: object;
  tries: number;
};

/** One row for each hook and browser that asked for this kind of news. */
export async function addDeliveries(db: Queryable, { event, at, title, area, institution, path }: Told): Promise<void> {
  const { rows } = await db.query<{ hook: string | null; subscription: string | null }>(
    `select id as hook, null as subscription from surveillance.hook where active and $1 = any(events) and (area is null or $2::text is null or $2 like area || '%')
     union all select null, id from surveillance.push_subscription where $1 = any(events) and ($3::int is null or institution = $3 or institution is null)`,
    [event, area, institution],
  );
  for (const { hook, subscription } of rows) {
    const id = randomUUID();
    await db.query(
      "insert into surveillance.delivery (id, hook, subscription, event, payload, state, next_at, created_at) values ($1, $2, $3, $4, $5, 'waiting', $6, $6)",
      [id, hook, subscription, event, JSON.stringify({ id, event, at: at.toISOString(), title, area, path }), at],
    );
  }
}

/** Takes what is due for sending: until `until` nobody else takes it, and a server that dies gives it back. */
export async function takeDeliveries(db: Queryable, now: Date, until: Date, limit: number): Promise<DeliveryRow[]> {
  const { rows } = await db.query<DeliveryRow>(
    `update surveillance.delivery set next_at = $2, tries = tries + 1 where seq in (
       select seq from surveillance.delivery where state = 'waiting' and next_at <= $1 order by next_at limit $3 for update skip locked)
     returning id, hook, subscription, event, payload, tries`,
    [now, until, limit],
  );
  return rows;
}
export async function noteDelivery(
  db: Queryable,
  id: string,
  outcome: { state: 'waiting' | 'done' | 'failed'; status: string; nextAt: Date; at: Date },
): Promise<void> {
  await db.query(
    `update surveillance.delivery set state = $2, status = $3, next_at = $4, done_at = case when $2 = 'waiting' then null else $5::timestamptz end where id = $1`,
    [id, outcome.state, outcome.status, outcome.nextAt, outcome.at],
  );
}

export async function addHook(client: Client, hook: HookRow, agent: string, at: Date): Promise<void> {
  await client.query(
    'insert into surveillance.hook (id, name, url, secret, events, area, active, created_by, created_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)',
    [hook.id, hook.name, hook.url, hook.secret, hook.events, hook.area, hook.active, agent, at],
  );
}
export async function setHookActive(db: Queryable, id: string, active: boolean): Promise<boolean> {
  const { rowCount } = await db.query('update surveillance.hook set active = $2 where id = $1', [id, active]);
  return (rowCount ?? 0) > 0;
}
export async function hookBy(db: Queryable, id: string): Promise<HookRow | null> {
  const { rows } = await db.query<HookRow>(
    'select id, name, url, secret, events, area, active from surveillance.hook where id = $1',
    [id],
  );
  return rows[0] ?? null;
}
export type HookState = Omit<HookRow, 'secret'> & {
  waiting: number;
  failed: number;
  lastStatus: string | null;
  lastAt: Date | null;
};
export async function hooks(db: Queryable): Promise<HookState[]> {
  const { rows } = await db.query<HookState>(
    `select h.id, h.name, h.url, h.events, h.area, h.active,
       (select count(*)::int from surveillance.delivery d where d.hook = h.id and d.state = 'waiting') as waiting,
       (select count(*)::int from surveillance.delivery d where d.hook = h.id and d.state = 'failed') as failed,
       (select status from surveillance.delivery d where d.hook = h.id and status is not null order by seq desc limit 1) as "lastStatus",
       (select coalesce(done_at, created_at) from surveillance.delivery d where d.hook = h.id and status is not null order by seq desc limit 1) as "lastAt"
     from surveillance.hook h order by h.created_at`,
  );
  return rows;
}
export async function deliveriesOf(
  db: Queryable,
  hook: string,
): Promise<
  {
    id: string;
    event: string;
    state: 'waiting' | 'done' | 'failed';
    tries: number;
    status: string | null;
    createdAt: Date;
    doneAt: Date | null;
  }[]
> {
  const { rows } = await db.query(
    'select id, event, state, tries, status, created_at as "createdAt", done_at as "doneAt" from surveillance.delivery where hook = $1 order by seq desc limit 50',
    [hook],
  );
  return rows as never;
}

export type SubscriptionRow = {
  id: string;
  login: string;
  institution: number | null;
  sealed: Buffer;
  events: string[];
};
export async function saveSubscription(db: Queryable, row: SubscriptionRow, at: Date): Promise<void> {
  await db.query(
    `insert into surveillance.push_subscription (id, login, institution, sealed, events, created_at) values ($1, $2, $3, $4, $5, $6)
     on conflict (id) do update set login = excluded.login, institution = excluded.institution, sealed = excluded.sealed, events = excluded.events`,
    [row.id, row.login, row.institution, row.sealed, row.events, at],
  );
}
export async function subscriptionBy(db: Queryable, id: string): Promise<SubscriptionRow | null> {
  const { rows } = await db.query<SubscriptionRow>(
    'select id, login, institution, sealed, events from surveillance.push_subscription where id = $1',
    [id],
  );
  return rows[0] ?? null;
}
export async function dropSubscription(db: Queryable, id: string): Promise<void> {
  await db.query('delete from surveillance.push_subscription where id = $1', [id]);
}

export async function pushKeys(db: Queryable): Promise<{ publicKey: string; privateKey: Buffer } | null> {
  const { rows } = await db.query<{ publicKey: string; privateKey: Buffer }>(
    'select public_key as "publicKey", private_key as "privateKey" from surveillance.push_key',
  );
  return rows[0] ?? null;
}
/** The first server to come makes the keys; the others read them. */
export async function addPushKeys(db: Queryable, publicKey: string, privateKey: Buffer): Promise<void> {
  await db.query('insert into surveillance.push_key (public_key, private_key) values ($1, $2) on conflict do nothing', [
    publicKey,
    privateKey,
  ]);
}
