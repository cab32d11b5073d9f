import type { ResourceType } from '@hutong/fhir';
import { openSealed } from '../../kit/vault.ts';
import { typeNumber } from './keys.ts';

/** Which column a sealed body belongs to; it moves from the current rows to the history as it is, so both have one name. */
export const bodySeal = 'store.resource.sealed';

/** Types whose elements carry no person's number of their own. All others are sealed whole. */
const clinical: ReadonlySet<ResourceType> = new Set<ResourceType>([
  'AllergyIntolerance',
  'CarePlan',
  'CareTeam',
  'Claim',
  'ClinicalImpression',
  'Condition',
  'Device',
  'DiagnosticReport',
  'Encounter',
  'ExplanationOfBenefit',
  'FamilyMemberHistory',
  'Flag',
  'Goal',
  'ImagingStudy',
  'Immunization',
  'Location',
  'Medication',
  'MedicationAdministration',
  'MedicationDispense',
  'MedicationRequest',
  'MedicationStatement',
  'Observation',
  'Organization',
  'Procedure',
  'Provenance',
  'ServiceRequest',
  'Specimen',
]);
const clinicalNumbers: ReadonlySet<number> = new Set([...clinical].map(typeNumber));

/**
 * What may be a document or telephone number in a clinical text (resident number of 15 or 18, mobile, landline, passport and permit; with
 * hyphens or spaces as well), what may hide one (an attachment's base64), or a person inside (`contained`).
 */
const suspicious =
  /\d{14}|1[3-9]\d[- ]?\d{4}[- ]?\d{4}|\d{6}[- ]\d{8}[- ]|\b0\d{2,3}[- ]?\d{7}|\b[A-Z]{1,2}\d{7,9}\b|"contained":|"data":/;

/** Numbers of persons never lie in the database in clear: what could hold one is sealed; measured values, codes and dates need not be. */
export const mustBeSealed = ({ type, body }: { type: number; body: string }): boolean =>
  !clinicalNumbers.has(type) || suspicious.test(body);

export const bodyOf = ({ body, sealed }: { body: string; sealed: Buffer | null }): string =>
  sealed ? openSealed(sealed, bodySeal).toString() : body;
