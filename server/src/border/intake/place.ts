import { sourceId } from '../../core/identity/index.ts';
import { mintId, referenceShard, shardOfPerson } from '../../core/store/index.ts';
import type { Fact, PersonKey } from '../fact.ts';

/** Where a fact lies and what it is called: all computed from who sent it and its business key, so nothing has to be looked up. */
export type Place = { subject: bigint | null; shard: number; id: string };

/** Facts about nobody: they lie in the reference shard even when a message about somebody mentions them. */
const aboutNobody = new Set(['Organization', 'Practitioner', 'PractitionerRole', 'Location', 'HealthcareService', 'Device', 'Medication', 'Substance', 'Endpoint']);

export const subjectOf = (institutionCode: string, person: PersonKey): bigint => sourceId(institutionCode, person.authority, person.localId);

export function placeOf(institutionCode: string, type: string, key: string, person: PersonKey | undefined): Place {
  const subject = person && !aboutNobody.has(type) ? subjectOf(institutionCode, person) : null;
  const shard = subject === null ? referenceShard : shardOfPerson(subject);
  return { subject, shard, id: mintId(shard, `${institutionCode}|${type}|${key}|${subject ?? ''}`) };
}

/** 'key:Type|key' references become 'Type/id'. A fact of the same message knows its person; any other is about the same person as the referrer. */
export function resolveReferences(institutionCode: string, facts: Fact[]): Fact[] {
  const persons = new Map(facts.map((fact) => [`${fact.resource.resourceType}|${fact.key}`, fact.person]));
  const walk = (value: unknown, person: PersonKey | undefined): unknown => {
    if (Array.isArray(value)) return value.map((item) => walk(item, person));
    if (value === null || typeof value !== 'object') return value;
    const out: Record<string, unknown> = {};
    for (const [name, inner] of Object.entries(value)) {
      if (name === 'reference' && typeof inner === 'string' && inner.startsWith('key:')) {
        const bar = inner.indexOf('|');
        const type = inner.slice(4, bar);
        const key = inner.slice(bar + 1);
        out[name] = `${type}/${placeOf(institutionCode, type, key, persons.get(`${type}|${key}`) ?? person).id}`;
      } else out[name] = typeof inner === 'object' ? walk(inner, person) : inner;
    }
    return out;
  };
  return facts.map((fact) => ({ ...fact, resource: walk(fact.resource, fact.person) as Fact['resource'] }));
}
