import type { RuleMethod } from '@hutong/contract/watch.ts';
import { cauchyCombination, ears, isRefusal, midP, normalUpper, seasonalRegression } from '@hutong/epi';

/** What a method says of the newest window of a series, and the bounds of all windows it could judge (NaN where none). */
export type Judgement = {
  observed: number;
  expected: number;
  bound: number;
  p: number;
  alarm: boolean;
  method: RuleMethod;
  baselineWindows: number;
  bounds: Float64Array;
  /** What was expected in the same windows. */
  expectations: Float64Array;
};

const weeks = 52;
/** Two years and the guard of the recommended method (@hutong/epi, `seasonalRegression`). */
const longHistory = 2 * weeks + 9;
const fewest = 3;

/**
 * Judges the last of non-overlapping 7-day windows that end today (rolling: tomorrow all windows move by a day). NaN is a gap.
 * Two years of history: seasonal regression (recommended by @hutong/epi on Noufaily's scenarios); less: EARS C1 on 4 to 7 windows, with a
 * negative binomial p-value of the baseline's mean and variance. @returns null when the window is a gap or fewer than 4 windows precede.
 */
export function judge(counts: Float64Array, measure: 'count' | 'level'): Judgement | null {
  const last = counts.length - 1;
  const observed = counts[last] ?? Number.NaN;
  if (Number.isNaN(observed)) return null;
  const first = counts.findIndex((value) => !Number.isNaN(value));
  const known = counts.slice(first);
  if (known.length >= longHistory && measure === 'count') {
    const found = seasonalRegression(known, weeks);
    if (!isRefusal(found) && !Number.isNaN(found.p.at(-1) as number)) {
      const bounds = new Float64Array(counts.length).fill(Number.NaN);
      bounds.set(found.bound, first + found.from);
      const expectations = new Float64Array(counts.length).fill(Number.NaN);
      expectations.set(found.expected, first + found.from);
      const bound = found.bound.at(-1) as number;
      return {
        observed,
        expected: found.expected.at(-1) as number,
        bound,
        p: found.p.at(-1) as number,
        alarm: found.alarm.at(-1) === 1 && observed >= fewest,
        method: 'seasonal-regression',
        baselineWindows: known.length - 9,
        bounds,
        expectations,
      };
    }
  }
  const baseline = Math.min(7, known.length - 1);
  if (baseline < 4) return null;
  const found = ears(known, { method: 'C1', baseline, minSigma: measure === 'count' ? 0.5 : 0 });
  if (isRefusal(found)) return null;
  const before = known.slice(-1 - baseline, -1).filter((value) => !Number.isNaN(value));
  if (before.length < 4) return null;
  const mean = before.reduce((sum, value) => sum + value, 0) / before.length;
  const variance = before.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (before.length - 1);
  const bounds = new Float64Array(counts.length).fill(Number.NaN);
  bounds.set(found.bound, first + found.from);
  // Half a case over the baseline: a mean estimated from zeros is not zero; (1 + 1/n) for the mean's own uncertainty.
  const expected = measure === 'count' ? mean + 0.5 / before.length : mean;
  const p =
    measure === 'count'
      ? midP(observed, expected, Math.max(variance, expected) * (1 + 1 / before.length))
      : variance > 0
        ? normalUpper((observed - mean) / Math.sqrt(variance * (1 + 1 / before.length)))
        : Number.NaN;
  return {
    observed,
    expected,
    bound: bounds[last] as number,
    p,
    alarm: found.alarm.at(-1) === 1 && (measure === 'level' || observed >= fewest),
    method: 'ears-c1',
    baselineWindows: before.length,
    bounds,
    expectations: counts.map((_, window) => meanOf(counts.slice(Math.max(0, window - baseline), window))),
  };
}

const meanOf = (values: Float64Array): number => {
  const seen = values.filter((value) => !Number.isNaN(value));
  return seen.length < 4 ? Number.NaN : seen.reduce((sum, value) => sum + value, 0) / seen.length;
};

export type DayCounts = Map<string, number>;
/**
 * Sums days into 7-day windows that end on `to`. A day without a count is a zero where the channel was heard and a gap where it was not;
 * a window with fewer than `least` known days is a gap: 5, and for a department that speaks once a week, one.
 * @param to number of the last day (days since 1970)
 */
export function windowsOf(count: (day: number) => number | null, from: number, to: number, least = 5): Float64Array {
  const windows = Math.max(0, Math.floor((to - from + 1) / 7));
  return Float64Array.from({ length: windows }, (_, index) => {
    const end = to - (windows - 1 - index) * 7;
    let sum = 0;
    let known = 0;
    for (let day = end - 6; day <= end; day++) {
      const n = count(day);
      if (n === null) continue;
      sum += n;
      known++;
    }
    return known >= least ? sum : Number.NaN;
  });
}

/** Weekly measures (wastewater, vectors): the mean of what was measured in the window; none measured is a gap. */
export function levelsOf(value: (day: number) => number | null, from: number, to: number): Float64Array {
  const windows = Math.max(0, Math.floor((to - from + 1) / 7));
  return Float64Array.from({ length: windows }, (_, index) => {
    const end = to - (windows - 1 - index) * 7;
    const values = Array.from({ length: 7 }, (_day, back) => value(end - back)).filter((known) => known !== null);
    return values.length > 0 ? values.reduce((sum, known) => sum + known, 0) / values.length : Number.NaN;
  });
}

/** One p-value of several channels that may move together: the Cauchy combination holds its level under correlation (Liu & Xie 2020). */
export function fused(ps: number[]): number {
  const found = cauchyCombination(ps);
  return isRefusal(found) ? (ps[0] ?? 1) : found.p;
}
