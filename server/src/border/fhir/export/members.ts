import type { Caller } from '../../../core/access/index.ts';
import type { RecordAccessDoor } from '../../../core/identity/index.ts';
import {
  parseLocalReference,
  readResource,
  resourceKey,
  type Scope,
  visibleByKeys,
} from '../../../core/store/index.ts';
import type { Pool } from '../../../kit/pool.ts';
import { ownScope } from '../door.ts';
import type { Job } from './tables.ts';

/** A group's people: their source identities, and the ground on which each may be seen. */
export type People = Map<bigint, { ground: string; resident: bigint | null }>;

/** More would be one query's list for every page; such a group is asked for in parts. */
export const mostMembers = 10_000;

type Group = { member?: { inactive?: boolean; entity?: { reference?: string } }[] };

type Asker = Pick<Job, 'client' | 'institution' | 'request'>;

export const callerOfJob = ({ client, institution, request }: Asker): Caller =>
  ({ ...request.caller, kind: 'client', id: client, institution }) as Caller;

export const memberReferences = (group: Group): string[] =>
  (group.member ?? []).flatMap(({ inactive, entity }) => (entity?.reference && !inactive ? [entity.reference] : []));

/** Who may be seen is decided now, whenever the work begins or goes on: a relationship that has ended in between gives no ground any more. */
export async function membersOf(pool: Pool, records: RecordAccessDoor, job: Job): Promise<People> {
  const caller = callerOfJob(job);
  const people: People = new Map();
  const group = await readResource(pool, ownScope(caller), 'Group', job.request.group as string);
  if (group === null || group === 'gone') return people;
  const keys = memberReferences(JSON.parse(group.body) as Group).flatMap((reference) => {
    const local = parseLocalReference(reference.replace(`${job.request.base}/`, ''));
    return local?.type === 'Patient' ? [resourceKey('Patient', local.id)] : [];
  });
  for (const { subject } of await visibleByKeys(pool, ownScope(caller), keys)) {
    if (subject === null || people.has(subject)) continue;
    const { scope, ground, resident } = await records.openSubject(caller, subject, Date.now());
    for (const one of [subject, ...scope.subjects]) people.set(one, { ground, resident });
  }
  return people;
}

/** What the institution itself wrote, and of a group's members what their records open. */
export const scopeOf = (job: Asker, people: People | null): Scope => ({
  ...ownScope(callerOfJob(job)),
  subjects: people
    ? [...people].flatMap(([subject, { ground }]) => (ground === 'own-institution' ? [] : [subject]))
    : [],
});
