import { isResourceType, patientCompartment, referencesIn, validateResource } from '@hutong/fhir';
import type { Sighting } from '../../core/identity/index.ts';
import { labelOf } from '../../core/access/index.ts';
import { currentByKeys, deletion, existingKeys, lastVersions, mintId, newVersion, parseLocalReference, referenceShard, resourceKey, type ResourceWrite, shardOfPerson, type Stored } from '../../core/store/index.ts';
import type { Pool } from '../../kit/pool.ts';
import type { BorderIssue, Resource } from '../fact.ts';
import { demographicsOf, subjectOf } from '../intake/index.ts';
import { fromValidator, issue } from './outcome.ts';
import { personKeyOf } from './person-key.ts';

/** One write of a request, single or in a bundle. `at` is its FHIRPath place ('' for a single resource). */
export type Entry = {
  at: string;
  method: 'POST' | 'PUT' | 'DELETE';
  type: string;
  /** PUT and DELETE: the id. POST: where the client calls it urn:uuid:…, if it does. */
  id?: string;
  fullUrl?: string;
  resource?: Resource;
  /** The version in If-Match; undefined: whatever is current. */
  ifMatch?: number;
  /** A resource that a conditional create found instead: nothing is written. */
  instead?: { type: string; id: string; version: number };
};

export type Sender = { institution: { id: number; code: string }; receivedAt: number; message: bigint; /** Makes new ids: the same bundle again makes the same ids. */ seed: string };

export type Planned = { entry: Entry; status: 200 | 201 | 204; type: string; id: string; version: number; write: ResourceWrite | null };
export type Plan = { ok: true; planned: Planned[]; sightings: Sighting[] } | { ok: false; issues: BorderIssue[]; status: number };

type Draft = { entry: Entry; resource: Resource; id: string; key: bigint; subject: bigint | null; shard: number; existing: Stored | undefined };

const chinaDay = (at: number): string => new Date(at + 8 * 3_600_000).toISOString().slice(0, 10);
/** 'Observation.status' inside entry 3 becomes 'Bundle.entry[3].resource.status'. */
const placed = (found: BorderIssue, at: string): BorderIssue => (at ? { ...found, path: found.path.replace(/^[A-Za-z]+/, `${at}.resource`) } : found);

/**
 * Turns entries into rows: checks every resource, finds out whom each is about, gives ids, rewrites references, and makes sure that each
 * reference leads somewhere. Nothing is written here; a plan made from rows that change in between is refused at the commit and made anew.
 */
export async function planWrites(pool: Pool, entries: Entry[], sender: Sender): Promise<Plan> {
  const issues = entries.flatMap((entry) => checkEntry(entry));
  if (issues.some(({ severity }) => severity === 'error')) return { ok: false, issues, status: 422 };
  const known = await currentByKeys(pool, entries.flatMap(({ method, type, id }) => (method !== 'POST' && id ? [resourceKey(type, id)] : [])));
  const writes = entries.filter(({ method, instead }) => method !== 'DELETE' && !instead);
  const aliases = new Map<string, string>();
  for (const { instead, fullUrl } of entries) if (instead && fullUrl) aliases.set(fullUrl, `${instead.type}/${instead.id}`);
  const drafts = new Map<Entry, Draft>();
  const persons = new Map<string, bigint>();
  const sightings: Sighting[] = [];

  // Patients first: their person decides the shard, the shard is in the id, and everybody else refers to the id.
  for (const entry of writes.filter(({ type }) => type === 'Patient')) {
    const resource = structuredClone(entry.resource) as Resource;
    const existing = entry.id && entry.method === 'PUT' ? known.get(resourceKey('Patient', entry.id)) : undefined;
    const person = personKeyOf(resource, entry.method === 'PUT' ? (entry.id as string) : `${sender.seed}|${entry.at}`);
    const subject = existing?.subject ?? subjectOf(sender.institution.code, person);
    const draft = draftOf(entry, resource, subject, existing, sender);
    drafts.set(entry, draft);
    persons.set(`Patient/${draft.id}`, subject);
    if (entry.fullUrl) aliases.set(entry.fullUrl, `Patient/${draft.id}`);
    const stamp = new Date(sender.receivedAt).toISOString();
    sightings.push({ id: subject, institution: sender.institution.id, authority: person.authority, localId: person.localId, message: sender.message, says: demographicsOf(resource, stamp, chinaDay(sender.receivedAt)) });
  }
  const others = writes.filter(({ type }) => type !== 'Patient').map((entry) => ({ entry, resource: structuredClone(entry.resource) as Resource }));
  for (const { resource } of others) rewrite(resource, aliases);
  await loadPersons(pool, others.map(({ resource }) => resource), persons);
  for (const { entry, resource } of others) {
    const existing = entry.id && entry.method === 'PUT' ? known.get(resourceKey(entry.type, entry.id)) : undefined;
    const subject = subjectIn(resource, persons);
    if (existing && existing.subject !== subject) issues.push(issue('business-rule', `${entry.at || entry.type}`, '更新不能把资源改到另一个人名下', 'An update cannot move a resource to another person'));
    const draft = draftOf(entry, resource, subject, existing, sender);
    drafts.set(entry, draft);
    if (entry.fullUrl) aliases.set(entry.fullUrl, `${entry.type}/${draft.id}`);
  }
  for (const { entry, resource } of drafts.values()) issues.push(...rewrite(resource, aliases).map((reference) => unresolved(entry, reference)));
  issues.push(...(await danglingReferences(pool, [...drafts.values()])), ...clashes([...drafts.values()]));
  for (const entry of entries) {
    const existing = entry.id && entry.method !== 'POST' ? known.get(resourceKey(entry.type, entry.id)) : undefined;
    const refusal = mayChange(entry, existing, sender);
    if (refusal) return { ok: false, ...refusal };
  }
  if (issues.some(({ severity }) => severity === 'error')) return { ok: false, issues, status: 422 };
  const buried = await lastVersions(pool, [...drafts.values()].filter(({ existing, entry }) => !existing && entry.method === 'PUT').map(({ key }) => key));
  return { ok: true, planned: entries.map((entry) => finish(entry, drafts.get(entry), known, buried, sender)), sightings };
}

function checkEntry(entry: Entry): BorderIssue[] {
  const at = entry.at || entry.type;
  if (!isResourceType(entry.type)) return [issue('not-supported', at, `没有“${entry.type.slice(0, 40)}”这种资源类型`, `There is no resource type "${entry.type.slice(0, 40)}"`)];
  if (entry.method === 'DELETE') return entry.id ? [] : [issue('not-supported', at, '按条件删除尚不支持', 'Conditional delete is not supported')];
  if (!entry.resource || typeof entry.resource !== 'object') return [issue('required', at, '缺少资源内容', 'The resource is missing')];
  if (entry.resource.resourceType !== entry.type) return [issue('invalid', at, '资源类型与地址不一致', 'The resource type differs from the address')];
  if (entry.method === 'PUT' && entry.resource.id !== entry.id) return [issue('invalid', `${at}.id`, '资源 id 与地址不一致', 'The resource id differs from the address')];
  return validateResource(entry.resource).map((found) => placed(fromValidator(found), entry.at));
}

function draftOf(entry: Entry, resource: Resource, subject: bigint | null, existing: Stored | undefined, sender: Sender): Draft {
  const shard = existing?.shard ?? (subject === null ? referenceShard : shardOfPerson(subject));
  const id = entry.method === 'PUT' ? (entry.id as string) : mintId(shard, `${sender.institution.code}|${entry.type}|${sender.seed}|${entry.at}`);
  return { entry, resource, id, key: resourceKey(entry.type, id), subject, shard, existing };
}

/** Replaces what the bundle itself defines; answers with the urn: references that nothing in it explains. */
function rewrite(resource: Resource, aliases: Map<string, string>): { path: string }[] {
  const left: { path: string }[] = [];
  for (const site of referencesIn(resource)) {
    const target = site.reference && aliases.get(site.reference);
    if (target) site.set(target);
    else if (site.reference?.startsWith('urn:')) left.push({ path: site.path });
  }
  return left;
}

const unresolved = (entry: Entry, { path }: { path: string }): BorderIssue =>
  placed(issue('not-found', path, '引用的资源不在本批次中', 'The reference leads to nothing in this bundle'), entry.at);

/** Whom a resource is about: the first patient of its compartment (CompartmentDefinition/patient). */
function subjectIn(resource: Resource, persons: Map<string, bigint>): bigint | null {
  for (const { type, id } of patientCompartment(resource)) {
    const subject = type === 'Patient' && id ? persons.get(`Patient/${id}`) : undefined;
    if (subject !== undefined) return subject;
  }
  return null;
}

async function loadPersons(pool: Pool, resources: Resource[], persons: Map<string, bigint>): Promise<void> {
  const missing = new Map<bigint, string>();
  for (const resource of resources)
    for (const { type, id } of patientCompartment(resource)) if (type === 'Patient' && id && !persons.has(`Patient/${id}`)) missing.set(resourceKey('Patient', id), `Patient/${id}`);
  for (const [key, stored] of await currentByKeys(pool, [...missing.keys()])) if (stored.subject !== null) persons.set(missing.get(key) as string, stored.subject);
}

/** Local references must lead to a resource that exists or is made by this request; absolute and contained ones are left alone. */
async function danglingReferences(pool: Pool, drafts: Draft[]): Promise<BorderIssue[]> {
  const made = new Set(drafts.map(({ key }) => key));
  const sites = drafts.flatMap(({ entry, resource }) => referencesIn(resource).flatMap((site) => {
    if (!site.reference || site.reference.startsWith('#') || site.reference.includes(':')) return [];
    const local = parseLocalReference(site.reference);
    return [{ entry, path: site.path, key: local && resourceKey(local.type, local.id) }];
  }));
  const asked = sites.flatMap(({ key }) => (key !== null && !made.has(key) ? [key] : []));
  const found = await existingKeys(pool, [...new Set(asked)]);
  return sites.filter(({ key }) => key === null || !(made.has(key) || found.has(key)))
    .map(({ entry, path }) => placed(issue('not-found', path, '引用的资源不存在', 'The reference leads to a resource that does not exist'), entry.at));
}

function clashes(drafts: Draft[]): BorderIssue[] {
  const seen = new Set<bigint>();
  return drafts.flatMap(({ key, entry }) => {
    if (!seen.has(key)) {
      seen.add(key);
      return [];
    }
    return [issue('invalid', entry.at, '同一批次中有两个条目写同一资源', 'Two entries of this bundle write the same resource')];
  });
}

/** Only the institution that wrote a resource may change it, and only the version it has seen. */
function mayChange(entry: Entry, existing: Stored | undefined, sender: Sender): { issues: BorderIssue[]; status: number } | null {
  if (existing && existing.institution !== sender.institution.id)
    return { status: 403, issues: [issue('forbidden', entry.at || entry.type, '只有写入该资源的机构可以修改它', 'Only the institution that wrote this resource may change it')] };
  if (entry.ifMatch !== undefined && existing?.version !== entry.ifMatch)
    return { status: 412, issues: [issue('conflict', entry.at || entry.type, `版本不一致：当前为 ${existing?.version ?? '无'}`, `The version differs: the current one is ${existing?.version ?? 'none'}`)] };
  return null;
}

function finish(entry: Entry, draft: Draft | undefined, known: Map<bigint, Stored>, buried: Map<bigint, number>, sender: Sender): Planned {
  if (entry.instead) return { entry, status: 200, ...entry.instead, write: null };
  if (!draft) {
    const existing = known.get(resourceKey(entry.type, entry.id as string));
    // Deleting what is not there has the wanted effect already (FHIR R4 §3.1.0.7).
    return { entry, status: 204, type: entry.type, id: entry.id as string, version: existing ? existing.version + 1 : 0, write: existing ? deletion({ ...existing, type: entry.type }, sender.receivedAt) : null };
  }
  const { resource, id, shard, subject, existing, key } = draft;
  const version = (existing?.version ?? buried.get(key) ?? 0) + 1;
  const write = newVersion({
    resource: resource as { resourceType: string }, id, shard, expected: existing?.version ?? 0, version, subject, institution: sender.institution.id,
    label: labelOf(resource), received: sender.receivedAt, message: sender.message,
  });
  return { entry, status: existing ? 200 : 201, type: entry.type, id, version, write };
}
