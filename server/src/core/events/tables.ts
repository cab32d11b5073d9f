import type { Queryable } from '../../kit/pool.ts';
import type { DomainEvent } from './index.ts';

export type Position = { xid: string; seq: string };
export type ConsumerRow = Position & {
  name: string;
  handled: number;
  tries: number;
  retryAt: Date | null;
  lastError: string | null;
  lastAt: Date | null;
};

type EventRow = {
  xid: string;
  seq: string;
  at: Date;
  kind: DomainEvent['kind'];
  shard: number;
  subject: string | null;
  institution: number | null;
  payload: object;
};

const toEvent = (row: EventRow): DomainEvent => ({
  position: { xid: row.xid, seq: row.seq },
  at: row.at.getTime(),
  kind: row.kind,
  shard: row.shard,
  subject: row.subject === null ? null : BigInt(row.subject),
  institution: row.institution,
  payload: row.payload,
});

/** Events after a position, in order, leaving out what a running transaction might still precede. */
export async function eventsAfter(db: Queryable, position: Position, limit: number): Promise<DomainEvent[]> {
  const { rows } = await db.query<EventRow>({
    name: 'events-after',
    text: `select xid::text, seq::text, at, kind, shard, subject::text, institution, payload from events.feed
     where (xid, seq) > ($1::xid8, $2::bigint) and xid < pg_snapshot_xmin(pg_current_snapshot()) order by feed.xid, feed.seq limit $3`,
    values: [position.xid, position.seq, limit],
  });
  return rows.map(toEvent);
}

export async function eventAt(db: Queryable, position: Position): Promise<DomainEvent | undefined> {
  const { rows } = await db.query<EventRow>(
    'select xid::text, seq::text, at, kind, shard, subject::text, institution, payload from events.feed where xid = $1::xid8 and seq = $2',
    [position.xid, position.seq],
  );
  return rows[0] && toEvent(rows[0]);
}

const consumerColumns = `name, xid::text, seq::text, handled, tries, retry_at as "retryAt", last_error as "lastError", last_at as "lastAt"`;

export async function ensureConsumer(db: Queryable, name: string): Promise<void> {
  await db.query('insert into events.consumer (name) values ($1) on conflict do nothing', [name]);
}

/** Locks the consumer's row for this transaction; undefined when another server is at work on it. */
export async function lockConsumer(db: Queryable, name: string): Promise<ConsumerRow | undefined> {
  const { rows } = await db.query<ConsumerRow>({
    name: 'events-lock',
    text: `select ${consumerColumns} from events.consumer where name = $1 for update skip locked`,
    values: [name],
  });
  return rows[0];
}

export async function advance(db: Queryable, name: string, to: Position, handled: number): Promise<void> {
  await db.query({
    name: 'events-advance',
    text: 'update events.consumer set xid = $2::xid8, seq = $3, handled = handled + $4, tries = 0, retry_at = null, last_error = null, last_at = now() where name = $1',
    values: [name, to.xid, to.seq, handled],
  });
}

export async function recordFailure(db: Queryable, name: string, error: string, retryInMs: number): Promise<void> {
  await db.query(
    `update events.consumer set tries = tries + 1, last_error = $2, retry_at = now() + $3 * interval '1 millisecond' where name = $1`,
    [name, error, retryInMs],
  );
}

export async function bury(
  db: Queryable,
  consumer: string,
  position: Position,
  error: string,
  tries: number,
): Promise<void> {
  await db.query(
    `insert into events.dead_letter (consumer, xid, seq, error, tries) values ($1, $2::xid8, $3, $4, $5)
     on conflict (consumer, xid, seq) do update set error = $4, tries = events.dead_letter.tries + $5, at = now()`,
    [consumer, position.xid, position.seq, error, tries],
  );
}

export async function rewind(db: Queryable, name: string): Promise<void> {
  await db.query(
    `update events.consumer set xid = '0', seq = 0, handled = 0, tries = 0, retry_at = null, last_error = null where name = $1`,
    [name],
  );
}

export type DeadLetterRow = Position & { consumer: string; error: string; tries: number; at: Date };

export async function deadLetters(db: Queryable, consumer: string | null, limit: number): Promise<DeadLetterRow[]> {
  const { rows } = await db.query<DeadLetterRow>(
    `select consumer, xid::text, seq::text, error, tries, at from events.dead_letter where $1::text is null or consumer = $1 order by at desc limit $2`,
    [consumer, limit],
  );
  return rows;
}

export async function exhume(db: Queryable, consumer: string, position: Position): Promise<void> {
  await db.query('delete from events.dead_letter where consumer = $1 and xid = $2::xid8 and seq = $3', [
    consumer,
    position.xid,
    position.seq,
  ]);
}

export type ConsumerStateRow = ConsumerRow & { lag: number; deadLetters: number };

/** `lag` counts at most 10,000 events behind, so that the page stays fast however far a consumer has fallen. */
export async function consumerStates(db: Queryable): Promise<ConsumerStateRow[]> {
  const { rows } = await db.query<ConsumerStateRow>(
    `select c.name, c.xid::text, c.seq::text, c.handled, c.tries, c.retry_at as "retryAt", c.last_error as "lastError", c.last_at as "lastAt",
       (select count(*) from (select 1 from events.feed f where (f.xid, f.seq) > (c.xid, c.seq) limit 10000) behind) as lag,
       (select count(*) from events.dead_letter d where d.consumer = c.name) as "deadLetters"
     from events.consumer c order by c.name`,
  );
  return rows;
}

export async function feedSize(db: Queryable): Promise<number> {
  const { rows } = await db.query<{ n: number }>(
    `select coalesce((select last_value from events.feed_seq_seq where is_called), 0) as n`,
  );
  return rows[0]?.n ?? 0;
}
