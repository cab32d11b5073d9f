import { readFileSync } from 'node:fs';
import type { BatchList, BatchMapping, BatchUpload, BatchView } from '@hutong/contract/batches.ts';
import { type Call, type Caller, type Refusal, type Reply, type Route, refuse } from '../../../core/access/index.ts';
import { type Identity, publicId } from '../../../core/identity/index.ts';
import { ownersByKeys, resourceKey } from '../../../core/store/index.ts';
import { key64, sm3 } from '../../../kit/hash.ts';
import type { Pool } from '../../../kit/pool.ts';
import type { WorkLoop } from '../../../kit/work-loop.ts';
import { columnsOf, type Mapping, readMapping } from '../../files/index.ts';
import { type BatchRow, batchesOf, batchOf, countsOf, insertBatch, type ResultRow, resultsOf } from './tables.ts';
import type { Upload } from './work.ts';

export type BatchDoor = { pool: Pool; identity: Identity; work: WorkLoop };

const shipped = readMapping(
  JSON.parse(readFileSync(new URL('../../files/mappings/registrations.json', import.meta.url), 'utf8')),
);
if ('issues' in shipped) throw new Error('the mapping of registrations is broken');
const registrations: Mapping = shipped.mapping;
const permission = 'registrations.load' as const;
const resultPage = 1000;
const mostBytes = 40_000_000;

/** Registrations as one table (contract/batches.ts): upload, progress, and what became of every row. */
export function batchRoutes(door: BatchDoor): Route[] {
  const path = '/api/registration-batches';
  return [
    {
      method: 'GET',
      path,
      permission,
      summary: 'Uploaded tables of the caller’s institution, and the columns of the shipped mapping',
      handle: (call) => list(door, call),
    },
    {
      method: 'POST',
      path,
      permission,
      summary: 'Upload a table of registrations with its mapping',
      handle: (call) => upload(door, call),
      schema: {
        body: {
          type: 'object',
          required: ['fileName', 'content'],
          additionalProperties: false,
          properties: {
            fileName: { type: 'string', maxLength: 200 },
            mapping: { type: 'object' },
            content: { type: 'string' },
          },
        },
      },
    },
    {
      method: 'GET',
      path: `${path}/:id`,
      permission,
      summary: 'Progress of one table',
      handle: (call) => show(door, call),
    },
    {
      method: 'GET',
      path: `${path}/:id/results.csv`,
      permission,
      summary: 'What became of every row',
      handle: (call) => results(door, call),
    },
  ];
}

const institutionOf = (call: Call): number | null => (call.caller as Caller).institution;
const look = (call: Call, action: 'read' | 'create', what: string): void =>
  call.look({ action, what, ground: 'submission' });
const publicBatchId = (id: string): string => BigInt.asUintN(64, BigInt(id)).toString(36);
const batchId = (text: string | undefined): string | null =>
  /^[0-9a-z]{1,13}$/.test(text ?? '')
    ? String(
        BigInt.asIntN(
          64,
          [...(text as string)].reduce((sum, digit) => sum * 36n + BigInt(Number.parseInt(digit, 36)), 0n),
        ),
      )
    : null;

async function viewOf(door: BatchDoor, batch: BatchRow): Promise<BatchView> {
  return {
    id: publicBatchId(batch.id),
    fileName: batch.fileName,
    mapping: batch.mapping,
    at: batch.at.toISOString(),
    finishedAt: batch.finishedAt?.toISOString() ?? null,
    state: batch.state,
    bytes: batch.bytes,
    rows: batch.rows,
    counts: await countsOf(door.pool, batch.id),
  };
}

const mappingView: BatchMapping = {
  id: registrations.id,
  zh: registrations.zh,
  en: registrations.en,
  columns: [...columnsOf(registrations).read].map((name) => ({
    name,
    required: columnsOf(registrations).needed.has(name),
  })),
};

async function list(door: BatchDoor, call: Call): Promise<Reply | Refusal> {
  const institution = institutionOf(call);
  look(call, 'read', 'registration batches');
  if (institution === null) return { body: { items: [], mapping: mappingView } satisfies BatchList };
  const batches = await batchesOf(door.pool, institution);
  const items = await Promise.all(batches.map((batch) => viewOf(door, batch)));
  return { body: { items, mapping: mappingView } satisfies BatchList };
}

async function upload(door: BatchDoor, call: Call): Promise<Reply | Refusal> {
  const institution = institutionOf(call);
  look(call, 'create', 'registration batch');
  if (institution === null) return refuse('HT-BORDER-003');
  const { fileName, mapping, content } = call.body as BatchUpload;
  const bytes = Buffer.from(content, 'base64');
  if (bytes.length === 0 || bytes.length > mostBytes) return refuse('HT-INPUT-001');
  const read = mapping === undefined ? { mapping: registrations } : readMapping(mapping);
  if ('issues' in read)
    return refuse('HT-BORDER-001', { zh: '列映射有错误', en: 'The mapping has errors' }, { issues: read.issues });
  const id = key64(`batch|${institution}|${sm3(Buffer.from(JSON.stringify(read.mapping)))}|${sm3(bytes)}`);
  const kept: Upload = { mapping: read.mapping, content };
  const fresh = await insertBatch(door.pool, {
    id,
    institution,
    byId: (call.caller as Caller).id,
    at: new Date(call.now),
    fileName,
    mapping: read.mapping.id,
    bytes: bytes.length,
    data: Buffer.from(JSON.stringify(kept)),
  });
  if (fresh) door.work.nudge();
  const batch = (await batchOf(door.pool, String(id), institution)) as BatchRow;
  return { status: fresh ? 201 : 200, body: await viewOf(door, batch) };
}

async function own(door: BatchDoor, call: Call): Promise<BatchRow | undefined> {
  const [institution, id] = [institutionOf(call), batchId(call.params.id)];
  look(call, 'read', 'registration batch');
  return institution === null || id === null ? undefined : batchOf(door.pool, id, institution);
}

async function show(door: BatchDoor, call: Call): Promise<Reply | Refusal> {
  const batch = await own(door, call);
  return batch ? { body: await viewOf(door, batch) } : refuse('HT-INPUT-004');
}

/** Row, line, outcome at arrival, state now, resident, message, rules: nothing of what the rows say about people. */
async function results(door: BatchDoor, call: Call): Promise<Reply | Refusal> {
  const batch = await own(door, call);
  if (!batch) return refuse('HT-INPUT-004');
  const lines = ['row,line,outcome,state,resident,message,rules'];
  for (let after = -1; ; ) {
    const page = await resultsOf(door.pool, batch.id, after, resultPage);
    const residents = await residentsOf(door, page);
    for (const one of page)
      lines.push(
        [
          one.row,
          one.line,
          one.outcome,
          one.state,
          (one.patient && residents.get(one.patient)) ?? '',
          one.message ?? '',
          one.rules.join(' '),
        ].join(','),
      );
    if (page.length < resultPage) break;
    after = (page.at(-1) as ResultRow).row;
  }
  return {
    headers: {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': `attachment; filename="batch-${publicBatchId(batch.id)}-results.csv"`,
    },
    body: `${lines.join('\r\n')}\r\n`,
  };
}

async function residentsOf({ pool, identity }: BatchDoor, page: readonly ResultRow[]): Promise<Map<string, string>> {
  const keys = new Map(page.flatMap(({ patient }) => (patient ? [[patient, resourceKey('Patient', patient)]] : [])));
  const owners = await ownersByKeys(pool, [...keys.values()]);
  const subjectOf = (key: bigint): bigint | null => owners.get(key)?.subject ?? null;
  const residents = await identity.residentsOf([...keys.values()].flatMap((key) => subjectOf(key) ?? []));
  return new Map(
    [...keys].flatMap(([patient, key]) => {
      const resident = residents.get(subjectOf(key) ?? 0n);
      return resident === undefined ? [] : [[patient, publicId(resident)] as const];
    }),
  );
}
