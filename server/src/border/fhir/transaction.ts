import { type Call, type Refusal, type Reply, refuse } from '../../core/access/index.ts';
import { sm3 } from '../../kit/hash.ts';
import { turnstile } from '../../kit/turnstile.ts';
import type { Resource } from '../fact.ts';
import { asItCame, parseBody } from './body.ts';
import { type BundleEntries, entryResponse, readBundle } from './bundle.ts';
import { callerOf, covered, type FhirDoor, type Letter, notCovered } from './door.ts';
import type { Entry } from './entry.ts';
import { issue, outcomeOf } from './outcome.ts';
import { readWithin } from './read-within.ts';
import { type Institution, incomingOf, keepUnreadable, senderOf, submit } from './submit.ts';

export const letters: Record<Entry['method'], Letter> = { POST: 'c', PUT: 'u', PATCH: 'u', DELETE: 'd' };
/** Entries of a batch that are under way at once: they share commits, and one sender does not take the whole pool. */
const abreast = 8;

/**
 * Bytes of bundles that are read and planned at once: a bundle becomes ten times its bytes meanwhile, and thirty large ones side by side are
 * taken no sooner, only kept longer.
 */
const bytesAtOnce = 2_000_000;
const inTurn = turnstile(bytesAtOnce);

/** POST /fhir: a transaction is taken whole or not at all, in the order DELETE, POST, PUT, GET (FHIR R4 §3.1.0.11.2). */
export async function postBundle(door: FhirDoor, call: Call): Promise<Reply | Refusal> {
  const institution = senderOf(door, call);
  if (!institution) return refuse('HT-ACCESS-006');
  const given = Buffer.isBuffer(call.body) ? call.body : Buffer.alloc(0);
  return inTurn(given.length, () => takeBundle(door, call, institution, given));
}

async function takeBundle(
  door: FhirDoor,
  call: Call,
  institution: Institution,
  given: Buffer,
): Promise<Reply | Refusal> {
  const bytes = asItCame(given);
  const bundle = parseBody(given);
  if (Array.isArray(bundle)) return keepUnreadable(door, call, institution, bytes, 'bundle', bundle);
  if (bundle.resourceType !== 'Bundle' || (bundle.type !== 'transaction' && bundle.type !== 'batch'))
    return keepUnreadable(door, call, institution, bytes, 'bundle', [
      issue('invalid', 'Bundle.type', '此处只接收 transaction 或 batch', 'Only a transaction or batch is taken here'),
    ]);
  const kind = `${bundle.type} bundle`;
  const read = readBundle(bundle);
  if ('issues' in read) return keepUnreadable(door, call, institution, bytes, kind, read.issues);
  const uncovered = read.writes.find(({ entry: { type, method } }) => !covered(callerOf(call), type, letters[method]));
  if (uncovered) return notCovered(uncovered.entry.type);
  return bundle.type === 'transaction'
    ? transaction(door, call, institution, bytes, kind, read)
    : batch(door, call, institution, bytes, read);
}

/** Takes the entries of one message whole, or none of them. */
export async function transaction(
  door: FhirDoor,
  call: Call,
  institution: Institution,
  bytes: Buffer,
  kind: string,
  { writes, reads, size }: BundleEntries,
): Promise<Reply> {
  const incoming = incomingOf(call, institution, bytes, kind, call.headers['x-request-id'] ?? '');
  const reply = await submit(
    door,
    call,
    incoming,
    writes.map(({ entry }) => entry),
    (result) =>
      result.ok
        ? {
            status: 200,
            headers: {},
            body: {
              resourceType: 'Bundle',
              type: 'transaction-response',
              entry: result.planned.map((planned) => entryResponse(planned, call.now)),
            },
          }
        : { status: result.status, headers: {}, body: outcomeOf(result.issues) },
  );
  if (reads.length === 0 || reply.status !== 200) return reply;
  const answers: object[] = new Array(size);
  const written = (reply.body as { entry: object[] }).entry;
  writes.forEach(({ index }, at) => {
    answers[index] = written[at] as object;
  });
  for (const { index, url } of reads) answers[index] = await readWithin(door, call, url);
  return { ...reply, body: { ...(reply.body as object), entry: answers } };
}

/** Each entry of a batch stands alone: its own message, its own transaction, its own answer. */
async function batch(
  door: FhirDoor,
  call: Call,
  institution: Institution,
  bytes: Buffer,
  { writes, reads, size }: BundleEntries,
): Promise<Reply> {
  const whole = call.headers['x-request-id'] ?? sm3(bytes);
  const answers: object[] = new Array(size);
  const one = async ({ index, entry }: BundleEntries['writes'][0]): Promise<void> => {
    const own = Buffer.from(
      JSON.stringify({
        method: entry.method,
        type: entry.type,
        id: entry.id,
        condition: entry.condition,
        resource: entry.resource,
        patch: entry.patch,
      }),
    );
    const incoming = incomingOf(
      call,
      institution,
      own,
      `batch ${entry.method} ${entry.type.slice(0, 40)}`,
      `${whole}#${index}`,
    );
    const { status = 200, body } = await submit(door, call, incoming, [entry], (result) =>
      result.ok
        ? {
            status: 200,
            headers: {},
            body: entryResponse(result.planned[0] as Parameters<typeof entryResponse>[0], call.now),
          }
        : { status: result.status, headers: {}, body: outcomeOf(result.issues) },
    );
    answers[index] =
      status === 200
        ? (body as object)
        : {
            response: {
              status: String(status),
              outcome: (typeof body === 'string' ? JSON.parse(body) : body) as Resource,
            },
          };
  };
  const queue = [...writes];
  await Promise.all(
    Array.from({ length: Math.min(abreast, queue.length) }, async () => {
      for (let next = queue.shift(); next; next = queue.shift()) await one(next);
    }),
  );
  for (const { index, url } of reads) answers[index] = await readWithin(door, call, url);
  if (writes.length === 0) call.look({ action: 'read', what: 'batch bundle', ground: 'own-institution' });
  return { body: { resourceType: 'Bundle', type: 'batch-response', entry: answers } };
}
