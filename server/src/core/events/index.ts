import type { Column } from '../../kit/copy.ts';
import type { TableWriter } from '../../kit/group-commit.ts';

export { type Consumer, type ConsumerState, type Feed, openFeed } from './feed.ts';
export { feedSize } from './tables.ts';

/**
 * Something that happened, in the past tense. `payload` names kinds and keys, never content: whoever wants the content
 * reads it through the store's door, so that the newest truth is read and erasure stays possible.
 */
export type NewEvent = {
  at: number;
  kind: 'record-written' | 'resident-linked' | 'message-held' | 'code-scanned';
  shard: number;
  subject: bigint | null;
  institution: number | null;
  payload: object;
};

export type DomainEvent = NewEvent & { position: { xid: string; seq: string } };

const columns: Column[] = [
  ['at', 'timestamptz'],
  ['kind', 'text'],
  ['shard', 'int2'],
  ['subject', 'int8'],
  ['institution', 'int4'],
  ['payload', 'jsonb'],
];

/** Joins the transaction of the change that the event tells of: no change without its event, no event without its change. */
export const eventWriter: TableWriter<NewEvent> = {
  name: 'events',
  copies: (rows) => [
    {
      table: 'events.feed',
      columns,
      rows: rows.map((row) => [row.at, row.kind, row.shard, row.subject, row.institution, JSON.stringify(row.payload)]),
    },
  ],
};
