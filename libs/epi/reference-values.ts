/** The reference values that Bayes and RKI detectors share: windows round the same unit of past years, and this year's last units. */
import { checkFrequency, invalid, type Refusal } from './series.ts';

/** Which past units are compared with the present one. */
export type ReferenceSettings = {
  /** Years to go back. Default 0. */
  years?: number;
  /** Half-width of each window, units. Default 6; 0 compares with the same unit of past years alone. */
  halfWindow?: number;
  /** Whether the `halfWindow` units just before belong to the reference. Default true. */
  currentYear?: boolean;
};

/** Units of history needed, or a refusal of the settings. */
export function referenceHistory(frequency: number, settings: ReferenceSettings): number | Refusal {
  const { years = 0, halfWindow = 6, currentYear = true } = settings;
  const bad = checkFrequency(frequency);
  if (bad) return bad;
  if (!(years >= 0) || !Number.isInteger(years)) return invalid('years', 'must be a whole number, 0 or more');
  if (!(halfWindow >= 0) || !Number.isInteger(halfWindow))
    return invalid('halfWindow', 'must be a whole number, 0 or more');
  if (halfWindow === 0 && years === 0) return invalid('halfWindow', 'without past years it needs one unit at least');
  if (years === 0 && !currentYear) return invalid('years', 'without the current year at least one past year is needed');
  return years * frequency + halfWindow;
}

/** The known reference values of unit t, oldest windows last (their order does not matter); gaps are left out. */
export function referenceValues(
  counts: Float64Array,
  t: number,
  frequency: number,
  settings: ReferenceSettings,
): number[] {
  const { years = 0, halfWindow = 6, currentYear = true } = settings;
  const out: number[] = [];
  if (currentYear) for (let i = t - halfWindow; i < t; i++) if (!Number.isNaN(counts[i]!)) out.push(counts[i]!);
  for (let y = 1; y <= years; y++) {
    const centre = t - y * frequency;
    for (let i = centre - halfWindow; i <= Math.min(centre + halfWindow, t - 1); i++) {
      if (!Number.isNaN(counts[i]!)) out.push(counts[i]!);
    }
  }
  return out;
}
