import { createReadStream } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import { readBatch } from '../../hl7v2/index.ts';
import { type CsvRow, type FileKind, readCsv, SNIFF_BYTES, sniff } from '../index.ts';

/** One request to the border, and what of the file it carries. */
export type Submission = {
  path: string;
  type: string;
  body: Buffer | string;
  items: number;
  /** Of a table: where each row begins in the file. */
  lines?: ReadonlyMap<number, number>;
};

export type LoadOptions = { mapping: unknown | null };
type Resource = {
  resourceType?: string;
  id?: string;
  type?: string;
  entry?: { resource?: Resource; fullUrl?: string }[];
};

const linesPerTransaction = 100;
const rowsPerRequest = 200;

async function kindOfFile(file: string): Promise<FileKind> {
  const handle = await open(file);
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(SNIFF_BYTES), 0, SNIFF_BYTES, 0);
  await handle.close();
  const kind = sniff(file, buffer.subarray(0, bytesRead));
  // What a gzip holds is told by the name in front of .gz.
  return kind === 'gzip' && /\.ndjson\.gz$/.test(file)
    ? 'fhir-ndjson'
    : kind === 'gzip' && /\.json\.gz$/.test(file)
      ? 'fhir-json'
      : kind;
}

const stream = (file: string): NodeJS.ReadableStream =>
  file.endsWith('.gz') ? createReadStream(file).pipe(createGunzip()) : createReadStream(file);

async function bytesOf(file: string): Promise<Buffer> {
  if (!file.endsWith('.gz')) return readFile(file);
  const chunks: Buffer[] = [];
  for await (const chunk of stream(file)) chunks.push(Buffer.from(chunk as Uint8Array));
  return Buffer.concat(chunks);
}

const fhir = (body: Buffer | string, items: number): Submission => ({
  path: '/fhir',
  type: 'application/fhir+json',
  body,
  items,
});

/** A transaction that writes each resource under its own id, so that a file loaded twice is one record. */
function transactionOf(resources: Resource[]): Submission {
  const entry = resources.map((resource) => ({
    ...(resource.id && { fullUrl: `urn:uuid:${resource.id}` }),
    resource,
    request: resource.id
      ? { method: 'PUT', url: `${resource.resourceType}/${resource.id}` }
      : { method: 'POST', url: `${resource.resourceType}` },
  }));
  return fhir(JSON.stringify({ resourceType: 'Bundle', type: 'transaction', entry }), resources.length);
}

function fromJson(text: Buffer | string, resource: Resource): Submission[] {
  if (resource.resourceType !== 'Bundle') return [transactionOf([resource])];
  if (resource.type === 'transaction' || resource.type === 'batch') return [fhir(text, resource.entry?.length ?? 0)];
  const resources = (resource.entry ?? []).flatMap(({ resource: inner }) => (inner ? [inner] : []));
  return resources.length > 0 ? [transactionOf(resources)] : [];
}

async function* fromLines(file: string): AsyncGenerator<Submission> {
  let waiting: Resource[] = [];
  for await (const line of createInterface({ input: stream(file), crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line.trim() === '') continue;
    let resource: Resource;
    try {
      resource = JSON.parse(line) as Resource;
    } catch {
      // Not JSON: the border is to see it, keep it and say why it is held.
      yield fhir(line, 1);
      continue;
    }
    if (resource.resourceType === 'Bundle') yield* fromJson(line, resource);
    else waiting.push(resource);
    if (waiting.length >= linesPerTransaction) {
      yield transactionOf(waiting);
      waiting = [];
    }
  }
  if (waiting.length > 0) yield transactionOf(waiting);
}

async function* fromTable(file: string, mapping: unknown): AsyncGenerator<Submission | { problem: string }> {
  const { delimiter, charset } = mapping as { delimiter?: string; charset?: 'utf-8' | 'gb18030' };
  let rows: CsvRow[] = [];
  const request = (): Submission => ({
    path: '/files/rows',
    type: 'application/json',
    body: JSON.stringify({ mapping, rows }),
    items: rows.length,
    lines: new Map(rows.map(({ row, line }) => [row, line])),
  });
  for await (const item of readCsv(createReadStream(file), {
    ...(delimiter && { delimiter }),
    ...(charset && { charset }),
  })) {
    if (item.kind === 'issue') yield { problem: `line ${item.line}: ${item.issue.en}` };
    if (item.kind !== 'row') continue;
    rows.push({ row: item.row, line: item.line, values: item.values });
    if (rows.length >= rowsPerRequest) {
      yield request();
      rows = [];
    }
  }
  if (rows.length > 0) yield request();
}

/** What a file asks of the border, piece by piece; a file that cannot be told apart yields a problem. */
export async function* submissionsOf(
  file: string,
  { mapping }: LoadOptions,
): AsyncGenerator<Submission | { problem: string }> {
  const kind = await kindOfFile(file);
  switch (kind) {
    case 'fhir-ndjson':
      return yield* fromLines(file);
    case 'fhir-json': {
      const bytes = await bytesOf(file);
      let resource: Resource;
      try {
        resource = JSON.parse(bytes.toString('utf8')) as Resource;
      } catch {
        return yield fhir(bytes, 1);
      }
      return yield* fromJson(bytes, resource);
    }
    case 'hl7v2':
    case 'hl7v2-batch': {
      for (const message of readBatch(await bytesOf(file)).messages)
        yield { path: '/hl7v2', type: 'application/hl7-v2', body: message, items: 1 };
      return;
    }
    case 'cda':
      return yield { path: '/documents', type: 'application/xml', body: await bytesOf(file), items: 1 };
    case 'csv':
      if (mapping === null) return yield { problem: 'a table needs --mapping FILE' };
      return yield* fromTable(file, mapping);
    default:
      return yield { problem: 'neither FHIR, HL7 v2, a shared document nor a table' };
  }
}
