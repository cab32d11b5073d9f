import { referencesIn } from '@hutong/fhir';
import { sourceId } from '../../core/identity/index.ts';
import { mintId, referenceShard, shardOfPerson } from '../../core/store/index.ts';
import type { Fact, PersonKey } from '../fact.ts';

/** Where a fact lies and what it is called: all computed from who sent it and its business key, so nothing has to be looked up. */
export type Place = { subject: bigint | null; shard: number; id: string };

/** Facts about nobody: they lie in the reference shard even when a message about somebody mentions them. */
const aboutNobody = new Set([
  'Organization',
  'Practitioner',
  'PractitionerRole',
  'Location',
  'HealthcareService',
  'Device',
  'Medication',
  'Substance',
  'Endpoint',
]);

const subjects = new Map<string, bigint>();
/** Remembered for a while: one message asks for the same person a dozen times. */
export function subjectOf(institutionCode: string, { authority, localId }: PersonKey): bigint {
  const name = `${institutionCode}|${authority}|${localId}`;
  let subject = subjects.get(name);
  if (subject === undefined) {
    if (subjects.size > 10_000) subjects.clear();
    subject = sourceId(institutionCode, authority, localId);
    subjects.set(name, subject);
  }
  return subject;
}

export function placeOf(institutionCode: string, type: string, key: string, person: PersonKey | undefined): Place {
  const subject = person && !aboutNobody.has(type) ? subjectOf(institutionCode, person) : null;
  const shard = subject === null ? referenceShard : shardOfPerson(subject);
  return { subject, shard, id: mintId(shard, `${institutionCode}|${type}|${key}|${subject ?? ''}`) };
}

/**
 * 'key:Type|key' references become 'Type/id', in place (once resolved, nothing is left to resolve). A fact of the same message knows its
 * person; any other is about the same person as the referrer.
 */
export function resolveReferences(institutionCode: string, facts: Fact[]): void {
  const persons = new Map(facts.map((fact) => [`${fact.resource.resourceType}|${fact.key}`, fact.person]));
  const resolved = new Map<string, string>();
  for (const fact of facts)
    for (const site of referencesIn(fact.resource)) {
      if (!site.reference?.startsWith('key:')) continue;
      const name = site.reference.slice(4);
      const person = persons.get(name) ?? fact.person;
      const cacheName = `${person?.authority}|${person?.localId}|${name}`;
      let target = resolved.get(cacheName);
      if (target === undefined) {
        const bar = name.indexOf('|');
        const type = name.slice(0, bar);
        target = `${type}/${placeOf(institutionCode, type, name.slice(bar + 1), person).id}`;
        resolved.set(cacheName, target);
      }
      site.set(target);
    }
}
