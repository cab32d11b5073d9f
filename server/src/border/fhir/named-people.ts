import type { Filter } from '@hutong/fhir';
import type { Caller } from '../../core/access/index.ts';
import { resourceKey } from '../../core/store/index.ts';
import { type FhirDoor, scopeFor } from './door.ts';

/** On what ground people are seen, by source identity: for the scope, and for the audit. */
export type Grounds = Map<bigint, { ground: string; resident: bigint | null }>;
export type Named = { subject: bigint; resident: bigint | null; ground: string; shown: boolean };

/**
 * `patient=Patient/x`: when the caller may open that resident's record, other institutions' rows about x are in scope as well.
 * @param base our own FHIR address: absolute references below it are local ones
 */
export async function openNamed(
  door: Pick<FhirDoor, 'owner' | 'records'>,
  caller: Caller,
  base: string,
  filters: readonly Filter[],
  now: number,
): Promise<{
  grounds: Grounds;
  people: Named[] /** Source identities by their Patient's key. */;
  patients: Map<bigint, bigint>;
}> {
  const grounds: Grounds = new Map();
  const people: Named[] = [];
  const patients = new Map<bigint, bigint>();
  for (const filter of filters) {
    if (filter.kind !== 'reference' || filter.direction || (filter.param !== 'patient' && filter.param !== 'subject'))
      continue;
    for (const { id, url, type } of filter.values) {
      if (!id || (type !== undefined && type !== 'Patient') || (url !== undefined && !url.startsWith(`${base}/`)))
        continue;
      // Only whose it is: the body is not needed, and searches of the same moment share the query.
      const key = resourceKey('Patient', id);
      const patient = await door.owner(key);
      if (patient?.type !== 'Patient' || patient.subject === null) continue;
      patients.set(key, patient.subject);
      const { scope, resident, ground } = await scopeFor(door, caller, patient.subject, now);
      const shown = scope.subjects.length > 0 || patient.institution === caller.institution;
      people.push({ subject: patient.subject, resident, ground, shown });
      for (const subject of scope.subjects) grounds.set(subject, { ground, resident });
    }
  }
  return { grounds, people, patients };
}
