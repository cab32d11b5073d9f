import type { TraceQuery } from '@hutong/contract/identity.ts';
import { type Call, type Refusal, type Reply, refuse } from '../../../core/access/index.ts';
import { type Matched, publicId } from '../../../core/identity/index.ts';
import { factsOf, type Stored, systemScope } from '../../../core/store/index.ts';
import { coalesce } from '../../../kit/coalesce.ts';
import type { Pool } from '../../../kit/pool.ts';
import type { Resource } from '../../fact.ts';
import { demographicsOf } from '../../intake/index.ts';
import { callerOf, covered, type FhirDoor, notCovered, outcome } from '../door.ts';
import { issue, outcomeOf } from '../outcome.ts';
import { parametersOf } from '../terminology/parameters.ts';

/** The identifier system of residents: what the master index calls somebody, whichever institution knows them. */
export const residentSystem = 'urn:hutong:resident';
const gradeExtension = 'http://hl7.org/fhir/StructureDefinition/match-grade';
const mostMatches = 100;

export const chinaDay = (at: number): string => new Date(at + 8 * 3_600_000).toISOString().slice(0, 10);

/** A partial Patient as a question to the index. */
export function queryOf(patient: Resource, today: string): TraceQuery {
  const says = demographicsOf(patient, '', today);
  const text = (value: string | null | undefined, name: string): object => (value ? { [name]: value } : {});
  return {
    ...text(says.name, 'name'),
    ...text(says.sex, 'sex'),
    ...text(says.birthDate, 'birthDate'),
    ...text(says.number, 'number'),
    ...text(says.phone, 'phone'),
    ...text(says.address, 'address'),
    ...(says.documents && { documents: [...says.documents] }),
  };
}

type PatientOf = (subject: bigint) => Promise<Stored | undefined>;

/** The newest Patient of a source identity; those asked for at one moment are one statement. */
export const openPatients = (pool: Pool): PatientOf =>
  coalesce<bigint, Stored>(
    async (subjects) => {
      const found = await factsOf(pool, systemScope, subjects, ['Patient'], subjects.length * 4);
      const first = new Map<bigint, Stored>();
      for (const stored of found)
        if (stored.subject !== null && !first.has(stored.subject)) first.set(stored.subject, stored);
      return first;
    },
    { lanes: 1 },
  );

type Entry = { fullUrl: string; resource: object; search: object };

/** The Patient that each matched resident is best known by, with the resident's own identifier beside it. */
async function entriesOf(patientOf: PatientOf, call: Call, matches: readonly Matched[]): Promise<Entry[]> {
  const patients = await Promise.all(matches.map(({ best }) => patientOf(best.id)));
  return matches.flatMap(({ resident, best, score, grade }, at): Entry[] => {
    call.look({ action: 'search', what: 'Patient/$match', subject: best.id, resident, ground: 'identity-match' });
    const stored = patients[at];
    if (!stored) return [];
    const body = JSON.parse(stored.body) as { identifier?: object[] };
    const identifier = [...(body.identifier ?? []), { system: residentSystem, value: publicId(resident) }];
    return [
      {
        fullUrl: `${call.origin}/fhir/Patient/${stored.id}`,
        resource: { ...body, identifier },
        search: {
          mode: 'match',
          score: Number(score.toFixed(6)),
          extension: [{ url: gradeExtension, valueCode: grade }],
        },
      },
    ];
  });
}

const several = {
  search: { mode: 'outcome' },
  resource: outcomeOf([
    {
      severity: 'information',
      rule: 'fhir.informational',
      path: 'Patient',
      zh: '没有唯一确定的匹配；更多结果需要追溯权限',
      en: 'There is no single certain match; more would need the right to trace',
    },
  ]),
};

/**
 * Patient/$match (FHIR R4; IHE PDQm ITI-119): candidates ordered by score, each with its match-grade. A caller without the right to trace gets one
 * record, and only if it is certain and unique.
 */
export async function match(door: FhirDoor, call: Call, patientOf: PatientOf): Promise<Reply | Refusal> {
  const caller = callerOf(call);
  if (!covered(caller, 'Patient', 's')) return notCovered('Patient');
  const given = parametersOf(call, ['resource', 'onlyCertainMatches', 'count']);
  call.look({ action: 'search', what: 'Patient/$match', ground: 'identity-match' });
  if ('reply' in given) return given.reply;
  const [resource] = given.all('resource') as (Resource | undefined)[];
  if (resource?.resourceType !== 'Patient')
    return outcome(400, [
      issue(
        'required',
        'Parameters.parameter',
        '缺少名为 resource 的 Patient',
        'The Patient named resource is missing',
      ),
    ]);
  const count = Math.min(Math.max(Number(given.all('count')[0] ?? 20) || 20, 1), mostMatches);
  const onlyCertain = given.all('onlyCertainMatches')[0] === true;
  const mayTrace = await door.identity.mayTrace(caller);
  const today = chinaDay(call.now);
  const answer = await door.identity.match(queryOf(resource, today), { today, mayTrace, onlyCertain, count });
  if (answer === 'insufficient') return refuse('HT-IDENTITY-006');
  const entry: object[] = await entriesOf(patientOf, call, answer.matches);
  if (entry.length === 0 && !mayTrace) entry.push(several);
  return { body: { resourceType: 'Bundle', type: 'searchset', total: answer.matches.length, entry } };
}
