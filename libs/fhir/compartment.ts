import { typeCode } from './generated-code.ts';
import { isResourceType } from './resource-types.ts';
import { extractor } from './search/extract.ts';
import type { ReferenceValue, SearchValue } from './search/value.ts';

/**
 * The references to patients that place a resource in the Patient compartment (CompartmentDefinition/patient), each
 * once; `param` names the search parameter that found it. A Patient is in its own compartment, under `param` '_id'.
 * A reference whose type cannot be told from the data (urn:uuid without `type`) is not among them.
 */
export function patientCompartment(resource: unknown): ReferenceValue[] {
  if (typeof resource !== 'object' || resource === null) return [];
  const r = resource as Record<string, unknown>;
  if (!isResourceType(r.resourceType)) return [];
  const found: SearchValue[] = [];
  const by = extractor(r.resourceType).by;
  for (const param of typeCode(r.resourceType).compartment) by[param]?.(r, found);
  const patients: ReferenceValue[] = [];
  if (r.resourceType === 'Patient' && typeof r.id === 'string') {
    patients.push({
      kind: 'reference',
      param: '_id',
      type: 'Patient',
      id: r.id,
      version: undefined,
      url: undefined,
      identifier: undefined,
    });
  }
  for (const v of found) {
    if (v.kind === 'reference' && v.type === 'Patient' && !patients.some((p) => isSame(p, v))) patients.push(v);
  }
  return patients;
}

function isSame(a: ReferenceValue, b: ReferenceValue): boolean {
  return (
    a.id === b.id &&
    a.url === b.url &&
    a.identifier?.system === b.identifier?.system &&
    a.identifier?.value === b.identifier?.value
  );
}
