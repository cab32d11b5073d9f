import { isResourceType, parseSearch, type ResourceType } from '@hutong/fhir';
import { type Call, type Refusal, type Reply, refuse } from '../../core/access/index.ts';
import { fromPublicId } from '../../core/identity/index.ts';
import { NotSearchable, type Stored, searchResources } from '../../core/store/index.ts';
import { callerOf, covered, type FhirDoor, notCovered, notFound, outcome, ownScope } from './door.ts';
import { type Grounds, openNamed } from './named-people.ts';
import { fromValidator, issue } from './outcome.ts';
import { searchBundle } from './search-bundle.ts';
import { termsFor } from './search-terms.ts';
import { formatRefusal } from './shape.ts';
import { sourcesFor } from './terminology/sources.ts';
import { withinScopes } from './within-scopes.ts';

/** Our own parameters: `resident=<id>` asks over everything that is linked to one resident, whichever institution sent it; `_after` goes on. */
const ownNames = ['resident', '_after'];

/** A search of one type, or of several at the system level (`_type`). */
export async function search(door: FhirDoor, call: Call, parameters: string): Promise<Reply | Refusal> {
  const { type } = call.params;
  const caller = callerOf(call);
  if (type !== undefined && !isResourceType(type)) return notFound();
  if (type !== undefined && !covered(caller, type, 's')) return notCovered(type);
  const given = new URLSearchParams(parameters);
  const parsed = parseSearch(type as ResourceType | undefined, given, ownNames);
  const named = `${type ?? 'system'}?${[...new Set(given.keys())].filter((name) => /^[\w:.-]{1,60}$/.test(name)).join('&')}`;
  call.look({ action: 'search', what: named.slice(0, 400), ground: 'own-institution' });
  if (!parsed.ok) return outcome(400, parsed.issues.map(fromValidator));
  const format = formatRefusal(parsed.query.own._format);
  if (format) return format.reply;
  const query = withinScopes(caller, parsed.query, type);
  if (typeof query === 'string') return notCovered(query);
  const grounds: Grounds = new Map();
  const patients = new Map<bigint, bigint>();
  let scope = ownScope(caller);
  let subjects: bigint[] | undefined;
  const asked = given.get('resident');
  if (asked !== null) {
    const resident = fromPublicId(asked);
    const opened = resident === null ? null : await door.records.open(caller, resident, call.now);
    if (!opened?.access.allowed) {
      call.look({ action: 'refused', what: `${type ?? 'system'} search`, resident, ground: 'none' });
      return refuse('HT-ACCESS-003');
    }
    ({ scope, subjects } = opened);
    for (const subject of subjects) grounds.set(subject, { ground: opened.access.ground, resident });
  } else {
    const named = await openNamed(door, caller, `${call.origin}/fhir`, query.filters, call.now);
    for (const { shown, resident, subject, ground } of named.people)
      call.look({ action: shown ? 'search' : 'refused', what: 'Patient named in a search', resident, subject, ground });
    scope = { ...scope, subjects: [...scope.subjects, ...named.grounds.keys()] };
    for (const [subject, ground] of named.grounds) grounds.set(subject, ground);
    for (const [key, subject] of named.patients) patients.set(key, subject);
  }
  try {
    const page = await searchResources(door.pool, {
      query,
      scope,
      subjects,
      patients,
      after: given.get('_after') ?? undefined,
      now: call.now,
      base: `${call.origin}/fhir`,
      ...(await termsFor(sourcesFor(door, call), query.filters)),
    });
    const included = page.included.filter((row) => covered(caller, row.type, 'r') || covered(caller, row.type, 's'));
    noteLooks(call, type ?? 'system', [...page.matches, ...included], grounds);
    return { body: searchBundle({ ...page, included }, call, type, given, query) };
  } catch (error) {
    if (error instanceof NotSearchable)
      return outcome(400, [
        issue(
          'not-supported',
          error.parameter,
          `不支持检索参数“${error.parameter}”`,
          `The search parameter "${error.parameter}" is not supported`,
        ),
      ]);
    throw error;
  }
}

/** One entry for each person whose data the page shows: "who looked at me" must find searches too. */
function noteLooks(call: Call, type: string, rows: Stored[], grounds: Grounds): void {
  for (const subject of new Set(rows.flatMap((row) => (row.subject === null ? [] : [row.subject])))) {
    const { ground, resident } = grounds.get(subject) ?? { ground: 'own-institution', resident: null };
    call.look({ action: 'search', what: type, subject, resident, ground });
  }
}
