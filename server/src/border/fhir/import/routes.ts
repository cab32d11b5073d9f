import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import type { Call, Refusal, Reply, Route } from '../../../core/access/index.ts';
import { refuse } from '../../../core/access/index.ts';
import type { WorkLoop } from '../../../kit/work-loop.ts';
import { callerOf, type FhirDoor, notFound, outcome } from '../door.ts';
import type { JobFiles } from '../job-files.ts';
import { issue } from '../outcome.ts';
import { senderOf } from '../submit.ts';
import { cancelJob, insertJob, type Job, jobOf, unfinishedOf } from './tables.ts';
import { refusals, uploaded } from './work.ts';

export type ImportDoor = { files: JobFiles; work: WorkLoop };

const mostAtOnce = 4;
/** A block of the sealed upload. */
const blockBytes = 4_000_000;

/**
 * Bulk import: the lines come with the kick-off, NDJSON in its body, and are taken beside it. The platform fetches nothing: an address that a caller names would be
 * a way into the networks around us.
 */
export function importRoutes(door: FhirDoor, { files, work }: ImportDoor): Route[] {
  const base = { permission: 'fhir.write' as const, face: 'fhir' as const, impersonal: true };
  const job = (call: Call): Promise<Job | undefined> => jobOf(door.pool, call.params.job ?? '', callerOf(call).id);
  return [
    {
      ...base,
      method: 'POST',
      path: '/fhir/$import',
      takes: 'bytes',
      impersonal: false,
      summary: 'Import NDJSON, one resource a line, beside the request',
      handle: (call) => begin(door, { files, work }, call),
    },
    {
      ...base,
      method: 'GET',
      path: '/fhir/$import-status/:job',
      summary: 'How far an import is; its counts when it is done',
      async handle(call): Promise<Reply | Refusal> {
        const found = await job(call);
        if (!found) return notFound();
        if (found.state === 'failed')
          return outcome(422, [issue('processing', '', '导入已停止', found.error ?? 'The import was stopped')]);
        const { line, taken, refused } = found.progress;
        if (found.state !== 'done')
          return {
            status: 202,
            headers: { 'retry-after': '2', 'x-progress': `line ${line}, ${taken} taken, ${refused} refused` },
          };
        return {
          headers: { 'content-type': 'application/json', expires: (found.expires as Date).toUTCString() },
          body: {
            transactionTime: found.asked.toISOString(),
            request: `${found.base}/fhir/$import`,
            requiresAccessToken: true,
            output: [{ count: taken }],
            error:
              refused === 0
                ? []
                : [
                    {
                      type: 'OperationOutcome',
                      url: `${found.base}/fhir/$import-file/${found.id}`,
                      count: refused,
                    },
                  ],
          },
        };
      },
    },
    {
      ...base,
      method: 'DELETE',
      path: '/fhir/$import-status/:job',
      summary: 'Stop an import, or forget its counts; what was taken stays',
      async handle(call) {
        const found = await job(call);
        if (!found) return notFound();
        await cancelJob(door.pool, found.id);
        await files.remove(found.id);
        return { status: 202 };
      },
    },
    {
      ...base,
      method: 'GET',
      path: '/fhir/$import-file/:job',
      summary: 'What an import refused: an OperationOutcome a line',
      async handle(call) {
        const found = await job(call);
        if (found?.state !== 'done' || found.progress.errorBytes === 0) return notFound();
        return {
          headers: { 'content-type': 'application/fhir+ndjson' },
          body: Readable.from(files.read(found.id, refusals, found.progress.errorBytes), { objectMode: false }),
        };
      },
    },
  ];
}

async function begin(door: FhirDoor, { files, work }: ImportDoor, call: Call): Promise<Reply | Refusal> {
  const refused = <T extends Reply | Refusal>(answer: T): T => {
    call.look({ action: 'refused', what: '$import', ground: 'submission' });
    return answer;
  };
  const caller = callerOf(call);
  const institution = senderOf(door, call);
  if (!institution) return refused(refuse('HT-ACCESS-006'));
  if (!/\brespond-async\b/.test(call.headers.prefer ?? ''))
    return refused(
      outcome(400, [
        issue('value', 'Prefer', '需要请求头 Prefer: respond-async', 'The header Prefer: respond-async is needed'),
      ]),
    );
  if (!/^application\/(fhir\+ndjson|ndjson|x-ndjson)\b/.test(call.headers['content-type'] ?? ''))
    return refused(
      refuse('HT-INPUT-003', {
        zh: '请在请求体中上传 NDJSON（application/fhir+ndjson）；平台不从外部地址取文件',
        en: 'Upload NDJSON in the body (application/fhir+ndjson); the platform fetches no files from addresses',
      }),
    );
  const body = Buffer.isBuffer(call.body) ? call.body : Buffer.alloc(0);
  if (body.length === 0) return refused(outcome(400, [issue('structure', '', '没有内容', 'There is no content')]));
  if ((await unfinishedOf(door.pool, caller.id)) >= mostAtOnce) return refused(refuse('HT-PLATFORM-003'));
  const id = randomBytes(16).toString('hex');
  let bytes = 0;
  for (let from = 0; from < body.length; from += blockBytes)
    bytes = await files.append(id, uploaded, bytes, body.subarray(from, from + blockBytes));
  await insertJob(door.pool, {
    id,
    client: caller.id,
    institution: institution.id,
    caller: { role: caller.role, permissions: caller.permissions, scopes: caller.scopes },
    base: call.origin,
    trace: call.trace,
    bytes,
    asked: new Date(call.now),
  });
  call.look({ action: 'create', what: '$import', ground: 'submission' });
  work.nudge();
  return { status: 202, headers: { 'content-location': `${call.origin}/fhir/$import-status/${id}` } };
}
