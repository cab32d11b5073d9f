import { randomUUID } from 'node:crypto';
import { type Call, type Refusal, type Reply, refuse } from '../../core/access/index.ts';
import type { BorderIssue, Resource } from '../fact.ts';
import { asItCame, parseBody } from './body.ts';
import { readBundle } from './bundle.ts';
import { callerOf, covered, type FhirDoor, notCovered } from './door.ts';
import { issue } from './outcome.ts';
import { keepUnreadable, senderOf } from './submit.ts';
import { letters, transaction } from './transaction.ts';

/** IHE PMIR, Mobile Patient Identity Feed [ITI-93]. */
const patientFeed = 'urn:ihe:iti:pmir:2019:patient-feed';
/** What a feed tells of (PMIR §3.93.4.1.2.2). */
const told = new Set(['Patient', 'RelatedPerson']);
const kind = 'patient feed bundle';

type Entry = { fullUrl?: string; resource?: Resource };
type Header = Resource & {
  eventUri?: string;
  eventCoding?: { system?: string; code?: string };
  focus?: { reference?: string }[];
  source?: { endpoint?: string };
};
type Message = { header: Header; feed: Resource };

const isFocus = (reference: string, { fullUrl, resource }: Entry): boolean =>
  fullUrl === reference || (resource?.id !== undefined && reference.endsWith(`Bundle/${resource.id}`));

/** A message: its header first, and in its focus the Bundle of what happened, in order (FHIR R4 §3.1.0.14). */
function readMessage(bundle: Resource): Message | BorderIssue {
  const entries = Array.isArray(bundle.entry) ? (bundle.entry as Entry[]) : [];
  if (bundle.type !== 'message' || entries[0]?.resource?.resourceType !== 'MessageHeader')
    return issue(
      'structure',
      'Bundle.entry[0]',
      '应为 message 类型的 Bundle，首条为 MessageHeader',
      'A Bundle of type message is wanted, its first entry a MessageHeader',
    );
  const header = entries[0].resource as Header;
  const event = header.eventUri ?? header.eventCoding?.code;
  if (event !== patientFeed)
    return issue(
      'not-supported',
      'MessageHeader.event',
      `只处理 ${patientFeed} 消息`,
      `Only messages of the event ${patientFeed} are processed`,
    );
  const [focus, ...others] = header.focus ?? [];
  const feed = entries.find((entry) => isFocus(focus?.reference ?? '', entry))?.resource;
  if (others.length > 0 || feed?.resourceType !== 'Bundle' || feed.type !== 'history')
    return issue(
      'structure',
      'MessageHeader.focus',
      'focus 应指向消息中的一个 history 类型的 Bundle',
      'The focus must lead to one Bundle of type history in the message',
    );
  return { header, feed };
}

function answerTo({ header }: Message, bundle: Resource, origin: string, now: number): object {
  return {
    resourceType: 'Bundle',
    type: 'message',
    timestamp: new Date(now).toISOString(),
    entry: [
      {
        fullUrl: `urn:uuid:${randomUUID()}`,
        resource: {
          resourceType: 'MessageHeader',
          eventUri: patientFeed,
          ...(header.source?.endpoint && { destination: [{ endpoint: header.source.endpoint }] }),
          source: { endpoint: `${origin}/fhir/$process-message` },
          response: { identifier: header.id ?? bundle.id ?? 'unnamed', code: 'ok' },
        },
      },
    ],
  };
}

/**
 * POST /fhir/$process-message, for patient feeds (IHE PMIR ITI-93): registrations, updates, merges by `Patient.link` and deletions of one message are taken whole
 * or not at all, through the same doors as a transaction. Answers with a message whose header says `ok`, or with the refusal.
 */
export async function processMessage(door: FhirDoor, call: Call): Promise<Reply | Refusal> {
  const institution = senderOf(door, call);
  if (!institution) return refuse('HT-ACCESS-006');
  const given = Buffer.isBuffer(call.body) ? call.body : Buffer.alloc(0);
  const bytes = asItCame(given);
  const keep = (issues: BorderIssue[]): Promise<Reply | Refusal> =>
    keepUnreadable(door, call, institution, bytes, kind, issues);
  const bundle = parseBody(given);
  if (Array.isArray(bundle)) return keep(bundle);
  const message = readMessage(bundle);
  if ('rule' in message) return keep([message]);
  const read = readBundle(message.feed);
  if ('issues' in read) return keep(read.issues);
  const strange = read.writes.find(({ entry }) => !told.has(entry.type));
  if (strange || read.reads.length > 0)
    return keep([
      issue(
        'not-supported',
        strange?.entry.at ?? 'Bundle.entry',
        '患者信息流只含 Patient 和 RelatedPerson 的变更',
        'A patient feed tells of changes of Patient and RelatedPerson alone',
      ),
    ]);
  const uncovered = read.writes.find(({ entry: { type, method } }) => !covered(callerOf(call), type, letters[method]));
  if (uncovered) return notCovered(uncovered.entry.type);
  const reply = await transaction(door, call, institution, bytes, kind, read);
  return (reply.status ?? 200) === 200 ? { ...reply, body: answerTo(message, bundle, call.origin, call.now) } : reply;
}
