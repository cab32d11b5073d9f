import type { Column } from '../../kit/copy.ts';
import type { TableWriter } from '../../kit/group-commit.ts';
import type { Pool, Queryable } from '../../kit/pool.ts';
import { vaultOf } from '../../kit/vault.ts';
import type { BorderIssue, Unmapped } from '../fact.ts';
import { bytesOf, correctionOf, type Packed, type StoredBytes, sealOf } from './raw.ts';

export type Protocol = 'hl7v2-mllp' | 'hl7v2-http' | 'fhir' | 'cda' | 'files' | 'registration';

export type MessageRow = {
  id: bigint;
  receivedAt: number;
  sentAt: number | null;
  institution: number | null;
  sender: string;
  protocol: Protocol;
  kind: string;
  controlId: string;
  dedupe: bigint;
  contentSm3: string;
  charset: string;
  raw: Packed;
  acknowledgement: string;
  trace: string;
};

const messageColumns: Column[] = [
  ['id', 'int8'],
  ['received_at', 'timestamptz'],
  ['sent_at', 'timestamptz'],
  ['institution', 'int4'],
  ['sender', 'text'],
  ['protocol', 'text'],
  ['kind', 'text'],
  ['control_id', 'text'],
  ['dedupe', 'int8'],
  ['content_sm3', 'text'],
  ['charset', 'text'],
  ['sealed', 'bytea'],
  ['bytes', 'int4'],
  ['acknowledgement', 'text'],
  ['trace', 'text'],
];

export const messageWriter: TableWriter<MessageRow> = {
  name: 'intake message',
  copies: (rows, client) => {
    const vault = vaultOf(client);
    return [
      {
        table: 'intake.message',
        columns: messageColumns,
        rows: rows.map((row) => [
          row.id,
          row.receivedAt,
          row.sentAt,
          row.institution,
          row.sender,
          row.protocol,
          row.kind,
          row.controlId,
          row.dedupe,
          row.contentSm3,
          row.charset,
          vault.seal(row.raw.data, sealOf.message),
          row.raw.bytes,
          row.acknowledgement,
          row.trace,
        ]),
      },
    ];
  },
};

export const waitingWriter: TableWriter<{ message: bigint; since: number }> = {
  name: 'intake waiting',
  copies: (rows) => [
    {
      table: 'intake.waiting',
      columns: [
        ['message', 'int8'],
        ['since', 'timestamptz'],
      ],
      rows: rows.map(({ message, since }) => [message, since]),
    },
  ],
};

/** Takes messages off the waiting list inside the transaction that records them; one that somebody else took refuses the transaction. */
export const takenWriter: TableWriter<{ message: bigint }> = {
  name: 'intake taken',
  async write(client, rows) {
    const { rows: taken } = await client.query<{ message: string }>(
      'delete from intake.waiting where message = any($1::int8[]) returning message::text',
      [rows.map(({ message }) => String(message))],
    );
    const good = new Set(taken.map(({ message }) => message));
    return rows.flatMap(({ message }, index) => (good.has(String(message)) ? [] : [index]));
  },
};

export type OutcomeRow = {
  message: bigint;
  institution: number | null;
  receivedAt: number;
  state: 'done' | 'held' | 'refused' | 'replayed' | 'dismissed';
  issues: BorderIssue[];
  unmapped: Unmapped[];
  written: { resourceType: string; id: string; version: number }[];
  tries: number;
  at: number;
};

const outcomeColumns: Column[] = [
  ['message', 'int8'],
  ['institution', 'int4'],
  ['received_at', 'timestamptz'],
  ['state', 'text'],
  ['rule', 'text'],
  ['path', 'text'],
  ['zh', 'text'],
  ['en', 'text'],
  ['issues', 'jsonb'],
  ['unmapped', 'jsonb'],
  ['written', 'jsonb'],
  ['tries', 'int4'],
  ['at', 'timestamptz'],
];

/** A message's verdict. A second verdict (after a replay) takes the place of the first; the trail is in intake.event. */
export const outcomeWriter: TableWriter<OutcomeRow> = {
  name: 'intake outcome',
  decides: (rows) => rows.some(({ tries }) => tries > 1),
  async write(client, rows) {
    const again = rows.filter(({ tries }) => tries > 1);
    await client.query('delete from intake.outcome where message = any($1::int8[])', [
      again.map(({ message }) => String(message)),
    ]);
    return [];
  },
  copies: (rows) => [
    {
      table: 'intake.outcome',
      columns: outcomeColumns,
      rows: rows.map((row) => {
        const leading =
          row.state === 'done' || row.state === 'replayed'
            ? undefined
            : (row.issues.find(({ severity }) => severity === 'error') ?? row.issues[0]);
        return [
          row.message,
          row.institution,
          row.receivedAt,
          row.state,
          leading?.rule ?? null,
          leading?.path ?? null,
          leading?.zh ?? null,
          leading?.en ?? null,
          JSON.stringify(row.issues),
          JSON.stringify(row.unmapped),
          JSON.stringify(row.written),
          row.tries,
          row.at,
        ];
      }),
    },
  ],
};

export type AgainRow = { message: bigint; at: number; contentSm3: string; raw: Packed | null };

export const againWriter: TableWriter<AgainRow> = {
  name: 'intake again',
  copies: (rows, client) => [
    {
      table: 'intake.again',
      columns: [
        ['message', 'int8'],
        ['at', 'timestamptz'],
        ['content_sm3', 'text'],
        ['sealed', 'bytea'],
      ],
      rows: rows.map((row) => [
        row.message,
        row.at,
        row.contentSm3,
        row.raw && vaultOf(client).seal(row.raw.data, sealOf.again),
      ]),
    },
  ],
};

export type TrailRow = { message: bigint; at: number; who: string; what: string; note: string };

export const trailWriter: TableWriter<TrailRow> = {
  name: 'intake trail',
  copies: (rows) => [
    {
      table: 'intake.event',
      columns: [
        ['message', 'int8'],
        ['at', 'timestamptz'],
        ['who', 'text'],
        ['what', 'text'],
        ['note', 'text'],
      ],
      rows: rows.map((row) => [row.message, row.at, row.who, row.what, row.note]),
    },
  ],
};

export type CorrectionRow = {
  message: bigint;
  number: number;
  raw: Packed;
  by: string;
  reason: string;
  at: number;
};

export const correctionWriter: TableWriter<CorrectionRow> = {
  name: 'intake correction',
  copies: (rows, client) => [
    {
      table: 'intake.correction',
      columns: [
        ['message', 'int8'],
        ['number', 'int4'],
        ['sealed', 'bytea'],
        ['by', 'text'],
        ['reason', 'text'],
        ['at', 'timestamptz'],
      ],
      rows: rows.map((row) => [
        row.message,
        row.number,
        vaultOf(client).seal(row.raw.data, sealOf.correction),
        row.by,
        row.reason,
        row.at,
      ]),
    },
  ],
};

export type Tally = {
  institution: number;
  protocol: Protocol;
  kind: string;
  at: number;
  delaySeconds: number;
  unmapped: Unmapped[];
};

/** Counts what was taken per hour and what has no place yet. Rows are locked in one order, so two servers cannot wait for each other. */
export const tallyWriter: TableWriter<Tally> = {
  name: 'intake tally',
  async write(client, tallies) {
    const hours = new Map<
      string,
      { institution: number; protocol: string; hour: number; taken: number; delay: number }
    >();
    const paths = new Map<
      string,
      { institution: number; protocol: string; kind: string; path: string; count: number }
    >();
    for (const { institution, protocol, kind, at, delaySeconds, unmapped } of tallies) {
      const hour = Math.floor(at / 3_600_000) * 3_600_000;
      const slot = hours.get(`${institution}|${protocol}|${hour}`) ?? {
        institution,
        protocol,
        hour,
        taken: 0,
        delay: 0,
      };
      slot.taken++;
      slot.delay += delaySeconds;
      hours.set(`${institution}|${protocol}|${hour}`, slot);
      for (const { path, count } of unmapped) {
        const row = paths.get(`${institution}|${protocol}|${kind}|${path}`) ?? {
          institution,
          protocol,
          kind,
          path,
          count: 0,
        };
        row.count += count;
        paths.set(`${institution}|${protocol}|${kind}|${path}`, row);
      }
    }
    await client.query(
      `insert into intake.hourly as h (institution, protocol, hour, taken, delay_seconds)
       select institution, protocol, to_timestamp(hour / 1000), taken, delay from jsonb_to_recordset($1::jsonb) as g (institution int4, protocol text, hour float8, taken int4, delay float8) order by 1, 2, 3
       on conflict (institution, protocol, hour) do update set taken = h.taken + excluded.taken, delay_seconds = h.delay_seconds + excluded.delay_seconds`,
      [JSON.stringify([...hours.values()])],
    );
    if (paths.size > 0)
      await client.query(
        `insert into intake.unmapped as u (institution, protocol, kind, path, count, last_at)
         select institution, protocol, kind, path, count, now() from jsonb_to_recordset($1::jsonb) as g (institution int4, protocol text, kind text, path text, count int8) order by 1, 2, 3, 4
         on conflict (institution, protocol, kind, path) do update set count = u.count + excluded.count, last_at = now()`,
        [JSON.stringify([...paths.values()])],
      );
    return [];
  },
};

export type Known = {
  id: bigint;
  contentSm3: string;
  acknowledgement: string;
  outcome: { state: string; written: { resourceType: string; id: string; version: number }[] } | null;
};

export async function knownMessages(db: Queryable, dedupes: bigint[]): Promise<Map<bigint, Known>> {
  const { rows } = await db.query<{
    dedupe: string;
    id: string;
    contentSm3: string;
    acknowledgement: string;
    state: string | null;
    written: Known['outcome'];
  }>({
    name: 'intake-known',
    text: `select m.dedupe::text, m.id::text, m.content_sm3 as "contentSm3", m.acknowledgement, o.state, o.written
           from intake.message m left join intake.outcome o on o.message = m.id where m.dedupe = any((select $1::int8[])::int8[])`,
    values: [dedupes.map(String)],
  });
  return new Map(
    rows.map((row) => [
      BigInt(row.dedupe),
      {
        id: BigInt(row.id),
        contentSm3: row.contentSm3,
        acknowledgement: row.acknowledgement,
        outcome: row.state ? { state: row.state, written: (row.written ?? []) as never } : null,
      },
    ]),
  );
}

export type RawMessage = {
  id: bigint;
  receivedAt: number;
  institution: number | null;
  protocol: Protocol;
  kind: string;
  trace: string;
  raw: Buffer;
  tries: number;
};

/** Messages that were acknowledged and wait for their place in the record, oldest first, with a hand-made correction if there is one. */
export async function waitingMessages(db: Queryable, after: bigint, limit: number): Promise<RawMessage[]> {
  const { rows } = await db.query<
    Omit<RawMessage, 'id' | 'receivedAt' | 'raw'> & StoredBytes & { id: string; receivedAt: Date }
  >(
    `select m.id::text, m.received_at as "receivedAt", m.institution, m.protocol, m.kind, m.trace, coalesce(o.tries, 0) as tries,
       m.raw, m.sealed, (select c.sealed from intake.correction c where c.message = m.id order by c.number desc limit 1) as correction
     from intake.waiting w join intake.message m on m.id = w.message left join intake.outcome o on o.message = m.id
     where w.message > $1 order by w.message limit $2`,
    [String(after), limit],
  );
  return rows.map(({ raw, sealed, correction, ...row }) => ({
    ...row,
    id: BigInt(row.id),
    receivedAt: row.receivedAt.getTime(),
    raw: correctionOf({ correction }) ?? bytesOf({ raw, sealed }),
  }));
}

export async function waitingState(db: Queryable): Promise<{ waiting: number; oldestSeconds: number | null }> {
  const { rows } = await db.query<{ waiting: number; oldestSeconds: number | null }>(
    'select count(*) as waiting, extract(epoch from now() - min(since))::float8 as "oldestSeconds" from intake.waiting',
  );
  return rows[0] as { waiting: number; oldestSeconds: number | null };
}

/** Message ids come in blocks, so that they are known before the commit and cost no round trip. */
export function idAllocator(pool: Pool): () => Promise<bigint> {
  const blockSize = 1000n;
  let next = 0n;
  let end = 0n;
  let refill: Promise<void> | null = null;
  return async () => {
    while (next >= end) {
      refill ??= pool
        .query<{ block: string }>(`select nextval('intake.message_block')::text as block`)
        .then(({ rows }) => {
          next = BigInt(rows[0]?.block ?? 0) * blockSize;
          end = next + blockSize;
        })
        .finally(() => {
          refill = null;
        });
      await refill;
    }
    return next++;
  };
}
