import { type Call, type Caller, type Refusal, type Reply, type Route, refuse } from '../../core/access/index.ts';
import type { Directory } from '../../core/directory/index.ts';
import { type CsvRow, readMapping } from '../files/index.ts';
import { acknowledgeBatch, isBatch, readBatch } from '../hl7v2/index.ts';
import { readCda, type Submission } from './adapters/cda.ts';
import { takeHl7 } from './adapters/hl7v2.ts';
import type { Hl7Queries } from './adapters/hl7v2-query.ts';
import type { PersonQueries } from './adapters/person-query.ts';
import { answerRegistration } from './adapters/registration.ts';
import { readRow } from './adapters/rows.ts';
import type { Intake } from './receive.ts';

export type SubmissionDoor = { intake: Intake; directory: Directory; queries: Hl7Queries; persons: PersonQueries };

/**
 * HL7 v2, shared documents and tables over HTTP; the token says who sends, MSH-3 and MSH-4 are only noted. With the header
 * `x-message-identity: content` (archives) messages are the same when their content is, whatever their control ids.
 */
export function submissionRoutes(door: SubmissionDoor): Route[] {
  const send = { method: 'POST' as const, permission: 'messages.send' as const };
  return [
    {
      ...send,
      path: '/hl7v2',
      takes: 'bytes',
      summary: 'One HL7 v2 message or a batch file; answers with the acknowledgement',
      handle: (call) => hl7(door, call),
    },
    {
      ...send,
      path: '/documents',
      takes: 'bytes',
      summary: 'One shared document (CDA, WS/T 500)',
      handle: (call) => document(door, call),
    },
    {
      ...send,
      path: '/registration',
      takes: 'bytes',
      summary: 'One message of the registration service (WS/T 790.6 style XML): register, update, merge, query',
      handle: (call) => registration(door, call),
    },
    {
      ...send,
      path: '/files/rows',
      summary: 'Rows of a table with the mapping that explains them',
      handle: (call) => rows(door, call),
      schema: {
        body: {
          type: 'object',
          required: ['mapping', 'rows'],
          properties: {
            mapping: { type: 'object' },
            rows: { type: 'array', maxItems: 1000, items: { type: 'object', required: ['row', 'line', 'values'] } },
          },
        },
      },
    },
  ];
}

const statusOf = { taken: 201, again: 200, held: 422, conflict: 409, refused: 403, unavailable: 503 } as const;

function submitter(door: SubmissionDoor, call: Call): Omit<Submission, 'bytes'> | null {
  const { id, institution } = call.caller as Caller;
  const registered = institution === null ? undefined : door.directory.institution(institution);
  return registered
    ? { sender: id, institution: { id: registered.id, code: registered.code }, receivedAt: call.now, trace: call.trace }
    : null;
}

async function document(door: SubmissionDoor, call: Call): Promise<Reply | Refusal> {
  const submission = submitter(door, call);
  if (!submission) return refuse('HT-BORDER-003');
  const bytes = call.body as Buffer;
  if (!Buffer.isBuffer(bytes) || bytes.length === 0) return refuse('HT-INPUT-001');
  const { outcome, acknowledgement, message, issues } = await door.intake.receive(readCda({ ...submission, bytes }));
  if (outcome === 'held') return refuse('HT-BORDER-001', undefined, { id: String(message), issues });
  if (outcome === 'conflict') return refuse('HT-BORDER-002', undefined, { id: String(message) });
  if (outcome === 'unavailable') return refuse('HT-PLATFORM-001');
  return { status: statusOf[outcome], body: { id: String(message), ...(JSON.parse(acknowledgement) as object) } };
}

async function registration(door: SubmissionDoor, call: Call): Promise<Reply | Refusal> {
  const submission = submitter(door, call);
  if (!submission) return refuse('HT-BORDER-003');
  const bytes = call.body as Buffer;
  if (!Buffer.isBuffer(bytes) || bytes.length === 0) return refuse('HT-INPUT-001');
  const { text, outcome } = await answerRegistration(door, { ...submission, bytes });
  return {
    status: outcome === 'unavailable' ? 503 : 200,
    headers: { 'content-type': 'application/xml; charset=utf-8', 'x-message-outcome': outcome },
    body: text,
  };
}

async function rows(door: SubmissionDoor, call: Call): Promise<Reply | Refusal> {
  const submission = submitter(door, call);
  if (!submission) return refuse('HT-BORDER-003');
  const body = call.body as { mapping: unknown; rows: CsvRow[] };
  const mapping = readMapping(body.mapping);
  if ('issues' in mapping)
    return refuse('HT-BORDER-001', { zh: '列映射有错误', en: 'The mapping has errors' }, { issues: mapping.issues });
  const receipts = await Promise.all(
    body.rows.map((row) => door.intake.receive(readRow(mapping.mapping, row, submission))),
  );
  if (receipts.some(({ outcome }) => outcome === 'unavailable')) return refuse('HT-PLATFORM-001');
  return {
    body: {
      rows: receipts.map(({ outcome, message, issues }, at) => ({
        row: body.rows[at]?.row,
        outcome,
        id: String(message),
        issues,
      })),
    },
  };
}

const hl7Type = 'application/hl7-v2';

async function hl7({ intake, directory, queries }: SubmissionDoor, call: Call): Promise<Reply | Refusal> {
  const caller = call.caller as Caller;
  const registered = caller.institution === null ? undefined : directory.institution(caller.institution);
  if (!registered) return refuse('HT-BORDER-003');
  const bytes = call.body as Buffer;
  if (!Buffer.isBuffer(bytes) || bytes.length === 0) return refuse('HT-INPUT-001');
  const institution = { id: registered.id, code: registered.code };
  const arrival = (message: Buffer) => ({
    bytes: message,
    protocol: 'hl7v2-http' as const,
    receivedAt: call.now,
    trace: call.trace,
    institution,
    ...(call.headers['x-message-identity'] === 'content' && { identity: 'content' as const }),
  });
  if (!isBatch(bytes)) {
    const { answer, outcome } =
      (await queries.answer(arrival(bytes))) ?? (await takeHl7(intake, directory, arrival(bytes)));
    return {
      status: outcome === 'unavailable' ? 503 : 200,
      headers: { 'content-type': hl7Type, 'x-message-outcome': outcome },
      body: answer,
    };
  }
  const batch = readBatch(bytes);
  const answers = await Promise.all(batch.messages.map((message) => takeHl7(intake, directory, arrival(message))));
  const text = acknowledgeBatch(
    answers.map(({ answer }) => answer.toString()),
    {
      controlId: call.trace.slice(0, 18),
      at: new Date(call.now).toISOString(),
      withFile: batch.fileHeader !== undefined,
    },
  );
  return {
    status: answers.some(({ outcome }) => outcome === 'unavailable') ? 503 : 200,
    headers: { 'content-type': hl7Type },
    body: text,
  };
}
