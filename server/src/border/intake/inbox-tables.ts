import type { InboxState } from '@hutong/contract/console.ts';
import type { Queryable } from '../../kit/pool.ts';
import type { BorderIssue, Unmapped } from '../fact.ts';
import { bytesOf, correctionOf, type StoredBytes } from './raw.ts';
import type { Protocol } from './tables.ts';

export type InboxRow = {
  id: string;
  receivedAt: Date;
  sentAt: Date | null;
  institution: number | null;
  sender: string;
  protocol: Protocol;
  kind: string;
  controlId: string;
  bytes: number;
  state: InboxState;
  rule: string | null;
  zh: string | null;
  en: string | null;
  tries: number;
};

export type InboxQuery = {
  /** null: every institution (the platform's operators). */
  institution: number | null;
  state: InboxState | null;
  protocol: string | null;
  kind: string | null;
  rule: string | null;
  controlId: string | null;
  before: string | null;
  limit: number;
};

const item = `m.id::text, m.received_at as "receivedAt", m.sent_at as "sentAt", m.institution, m.sender, m.protocol, m.kind, m.control_id as "controlId", m.bytes,
  coalesce(o.state, 'waiting') as state, o.rule, o.zh, o.en, coalesce(o.tries, 0) as tries`;

/** Newest first. Troubled states come by their own index; 'done' and 'waiting' by the message's. */
export async function inboxPage(db: Queryable, query: InboxQuery): Promise<InboxRow[]> {
  const values: unknown[] = [query.limit];
  const bind = (value: unknown): string => `$${values.push(value)}`;
  const where: string[] = [];
  if (query.institution !== null) where.push(`m.institution = ${bind(query.institution)}`);
  if (query.before !== null) where.push(`m.id < ${bind(query.before)}::int8`);
  if (query.protocol !== null) where.push(`m.protocol = ${bind(query.protocol)}`);
  if (query.kind !== null) where.push(`m.kind = ${bind(query.kind)}`);
  if (query.controlId !== null) where.push(`m.control_id = ${bind(query.controlId)}`);
  if (query.rule !== null) where.push(`o.rule = ${bind(query.rule)}`);
  if (query.state === 'waiting') where.push('o.message is null');
  else if (query.state !== null) where.push(`o.state = ${bind(query.state)}`);
  const { rows } = await db.query<InboxRow>(
    `select ${item} from intake.message m left join intake.outcome o on o.message = m.id ${where.length > 0 ? `where ${where.join(' and ')}` : ''} order by m.id desc limit $1`,
    values,
  );
  return rows;
}

export async function inboxCounts(db: Queryable, institution: number | null): Promise<Record<InboxState, number>> {
  const counts: Record<InboxState, number> = { waiting: 0, done: 0, held: 0, refused: 0, replayed: 0, dismissed: 0 };
  const { rows } = await db.query<{ state: InboxState; n: number }>(
    `select state, count(*) as n from intake.outcome where state <> 'done' and ($1::int4 is null or institution = $1) group by state`,
    [institution],
  );
  for (const { state, n } of rows) counts[state] = n;
  const { rows: taken } = await db.query<{ taken: number; waiting: number }>(
    `select coalesce((select sum(taken) from intake.hourly where $1::int4 is null or institution = $1), 0)::bigint as taken,
       (select count(*) from intake.waiting w join intake.message m on m.id = w.message where $1::int4 is null or m.institution = $1) as waiting`,
    [institution],
  );
  counts.waiting = taken[0]?.waiting ?? 0;
  const { rows: immediate } = await db.query<{ n: number }>(
    `select count(*) as n from intake.message m where m.protocol = 'fhir' and ($1::int4 is null or m.institution = $1)`,
    [institution],
  );
  counts.done = Math.max(
    0,
    (taken[0]?.taken ?? 0) + (immediate[0]?.n ?? 0) - counts.held - counts.replayed - counts.dismissed,
  );
  return counts;
}

export async function inboxRules(
  db: Queryable,
  institution: number | null,
): Promise<{ rule: string; zh: string; en: string; count: number }[]> {
  const { rows } = await db.query<{ rule: string; zh: string; en: string; count: number }>(
    `select rule, min(zh) as zh, min(en) as en, count(*) as count from intake.outcome where rule is not null and state in ('held', 'refused') and ($1::int4 is null or institution = $1)
     group by rule order by 4 desc limit 100`,
    [institution],
  );
  return rows;
}

export type FullMessage = InboxRow & {
  raw: Buffer;
  charset: string;
  contentSm3: string;
  acknowledgement: string;
  trace: string;
  issues: BorderIssue[];
  unmapped: Unmapped[];
  written: { resourceType: string; id: string; version: number }[];
  correction: Buffer | null;
  corrections: number;
  again: number;
  conflicts: number;
};

export async function inboxMessage(db: Queryable, id: string): Promise<FullMessage | null> {
  const { rows } = await db.query<Omit<FullMessage, 'raw'> & StoredBytes>(
    `select ${item}, m.raw, m.sealed, m.charset, m.content_sm3 as "contentSm3", m.acknowledgement, m.trace, coalesce(o.issues, '[]') as issues, coalesce(o.unmapped, '[]') as unmapped,
       coalesce(o.written, '[]') as written, (select c.sealed from intake.correction c where c.message = m.id order by c.number desc limit 1) as correction,
       (select count(*) from intake.correction c where c.message = m.id)::int4 as corrections, (select count(*) from intake.again a where a.message = m.id and coalesce(a.raw, a.sealed) is null)::int4 as again,
       (select count(*) from intake.again a where a.message = m.id and coalesce(a.raw, a.sealed) is not null)::int4 as conflicts
     from intake.message m left join intake.outcome o on o.message = m.id where m.id = $1`,
    [id],
  );
  const [row] = rows;
  if (!row) return null;
  const { raw, sealed, correction, ...message } = row;
  return { ...message, raw: bytesOf({ raw, sealed }), correction: correctionOf({ correction }) };
}

export async function messageTrail(
  db: Queryable,
  id: string,
): Promise<{ at: Date; who: string; what: string; note: string }[]> {
  const { rows } = await db.query<{ at: Date; who: string; what: string; note: string }>(
    'select at, who, what, note from intake.event where message = $1 order by seq',
    [id],
  );
  return rows;
}

/** Held messages of one rule, oldest first: what a bulk replay takes. */
export async function heldByRule(
  db: Queryable,
  rule: string,
  institution: number | null,
  limit: number,
): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>(
    `select message::text as id from intake.outcome where state = 'held' and rule = $1 and ($2::int4 is null or institution = $2) order by message limit $3`,
    [rule, institution, limit],
  );
  return rows.map(({ id }) => id);
}

export type ConnectionRow = {
  institution: number;
  protocol: Protocol;
  lastMessageAt: Date | null;
  taken: number;
  held: number;
  refused: number;
  duplicates: number;
  delaySeconds: number | null;
  hourly: number[];
};

/** Everything that happened per institution and protocol within the window, from the messages received in it. */
export async function connectionRows(
  db: Queryable,
  hours: number,
  institution: number | null,
): Promise<ConnectionRow[]> {
  const { rows } = await db.query<ConnectionRow>(
    `with recent as (
       select m.institution, m.protocol, count(*) as total, max(m.received_at) as last, count(*) filter (where o.state in ('held', 'replayed', 'dismissed')) as held,
         count(*) filter (where o.state = 'refused') as refused, sum((select count(*) from intake.again a where a.message = m.id)) as again,
         percentile_cont(0.5) within group (order by extract(epoch from m.received_at - m.sent_at)) filter (where m.sent_at is not null) as delay
       from intake.message m left join intake.outcome o on o.message = m.id
       where m.received_at > now() - $1 * interval '1 hour' and m.institution is not null and ($2::int4 is null or m.institution = $2) group by 1, 2),
     slots as (
       select m.institution, m.protocol, floor(extract(epoch from now() - m.received_at) / 3600)::int4 as ago, count(*)::int4 as n from intake.message m
       where m.received_at > now() - interval '24 hours' and m.institution is not null and ($2::int4 is null or m.institution = $2) group by 1, 2, 3)
     select r.institution, r.protocol, r.last as "lastMessageAt", r.total - r.held as taken, r.held, r.refused, coalesce(r.again, 0)::bigint as duplicates, greatest(r.delay, 0)::float8 as "delaySeconds",
       (select array_agg(coalesce(s.n, 0) order by hour.ago desc) from generate_series(0, 23) as hour (ago)
        left join slots s on s.institution = r.institution and s.protocol = r.protocol and s.ago = hour.ago) as hourly
     from recent r order by r.institution, r.protocol`,
    [hours, institution],
  );
  return rows;
}

export async function lastMessages(db: Queryable, institution: number | null): Promise<Map<number, Date>> {
  const { rows } = await db.query<{ institution: number; at: Date }>(
    `select institution, max(hour) as at from intake.hourly where $1::int4 is null or institution = $1 group by institution`,
    [institution],
  );
  return new Map(rows.map(({ institution: id, at }) => [id, at]));
}

export type UnmappedCount = {
  institution: number;
  protocol: Protocol;
  kind: string;
  path: string;
  count: number;
  lastAt: Date;
};

/** What has no place yet, the most frequent first; `total` counts the rows there are beyond this page, too. */
export async function unmappedRows(
  db: Queryable,
  institution: number | null,
  offset: number,
  limit: number,
): Promise<{ rows: UnmappedCount[]; total: number }> {
  const { rows } = await db.query<UnmappedCount & { total: number }>(
    `select institution, protocol, kind, path, count, last_at as "lastAt", (count(*) over ())::int4 as total from intake.unmapped where $1::int4 is null or institution = $1
     order by count desc, institution, protocol, kind, path offset $2 limit $3`,
    [institution, offset, limit],
  );
  return { rows: rows.map(({ total: _total, ...row }) => row), total: rows[0]?.total ?? 0 };
}

export async function totals(db: Queryable): Promise<{ messages: number }> {
  const { rows } = await db.query<{ messages: number }>('select count(*) as messages from intake.message');
  return rows[0] as { messages: number };
}

/** How far a message has come, for the tour: found by its control id. */
export async function messageByControlId(
  db: Queryable,
  controlId: string,
): Promise<{
  id: string;
  receivedAt: Date;
  sentAt: Date | null;
  bytes: number;
  acknowledgement: string;
  trace: string;
  state: string;
  at: Date | null;
  written: { resourceType: string; id: string; version: number }[];
} | null> {
  const { rows } = await db.query<{
    id: string;
    receivedAt: Date;
    sentAt: Date | null;
    bytes: number;
    acknowledgement: string;
    trace: string;
    state: string;
    at: Date | null;
    written: { resourceType: string; id: string; version: number }[];
  }>(
    `select m.id::text, m.received_at as "receivedAt", m.sent_at as "sentAt", m.bytes, m.acknowledgement, m.trace, coalesce(o.state, 'waiting') as state, o.at, coalesce(o.written, '[]') as written
     from intake.message m left join intake.outcome o on o.message = m.id where m.control_id = $1 order by m.id desc limit 1`,
    [controlId],
  );
  return rows[0] ?? null;
}

/** Institutions by how much there is to see of them: those with held messages first, then by messages. */
export async function busiestInstitutions(db: Queryable): Promise<number[]> {
  const { rows } = await db.query<{ institution: number }>(
    `select m.institution from intake.message m left join intake.outcome o on o.message = m.id where m.institution is not null
     group by 1 order by least(count(*) filter (where o.state = 'held'), 1) desc, count(*) desc, 1`,
  );
  return rows.map(({ institution }) => institution);
}
