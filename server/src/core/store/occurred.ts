import { dateRange } from '@hutong/fhir';

/**
 * When a fact happened, by resource type: the first of these elements that is there (a Period counts from its start).
 * It orders the resident's time-line, so it must be the clinical time, never the time of recording where the former is known.
 */
const elements: Record<string, string[]> = {
  AllergyIntolerance: ['onsetDateTime', 'recordedDate'],
  Appointment: ['start', 'created'],
  CarePlan: ['period', 'created'],
  Claim: ['billablePeriod', 'created'],
  Composition: ['date'],
  Condition: ['onsetDateTime', 'onsetPeriod', 'recordedDate'],
  Coverage: ['period'],
  DiagnosticReport: ['effectiveDateTime', 'effectivePeriod', 'issued'],
  DocumentReference: ['date'],
  Encounter: ['period'],
  ExplanationOfBenefit: ['billablePeriod', 'created'],
  Goal: ['startDate'],
  ImagingStudy: ['started'],
  Immunization: ['occurrenceDateTime', 'recorded'],
  MedicationDispense: ['whenHandedOver', 'whenPrepared'],
  MedicationRequest: ['authoredOn'],
  MedicationStatement: ['effectiveDateTime', 'effectivePeriod', 'dateAsserted'],
  Observation: ['effectiveDateTime', 'effectivePeriod', 'effectiveInstant', 'issued'],
  Patient: [],
  Procedure: ['performedDateTime', 'performedPeriod'],
  ServiceRequest: ['authoredOn', 'occurrenceDateTime'],
  Specimen: ['receivedTime'],
};
const otherwise = ['date', 'period', 'created', 'authoredOn'];
const recordedElements = ['issued', 'recordedDate', 'recorded', 'authoredOn', 'date', 'created'];

const millisecondsOf = (value: unknown): number | null => {
  const text = typeof value === 'string' ? value : (value as { start?: unknown } | null)?.start;
  if (typeof text !== 'string') return null;
  const range = dateRange(text);
  return range && Number.isFinite(range.start) ? range.start : null;
};

const firstOf = (resource: Record<string, unknown>, names: string[]): number | null => {
  for (const name of names) {
    const at = millisecondsOf(resource[name]);
    if (at !== null) return at;
  }
  return null;
};

/** Epoch milliseconds, or null when the resource does not say. */
export const occurredAt = (resource: Record<string, unknown>): number | null =>
  firstOf(resource, elements[resource.resourceType as string] ?? otherwise);

/** When the sender wrote it down, as far as the resource itself says. */
export const recordedAt = (resource: Record<string, unknown>): number | null => firstOf(resource, recordedElements);
