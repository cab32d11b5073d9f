import type { TableWriter } from '../../../kit/group-commit.ts';
import type { Client, Queryable } from '../../../kit/pool.ts';
import { openSealed, vaultOf } from '../../../kit/vault.ts';
import type { Asked, Content } from './asked.ts';

const bind = 'fhir.subscription.sealed';
export type Status = 'requested' | 'active' | 'error' | 'off';
/** Where to and what for: sealed, for it may hold tokens and numbers. */
export type Secret = Pick<Asked, 'filters' | 'endpoint' | 'headers'>;

export type Subscription = {
  id: string;
  version: number;
  client: string;
  institution: number;
  caller: { role: string; permissions: readonly string[]; scopes: readonly string[] };
  /** Our own FHIR address as the client sees it. */
  base: string;
  trace: string;
  topic: string;
  channel: Asked['channel'];
  payload: Asked['payload'];
  content: Content;
  heartbeat: number | null;
  timeout: number;
  maxCount: number;
  ends: Date | null;
  status: Status;
  error: string | null;
  /** The endpoint has answered a handshake. */
  shaken: boolean;
  since: string;
  lastNumber: number;
  sentNumber: number;
  failures: number;
  failingSince: Date | null;
  lastSent: Date | null;
} & Secret;

const columns = `id, version, client, institution, caller, base, trace, topic, channel, payload, content, sealed, heartbeat, timeout,
  max_count as "maxCount", ends, status, error, shaken, since::text, last_number as "lastNumber", sent_number as "sentNumber", failures,
  failing_since as "failingSince", last_sent as "lastSent"`;
type Row = Omit<Subscription, keyof Secret> & { sealed: Buffer };
const opened = ({ sealed, ...row }: Row): Subscription => ({
  ...row,
  ...(JSON.parse(openSealed(sealed, bind).toString()) as Secret),
});

export type Kept = Pick<
  Subscription,
  | 'id'
  | 'version'
  | 'client'
  | 'institution'
  | 'caller'
  | 'base'
  | 'trace'
  | 'topic'
  | 'channel'
  | 'payload'
  | 'content'
  | 'heartbeat'
  | 'timeout'
  | 'maxCount'
  | 'status'
  | 'shaken'
> &
  Secret & { ends: number | null };

/** A Subscription was written: what works changes with the resource, in one transaction. Numbers go on; one that was off begins anew from now. */
export const subscriptionWriter: TableWriter<Kept> = {
  name: 'fhir subscription',
  async write(client, rows) {
    for (const row of rows) {
      const { filters, endpoint, headers } = row;
      await client.query(
        `insert into fhir.subscription as s (id, version, client, institution, caller, base, trace, topic, channel, payload, content, sealed, heartbeat, timeout,
           max_count, ends, status, shaken)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
         on conflict (id) do update set version = $2, client = $3, institution = $4, caller = $5, base = $6, trace = $7, topic = $8, channel = $9, payload = $10,
           content = $11, sealed = $12, heartbeat = $13, timeout = $14, max_count = $15, ends = $16, status = $17, shaken = $18, error = null, failures = 0,
           failing_since = null, next_at = null, lease = null, since = case when s.status = 'off' then excluded.since else s.since end`,
        [
          row.id,
          row.version,
          row.client,
          row.institution,
          JSON.stringify(row.caller),
          row.base,
          row.trace,
          row.topic,
          row.channel,
          row.payload,
          row.content,
          vaultOf(client).seal(JSON.stringify({ filters, endpoint, headers } satisfies Secret), bind),
          row.heartbeat,
          row.timeout,
          row.maxCount,
          row.ends === null ? null : new Date(row.ends),
          row.status,
          row.shaken,
        ],
      );
    }
    return [];
  },
};

/** A client switched a Subscription off: its numbers stay, for the day it is switched on again. */
export const stopWriter: TableWriter<{ id: string; version: number }> = {
  name: 'fhir subscription off',
  async write(client, rows) {
    for (const { id, version } of rows)
      await client.query(`update fhir.subscription set version = $2, status = 'off', error = null where id = $1`, [
        id,
        version,
      ]);
    return [];
  },
};

/** A Subscription was deleted. */
export const subscriptionRemover: TableWriter<{ id: string }> = {
  name: 'fhir subscription gone',
  async write(client, rows) {
    await client.query('delete from fhir.subscription where id = any($1)', [rows.map(({ id }) => id)]);
    return [];
  },
};

export type Turn = { id: string; version: number; status: Status; error: string | null };
/** The platform itself turned a subscription; refused when its client wrote it meanwhile. */
export const turnWriter: TableWriter<Turn & { from: number }> = {
  name: 'fhir subscription turn',
  async write(client, rows) {
    const refused: number[] = [];
    for (const [index, row] of rows.entries()) {
      const { rowCount } = await client.query(
        `update fhir.subscription set version = $3, status = $4, error = $5 where id = $1 and version = $2`,
        [row.id, row.from, row.version, row.status, row.error],
      );
      if (rowCount !== 1) refused.push(index);
    }
    return refused;
  },
};

/** Everything that events are matched against. */
export async function listening(client: Client): Promise<Subscription[]> {
  const { rows } = await client.query<Row>(
    `select ${columns} from fhir.subscription where status <> 'off' and (ends is null or ends > now()) order by id`,
  );
  return rows.map(opened);
}

export async function subscriptionBy(db: Queryable, id: string): Promise<Subscription | undefined> {
  const { rows } = await db.query<Row>(`select ${columns} from fhir.subscription where id = $1`, [id]);
  return rows[0] && opened(rows[0]);
}

/** An institution's own; `ids` empty: all of them. */
export async function subscriptionsOf(
  db: Queryable,
  institution: number,
  ids: readonly string[],
): Promise<Subscription[]> {
  const { rows } = await db.query<Row>(
    `select ${columns} from fhir.subscription where institution = $1 and (cardinality($2::text[]) = 0 or id = any($2)) order by id limit 1000`,
    [institution, ids],
  );
  return rows.map(opened);
}

export async function subscriptionsByIds(db: Queryable, ids: readonly string[]): Promise<Subscription[]> {
  const { rows } = await db.query<Row>(`select ${columns} from fhir.subscription where id = any($1)`, [ids]);
  return rows.map(opened);
}

const due = `channel = 'rest-hook' and status <> 'off' and (next_at is null or next_at <= now()) and (lease is null or lease < now())
  and (not shaken or last_number > sent_number or ends <= now() or heartbeat is not null and (last_sent is null or last_sent + heartbeat * interval '1 second' <= now()))`;

/** Takes one subscription that has something to send, and keeps others off it until its time-out is over. */
export async function takeDue(db: Queryable): Promise<Subscription | undefined> {
  const { rows } = await db.query<Row>(
    `update fhir.subscription set lease = now() + (timeout + 20) * interval '1 second' where id =
       (select id from fhir.subscription where ${due} order by next_at nulls first, id limit 1 for update skip locked) returning ${columns}`,
  );
  return rows[0] && opened(rows[0]);
}

/** The endpoint took everything up to `number`. @returns false when the subscription is another one by now */
export async function noteTaken(db: Queryable, id: string, number: number): Promise<void> {
  await db.query(
    `update fhir.subscription set sent_number = greatest(sent_number, $2), shaken = true, failures = 0, failing_since = null, next_at = null,
       last_sent = now(), lease = now() + (timeout + 20) * interval '1 second' where id = $1`,
    [id, number],
  );
}

export async function noteFailure(db: Queryable, id: string, waitMs: number): Promise<void> {
  await db.query(
    `update fhir.subscription set failures = failures + 1, failing_since = coalesce(failing_since, now()),
       next_at = now() + $2 * interval '1 millisecond', lease = null where id = $1`,
    [id, waitMs],
  );
}

export async function release(db: Queryable, id: string): Promise<void> {
  await db.query('update fhir.subscription set lease = null where id = $1', [id]);
}

/** Websockets have nobody to retry for: who is off at its end is told apart here. */
export async function endedSockets(db: Queryable): Promise<Subscription[]> {
  const { rows } = await db.query<Row>(
    `select ${columns} from fhir.subscription where channel = 'websocket' and status <> 'off' and ends <= now() limit 100`,
  );
  return rows.map(opened);
}
