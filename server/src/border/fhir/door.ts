import { type Call, type Caller, type Refusal, type Reply, refuse, scopeCovers } from '../../core/access/index.ts';
import type { Directory } from '../../core/directory/index.ts';
import type { OpenSubject, RecordAccessDoor } from '../../core/identity/index.ts';
import type { Owner, Reader, Scope } from '../../core/store/index.ts';
import type { Terminology } from '../../core/terminology/index.ts';
import type { BorderIssue } from '../fact.ts';
import type { Intake } from '../intake/index.ts';
import { outcomeOf } from './outcome.ts';
import type { WriteContext } from './write.ts';

/** What the FHIR face stands on. `version` is the program's, for the capability statement. */
export type FhirDoor = WriteContext & {
  /** Reads by id; those of the same moment share a query. */
  read: Reader;
  /** Whose a resource is, by its key: for finding the ground to look at it, not for handing out. */
  owner(key: bigint): Promise<Owner | undefined>;
  intake: Intake;
  directory: Directory;
  records: RecordAccessDoor;
  terminology: Terminology;
  version: string;
};

export type Letter = 'c' | 'r' | 'u' | 'd' | 's';

export const outcome = (status: number, issues: BorderIssue[]): Reply => ({ status, body: outcomeOf(issues) });
export const notFound = (): Refusal => refuse('HT-INPUT-004');
export const gone = (): Refusal => refuse('HT-INPUT-005');
export const notCovered = (type: string): Refusal =>
  refuse('HT-ACCESS-006', { zh: `令牌的授权范围不包含 ${type}`, en: `The token’s scopes do not cover ${type}` });

export const callerOf = (call: Call): Caller => call.caller as Caller;

/** The SMART scopes of a client; staff who may use this face at all are not limited by them. */
export const covered = (caller: Caller, type: string, letter: Letter): boolean =>
  caller.kind === 'staff' || scopeCovers(caller.scopes, type, letter);

/** What the caller sees without naming a person: what its own institution wrote. */
export const ownScope = (caller: Caller): Scope => ({
  institutions: caller.institution === null ? [] : [caller.institution],
  subjects: [],
  maxLabel: 1,
});

/** Own rows are open; another institution's row needs a ground for its resident. The ground is what the audit says. */
export const scopeFor = (
  door: Pick<FhirDoor, 'records'>,
  caller: Caller,
  subject: bigint | null,
  now: number,
): Promise<OpenSubject> => door.records.openSubject(caller, subject, now);

/** Which of these people's records the caller may open: what a reference may lead to. */
export async function openSubjects(
  door: FhirDoor,
  caller: Caller,
  subjects: bigint[],
  now: number,
): Promise<Set<bigint>> {
  const seen = new Set<bigint>();
  const residents = await door.identity.residentsOf(subjects);
  for (const resident of new Set(residents.values())) {
    const opened = await door.records.open(caller, resident, now);
    if (opened?.access.allowed) for (const subject of opened.subjects) seen.add(subject);
  }
  return seen;
}
