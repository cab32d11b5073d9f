import type { CareEventKind } from '@hutong/contract/console.ts';

/** What one resource is on the time-line. */
export type CareEvent = { kind: CareEventKind; zh: string; en: string; summary: string | null; abnormal: boolean };

/** Resource types that stand on the time-line by themselves. Observations stand there through their report. */
export const timelineTypes = [
  'Encounter',
  'DiagnosticReport',
  'MedicationRequest',
  'Immunization',
  'Procedure',
  'DocumentReference',
  'Composition',
  'Appointment',
  'ImagingStudy',
] as const;
