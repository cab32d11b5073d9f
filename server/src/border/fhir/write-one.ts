import { isResourceType } from '@hutong/fhir';
import { type Call, type Refusal, type Reply, refuse } from '../../core/access/index.ts';
import { asItCame, parseBody } from './body.ts';
import { ifMatchOf } from './bundle.ts';
import { callerOf, covered, type FhirDoor, notCovered, notFound, outcome } from './door.ts';
import type { Entry } from './entry.ts';
import { issue, outcomeOf, wellDone } from './outcome.ts';
import { type Institution, incomingOf, keepUnreadable, senderOf, submit } from './submit.ts';

/** Create, update and delete of one resource; without an id, PUT and DELETE are conditional by the query. */
export async function writeOne(door: FhirDoor, call: Call, method: Entry['method']): Promise<Reply | Refusal> {
  const { type = '', id } = call.params;
  const institution = senderOf(door, call);
  if (!isResourceType(type)) return notFound();
  if (!institution || !covered(callerOf(call), type, method === 'POST' ? 'c' : method === 'DELETE' ? 'd' : 'u'))
    return notCovered(type);
  const condition = method === 'POST' ? call.headers['if-none-exist'] : id === undefined ? call.rawQuery : undefined;
  const kind = `${method} ${type}`;
  const bytes =
    Buffer.isBuffer(call.body) && call.body.length > 0
      ? asItCame(call.body)
      : Buffer.from(`${kind}/${id ?? ''} ${call.trace}`);
  const resource = method === 'DELETE' ? undefined : parseBody(call.body);
  if (Array.isArray(resource)) return keepUnreadable(door, call, institution, bytes, kind, resource);
  const ifMatch = ifMatchOf(call.headers['if-match']);
  if (ifMatch === 'malformed') {
    call.look({ action: 'refused', what: `${kind} If-Match`, ground: 'submission' });
    return outcome(400, [issue('value', 'If-Match', 'If-Match 应为 W/"版本号"', 'If-Match must be W/"<version>"')]);
  }
  const entry: Entry = {
    at: '',
    method,
    type,
    ...(id !== undefined && { id }),
    ...(resource && { resource }),
    ...(ifMatch !== undefined && { ifMatch }),
    ...(condition !== undefined && { condition: condition.replace(/^\?/, '') }),
  };
  return submitOne(door, call, institution, bytes, kind, entry);
}

/** Runs one write and answers as `Prefer: return=…` asks (FHIR R4 §3.1.0.1.7). */
export async function submitOne(
  door: FhirDoor,
  call: Call,
  institution: Institution,
  bytes: Buffer,
  kind: string,
  entry: Entry,
): Promise<Reply | Refusal> {
  const prefer = preference(call.headers.prefer);
  if (prefer === null) {
    call.look({ action: 'refused', what: `${kind} Prefer`, ground: 'submission' });
    return refuse('HT-INPUT-001', {
      zh: 'Prefer 的 return 取值未知',
      en: 'The return preference of Prefer is not known',
    });
  }
  const incoming = incomingOf(call, institution, bytes, kind, call.headers['x-request-id'] ?? call.trace);
  return submit(door, call, incoming, [entry], (result) => {
    if (!result.ok) return { status: result.status, headers: {}, body: outcomeOf(result.issues) };
    const [planned] = result.planned as [(typeof result.planned)[0]];
    const { status, write } = planned;
    const headers = {
      location: `${call.origin}/fhir/${planned.type}/${planned.id}/_history/${planned.version}`,
      etag: `W/"${planned.version}"`,
      'last-modified': new Date(call.now).toUTCString(),
    };
    const etag: Record<string, string> = planned.version > 0 ? { etag: headers.etag } : {};
    if (status === 204) return { status, headers: etag, body: null };
    if (prefer === 'OperationOutcome') return { status, headers, body: wellDone('', '已保存', 'Stored') };
    return {
      status,
      headers,
      body: write?.body && prefer === 'representation' ? (JSON.parse(write.body) as object) : null,
    };
  });
}

const returns = ['representation', 'minimal', 'OperationOutcome'] as const;
/** FHIR R4 §3.1.0.1.7. Other preferences (respond-async, handling) may be left unmet; a `return` that nobody knows is refused. */
function preference(header: string | undefined): (typeof returns)[number] | null {
  const asked = /(?:^|[,;\s])return=([^,;\s]+)/.exec(header ?? '')?.[1];
  return asked === undefined ? 'representation' : (returns.find((one) => one === asked) ?? null);
}
