import type { CareEventKind } from '@hutong/contract/console.ts';
import { type Scope, type Stored, typeName, typeNumber } from '../../core/store/index.ts';
import { copyRows } from '../../kit/copy.ts';
import type { Client, Queryable } from '../../kit/pool.ts';
import type { CareEvent } from './model.ts';

export type CareEventRow = Pick<
  Stored,
  'shard' | 'key' | 'institution' | 'label' | 'recorded' | 'received' | 'type' | 'id' | 'version' | 'message'
> &
  CareEvent & { subject: bigint; at: Date };

export async function emptyIndex(client: Client): Promise<void> {
  await client.query('truncate record_index.care_event');
}

export async function replaceCareEvents(client: Client, keys: bigint[], rows: CareEventRow[]): Promise<void> {
  await client.query('delete from record_index.care_event where key = any($1::int8[])', [keys.map(String)]);
  await copyRows(
    client,
    'record_index.care_event',
    [
      ['shard', 'int2'],
      ['key', 'int8'],
      ['subject', 'int8'],
      ['institution', 'int4'],
      ['label', 'int2'],
      ['kind', 'text'],
      ['at', 'timestamptz'],
      ['recorded_at', 'timestamptz'],
      ['received_at', 'timestamptz'],
      ['zh', 'text'],
      ['en', 'text'],
      ['summary', 'text'],
      ['abnormal', 'bool'],
      ['type', 'int2'],
      ['id', 'text'],
      ['version', 'int4'],
      ['message', 'int8'],
    ],
    rows.map((row) => [
      row.shard,
      row.key,
      row.subject,
      row.institution,
      row.label,
      row.kind,
      row.at.getTime(),
      row.recorded?.getTime() ?? null,
      row.received.getTime(),
      row.zh,
      row.en,
      row.summary,
      row.abnormal,
      typeNumber(row.type),
      row.id,
      row.version,
      row.message,
    ]),
  );
}

export type TimelineRow = {
  key: string;
  kind: CareEventKind;
  at: Date;
  recordedAt: Date | null;
  receivedAt: Date;
  zh: string;
  en: string;
  summary: string | null;
  abnormal: boolean;
  institution: number;
  type: string;
  id: string;
  version: number;
  message: string | null;
};

export type TimelineQuery = {
  kind: string | null;
  institution: number | null;
  from: Date | null;
  to: Date | null;
  before: { at: Date; key: string } | null;
  limit: number;
};

const columns = `key::text, kind, at, recorded_at as "recordedAt", received_at as "receivedAt", zh, en, summary, abnormal, institution, type, id, version, message::text`;
/** `$1` the people whose record is open, `$2` the sensitivity label: the access filter is part of every query. */
const visible = '(subject = any($1::int8[]) and label <= $2)';

const toRow = (row: Omit<TimelineRow, 'type'> & { type: number }): TimelineRow => ({
  ...row,
  type: typeName(row.type),
});

/** Newest first by when it happened. */
export async function timeline(db: Queryable, scope: Scope, query: TimelineQuery): Promise<TimelineRow[]> {
  const { rows } = await db.query<Omit<TimelineRow, 'type'> & { type: number }>(
    `select ${columns} from record_index.care_event where ${visible}
     and ($3::text is null or kind = $3) and ($4::int4 is null or institution = $4) and ($5::timestamptz is null or at >= $5) and ($6::timestamptz is null or at < $6)
     and ($7::timestamptz is null or date_trunc('milliseconds', at) < $7 or (date_trunc('milliseconds', at) = $7 and key > $8::int8))
     order by date_trunc('milliseconds', at) desc, care_event.key limit $9`,
    [
      scope.subjects.map(String),
      scope.maxLabel,
      query.kind,
      query.institution,
      query.from,
      query.to,
      query.before?.at ?? null,
      query.before?.key ?? null,
      query.limit,
    ],
  );
  return rows.map(toRow);
}

export async function timelineEvent(db: Queryable, scope: Scope, key: string): Promise<TimelineRow | null> {
  const { rows } = await db.query<Omit<TimelineRow, 'type'> & { type: number }>(
    `select ${columns} from record_index.care_event where ${visible} and key = $3`,
    [scope.subjects.map(String), scope.maxLabel, key],
  );
  return rows[0] ? toRow(rows[0]) : null;
}

export async function countsByKind(db: Queryable, scope: Scope): Promise<{ kind: CareEventKind; count: number }[]> {
  const { rows } = await db.query<{ kind: CareEventKind; count: number }>(
    `select kind, count(*) as count from record_index.care_event where ${visible} group by kind order by 2 desc`,
    [scope.subjects.map(String), scope.maxLabel],
  );
  return rows;
}

/** When each of these people last had an event: for the hit list of a search. */
export async function lastEvents(db: Queryable, subjects: bigint[]): Promise<Map<bigint, Date>> {
  const { rows } = await db.query<{ subject: string; at: Date }>(
    'select subject::text, max(at) as at from record_index.care_event where subject = any($1::int8[]) group by subject',
    [subjects.map(String)],
  );
  return new Map(rows.map(({ subject, at }) => [BigInt(subject), at]));
}
