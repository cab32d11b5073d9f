import type { Column } from '../../kit/copy.ts';
import type { TableWriter } from '../../kit/group-commit.ts';
import type { Client } from '../../kit/pool.ts';
import { vaultOf } from '../../kit/vault.ts';
import { type IndexValues, indexValuesOf, noIndexValues } from './index-values.ts';
import { resourceKey, shardOfId, typeNumber } from './keys.ts';
import { occurredAt, recordedAt } from './occurred.ts';
import type { Stored } from './read.ts';
import { bodySeal, mustBeSealed } from './sealed-bodies.ts';

export type Json = Record<string, unknown>;

/** One new version of one resource, ready to be written. Build it with {@link newVersion} or {@link deletion}. */
export type ResourceWrite = {
  shard: number;
  key: bigint;
  type: number;
  id: string;
  /** The version that must be current now; 0 when there must be none. Anything else is a conflict. */
  expected: number;
  version: number;
  deleted: boolean;
  /** The content is what is stored already: only the stamps move on, no version is made. */
  stampsOnly: boolean;
  subject: bigint | null;
  institution: number;
  label: number;
  occurred: number | null;
  recorded: number | null;
  received: number;
  message: bigint | null;
  stamps: string | null;
  body: string;
  index: IndexValues;
};

export type VersionInput = {
  resource: Json & { resourceType: string };
  id: string;
  shard: number;
  expected: number;
  /** The number after the newest in the history (a resource that was deleted goes on counting). */
  version: number;
  subject: bigint | null;
  institution: number;
  label: number;
  received: number;
  message: bigint | null;
  stamps?: string | null;
};

let lastInstant = { at: Number.NaN, text: '' };
/** A thousand entries of one bundle were received in one moment. */
function instant(at: number): string {
  if (lastInstant.at !== at) lastInstant = { at, text: new Date(at).toISOString() };
  return lastInstant.text;
}

/** Bakes id and meta into the body, so that a read hands out the stored text untouched. */
export function newVersion(input: VersionInput): ResourceWrite {
  const { resourceType, id: _id, meta, ...rest } = input.resource;
  const baked = {
    resourceType,
    id: input.id,
    meta: {
      ...(meta as object | undefined),
      versionId: String(input.version),
      lastUpdated: instant(input.received),
    },
    ...rest,
  };
  return {
    shard: input.shard,
    key: resourceKey(resourceType, input.id),
    type: typeNumber(resourceType),
    id: input.id,
    expected: input.expected,
    version: input.version,
    deleted: false,
    stampsOnly: false,
    subject: input.subject,
    institution: input.institution,
    label: input.label,
    occurred: occurredAt(baked),
    recorded: recordedAt(baked),
    received: input.received,
    message: input.message,
    stamps: input.stamps ?? null,
    body: JSON.stringify(baked),
    index: indexValuesOf(baked),
  };
}

/** A deletion is a version too: the former text stays in the history, the resource answers 410 from then on. */
export function deletion(
  of: {
    type: string;
    id: string;
    shard: number;
    version: number;
    subject: bigint | null;
    institution: number;
    label: number;
  },
  received: number,
): ResourceWrite {
  return {
    shard: of.shard,
    key: resourceKey(of.type, of.id),
    type: typeNumber(of.type),
    id: of.id,
    expected: of.version,
    version: of.version + 1,
    deleted: true,
    stampsOnly: false,
    subject: of.subject,
    institution: of.institution,
    label: of.label,
    occurred: null,
    recorded: null,
    received,
    message: null,
    stamps: null,
    body: '',
    index: noIndexValues,
  };
}

/** The same content said again, later: its newer stamps must be kept, or a message between the two would win when it comes late. */
export const newStamps = (stored: Stored, stamps: string): ResourceWrite => ({
  shard: stored.shard,
  key: stored.key,
  type: typeNumber(stored.type),
  id: stored.id,
  expected: stored.version,
  version: stored.version,
  deleted: false,
  stampsOnly: true,
  subject: stored.subject,
  institution: stored.institution,
  label: stored.label,
  occurred: null,
  recorded: null,
  received: stored.received.getTime(),
  message: stored.message,
  stamps,
  body: stored.body,
  index: noIndexValues,
});

const resourceColumns: Column[] = [
  ['shard', 'int2'],
  ['key', 'int8'],
  ['type', 'int2'],
  ['id', 'text'],
  ['version', 'int4'],
  ['subject', 'int8'],
  ['institution', 'int4'],
  ['label', 'int2'],
  ['occurred', 'timestamptz'],
  ['recorded', 'timestamptz'],
  ['received', 'timestamptz'],
  ['message', 'int8'],
  ['tokens', 'int8[]'],
  ['stamps', 'text'],
  ['body', 'text'],
  ['sealed', 'bytea'],
  ['present', 'int8'],
];
const historyColumns: Column[] = [
  ['shard', 'int2'],
  ['key', 'int8'],
  ['version', 'int4'],
  ['type', 'int2'],
  ['id', 'text'],
  ['subject', 'int8'],
  ['institution', 'int4'],
  ['label', 'int2'],
  ['occurred', 'timestamptz'],
  ['recorded', 'timestamptz'],
  ['received', 'timestamptz'],
  ['message', 'int8'],
  ['superseded', 'timestamptz'],
  ['deleted', 'bool'],
  ['body', 'text'],
];
export const stringColumns: Column[] = [
  ['shard', 'int2'],
  ['key', 'int8'],
  ['param', 'int4'],
  ['value', 'text'],
];
export const rangeColumns: Column[] = [
  ['shard', 'int2'],
  ['key', 'int8'],
  ['param', 'int4'],
  ['low', 'float8'],
  ['high', 'float8'],
  ['unit', 'int8'],
];

/** Moves the versions that are superseded into the history. @returns the keys that were current at the expected version */
async function supersede(client: Client, rows: ResourceWrite[]): Promise<Set<string>> {
  const shards = rows.map(({ shard }) => shard);
  const keys = rows.map(({ key }) => String(key));
  const { rows: gone } = await client.query<{ key: string }>(
    `with gone as (
       delete from store.resource r using unnest($1::int2[], $2::int8[], $3::int4[], $4::timestamptz[]) as e (shard, key, version, superseded)
       where r.shard = e.shard and r.key = e.key and r.version = e.version returning r.*, e.superseded)
     insert into store.history (shard, key, version, type, id, subject, institution, label, occurred, recorded, received, message, superseded, stamps, body, sealed)
     select shard, key, version, type, id, subject, institution, label, occurred, recorded, received, message, superseded, stamps, body, sealed from gone
     returning key::text`,
    [shards, keys, rows.map(({ expected }) => expected), rows.map(({ received }) => new Date(received))],
  );
  for (const table of ['string', 'range'])
    await client.query(
      `delete from store.${table} t using unnest($1::int2[], $2::int8[]) as e (shard, key) where t.shard = e.shard and t.key = e.key`,
      [shards, keys],
    );
  return new Set(gone.map(({ key }) => key));
}

async function restamp(client: Client, rows: ResourceWrite[]): Promise<Set<string>> {
  const { rows: moved } = await client.query<{ key: string }>(
    `update store.resource r set stamps = e.stamps from unnest($1::int2[], $2::int8[], $3::int4[], $4::text[]) as e (shard, key, version, stamps)
     where r.shard = e.shard and r.key = e.key and r.version = e.version returning r.key::text`,
    [
      rows.map(({ shard }) => shard),
      rows.map(({ key }) => String(key)),
      rows.map(({ expected }) => expected),
      rows.map(({ stamps }) => stamps),
    ],
  );
  return new Set(moved.map(({ key }) => key));
}

const isChosen = ({ id, shard, expected, deleted, stampsOnly }: ResourceWrite): boolean =>
  expected === 0 && !deleted && !stampsOnly && shardOfId(id) !== shard;

/** Writes new versions; refuses rows whose expected version is not the current one (the whole transaction is then rolled back). */
export const resourceWriter: TableWriter<ResourceWrite> = {
  name: 'store',
  decides: (rows) => rows.some((row) => row.stampsOnly || row.expected > 0 || isChosen(row)),
  async write(client, rows) {
    const restamped = rows.filter(({ stampsOnly }) => stampsOnly);
    if (restamped.length > 0) {
      const moved = await restamp(client, restamped);
      if (moved.size < restamped.length)
        return rows.flatMap((row, index) => (row.stampsOnly && !moved.has(String(row.key)) ? [index] : []));
    }
    const changes = rows.filter(({ expected, stampsOnly }) => expected > 0 && !stampsOnly);
    if (changes.length > 0) {
      const gone = await supersede(client, changes);
      if (gone.size < changes.length)
        return rows.flatMap((row, index) =>
          row.expected > 0 && !row.stampsOnly && !gone.has(String(row.key)) ? [index] : [],
        );
    }
    // Ids that a client chose do not carry their shard: note where they lie.
    const chosen = rows.filter(isChosen);
    if (chosen.length > 0)
      await client.query(
        'insert into store.client_id (key, shard) select * from unnest($1::int8[], $2::int2[]) on conflict do nothing',
        [chosen.map(({ key }) => String(key)), chosen.map(({ shard }) => shard)],
      );
    return [];
  },
  copies(rows, client) {
    const vault = vaultOf(client);
    const living = rows.filter(({ deleted, stampsOnly }) => !deleted && !stampsOnly);
    return [
      {
        table: 'store.resource',
        columns: resourceColumns,
        rows: living.map((row) => {
          const sealed = mustBeSealed(row) ? vault.seal(row.body, bodySeal) : null;
          return [
            row.shard,
            row.key,
            row.type,
            row.id,
            row.version,
            row.subject,
            row.institution,
            row.label,
            row.occurred,
            row.recorded,
            row.received,
            row.message,
            row.index.tokens,
            row.stamps,
            sealed ? '' : row.body,
            sealed,
            row.index.present,
          ];
        }),
      },
      {
        table: 'store.history',
        columns: historyColumns,
        rows: rows
          .filter(({ deleted }) => deleted)
          .map((row) => [
            row.shard,
            row.key,
            row.version,
            row.type,
            row.id,
            row.subject,
            row.institution,
            row.label,
            null,
            null,
            row.received,
            null,
            row.received,
            true,
            '',
          ]),
      },
      {
        table: 'store.string',
        columns: stringColumns,
        rows: living.flatMap((row) => row.index.strings.map(({ param, value }) => [row.shard, row.key, param, value])),
      },
      {
        table: 'store.range',
        columns: rangeColumns,
        rows: living.flatMap((row) =>
          row.index.ranges.map(({ param, low, high, unit }) => [row.shard, row.key, param, low, high, unit]),
        ),
      },
    ];
  },
};
