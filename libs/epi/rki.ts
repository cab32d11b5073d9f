/**
 * The three rules of the Robert Koch Institute: mean of the reference values; up to a mean of 20 the upper limit of the
 * 95 % Poisson interval of ⌊mean⌋ (Crow & Gardner 1959), above it mean + 2 sd. Alarm if y > bound.
 */
import { type ReferenceSettings, referenceHistory, referenceValues } from './reference-values.ts';
import { checkCounts, checkRange, type Detection, isRefusal, type Range, type Refusal } from './series.ts';

/** Upper 95 % limits for 0..20 cases; E. L. Crow & R. S. Gardner (1959) Biometrika 46:441, table 1. */
const CROW_GARDNER_UPPER = [
  3.285, 5.323, 6.686, 8.102, 9.598, 11.177, 12.817, 13.765, 14.921, 16.768, 17.633, 19.05, 20.335, 21.364, 22.945,
  23.762, 25.4, 26.306, 27.735, 28.966, 30.017,
];

/** Settings of `rki`. */
export type RkiSettings = ReferenceSettings & { range?: Range };

/** RKI 1: this year's 6 units. RKI 2: with last year's 13. RKI 3: two past years, 9 units each. */
export const RKI_1: ReferenceSettings = { years: 0, halfWindow: 6, currentYear: true };
export const RKI_2: ReferenceSettings = { years: 1, halfWindow: 6, currentYear: true };
export const RKI_3: ReferenceSettings = { years: 2, halfWindow: 4, currentYear: false };

/**
 * Runs the rule.
 * @param counts cases per unit; NaN = gap
 * @param frequency units per year (52 or 12)
 */
export function rki(counts: Float64Array, frequency: number, settings: RkiSettings = RKI_3): Detection | Refusal {
  const needed = referenceHistory(frequency, settings);
  if (typeof needed !== 'number') return needed;
  const bad = checkCounts(counts);
  if (bad) return bad;
  const range = checkRange(counts.length, needed, settings.range);
  if (isRefusal(range)) return range;
  const n = range.to - range.from;
  const bound = new Float64Array(n);
  const alarm = new Uint8Array(n);
  for (let i = 0; i < n; i++) {
    const t = range.from + i;
    bound[i] = upperLimit(referenceValues(counts, t, frequency, settings));
    alarm[i] = counts[t]! > bound[i]! ? 1 : 0;
  }
  return { kind: 'detection', from: range.from, bound, alarm };
}

function upperLimit(reference: number[]): number {
  if (reference.length === 0) return Number.NaN;
  let sum = 0;
  for (const y of reference) sum += y;
  const mean = sum / reference.length;
  if (mean <= 20) return CROW_GARDNER_UPPER[Math.floor(mean)]!;
  let ss = 0;
  for (const y of reference) ss += (y - mean) ** 2;
  return mean + 2 * Math.sqrt(ss / (reference.length - 1));
}
