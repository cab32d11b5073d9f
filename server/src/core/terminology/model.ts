/** Days are `YYYY-MM-DD` in Asia/Shanghai; `from` and `to` are both inclusive, an absent `to` is open. */
export type Validity = { from: string; to?: string };

/** `content` is 'complete' when every code of the standard is carried; absent, it is a part of it. */
export type CodeSystem = Validity & {
  uri: string;
  version: string;
  zh: string;
  en: string;
  source: string;
  content?: 'complete';
};

/** One code of one edition. `properties` are the system's own columns: unit, kind, notifiable, template, parent (its code) … */
export type Concept = Validity & {
  system: string;
  version: string;
  code: string;
  zh: string;
  en: string;
  properties: Readonly<Record<string, string>>;
};

/** What of one system belongs to a value set: everything, what has a property, or listed codes (and what lies below them). */
export type Inclusion = { system: string; property?: string; value?: string; codes?: string[]; below?: boolean };
export type ValueSet = { url: string; zh: string; en: string; include: Inclusion[] };

export type Equivalence = 'equivalent' | 'wider' | 'narrower' | 'inexact';

/** One arrow of a crosswalk. `institution` is '' between standard systems. */
export type Mapping = Validity & {
  institution: string;
  sourceSystem: string;
  sourceCode: string;
  targetSystem: string;
  targetCode: string;
  equivalence: Equivalence;
  /** What the institution calls it, and the unit it reports in when its messages state none. */
  display?: string;
  unit?: string;
};

export type TerminologyData = {
  systems: CodeSystem[];
  concepts: Concept[];
  valueSets: ValueSet[];
  maps: Mapping[];
  /** How people write a unit → its UCUM code. */
  units: Map<string, string>;
};

export const isValidAt = ({ from, to }: Validity, day: string): boolean =>
  from <= day && (to === undefined || day <= to);

/** The national ICD-10 editions lengthen WHO's codes: 'J10.100x001' and 'I10.x00' lie below WHO 'J10.1' and 'I10'. */
const NATIONAL_ICD10 = /^([A-Z]\d{2})(?:\.?(\d|x))?(?:\d{0,2}|x)(?:x\d{3})?[+*†]?$/i;

/**
 * WHO ICD-10 code (3 or 4 characters) that a national or WHO code lies in; undefined when the text is no ICD-10 code.
 * National editions (GB/T 14396-2016, 国家临床版, 医保版) fill the fourth place with `x` where WHO has no subdivision.
 */
export function whoCode(code: string): string | undefined {
  const parts = NATIONAL_ICD10.exec(code.trim());
  if (!parts) return undefined;
  const category = parts[1]!.toUpperCase();
  const digit = parts[2];
  return digit === undefined || digit.toLowerCase() === 'x' ? category : `${category}.${digit}`;
}

/** LOINC's own check digit (Luhn's modulus 10 over the number, last place doubled first). */
export function isLoincCode(text: string): boolean {
  const parts = /^(\d{1,7})-(\d)$/.exec(text);
  if (!parts) return false;
  let sum = 0;
  for (const [place, digit] of [...parts[1]!].reverse().entries()) {
    const value = place % 2 === 0 ? Number(digit) * 2 : Number(digit);
    sum += value > 9 ? value - 9 : value;
  }
  return (10 - (sum % 10)) % 10 === Number(parts[2]);
}
