import { type Call, type Caller, type Refusal, refuse, type Reply, type Route } from '../../core/access/index.ts';
import type { Directory } from '../../core/directory/index.ts';
import { acknowledgeBatch, isBatch, readBatch } from '../hl7v2/index.ts';
import { takeHl7 } from './adapters/hl7v2.ts';
import type { Intake } from './receive.ts';

export type SubmissionDoor = { intake: Intake; directory: Directory };

/** HL7 v2 over HTTP; the token says who sends, MSH-3 and MSH-4 are only noted. */
export function submissionRoutes(door: SubmissionDoor): Route[] {
  return [{ method: 'POST', path: '/hl7v2', permission: 'messages.send', takes: 'bytes', summary: 'One HL7 v2 message or a batch file; answers with the acknowledgement', handle: (call) => hl7(door, call) }];
}

const hl7Type = 'application/hl7-v2';

async function hl7({ intake, directory }: SubmissionDoor, call: Call): Promise<Reply | Refusal> {
  const caller = call.caller as Caller;
  const registered = caller.institution === null ? undefined : directory.institution(caller.institution);
  if (!registered) return refuse('HT-BORDER-003');
  const bytes = call.body as Buffer;
  if (!Buffer.isBuffer(bytes) || bytes.length === 0) return refuse('HT-INPUT-001');
  const institution = { id: registered.id, code: registered.code };
  const arrival = (message: Buffer) => ({ bytes: message, protocol: 'hl7v2-http' as const, receivedAt: call.now, trace: call.trace, institution });
  if (!isBatch(bytes)) {
    const { answer, outcome } = await takeHl7(intake, directory, arrival(bytes));
    return { status: outcome === 'unavailable' ? 503 : 200, headers: { 'content-type': hl7Type }, body: answer };
  }
  const batch = readBatch(bytes);
  const answers = await Promise.all(batch.messages.map((message) => takeHl7(intake, directory, arrival(message))));
  const text = acknowledgeBatch(answers.map(({ answer }) => answer.toString()), { controlId: call.trace.slice(0, 18), at: new Date(call.now).toISOString(), withFile: batch.fileHeader !== undefined });
  return { status: answers.some(({ outcome }) => outcome === 'unavailable') ? 503 : 200, headers: { 'content-type': hl7Type }, body: text };
}
