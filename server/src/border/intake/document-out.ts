import { referencesIn } from '@hutong/fhir';
import {
  type Call,
  type Caller,
  type Refusal,
  type Reply,
  type Route,
  refuse,
  scopeCovers,
} from '../../core/access/index.ts';
import type { Directory } from '../../core/directory/index.ts';
import { ownScope, type RecordAccessDoor } from '../../core/identity/index.ts';
import {
  factsOf,
  lastOwner,
  parseLocalReference,
  readResource,
  resourceKey,
  type Scope,
  type Stored,
  visibleByKeys,
} from '../../core/store/index.ts';
import type { Pool } from '../../kit/pool.ts';
import { type WrittenKind, write } from '../cda/index.ts';
import type { Resource } from '../fact.ts';

export type DocumentOutDoor = { pool: Pool; directory: Directory; records: RecordAccessDoor };

/** What a document of a kind is made of; `root` is what it is about, `visit` what is found by the visit it belongs to. */
type Make = { root: string; parts: readonly string[]; visit: readonly string[] };
const frame = ['Patient', 'Composition', 'Practitioner', 'Organization'];
const report: Make = {
  root: 'DiagnosticReport',
  parts: [...frame, 'Encounter', 'Observation', 'ServiceRequest', 'Specimen'],
  visit: [],
};
const orders = ['Condition', 'Observation', 'MedicationRequest', 'ServiceRequest'];
const made: Record<WrittenKind, Make> = {
  C0002: { root: 'Encounter', parts: [...frame, ...orders, 'AllergyIntolerance'], visit: orders },
  C0006: report,
  C0007: report,
};
/** A document has one of each of these; whatever else is referred to (a former visit, another report) is not part of it. */
const single: ReadonlySet<string> = new Set(['Patient', 'Encounter', 'DiagnosticReport', 'Composition']);

/** Steps from the report to the furthest part (report, result, member, performer). */
const deepest = 3;
const mostFacts = 10_000;

/** Shared documents made from the record: the same access, scopes and audit as reading the resource itself on the FHIR face. */
export function documentOutRoutes(door: DocumentOutDoor): Route[] {
  return [
    {
      method: 'GET',
      path: '/documents/:kind/:type/:id',
      permission: 'fhir.read',
      summary:
        'A shared document (CDA, WS/T 500) made from a visit (C0002), an examination (C0006) or a laboratory report (C0007)',
      handle: (call) => documentOut(door, call),
    },
  ];
}

async function documentOut(door: DocumentOutDoor, call: Call): Promise<Reply | Refusal> {
  const { kind = '', type = '', id = '' } = call.params;
  const caller = call.caller as Caller;
  const what = `${type} ${kind}`.slice(0, 60);
  const make = Object.hasOwn(made, kind) ? made[kind as WrittenKind] : undefined;
  if (!make || make.root !== type) {
    call.look({ action: 'refused', what: 'document of no known kind', ground: 'none' });
    return refuse('HT-INPUT-004');
  }
  // Half a document would be worse than none: the scopes have to cover all that it is made of.
  const uncovered =
    caller.kind === 'client'
      ? [make.root, ...make.parts].find((part) => !scopeCovers(caller.scopes, part, 'r'))
      : undefined;
  if (uncovered) {
    call.look({ action: 'refused', what: `${what} document`, ground: 'scope' });
    return refuse('HT-ACCESS-006', {
      zh: `令牌的授权范围不包含 ${uncovered}`,
      en: `The token’s scopes do not cover ${uncovered}`,
    });
  }
  const own = await readResource(door.pool, ownScope(caller), type, id);
  const owner = own !== null && own !== 'gone' ? own : await lastOwner(door.pool, type, id);
  const opened =
    own === null
      ? await door.records.openSubject(caller, owner?.subject ?? null, call.now)
      : { scope: ownScope(caller), ground: 'own-institution', resident: null };
  const root = own ?? (owner && owner.subject !== null ? await readResource(door.pool, opened.scope, type, id) : null);
  call.look({
    action: 'read',
    what: root === null || root === 'gone' ? `${what} document not shown` : `${what} document`,
    resident: opened.resident,
    subject: owner?.subject ?? null,
    ground: opened.ground,
  });
  if (root === null) return refuse('HT-INPUT-004');
  if (root === 'gone') return refuse('HT-INPUT-005');
  const resources = await partsOf(door.pool, opened.scope, make, kind, root);
  if (resources === 'too many')
    return refuse('HT-INPUT-002', {
      zh: '该居民的记录过多，不能生成文档',
      en: 'This resident has too many facts to make a document of one visit',
    });
  if (!resources.some(({ resourceType }) => resourceType === 'Patient'))
    return refuse('HT-INPUT-001', {
      zh: '没有可见的居民信息，不能生成文档',
      en: 'No resident is visible with it: no document can be made',
    });
  const composition = resources.find(({ resourceType }) => resourceType === 'Composition');
  const number = (composition?.identifier as { value?: string } | undefined)?.value;
  const institution = door.directory.institution(root.institution);
  const body = write(kind as WrittenKind, {
    id: number || `${kind}-${root.id}`,
    time: typeof composition?.date === 'string' ? composition.date : root.received.toISOString(),
    institution: { code: institution?.code ?? '', name: institution?.nameZh ?? '' },
    resources,
  });
  return { headers: { 'content-type': 'application/xml; charset=utf-8' }, body };
}

const parsed = ({ body }: Stored): Resource => JSON.parse(body) as Resource;
const targetsOf = (resource: Resource): string[] =>
  referencesIn(resource).flatMap(({ reference }) => {
    const local = reference === undefined ? null : parseLocalReference(reference);
    return local ? [`${local.type}/${local.id}`] : [];
  });
const nameOf = ({ resourceType, id }: Resource): string => `${resourceType}/${id}`;

/** The root, what it refers to, what speaks of its visit, and the Composition that once carried it; all within one scope, in a fixed order. */
async function partsOf(
  pool: Pool,
  scope: Scope,
  { parts, visit }: Make,
  kind: string,
  root: Stored,
): Promise<Resource[] | 'too many'> {
  const about = parsed(root);
  const found = new Map([[nameOf(about), about]]);
  const facts = async (types: readonly string[]): Promise<Resource[] | null> => {
    const rows =
      root.subject === null || types.length === 0
        ? []
        : await factsOf(pool, scope, [root.subject], [...types], mostFacts);
    return rows.length < mostFacts ? rows.map(parsed) : null;
  };
  const [compositions, visitFacts, allergies] = await Promise.all([
    facts(['Composition']),
    facts(visit),
    facts(parts.filter((part) => part === 'AllergyIntolerance')),
  ]);
  if (!compositions || !visitFacts || !allergies) return 'too many';
  const composition = compositions.find((one) => codeOf(one) === kind && targetsOf(one).includes(nameOf(about)));
  const singles = new Set(targetsOf(about).filter((name) => /^(Patient|Encounter)\//.test(name)));
  // The author's order first (Composition), then whatever else was said of the visit.
  let edge = composition ? [composition, about] : [about];
  for (let step = 0; step < deepest && edge.length > 0; step++) {
    const names = edge.flatMap(targetsOf).filter((name) => {
      const type = name.slice(0, name.indexOf('/'));
      return !found.has(name) && parts.includes(type) && (!single.has(type) || singles.has(name));
    });
    const wanted = [...new Set(names)];
    const rows = new Map(
      (
        await visibleByKeys(
          pool,
          scope,
          wanted.map((name) => resourceKey(...(name.split('/') as [string, string]))),
        )
      ).map((row) => [`${row.type}/${row.id}`, parsed(row)]),
    );
    edge = wanted.flatMap((name) => rows.get(name) ?? []);
    for (const one of edge) found.set(nameOf(one), one);
  }
  const reference = nameOf(about);
  const ofVisit = visitFacts.filter(
    (one) => (one.encounter as { reference?: string } | undefined)?.reference === reference,
  );
  for (const one of [...ofVisit, ...allergies]) if (!found.has(nameOf(one))) found.set(nameOf(one), one);
  return [...found.values(), ...(composition ? [composition] : [])];
}

const codeOf = ({ type }: Resource): string | undefined =>
  (type as { coding?: { code?: string }[] } | undefined)?.coding?.[0]?.code;
