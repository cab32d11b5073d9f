import type { Analyte } from '@hutong/contract/console.ts';
import type { Directory } from '../../core/directory/index.ts';
import type { Stored } from '../../core/store/index.ts';
import { words } from './decide.ts';
import { institutionName } from './residents.ts';

type Json = Record<string, unknown>;
type Quantity = { value?: number; unit?: string; code?: string; system?: string };
type Range = { low?: Quantity; high?: Quantity; text?: string };
type Coding = { system?: string; code?: string; display?: string };

/** What the room needs of the terminology: which standard item a hospital's code means, its usual unit and names, and unit conversion. */
export type LaboratoryTerms = {
  standardCode(institution: string, coding: Coding[]): string | null;
  item(loinc: string): { zh: string; en: string; unit: string | null } | null;
  /** Null when the units cannot be converted into each other for this item. */
  convert(value: number, from: string, to: string, loinc: string): number | null;
};

const flagOf = (observation: Json): 'low' | 'high' | 'normal' | null => {
  const code = ((observation.interpretation as { coding?: Coding[] }[] | undefined)?.[0]?.coding ?? [])[0]?.code;
  if (!code) return null;
  return code.startsWith('L') ? 'low' : code.startsWith('H') ? 'high' : code === 'N' ? 'normal' : null;
};

const round = (value: number): number => Number(value.toPrecision(6));

/** Values of all hospitals on one axis per item: one code, one unit, each point with the text it came from. Pure. */
export function analytesOf(observations: Stored[], terms: LaboratoryTerms, directory: Directory): Analyte[] {
  const analytes = new Map<string, Analyte>();
  for (const stored of observations) {
    const resource = JSON.parse(stored.body) as Json;
    const quantity = resource.valueQuantity as Quantity | undefined;
    const at = stored.occurred ?? stored.recorded;
    if (
      quantity?.value === undefined ||
      !at ||
      resource.status === 'entered-in-error' ||
      resource.status === 'cancelled'
    )
      continue;
    const coding = ((resource.code as { coding?: Coding[] } | undefined)?.coding ?? []) as Coding[];
    const institution = institutionName(directory, stored.institution);
    const code = terms.standardCode(institution.code, coding) ?? coding[0]?.code;
    if (!code) continue;
    const item = terms.item(code);
    const from = quantity.code ?? quantity.unit ?? '';
    const unit = analytes.get(code)?.unit ?? item?.unit ?? from;
    const value = from === unit ? quantity.value : terms.convert(quantity.value, from, unit, code);
    if (value === null) continue;
    const title = item ?? words(resource.code) ?? { zh: code, en: code };
    const analyte = analytes.get(code) ?? { code, zh: title.zh, en: title.en, unit, low: null, high: null, points: [] };
    const range = (resource.referenceRange as Range[] | undefined)?.[0];
    const limit = (bound: Quantity | undefined): number | null => {
      if (bound?.value === undefined) return null;
      const own = bound.code ?? bound.unit ?? from;
      const converted = own === unit ? bound.value : terms.convert(bound.value, own, unit, code);
      return converted === null ? null : round(converted);
    };
    analyte.low ??= limit(range?.low);
    analyte.high ??= limit(range?.high);
    const flag =
      flagOf(resource) ??
      (analyte.low !== null && value < analyte.low
        ? 'low'
        : analyte.high !== null && value > analyte.high
          ? 'high'
          : analyte.low !== null || analyte.high !== null
            ? 'normal'
            : null);
    analyte.points.push({
      at: at.toISOString(),
      value: round(value),
      flag,
      institution,
      original: `${quantity.value} ${quantity.unit ?? quantity.code ?? ''}`.trim(),
    });
    analytes.set(code, analyte);
  }
  for (const analyte of analytes.values()) analyte.points.sort((a, b) => (a.at < b.at ? -1 : 1));
  return [...analytes.values()].sort((a, b) => b.points.length - a.points.length);
}
