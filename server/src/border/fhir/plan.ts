import { isResourceType, validateResource } from '@hutong/fhir';
import { labelOf } from '../../core/access/index.ts';
import type { Sighting } from '../../core/identity/index.ts';
import {
  type Buried,
  buriedByKeys,
  currentByKeys,
  deletion,
  erasedAmong,
  isOpenType,
  mintId,
  newVersion,
  referenceShard,
  resourceKey,
  type Stored,
  shardOfId,
  shardOfPerson,
} from '../../core/store/index.ts';
import type { Pool } from '../../kit/pool.ts';
import type { BorderIssue, Resource } from '../fact.ts';
import { demographicsOf, erasedIssue, subjectOf } from '../intake/index.ts';
import type { Draft, Plan, Planned, Resolved, Sender } from './entry.ts';
import { mergesOf } from './merge-links.ts';
import { fromValidator, issue, placed } from './outcome.ts';
import { personKeyOf } from './person-key.ts';
import { checkReferences, loadPersons, type Persons, rewriteReferences, subjectIn } from './references.ts';
import { stillReferred } from './referrers.ts';

const chinaDay = (at: number): string => new Date(at + 8 * 3_600_000).toISOString().slice(0, 10);
const hasError = (issues: BorderIssue[]): boolean => issues.some(({ severity }) => severity === 'error');

/**
 * Turns entries into rows: checks every resource, finds out whom each is about, gives ids, rewrites references, and makes sure that each
 * reference leads somewhere. Nothing is written here; a plan made from rows that change in between is refused at the commit and made anew.
 * @param aliases what conditional references stand for; grows by what the entries call each other
 */
export async function planWrites(
  pool: Pool,
  entries: readonly Resolved[],
  sender: Sender,
  aliases: Map<string, string>,
): Promise<Plan> {
  const today = chinaDay(sender.receivedAt);
  const issues = entries.flatMap((entry) => [...checkEntry(entry), ...checkPatient(entry, today)]);
  if (hasError(issues))
    return {
      ok: false,
      issues,
      status: issues.every(({ rule }) => rule === 'fhir.invalid' || rule === 'fhir.not-supported') ? 400 : 422,
    };
  const addressed = entries
    .filter((entry) => entry.method !== 'POST' && entry.id && !entry.nothing)
    .map((entry) => ({ entry, key: resourceKey(entry.type, entry.id as string) }));
  const known = await currentByKeys(
    pool,
    addressed.map(({ key }) => key),
  );
  const buried = await buriedByKeys(
    pool,
    addressed.flatMap(({ entry, key }) => (entry.method !== 'DELETE' && !known.has(key) ? [key] : [])),
  );
  const hidden = await hiddenFrom(sender, [...known.values()]);
  for (const { entry, key } of addressed) {
    const refusal = mayChange(entry, known.get(key), buried.get(key), hidden.has(key), sender);
    if (refusal) return { ok: false, ...refusal };
  }
  const writes = entries.filter((entry) => entry.method !== 'DELETE' && !entry.instead && !entry.sameAs);
  for (const { instead, fullUrl } of entries)
    if (instead && fullUrl) aliases.set(fullUrl, `${instead.type}/${instead.id}`);
  const drafts = new Map<Resolved, Draft>();
  const persons: Persons = new Map();
  const sightings: Sighting[] = [];
  const existingOf = (entry: Resolved): Stored | undefined =>
    entry.id && entry.method === 'PUT' ? known.get(resourceKey(entry.type, entry.id)) : undefined;
  const repeated = entries.filter(({ sameAs }) => sameAs);
  const keep = (entry: Resolved, draft: Draft): void => {
    drafts.set(entry, draft);
    if (entry.fullUrl) aliases.set(entry.fullUrl, `${entry.type}/${draft.id}`);
    for (const { sameAs, fullUrl } of repeated)
      if (sameAs === entry && fullUrl) aliases.set(fullUrl, `${entry.type}/${draft.id}`);
  };

  // Patients first: their person decides the shard, the shard is in the id, and everybody else refers to the id.
  for (const entry of writes.filter(({ type }) => type === 'Patient')) {
    const resource = entry.resource as Resource;
    const existing = existingOf(entry);
    const person = personKeyOf(resource, entry.method === 'PUT' ? (entry.id as string) : `${sender.seed}|${entry.at}`);
    const subject = existing?.subject ?? subjectOf(sender.institution.code, person);
    const draft = draftOf(entry, resource, subject, existing, sender);
    keep(entry, draft);
    persons.set(`Patient/${draft.id}`, subject);
    const stamp = new Date(sender.receivedAt).toISOString();
    sightings.push({
      id: subject,
      institution: sender.institution.id,
      authority: person.authority,
      localId: person.localId,
      message: sender.message,
      says: demographicsOf(resource, stamp, today),
    });
  }
  const others = writes
    .filter(({ type }) => type !== 'Patient')
    .map((entry) => ({ entry, resource: entry.resource as Resource }));
  for (const { entry, resource } of others) rewriteReferences(resource, aliases, entry.fullUrl, sender.base);
  await loadPersons(
    pool,
    others.map(({ resource }) => resource),
    persons,
  );
  for (const { entry, resource } of others) {
    const existing = existingOf(entry);
    const subject = subjectIn(resource, persons);
    if (existing && existing.subject !== subject)
      issues.push(
        issue(
          'business-rule',
          `${entry.at || entry.type}`,
          '更新不能把资源改到另一个人名下',
          'An update cannot move a resource to another person',
        ),
      );
    keep(entry, draftOf(entry, resource, subject, existing, sender));
  }
  for (const { entry, resource } of drafts.values())
    for (const path of rewriteReferences(resource, aliases, entry.fullUrl, sender.base))
      issues.push(
        placed(
          issue('not-found', path, '引用的资源不在本批次中', 'The reference leads to nothing in this bundle'),
          entry.at,
        ),
      );
  const leaving = new Set(addressed.flatMap(({ entry, key }) => (entry.method === 'DELETE' ? [key] : [])));
  issues.push(
    ...(await checkReferences(pool, [...drafts.values()], leaving, sender)),
    ...clashes([...drafts.values()], addressed),
  );
  const merging = await mergesOf(pool, [...drafts.values()], sender);
  issues.push(...merging.issues);
  // What the Patient itself says counts; a bare mention only makes the registration known.
  const told = new Set(sightings.map(({ id }) => id));
  sightings.push(...merging.sightings.filter(({ id }) => !told.has(id)));
  const referred = sender.strict
    ? await stillReferred(
        pool,
        addressed.flatMap(({ entry: { method, at }, key }) => {
          const row = known.get(key);
          return method === 'DELETE' && row && !hidden.has(key) ? [{ at, row }] : [];
        }),
        new Set([...leaving, ...[...drafts.values()].map(({ key }) => key)]),
        sender,
      )
    : [];
  if (referred.length > 0 && !hasError(issues)) return { ok: false, issues: referred, status: 409 };
  const erased = await erasedAmong(
    pool,
    sightings.map(({ id }) => id),
  );
  if (erased.size > 0) issues.push(erasedIssue);
  if (hasError(issues)) return { ok: false, issues, status: 422 };
  return {
    ok: true,
    planned: entries.map((entry) => finish(entry, drafts, known, buried, hidden, sender)),
    sightings,
    merges: merging.merges,
  };
}

function checkEntry(entry: Resolved): BorderIssue[] {
  const at = entry.at || entry.type;
  if (!isResourceType(entry.type))
    return [
      issue(
        'not-supported',
        at,
        `没有“${entry.type.slice(0, 40)}”这种资源类型`,
        `There is no resource type "${entry.type.slice(0, 40)}"`,
      ),
    ];
  if (entry.id !== undefined && !/^[A-Za-z0-9\-.]{1,64}$/.test(entry.id))
    return [issue('value', `${at}.id`, '资源 id 不合规定', 'The resource id is not well-formed')];
  if (entry.method === 'DELETE' || entry.instead) return [];
  if (!entry.resource || typeof entry.resource !== 'object')
    return [issue('required', at, '缺少资源内容', 'The resource is missing')];
  if (entry.resource.resourceType !== entry.type)
    return [issue('invalid', at, '资源类型与地址不一致', 'The resource type differs from the address')];
  if (entry.method === 'PUT' && entry.resource.id !== entry.id)
    return [issue('invalid', `${at}.id`, '资源 id 与地址不一致', 'The resource id differs from the address')];
  return validateResource(entry.resource).map((found) => placed(fromValidator(found), entry.at));
}

/** The same rule as for HL7 v2 (PID-7): nobody is born tomorrow. */
function checkPatient({ method, type, resource, at }: Resolved, today: string): BorderIssue[] {
  if (
    method === 'DELETE' ||
    type !== 'Patient' ||
    typeof resource?.birthDate !== 'string' ||
    resource.birthDate <= today
  )
    return [];
  return [
    placed(
      issue('business-rule', 'Patient.birthDate', '出生日期晚于收到日期', 'The birth date lies in the future'),
      at,
    ),
  ];
}

function draftOf(
  entry: Resolved,
  resource: Resource,
  subject: bigint | null,
  existing: Stored | undefined,
  sender: Sender,
): Draft {
  const shard = existing?.shard ?? (subject === null ? referenceShard : shardOfPerson(subject));
  const id =
    entry.method === 'PUT'
      ? (entry.id as string)
      : mintId(shard, `${sender.institution.code}|${entry.type}|${sender.seed}|${entry.at}`);
  return { entry, resource, id, key: resourceKey(entry.type, id), subject, shard, existing };
}

function clashes(drafts: Draft[], addressed: { entry: Resolved; key: bigint }[]): BorderIssue[] {
  const seen = new Set<bigint>();
  const written = [...drafts, ...addressed.filter(({ entry }) => entry.method === 'DELETE')];
  return written.flatMap(({ key, entry }) => {
    if (!seen.has(key)) {
      seen.add(key);
      return [];
    }
    return [
      issue(
        'invalid',
        entry.at,
        '同一批次中有两个条目写同一资源',
        'Two entries of this bundle write the same resource',
      ),
    ];
  });
}

/** Rows of others that the sender may not even know of. */
async function hiddenFrom(sender: Sender, stored: Stored[]): Promise<Set<bigint>> {
  const foreign = stored.filter(
    ({ institution, subject, type }) =>
      institution !== sender.institution.id && !(subject === null && isOpenType(type)),
  );
  if (foreign.length === 0) return new Set();
  const opened = await sender.opens([
    ...new Set(foreign.flatMap(({ subject }) => (subject === null ? [] : [subject]))),
  ]);
  return new Set(foreign.filter(({ subject }) => subject === null || !opened.has(subject)).map(({ key }) => key));
}

/** Only the institution that wrote a resource may change it, and only the version it has seen. What it may not see does not exist for it. */
function mayChange(
  entry: Resolved,
  existing: Stored | undefined,
  buried: Buried | undefined,
  hidden: boolean,
  sender: Sender,
): { issues: BorderIssue[]; status: number } | null {
  const at = entry.at || entry.type;
  const own = existing?.institution === sender.institution.id;
  if (
    entry.method !== 'DELETE' &&
    (hidden ||
      (!existing && (buried ? buried.institution !== sender.institution.id : shardOfId(entry.id as string) !== null)))
  ) {
    // Ids of our own making can be guessed from what they are made of: whether one is in use is not told to others.
    if (shardOfId(entry.id as string) !== null)
      return {
        status: 404,
        issues: [
          issue(
            'not-found',
            `${at}.id`,
            '没有这个 id；此种形式的 id 由平台分配',
            'There is no such id; ids of this form are given by the platform',
          ),
        ],
      };
    return { status: 409, issues: [issue('conflict', `${at}.id`, '这个 id 不可用', 'This id is not available')] };
  }
  if (existing && !own && !hidden)
    return {
      status: 403,
      issues: [
        issue(
          'forbidden',
          at,
          '只有写入该资源的机构可以修改它',
          'Only the institution that wrote this resource may change it',
        ),
      ],
    };
  const current = hidden ? undefined : existing?.version;
  if (entry.ifMatch !== undefined && current !== entry.ifMatch)
    return {
      status: 412,
      issues: [
        issue(
          'conflict',
          at,
          `版本不一致：当前为 ${current ?? '无'}`,
          `The version differs: the current one is ${current ?? 'none'}`,
        ),
      ],
    };
  return null;
}

function finish(
  entry: Resolved,
  drafts: Map<Resolved, Draft>,
  known: Map<bigint, Stored>,
  buried: Map<bigint, Buried>,
  hidden: Set<bigint>,
  sender: Sender,
): Planned {
  if (entry.instead) return { entry, status: 200, ...entry.instead, write: null };
  const draft = drafts.get(entry.sameAs ?? entry);
  if (!draft) {
    const key = resourceKey(entry.type, entry.id ?? '');
    const existing = entry.nothing || hidden.has(key) ? undefined : known.get(key);
    // Deleting what is not there has the wanted effect already (FHIR R4 §3.1.0.7).
    return {
      entry,
      status: 204,
      type: entry.type,
      id: entry.id ?? '',
      version: existing ? existing.version + 1 : 0,
      write: existing ? deletion({ ...existing, type: entry.type }, sender.receivedAt) : null,
    };
  }
  const { resource, id, shard, subject, existing, key } = draft;
  const version = (existing?.version ?? buried.get(key)?.version ?? 0) + 1;
  if (entry.sameAs) return { entry, status: 200, type: entry.type, id, version, write: null };
  const write = newVersion({
    resource: resource as { resourceType: string },
    id,
    shard,
    expected: entry.basedOn ?? existing?.version ?? 0,
    version,
    subject,
    institution: sender.institution.id,
    label: labelOf(resource),
    received: sender.receivedAt,
    message: sender.message,
  });
  return { entry, status: existing ? 200 : 201, type: entry.type, id, version, write };
}
