import type { OutbreakKind } from '../outbreaks/orders.ts';
import type { Resident } from '../people/resident.ts';
import type { Institution } from '../places/institutions.ts';
import type { Analyte, Panel } from './analytes.ts';
import type { Department } from './departments.ts';
import type { Study } from './imaging.ts';
import type { Medicine } from './medicines.ts';
import type { Vaccine } from './vaccines.ts';

export type Diagnosis = { icd10: string; zh: string; en: string };
export type Doctor = { code: string; name: string };

export type LabResult = {
  analyte: Analyte;
  /** In the SI unit of the analyte; null when the answer is a word. */
  value: number | null;
  positive: boolean | null;
  low: number | null;
  high: number | null;
};

export type LabReport = {
  serial: number;
  panel: Panel;
  collectedAt: number;
  reportedAt: number;
  results: readonly LabResult[];
};
export type ImagingReport = { serial: number; study: Study; at: number; reportedAt: number };
export type Prescription = { serial: number; medicine: Medicine };
export type Vitals = {
  temperature: number;
  systolic: number;
  diastolic: number;
  pulse: number;
  respiration: number;
  height: number;
  weight: number;
  spo2: number;
};

/** What truly happened between one resident and one institution, before anybody wrote it down. */
export type Visit = {
  /** Unique in the city, and the same for every period that contains it. */
  id: string;
  resident: Resident;
  institution: Institution;
  kind: 'outpatient' | 'emergency' | 'inpatient' | 'check-up' | 'immunization';
  at: number;
  endAt: number;
  department: Department;
  doctor: Doctor;
  complaint: string;
  diagnoses: readonly Diagnosis[];
  vitals: Vitals;
  labs: readonly LabReport[];
  imaging: readonly ImagingReport[];
  prescriptions: readonly Prescription[];
  vaccines: readonly { vaccine: Vaccine; lot: string; place: Institution }[];
  allergies: readonly Allergy[];
  died: boolean;
  /** Case of an outbreak, if this visit is because of it. */
  outbreak: {
    kind: OutbreakKind;
    onsetDay: number;
    confirmed: boolean;
    generation: number;
    source: number | null;
  } | null;
};

export type Allergy = {
  code: string;
  zh: string;
  en: string;
  severity: 'mild' | 'moderate' | 'severe';
  reactionZh: string;
};
