import { patientCompartment, type ReferenceSite, referencesIn } from '@hutong/fhir';
import { currentByKeys, isOpenType, ownersByKeys, parseLocalReference, resourceKey } from '../../core/store/index.ts';
import type { Pool } from '../../kit/pool.ts';
import type { BorderIssue, Resource } from '../fact.ts';
import type { Draft, Sender } from './entry.ts';
import { issue, placed } from './outcome.ts';

const sites = new WeakMap<Resource, ReferenceSite[]>();
/** The references of a resource that is being planned. It is walked once: planning changes what they say, never where they are. */
function sitesOf(resource: Resource): ReferenceSite[] {
  let found = sites.get(resource);
  if (!found) {
    found = referencesIn(resource);
    sites.set(resource, found);
  }
  return found;
}

/** 'Patient/id' → the source identity it is about. */
export type Persons = Map<string, bigint>;

/**
 * Replaces what the bundle itself defines, and takes our own address off absolute references; answers with the places of urn: references
 * that nothing explains. A relative reference means the address beside its entry's fullUrl first (FHIR R4 §2.36.4.1).
 */
export function rewriteReferences(
  resource: Resource,
  aliases: ReadonlyMap<string, string>,
  fullUrl: string | undefined,
  base: string,
): string[] {
  const left: string[] = [];
  const beside = fullUrl ? /^(https?:\/\/.*\/)[A-Za-z]+\/[^/]+$/.exec(fullUrl)?.[1] : undefined;
  for (const site of sitesOf(resource)) {
    const { reference } = site;
    if (!reference) continue;
    const target =
      aliases.get(reference) ?? (beside && !reference.includes(':') ? aliases.get(beside + reference) : undefined);
    if (target) site.set(target);
    else if (reference.startsWith(`${base}/`)) site.set(reference.slice(base.length + 1));
    else if (reference.startsWith('urn:')) left.push(site.path);
  }
  return left;
}

/** Conditional references ('Practitioner?identifier=…') of the entries, each once. */
export function conditionalReferences(
  resources: readonly Resource[],
): { text: string; type: string; query: string; at: number; path: string }[] {
  const found = new Map<string, { text: string; type: string; query: string; at: number; path: string }>();
  resources.forEach((resource, at) => {
    for (const { reference, path } of sitesOf(resource)) {
      const match = reference ? /^([A-Za-z]+)\?(.+)$/.exec(reference) : null;
      if (match && !found.has(match[0]))
        found.set(match[0], { text: match[0], type: match[1] as string, query: match[2] as string, at, path });
    }
  });
  return [...found.values()];
}

const localPatients = (resource: Resource): string[] =>
  patientCompartment(resource).flatMap(({ type, id, url }) =>
    type === 'Patient' && id && url === undefined ? [id] : [],
  );

/** Whom a resource is about: the first patient of its compartment (CompartmentDefinition/patient). */
export function subjectIn(resource: Resource, persons: Persons): bigint | null {
  for (const id of localPatients(resource)) {
    const subject = persons.get(`Patient/${id}`);
    if (subject !== undefined) return subject;
  }
  return null;
}

export async function loadPersons(pool: Pool, resources: Resource[], persons: Persons): Promise<void> {
  const missing = new Map<bigint, string>();
  for (const resource of resources)
    for (const id of localPatients(resource))
      if (!persons.has(`Patient/${id}`)) missing.set(resourceKey('Patient', id), `Patient/${id}`);
  for (const [key, stored] of await currentByKeys(pool, [...missing.keys()]))
    if (stored.subject !== null) persons.set(missing.get(key) as string, stored.subject);
}

/**
 * Local references must lead to a resource that exists (or is made by this request, and not deleted by it) and that the sender may see: what it may
 * not see is "not there", so no reference can feel for others' residents or write into their records. Absolute and contained ones are left alone.
 */
export async function checkReferences(
  pool: Pool,
  drafts: Draft[],
  leaving: ReadonlySet<bigint>,
  sender: Sender,
): Promise<BorderIssue[]> {
  const made = new Set(drafts.map(({ key }) => key));
  const sites = drafts.flatMap(({ entry, resource }) =>
    sitesOf(resource).flatMap((site) => {
      if (!site.reference || site.reference.startsWith('#') || site.reference.includes(':')) return [];
      const local = parseLocalReference(site.reference);
      return [{ entry, path: site.path, key: local && resourceKey(local.type, local.id) }];
    }),
  );
  const asked = [
    ...new Set(sites.flatMap(({ key }) => (key !== null && !made.has(key) && !leaving.has(key) ? [key] : []))),
  ];
  const owners = await ownersByKeys(pool, asked);
  const isOwn = ({
    institution,
    subject,
    type,
  }: {
    institution: number;
    subject: bigint | null;
    type: string;
  }): boolean => institution === sender.institution.id || (subject === null && isOpenType(type));
  const foreign = [...owners.values()].flatMap((owner) =>
    isOwn(owner) || owner.subject === null ? [] : [owner.subject],
  );
  const opened = foreign.length > 0 ? await sender.opens([...new Set(foreign)]) : new Set<bigint>();
  const leads = (key: bigint | null): boolean => {
    if (key === null) return false;
    if (made.has(key)) return true;
    const owner = owners.get(key);
    return owner !== undefined && (isOwn(owner) || (owner.subject !== null && opened.has(owner.subject)));
  };
  return sites
    .filter(({ key }) => !leads(key))
    .map(({ entry, path }) =>
      placed(
        issue('not-found', path, '引用的资源不存在', 'The reference leads to a resource that does not exist'),
        entry.at,
      ),
    );
}
