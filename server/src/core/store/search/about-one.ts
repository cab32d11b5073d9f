import type { ResourceType } from '@hutong/fhir';

/** Types whose `patient` or `subject` is one element, and the one that decides whom a row is about: naming the patient names the row's subject. */
const aboutOne: ReadonlySet<ResourceType> = new Set<ResourceType>([
  'AllergyIntolerance',
  'CarePlan',
  'Claim',
  'ClinicalImpression',
  'Condition',
  'DeviceRequest',
  'DeviceUseStatement',
  'DiagnosticReport',
  'DocumentReference',
  'Encounter',
  'EpisodeOfCare',
  'ExplanationOfBenefit',
  'Flag',
  'Goal',
  'ImagingStudy',
  'Immunization',
  'Media',
  'MedicationDispense',
  'MedicationRequest',
  'MedicationStatement',
  'NutritionOrder',
  'Observation',
  'Procedure',
  'RiskAssessment',
  'ServiceRequest',
  'Specimen',
]);

/** Whether `param` of this type names the patient whom the row is about: a row that refers to a Patient by it has that row's `subject`. */
export const isAbout = (type: ResourceType, param: string): boolean =>
  (param === 'patient' || param === 'subject') && aboutOne.has(type);
