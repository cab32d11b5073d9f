import type { RuleMethod } from '@hutong/contract/watch.ts';
import { cauchyCombination, ears, isRefusal, midP, normalUpper, relativeExcess, seasonalRegression } from '@hutong/epi';

/** What a method says of the newest window of a series, and the bounds of the last `shown` windows (NaN where none). */
export type Judgement = {
  observed: number;
  expected: number;
  bound: number;
  p: number;
  alarm: boolean;
  method: 'relative-excess' | RuleMethod;
  baselineWindows: number;
  bounds: Float64Array;
  /** What was expected in the same windows. */
  expectations: Float64Array;
};

const weeks = 52;
/** Two years and the guard of the recommended method (@hutong/epi, `seasonalRegression`). */
const guardWindows = 8;
const longHistory = 2 * weeks + guardWindows + 1;
const fewest = 3;
/** Two cases of what is not seen for years are no chance. */
const fewestWithYears = 2;

/**
 * Judges the last of non-overlapping 7-day windows that end today (rolling: tomorrow all windows move by a day). NaN is a gap.
 * Two years of history: a district is compared with its usual share of what the rest of the region has now (what moves all districts is the region's
 * signal), or, where the rest has too few cases, with its own past by seasonal regression (recommended by @hutong/epi on Noufaily's scenarios); less: EARS C2 on 7 windows that end two before now (a
 * slow wave must not hide in its own baseline), or C1 on the 4 to 8 there are, with a negative binomial p-value of the baseline's mean and variance.
 * @param shown windows whose bounds are wanted, the newest last; with 1, as in a run over all series, those of the yearly methods are left out
 * @param rest the same windows of the other districts, aligned at the end; null for the region itself and for what has no sum over places
 * @returns null when the window is a gap or fewer than 4 windows precede
 */
export function judge(
  counts: Float64Array,
  measure: 'count' | 'level',
  shown = 1,
  rest: Float64Array | null = null,
): Judgement | null {
  const last = counts.length - 1;
  const observed = counts[last] ?? Number.NaN;
  if (Number.isNaN(observed)) return null;
  const first = counts.findIndex((value) => !Number.isNaN(value));
  const known = counts.slice(first);
  // Nothing seen is never an alarm, and most of a province's series are quiet: a night's work goes where there are cases.
  if (observed === 0 && measure === 'count' && shown === 1 && known.length > 4) return quiet(known);
  const long = known.length >= longHistory && measure === 'count' ? byYears(known, shown, rest) : null;
  const found = long ?? byWeeks(known, measure);
  if (!found) return null;
  const newest = (values: Float64Array): Float64Array => {
    const out = new Float64Array(shown).fill(Number.NaN);
    const some = values.slice(-shown);
    out.set(some, shown - some.length);
    return out;
  };
  return { ...found, observed, bounds: newest(found.bounds), expectations: newest(found.expectations) };
}

function quiet(known: Float64Array): Judgement {
  const before = known.slice(0, -1).filter((value) => !Number.isNaN(value));
  return {
    observed: 0,
    expected: before.reduce((sum, value) => sum + value, 0) / Math.max(1, before.length),
    bound: Number.NaN,
    p: 1,
    alarm: false,
    method: known.length >= longHistory ? 'seasonal-regression' : known.length >= 10 ? 'ears-c2' : 'ears-c1',
    baselineWindows: before.length,
    bounds: Float64Array.of(Number.NaN),
    expectations: Float64Array.of(Number.NaN),
  };
}

function byYears(known: Float64Array, shown: number, rest: Float64Array | null): Judgement | null {
  const others = rest && rest.length >= known.length ? rest.slice(rest.length - known.length) : null;
  const to = known.length;
  const newest = { range: { from: to - 1, to }, bounds: false };
  const relative = others ? relativeExcess(known, others, weeks, newest) : null;
  const compared =
    others !== null && relative !== null && !isRefusal(relative) && !Number.isNaN(relative.p[0] as number);
  const found = compared ? relative : seasonalRegression(known, weeks, newest);
  if (isRefusal(found) || Number.isNaN(found.p[0] as number)) return null;
  // What is judged is the window and the last two together; what is drawn beside a window's count is the bound of that window alone.
  const alone = { range: { from: Math.max(2 * weeks + guardWindows, to - shown), to }, windows: [1] };
  const drawing =
    shown === 1
      ? found
      : compared
        ? relativeExcess(known, others, weeks, alone)
        : seasonalRegression(known, weeks, alone);
  const drawn = isRefusal(drawing) ? found : drawing;
  const observed = known.at(-1) as number;
  return {
    observed,
    expected: found.expected[0] as number,
    bound: drawn.bound.at(-1) as number,
    p: found.p[0] as number,
    alarm: found.alarm[0] === 1 && observed >= fewestWithYears,
    method: compared ? 'relative-excess' : 'seasonal-regression',
    baselineWindows: known.length - guardWindows - 1,
    bounds: drawn.bound,
    expectations: drawn.expected,
  };
}

function byWeeks(known: Float64Array, measure: 'count' | 'level'): Judgement | null {
  const guard = known.length >= 10 ? 2 : 0;
  const baseline = Math.min(7, known.length - 1);
  if (baseline < 4) return null;
  const found = ears(known, {
    method: guard > 0 ? 'C2' : 'C1',
    baseline,
    minSigma: measure === 'count' ? 0.5 : 0,
  });
  if (isRefusal(found)) return null;
  const observed = known.at(-1) as number;
  const end = known.length - 1 - guard;
  const before = known.slice(end - baseline, end).filter((value) => !Number.isNaN(value));
  if (before.length < 4) return null;
  const mean = before.reduce((sum, value) => sum + value, 0) / before.length;
  const variance = before.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (before.length - 1);
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
    bound: found.bound.at(-1) as number,
    p,
    alarm: found.alarm.at(-1) === 1 && (measure === 'level' || observed >= fewest),
    method: guard > 0 ? 'ears-c2' : 'ears-c1',
    baselineWindows: before.length,
    bounds: found.bound,
    expectations: known.map((_, window) =>
      meanOf(known.slice(Math.max(0, window - guard - baseline), Math.max(0, window - guard))),
    ),
  };
}

const meanOf = (values: Float64Array): number => {
  const seen = values.filter((value) => !Number.isNaN(value));
  return seen.length < 4 ? Number.NaN : seen.reduce((sum, value) => sum + value, 0) / seen.length;
};

/** One p-value of several channels that may move together: the Cauchy combination holds its level under correlation (Liu & Xie 2020). */
export function fused(ps: number[]): number {
  const found = cauchyCombination(ps);
  return isRefusal(found) ? (ps[0] ?? 1) : found.p;
}
