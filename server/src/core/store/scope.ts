import type { ResourceType } from '@hutong/fhir';
import { typeNumber } from './keys.ts';

/**
 * What a caller may see, as the store understands it: rows that one of `institutions` wrote, and rows about one of `subjects`, up
 * to a sensitivity label. It is compiled into the WHERE of every query, so paging, counts and includes cannot leak past it.
 * Rows about nobody are open to every caller who may search at all, if they are of a type that never speaks of a person.
 */
export type Scope = {
  institutions: 'all' | number[];
  subjects: bigint[];
  /** 0 ordinary, 1 restricted (HIV, sexually transmitted, mental health: level 5 of GB/T 39725-2020). */
  maxLabel: number;
};

/** For the rooms that do work on behalf of nobody (translation, read models); never for a request. */
export const systemScope: Scope = { institutions: 'all', subjects: [], maxLabel: 9 };

/**
 * The region's shared directory and definitions. Anything else without a subject (a Binary, a Group, a document whose patient is only an
 * identifier) may speak of somebody all the same, and stays with the institution that wrote it.
 */
const openTypes: readonly ResourceType[] = [
  'Organization',
  'OrganizationAffiliation',
  'Practitioner',
  'PractitionerRole',
  'Location',
  'HealthcareService',
  'Endpoint',
  'Device',
  'DeviceDefinition',
  'Medication',
  'MedicationKnowledge',
  'Substance',
  'ActivityDefinition',
  'CapabilityStatement',
  'ChargeItemDefinition',
  'CodeSystem',
  'CompartmentDefinition',
  'ConceptMap',
  'EventDefinition',
  'GraphDefinition',
  'ImplementationGuide',
  'InsurancePlan',
  'Library',
  'Measure',
  'MessageDefinition',
  'NamingSystem',
  'ObservationDefinition',
  'OperationDefinition',
  'PlanDefinition',
  'Questionnaire',
  'SearchParameter',
  'SpecimenDefinition',
  'StructureDefinition',
  'StructureMap',
  'TerminologyCapabilities',
  'ValueSet',
];
const openSet: ReadonlySet<string> = new Set(openTypes);
const openNumbers = `'{${openTypes.map(typeNumber).join(',')}}'::int2[]`;

/** Whether a resource of this type that is about nobody may be seen by everybody. */
export const isOpenType = (type: string): boolean => openSet.has(type);

/** Rows about nobody that everybody may see. */
export const openSql = (alias: string): string => `(${alias}.subject is null and ${alias}.type = any(${openNumbers}))`;

/** Tombstones of erased rows: told to the institution that wrote the row, over the alias `e`. */
export const erasedFrom = ({ institutions }: Scope, next: (value: unknown) => string): string =>
  institutions === 'all' ? 'true' : `e.institution = any(${next(institutions)}::int4[])`;

/** @param next adds a value to the query's parameters and answers its placeholder */
export function scopeSql(scope: Scope, alias: string, next: (value: unknown) => string): string {
  const label = `${alias}.label <= ${next(scope.maxLabel)}`;
  if (scope.institutions === 'all') return label;
  return `${label} and (${openSql(alias)} or ${alias}.institution = any(${next(scope.institutions)}::int4[]) or ${alias}.subject = any(${next(scope.subjects.map(String))}::int8[]))`;
}
