import { systems } from '@hutong/contract/systems.ts';
import { isLoincCode, shippedTerminology, whoCode } from '../../core/terminology/index.ts';

/** Numbers of the shared documents (WS/T 482-2016, WS/T 500-2016): what the root of an `id` says it is. */
export const roots = {
  document: '2.16.156.10011.1.1',
  healthRecord: '2.16.156.10011.1.2',
  resident: '2.16.156.10011.1.3',
  staff: '2.16.156.10011.1.4',
  institution: '2.16.156.10011.1.5',
  author: '2.16.156.10011.1.7',
  outpatient: '2.16.156.10011.1.11',
  inpatient: '2.16.156.10011.1.12',
  specimen: '2.16.156.10011.1.14',
  healthCard: '2.16.156.10011.1.19',
  prescription: '2.16.156.10011.1.20',
  room: '2.16.156.10011.1.21',
  bed: '2.16.156.10011.1.22',
  request: '2.16.156.10011.1.24',
  department: '2.16.156.10011.1.26',
  ward: '2.16.156.10011.1.27',
  examinationReport: '2.16.156.10011.1.32',
  laboratoryReport: '2.16.156.10011.1.33',
} as const;

/** Code systems and value sets by OID. */
export const oids = {
  documentKinds: '2.16.156.10011.2.4',
  dataElements: '2.16.156.10011.2.2.1',
  sex: '2.16.156.10011.2.3.3.4',
  marriage: '2.16.156.10011.2.3.3.5',
  ethnicGroup: '2.16.156.10011.2.3.3.3',
  occupation: '2.16.156.10011.2.3.3.13',
  patientType: '2.16.156.10011.2.3.1.271',
  orderType: '2.16.156.10011.2.3.1.268',
  resultCode: '2.16.156.10011.2.3.2.38',
  icd10: '2.16.156.10011.2.3.3.11',
  tcm: '2.16.156.10011.2.3.3.14',
  route: '2.16.156.10011.2.3.1.158',
  doseForm: '2.16.156.10011.2.3.1.211',
  loinc: '2.16.840.1.113883.6.1',
} as const;

export const urn = (oid: string): string => `urn:oid:${oid}`;

export type Coding = { system?: string; code: string; display?: string };

const KNOWN: Record<string, string> = {
  [oids.loinc]: systems.loinc,
  '2.16.840.1.113883.6.3': systems.icd10,
  '2.16.840.1.113883.6.96': 'http://snomed.info/sct',
  '2.16.840.1.113883.6.8': systems.ucum,
};
const OID = /^[0-2](\.(0|[1-9]\d*))+$/;

/**
 * A code with its OID as FHIR codings. National ICD-10 (all its editions lie under one OID) also gives the WHO code it lies in.
 * Without an OID a code with LOINC's check digit is LOINC, any other belongs to `local`.
 */
export function codings(code: string, oid: string, display: string, local: string): Coding[] {
  const named = display === '' ? {} : { display };
  const icd = (oid === oids.icd10 || oid.startsWith(`${oids.icd10}.`)) && whoCode(code);
  if (icd) {
    const who = { system: systems.icd10, code: icd };
    const exact = code.toUpperCase() === icd;
    return exact ? [{ ...who, ...named }] : [{ system: urn(oid), code, ...named }, who];
  }
  const known = KNOWN[oid];
  if (known) return [{ system: known, code, ...named }];
  if (OID.test(oid)) return [{ system: urn(oid), code, ...named }];
  // A list whose sender gave it a name instead of an OID.
  if (oid !== '')
    return [{ system: `${local.slice(0, local.lastIndexOf(':') + 1)}${encodeURIComponent(oid)}`, code, ...named }];
  return [{ system: isLoincCode(code) ? systems.loinc : local, code, ...named }];
}

/** The OID behind a FHIR system, for writing; '' when it has none. */
export function oidOf(system: string | undefined): string {
  if (system === undefined) return '';
  if (system.startsWith('urn:oid:')) return system.slice(8);
  if (system === systems.icd10) return oids.icd10;
  return Object.entries(KNOWN).find(([, uri]) => uri === system)?.[0] ?? '';
}

/** Chinese name of a code of ours, for titles of sections whose sender left them out. */
export function displayOf(system: string, code: string, language: 'zh' | 'en' = 'zh'): string {
  return shippedTerminology().display(system, code, language) ?? '';
}
