import { readFileSync } from 'node:fs';
import { DEPARTMENTS, type Department } from './departments.ts';

/**
 * Reasons for a visit (`conditions.tsv`). Weights per age band (0-5, 6-17, 18-44, 45-64, 65+) are relative shares of first-contact visits, set
 * so that the order of the leading groups follows the outpatient tables of the China Health Statistics Yearbook
 * (respiratory, circulatory, digestive, musculoskeletal first); single figures are ours. The order of the rows is part of a city: what is
 * drawn for a resident depends on it.
 */
export type Condition = {
  id: string;
  icd10: string;
  zh: string;
  en: string;
  department: Department;
  weights: readonly [number, number, number, number, number];
  season: 'winter' | 'summer' | 'none';
  sex?: 'male' | 'female';
  panels: readonly string[];
  imaging?: string;
  medicines: readonly string[];
  complaint: string;
  /** Body temperature, or null when it is normal. */
  fever?: number;
  /** Shifts in standard deviations by analyte. */
  effects: Readonly<Record<string, number>>;
  /** Share seen in the emergency room; share admitted. */
  emergency: number;
  admitted: number;
};

const words = (cell: string): string[] => cell.split(' ').filter(Boolean);

const [head = '', ...lines] = readFileSync(new URL('./conditions.tsv', import.meta.url), 'utf8')
  .trim()
  .split('\n');
const names = head.split('\t');

export const CONDITIONS: readonly Condition[] = lines.map((line) => {
  const cells = line.split('\t');
  const cell = (name: string): string => cells[names.indexOf(name)] ?? '';
  const department = Object.hasOwn(DEPARTMENTS, cell('department'))
    ? DEPARTMENTS[cell('department') as keyof typeof DEPARTMENTS]
    : undefined;
  if (!department) throw new Error(`conditions.tsv: ${cell('id')} names no department`);
  return {
    id: cell('id'),
    icd10: cell('icd10'),
    zh: cell('zh'),
    en: cell('en'),
    department,
    weights: words(cell('weights')).map(Number) as unknown as Condition['weights'],
    season: cell('season') as Condition['season'],
    complaint: cell('complaint'),
    effects: Object.fromEntries(
      words(cell('effects'))
        .map((pair) => pair.split('='))
        .map(([of, by]) => [of, Number(by)]),
    ),
    panels: words(cell('panels')),
    medicines: words(cell('medicines')),
    emergency: Number(cell('emergency')),
    admitted: Number(cell('admitted')),
    ...(cell('imaging') && { imaging: cell('imaging') }),
    ...(cell('fever') && { fever: Number(cell('fever')) }),
    ...(cell('sex') && { sex: cell('sex') as 'male' | 'female' }),
  };
});
