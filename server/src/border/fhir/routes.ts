import { elementsOf, isResourceType, parseSearch, type ResourceType, summaryOf } from '@hutong/fhir';
import { type Call, type Caller, type Refusal, refuse, type Reply, type Route, scopeCovers } from '../../core/access/index.ts';
import type { Directory } from '../../core/directory/index.ts';
import { fromPublicId, type RecordAccessDoor } from '../../core/identity/index.ts';
import { NotSearchable, type Page, readHistory, readResource, readVersion, type Scope, searchResources, type Stored, systemScope } from '../../core/store/index.ts';

import { sm3 } from '../../kit/hash.ts';
import type { BorderIssue, Resource, Translation } from '../fact.ts';
import type { Incoming, Intake, Receipt } from '../intake/index.ts';
import { entryResponse, ifMatchOf, readBundle } from './bundle.ts';
import { capabilityStatement } from './capability.ts';
import { fromValidator, issue, outcomeOf } from './outcome.ts';
import type { Entry } from './plan.ts';
import { addWrites, type WriteContext, type WriteResult } from './write.ts';

export type FhirDoor = WriteContext & { intake: Intake; directory: Directory; records: RecordAccessDoor; version: string };

const outcome = (status: number, issues: BorderIssue[]): Reply => ({ status, body: outcomeOf(issues) });
const notFound = (): Refusal => refuse('HT-INPUT-004');

/** The SMART scopes of a client; staff who may use this face at all are not limited by them. */
const covered = (caller: Caller, type: string, letter: 'c' | 'r' | 'u' | 'd' | 's'): boolean => caller.kind === 'staff' || scopeCovers(caller.scopes, type, letter);

/** FHIR R4 over HTTP: the routes of the room's door. */
export function fhirRoutes(door: FhirDoor): Route[] {
  const face = 'fhir' as const;
  const read = { permission: 'fhir.read' as const, face };
  const write = { permission: 'fhir.write' as const, face, takes: 'bytes' as const };
  return [
    { method: 'GET', path: '/fhir/metadata', permission: 'public', face, summary: 'Capability statement', handle: async (call) => ({ body: capabilityStatement(door.version, call.origin) }) },
    { ...write, method: 'POST', path: '/fhir', summary: 'Transaction or batch bundle', handle: (call) => postBundle(door, call) },
    { ...write, method: 'POST', path: '/fhir/:type', summary: 'Create', handle: (call) => writeOne(door, call, 'POST') },
    { ...write, method: 'PUT', path: '/fhir/:type/:id', summary: 'Update, or create with the client’s id', handle: (call) => writeOne(door, call, 'PUT') },
    { ...write, method: 'DELETE', path: '/fhir/:type/:id', summary: 'Delete', handle: (call) => writeOne(door, call, 'DELETE') },
    { ...read, method: 'GET', path: '/fhir/:type', summary: 'Search', handle: (call) => search(door, call, call.rawQuery) },
    { ...read, method: 'POST', path: '/fhir/:type/_search', takes: 'bytes', summary: 'Search with the parameters in the body', handle: (call) => search(door, call, (call.body as Buffer).toString()) },
    { ...read, method: 'GET', path: '/fhir/:type/:id', summary: 'Read', handle: (call) => readOne(door, call) },
    { ...read, method: 'GET', path: '/fhir/:type/:id/_history', summary: 'All versions, newest first', handle: (call) => history(door, call) },
    { ...read, method: 'GET', path: '/fhir/:type/:id/_history/:version', summary: 'One version', handle: (call) => versionOf(door, call) },
  ];
}

const callerOf = (call: Call): Caller => call.caller as Caller;

/** What the caller sees without naming a person: what its own institution wrote. */
const ownScope = (caller: Caller): Scope => ({ institutions: caller.institution === null ? [] : [caller.institution], subjects: [], maxLabel: 1 });

/** Own rows are open; another institution's row needs a ground for its resident. The ground is what the audit says. */
async function scopeFor(door: FhirDoor, caller: Caller, subject: bigint | null, now: number): Promise<{ scope: Scope; ground: string; resident: bigint | null }> {
  const own = { scope: ownScope(caller), ground: 'own-institution', resident: null };
  if (subject === null) return own;
  const resident = (await door.identity.residentsOf([subject])).get(subject);
  const opened = resident === undefined ? null : await door.records.open(caller, resident, now);
  return opened?.access.allowed ? { scope: opened.scope, ground: opened.access.ground, resident: opened.resident } : { ...own, resident: resident ?? null };
}

const versionHeaders = ({ version, received }: Stored): Record<string, string> => ({ etag: `W/"${version}"`, 'last-modified': received.toUTCString() });

async function readOne(door: FhirDoor, call: Call): Promise<Reply | Refusal> {
  const { type = '', id = '' } = call.params;
  const caller = callerOf(call);
  if (!isResourceType(type)) return notFound();
  if (!covered(caller, type, 'r')) return refuse('HT-ACCESS-006');
  const whole = await readResource(door.pool, systemScope, type, id);
  const { scope, ground, resident } = await scopeFor(door, caller, whole && whole !== 'gone' ? whole.subject : null, call.now);
  const seen = await readResource(door.pool, scope, type, id);
  call.look({ action: 'read', what: `${type} ${seen ? 'read' : 'not shown'}`, resident, subject: whole && whole !== 'gone' ? whole.subject : null, ground });
  if (seen === null) return notFound();
  if (seen === 'gone') return refuse('HT-INPUT-005');
  if (call.headers['if-none-match'] === `W/"${seen.version}"`) return { status: 304 };
  return { headers: versionHeaders(seen), body: seen.body };
}

async function visibleHistory(door: FhirDoor, call: Call): Promise<(Stored & { deleted: boolean })[] | Refusal> {
  const { type = '', id = '' } = call.params;
  const caller = callerOf(call);
  if (!isResourceType(type)) return notFound();
  if (!covered(caller, type, 'r')) return refuse('HT-ACCESS-006');
  const [newest] = await readHistory(door.pool, systemScope, type, id);
  const { scope, ground, resident } = await scopeFor(door, caller, newest?.subject ?? null, call.now);
  const versions = await readHistory(door.pool, scope, type, id);
  call.look({ action: 'read', what: `${type} history`, resident, subject: newest?.subject ?? null, ground });
  return versions.length === 0 ? notFound() : versions;
}

async function history(door: FhirDoor, call: Call): Promise<Reply | Refusal> {
  const versions = await visibleHistory(door, call);
  if ('refusal' in versions) return versions;
  const entries = versions.map(({ type, id, version, deleted, received, body }) =>
    `{"fullUrl":"${call.origin}/fhir/${type}/${id}",${deleted ? '' : `"resource":${body},`}"request":{"method":"${deleted ? 'DELETE' : version === 1 ? 'POST' : 'PUT'}","url":"${type}/${id}"},"response":{"status":"${deleted ? 204 : 200}","etag":"W/\\"${version}\\"","lastModified":"${received.toISOString()}"}}`);
  return { body: `{"resourceType":"Bundle","type":"history","total":${versions.length},"entry":[${entries.join(',')}]}` };
}

async function versionOf(door: FhirDoor, call: Call): Promise<Reply | Refusal> {
  const versions = await visibleHistory(door, call);
  if ('refusal' in versions) return versions;
  const found = versions.find(({ version }) => String(version) === call.params.version);
  if (!found) return notFound();
  if (found.deleted) return refuse('HT-INPUT-005');
  const exact = await readVersion(door.pool, systemScope, found.type, found.id, found.version);
  return exact ? { headers: versionHeaders(exact), body: exact.body } : notFound();
}

/** `resident=<id>` asks over everything that is linked to one resident, whichever institution sent it. */
async function search(door: FhirDoor, call: Call, parameters: string): Promise<Reply | Refusal> {
  const { type = '' } = call.params;
  const caller = callerOf(call);
  if (!isResourceType(type)) return notFound();
  if (!covered(caller, type, 's')) return refuse('HT-ACCESS-006');
  const given = new URLSearchParams(parameters);
  const parsed = parseSearch(type, given, ['resident', '_after', '_format', '_pretty']);
  call.look({ action: 'search', what: `${type}?${[...new Set(given.keys())].filter((name) => /^[\w:.-]{1,60}$/.test(name)).join('&')}`, ground: 'own-institution' });
  if (!parsed.ok) return outcome(400, parsed.issues.map(fromValidator));
  let scope = ownScope(caller);
  let subjects: bigint[] | undefined;
  const asked = given.get('resident');
  if (asked !== null) {
    const resident = fromPublicId(asked);
    const opened = resident === null ? null : await door.records.open(caller, resident, call.now);
    if (!opened?.access.allowed) {
      call.look({ action: 'refused', what: `${type} search`, resident, ground: 'none' });
      return refuse('HT-ACCESS-003');
    }
    ({ scope, subjects } = opened);
    call.look({ action: 'search', what: type, resident, ground: opened.access.ground });
  } else scope = await widenForPatients(door, call, type, parsed.query.filters, scope);
  try {
    const page = await searchResources(door.pool, { query: parsed.query, scope, subjects, after: given.get('_after') ?? undefined });
    return { body: searchBundle(page, call, type, given, parsed.query.summary, parsed.query.elements) };
  } catch (error) {
    if (error instanceof NotSearchable) return outcome(400, [issue('not-supported', error.parameter, `尚不支持检索参数“${error.parameter}”`, `The search parameter "${error.parameter}" is not supported yet`)]);
    throw error;
  }
}

/** `patient=Patient/x`: when the caller may open that resident's record, other institutions' rows about x are in scope as well. */
async function widenForPatients(door: FhirDoor, call: Call, type: ResourceType, filters: readonly { kind: string }[], scope: Scope): Promise<Scope> {
  for (const filter of filters as readonly { kind: string; param?: string; values?: readonly { id?: string }[] }[]) {
    if (filter.kind !== 'reference' || (filter.param !== 'patient' && filter.param !== 'subject')) continue;
    for (const { id } of filter.values ?? []) {
      const patient = id ? await readResource(door.pool, systemScope, 'Patient', id) : null;
      if (!patient || patient === 'gone' || patient.subject === null) continue;
      const opened = await scopeFor(door, callerOf(call), patient.subject, call.now);
      call.look({ action: 'search', what: type, resident: opened.resident, subject: patient.subject, ground: opened.ground });
      scope = { ...scope, subjects: [...scope.subjects, ...opened.scope.subjects] };
    }
  }
  return scope;
}

function searchBundle(page: Page, call: Call, type: string, given: URLSearchParams, summary: string | undefined, elements: readonly string[] | undefined): string {
  const shaped = (body: string): string => {
    if (elements) return JSON.stringify(elementsOf(JSON.parse(body) as object, elements));
    return summary === 'true' || summary === 'text' || summary === 'data' ? JSON.stringify(summaryOf(JSON.parse(body) as object, summary)) : body;
  };
  const entry = (mode: string) => ({ type: kind, id, body }: Stored): string => `{"fullUrl":"${call.origin}/fhir/${kind}/${id}","resource":${shaped(body)},"search":{"mode":"${mode}"}}`;
  const link = (after: string | null): string => {
    const query = new URLSearchParams(given);
    if (after === null) query.delete('_after');
    else query.set('_after', after);
    return JSON.stringify(`${call.origin}/fhir/${type}?${query}`);
  };
  const links = [`{"relation":"self","url":${link(given.get('_after'))}}`, ...(page.next ? [`{"relation":"next","url":${link(page.next)}}`] : [])];
  const total = page.total === null ? '' : `"total":${page.total},`;
  return `{"resourceType":"Bundle","type":"searchset",${total}"link":[${links.join(',')}],"entry":[${[...page.matches.map(entry('match')), ...page.included.map(entry('include'))].join(',')}]}`;
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

function parseBody(bytes: Buffer): Resource | BorderIssue[] {
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch {
    return [issue('invalid', '', '内容不是有效的 UTF-8', 'The content is not valid UTF-8')];
  }
  try {
    const value: unknown = JSON.parse(text);
    return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Resource) : [issue('structure', '', '内容不是 JSON 对象', 'The content is not a JSON object')];
  } catch {
    return [issue('structure', '', '内容不是有效的 JSON', 'The content is not valid JSON')];
  }
}

/** The message that a write is: stored with the rows in one transaction. The control id is the sender's X-Request-Id, if it gives one. */
function incomingOf(call: Call, institution: { id: number; code: string }, bytes: Buffer, kind: string, controlId: string): Incoming {
  const translation: Translation = { kind, controlId, facts: [], merges: [], unmapped: [], issues: [] };
  return {
    protocol: 'fhir', sender: callerOf(call).id, institution, raw: bytes, charset: 'UTF-8', receivedAt: call.now, trace: call.trace, translation,
    acknowledge: (what, issues) => (what === 'taken' ? '' : JSON.stringify(outcomeOf(issues))),
  };
}

const statusOf: Partial<Record<Receipt['outcome'], number>> = { conflict: 409, unavailable: 503, refused: 403 };

type Answer = { status: number; headers: Record<string, string>; body: object | null };

/** Runs a write through the intake, and hands the sender the same answer whenever it repeats the same message. */
async function submit(door: FhirDoor, call: Call, incoming: Incoming, institution: { id: number; code: string }, entries: Entry[], conditions: { entry: Entry; query: string }[], answer: (result: WriteResult) => Answer): Promise<Reply> {
  const seed = incoming.translation.controlId || sm3(incoming.raw);
  const templates = entries.map((entry) => ({ ...entry }));
  const receipt = await door.intake.receiveNow(incoming, async (unit, message) => {
    // Each attempt starts from what the sender said: a condition may be answered differently the second time.
    entries.forEach((entry, index) => {
      for (const name of Object.keys(entry)) delete entry[name as keyof Entry];
      Object.assign(entry, templates[index]);
    });
    const sender = { institution, receivedAt: call.now, message, seed: incoming.translation.controlId || incoming.translation.kind.endsWith('bundle') ? seed : `${message}` };
    const origin = { message, institution, receivedAt: call.now, trace: call.trace, kind: incoming.translation.kind, protocol: 'fhir', agent: `client ${callerOf(call).id}`, role: callerOf(call).role };
    const result = await addWrites(door, unit, entries, conditions, sender, origin);
    const response = JSON.stringify(answer(result));
    if (!result.ok) return { ok: false, response, issues: result.issues };
    return { ok: true, response, written: result.planned.map(({ type, id, version }) => ({ resourceType: type, id, version })) };
  });
  call.look({ action: receipt.outcome === 'taken' ? 'create' : 'refused', what: `${incoming.translation.kind} ${receipt.outcome}`, ground: 'submission' });
  const status = statusOf[receipt.outcome];
  if (status) return { status, body: receipt.acknowledgement };
  const { status: said, headers, body } = JSON.parse(receipt.acknowledgement) as Answer;
  return { status: said, headers, ...(body && { body }) };
}

/** A write whose body cannot be read is kept as well: the integrator finds it in the inbox with the reason. */
async function keepUnreadable(door: FhirDoor, call: Call, institution: { id: number; code: string }, bytes: Buffer, kind: string, issues: BorderIssue[]): Promise<Reply> {
  const incoming = incomingOf(call, institution, bytes, kind, '');
  const receipt = await door.intake.receive({ ...incoming, translation: { ...incoming.translation, issues } });
  call.look({ action: 'refused', what: `${kind} unreadable`, ground: 'submission' });
  return receipt.outcome === 'unavailable' ? { status: 503, body: receipt.acknowledgement } : outcome(issues.some(({ rule }) => rule === 'fhir.structure' || rule === 'fhir.invalid') ? 400 : 422, issues);
}

const senderOf = (door: FhirDoor, caller: Caller): { id: number; code: string } | null => (caller.institution === null ? null : (door.directory.institution(caller.institution) ?? null));

async function writeOne(door: FhirDoor, call: Call, method: Entry['method']): Promise<Reply | Refusal> {
  const { type = '', id } = call.params;
  const caller = callerOf(call);
  const institution = senderOf(door, caller);
  if (!isResourceType(type)) return notFound();
  if (!institution || !covered(caller, type, method === 'POST' ? 'c' : method === 'PUT' ? 'u' : 'd')) return refuse('HT-ACCESS-006');
  const bytes = Buffer.isBuffer(call.body) ? call.body : Buffer.from(`${method} ${type}/${id ?? ''} ${call.trace}`);
  const kind = `${method} ${type}`;
  const resource = method === 'DELETE' ? undefined : parseBody(bytes);
  if (Array.isArray(resource)) return keepUnreadable(door, call, institution, bytes, kind, resource);
  const entry: Entry = { at: '', method, type, ...(id !== undefined && { id }), ...(resource && { resource }), ...ifMatchOf(call.headers['if-match']) };
  const ifNoneExist = call.headers['if-none-exist'];
  const conditions = method === 'POST' && ifNoneExist !== undefined ? [{ entry, query: ifNoneExist.replace(/^\?/, '') }] : [];
  const incoming = incomingOf(call, institution, bytes, kind, call.headers['x-request-id'] ?? `${call.trace}`);
  return submit(door, call, incoming, institution, [entry], conditions, (result) => {
    if (!result.ok) return { status: result.status, headers: {}, body: outcomeOf(result.issues) };
    const [planned] = result.planned as [(typeof result.planned)[0]];
    const headers = { location: `${call.origin}/fhir/${planned.type}/${planned.id}/_history/${planned.version}`, etag: `W/"${planned.version}"`, 'last-modified': new Date(call.now).toUTCString() };
    const minimal = call.headers.prefer?.includes('return=minimal');
    return { status: planned.status, headers: planned.status === 204 ? {} : headers, body: planned.write?.body && !minimal ? (JSON.parse(planned.write.body) as object) : null };
  });
}

async function postBundle(door: FhirDoor, call: Call): Promise<Reply | Refusal> {
  const caller = callerOf(call);
  const institution = senderOf(door, caller);
  if (!institution) return refuse('HT-ACCESS-006');
  const bytes = call.body as Buffer;
  const bundle = Buffer.isBuffer(bytes) ? parseBody(bytes) : [issue('structure', '', '没有内容', 'There is no content')];
  if (Array.isArray(bundle)) return keepUnreadable(door, call, institution, bytes ?? Buffer.alloc(0), 'bundle', bundle);
  if (bundle.resourceType !== 'Bundle' || (bundle.type !== 'transaction' && bundle.type !== 'batch'))
    return keepUnreadable(door, call, institution, bytes, 'bundle', [issue('invalid', 'Bundle.type', '此处只接收 transaction 或 batch', 'Only a transaction or batch is taken here')]);
  const kind = `${bundle.type} bundle`;
  const read = readBundle(bundle);
  if ('issues' in read) return keepUnreadable(door, call, institution, bytes, kind, read.issues);
  const letters = { POST: 'c', PUT: 'u', DELETE: 'd' } as const;
  const uncovered = read.entries.find(({ type, method }) => !covered(caller, type, letters[method]));
  if (uncovered) return refuse('HT-ACCESS-006', { zh: `令牌的授权范围不包含 ${uncovered.type}`, en: `The token’s scopes do not cover ${uncovered.type}` });
  return bundle.type === 'transaction' ? transaction(door, call, institution, bytes, kind, read) : batch(door, call, institution, bytes, read);
}

async function transaction(door: FhirDoor, call: Call, institution: { id: number; code: string }, bytes: Buffer, kind: string, read: { entries: Entry[]; conditions: { entry: Entry; query: string }[] }): Promise<Reply> {
  const incoming = incomingOf(call, institution, bytes, kind, call.headers['x-request-id'] ?? '');
  return submit(door, call, incoming, institution, read.entries, read.conditions, (result) =>
    result.ok
      ? { status: 200, headers: {}, body: { resourceType: 'Bundle', type: 'transaction-response', entry: result.planned.map((planned) => entryResponse(planned, call.now)) } }
      : { status: result.status, headers: {}, body: outcomeOf(result.issues) });
}

/** Each entry of a batch stands alone: its own message, its own transaction, its own answer. */
async function batch(door: FhirDoor, call: Call, institution: { id: number; code: string }, bytes: Buffer, read: { entries: Entry[]; conditions: { entry: Entry; query: string }[] }): Promise<Reply> {
  const whole = call.headers['x-request-id'] ?? sm3(bytes);
  const answers: object[] = [];
  for (const [index, entry] of read.entries.entries()) {
    const own = Buffer.from(JSON.stringify({ method: entry.method, type: entry.type, id: entry.id, resource: entry.resource }));
    const incoming = incomingOf(call, institution, own, `batch ${entry.method} ${entry.type}`, `${whole}#${index}`);
    const conditions = read.conditions.filter((condition) => condition.entry === entry);
    const { status = 200, body } = await submit(door, call, incoming, institution, [entry], conditions, (result) =>
      result.ok ? { status: 200, headers: {}, body: entryResponse(result.planned[0] as Parameters<typeof entryResponse>[0], call.now) } : { status: result.status, headers: {}, body: outcomeOf(result.issues) });
    answers.push(status === 200 ? (body as object) : { response: { status: String(status), outcome: typeof body === 'string' ? JSON.parse(body) : body } });
  }
  return { body: { resourceType: 'Bundle', type: 'batch-response', entry: answers } };
}

