import type { Analyte } from '../lives/analytes.ts';
import { ANALYTES } from '../lives/analytes.ts';
import { CONDITIONS } from '../lives/conditions.ts';
import type { Institution } from './institutions.ts';

const IDS = Object.keys(ANALYTES);

/** Laboratory item code of a vendor: abbreviations, serial numbers, or letters and numbers of its own catalogue. */
export function localLabCode(vendor: number, analyte: Analyte): string {
  const serial = IDS.indexOf(analyte.id) + 1;
  if (vendor === 0) return analyte.abbr;
  if (vendor === 1) return `10${String(serial * 3).padStart(4, '0')}`;
  if (vendor === 2) return `LIS${String(serial).padStart(3, '0')}`;
  if (vendor === 3) return `${analyte.id}_x`;
  return `JY${String(serial * 7 + 100)}`;
}

/** Diagnosis code of a vendor: stable in the ICD-10 code, not readable from it. */
export function localDiagnosisCode(vendor: number, icd10: string): string {
  let hash = 7;
  for (const character of icd10) hash = (hash * 33 + character.charCodeAt(0)) % 100_000;
  return `ZD${vendor}${String(hash).padStart(5, '0')}`;
}

export type CodeRow = {
  institution: string;
  kind: 'laboratory' | 'diagnosis';
  code: string;
  zh: string;
  unit: string | null;
  standard: string;
  system: 'loinc' | 'icd-10';
};

/** The true map of an institution's local codes: what a mapping workbench should end up with. */
export function codeTable(institution: Institution): CodeRow[] {
  const { vendor, units } = institution.quirks;
  const rows: CodeRow[] = IDS.map((id) => {
    const analyte = ANALYTES[id]!;
    const other = units === 'conventional' ? analyte.conventional : undefined;
    return {
      institution: institution.code,
      kind: 'laboratory',
      code: localLabCode(vendor, analyte),
      zh: analyte.zh,
      unit: (other?.unit ?? analyte.unit) || null,
      standard: other?.loinc ?? analyte.loinc,
      system: 'loinc',
    };
  });
  for (const condition of CONDITIONS) {
    rows.push({
      institution: institution.code,
      kind: 'diagnosis',
      code: localDiagnosisCode(vendor, condition.icd10),
      zh: condition.zh,
      unit: null,
      standard: condition.icd10,
      system: 'icd-10',
    });
  }
  return rows;
}
