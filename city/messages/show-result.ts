import { round } from '../lives/measure.ts';
import type { LabReport, LabResult } from '../lives/visit.ts';
import type { Quirks } from '../places/institutions.ts';
import type { Planned } from './message.ts';

/** A result in the units and words of one laboratory. */
export type Shown = {
  result: LabResult;
  loinc: string;
  /** UCUM; '' for words. */
  unit: string;
  printed: string;
  /** As printed: `6.31`, `阳性`. */
  text: string;
  number: number | null;
  low: number | null;
  high: number | null;
  range: string;
  flag: 'N' | 'H' | 'L' | 'HH' | 'LL' | 'A';
};

export function showResult(result: LabResult, quirks: Quirks): Shown {
  const { analyte } = result;
  if (result.value === null) {
    return {
      result,
      loinc: analyte.loinc,
      unit: '',
      printed: '',
      text: result.positive ? '阳性' : '阴性',
      number: null,
      low: null,
      high: null,
      range: '阴性',
      flag: result.positive ? 'A' : 'N',
    };
  }
  const other = quirks.units === 'conventional' ? analyte.conventional : undefined;
  const factor = other?.factor ?? 1;
  const decimals = other?.decimals ?? analyte.decimals;
  const number = round(result.value * factor, decimals);
  const limit = (value: number | null): number | null =>
    value === null ? null : round(value * factor, Math.max(decimals, 1));
  const low = limit(result.low);
  const high = limit(result.high);
  const flag =
    high !== null && number > high
      ? number > high * 2.2
        ? 'HH'
        : 'H'
      : low !== null && number < low
        ? number < low * 0.6
          ? 'LL'
          : 'L'
        : 'N';
  const range =
    low !== null && high !== null
      ? low === 0
        ? `<${high}`
        : `${low}-${high}`
      : low !== null
        ? `>${low}`
        : high !== null
          ? `<${high}`
          : '';
  return {
    result,
    loinc: other?.loinc ?? analyte.loinc,
    unit: other?.unit ?? analyte.unit,
    printed: other?.unit ?? analyte.printed,
    text: number.toFixed(decimals),
    number,
    low,
    high,
    range,
    flag,
  };
}

/**
 * The lines of a report. One in a corrected report had been typed wrong the first time: the first report carries the wrong
 * value, which the correction sets right.
 */
export function linesOf(message: Planned, lab: LabReport): { shown: Shown; corrected: boolean }[] {
  const mended = message.correction ? lab.results.findIndex((result) => result.value !== null) : -1;
  return lab.results.map((result, index) => ({
    shown: showResult(
      index === mended ? { ...result, value: result.value! * 1.07 } : result,
      message.institution.quirks,
    ),
    corrected: index === mended,
  }));
}
