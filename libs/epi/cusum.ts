/**
 * CUSUM on transformed counts: S_t = max(0, S_{t−1} + z_t − k), alarm if S ≥ h. G. Rossi, L. Lampugnani, M. Marchi (1999)
 * Stat Med 18:2111; transformations as in R surveillance's algo.cusum.
 */
import { anscombeNegativeBinomial } from './anscombe-negative-binomial.ts';
import { fitPoisson, harmonicDesign } from './glm/poisson.ts';
import {
  checkCounts,
  checkRange,
  checkWord,
  type Detection,
  invalid,
  isRefusal,
  type Range,
  type Refusal,
} from './series.ts';

/** How a count is made nearly standard normal; m = expected count, α = NB overdispersion (variance m + αm²). */
export type CusumTransform =
  | 'rossi'
  | 'standard'
  | 'anscombe'
  | 'anscombe2nd'
  | 'pearsonNegBin'
  | 'anscombeNegBin'
  | 'none';

const transforms: readonly CusumTransform[] = [
  'rossi',
  'standard',
  'anscombe',
  'anscombe2nd',
  'pearsonNegBin',
  'anscombeNegBin',
  'none',
];

/** Settings of `cusum`. */
export type CusumSettings = {
  /** Units to monitor; the units before serve to estimate the mean. Required: CUSUM has no natural start. */
  range: Range;
  transform?: CusumTransform;
  /** Reference value, sd. Default 1.04. */
  k?: number;
  /** Decision limit, sd. Default 2.26. */
  h?: number;
  /** Expected counts, not negative: mean of the units before (default), a yearly harmonic Poisson regression on them, one number, or one per unit. */
  mean?: 'mean' | 'harmonic' | number | Float64Array;
  /** Overdispersion of the two NB transforms. Default 0.1. */
  alpha?: number;
  /** Units per year, and the period (week, month) of the first unit; for `harmonic`. Defaults 52 and 1. */
  frequency?: number;
  startPeriod?: number;
  /** R's table for anscombeNegBin, and R's bound for it and for `none` (h − S). Default false. */
  rCompatible?: boolean;
};

/** Adds the statistic S, in sd, and the expected counts. After an alarm S runs on (it is not reset). */
export type CusumDetection = Detection & { cusum: Float64Array; expected: Float64Array };

const THIRD = 2 / 3;

function transformed(x: number, m: number, s: CusumSettings): number {
  const alpha = s.alpha ?? 0.1;
  switch (s.transform ?? 'standard') {
    case 'rossi':
      return (x - 3 * m + 2 * Math.sqrt(x * m)) / (2 * Math.sqrt(m));
    case 'standard':
      return (x - m) / Math.sqrt(m);
    case 'anscombe':
      return (1.5 * (x ** THIRD - m ** THIRD)) / m ** (1 / 6);
    case 'anscombe2nd':
      return (x ** THIRD - (m ** THIRD - m ** (-1 / 3) / 9)) / (THIRD * m ** (1 / 6));
    case 'pearsonNegBin':
      return (x - m) / Math.sqrt(m + alpha * m * m);
    case 'anscombeNegBin':
      return anscombeNegativeBinomial(x, m, alpha, s.rCompatible);
    case 'none':
      return x;
  }
}

// Count at which S reaches h, given the statistic before (c): the inverse of the transformation at h + k − c.
function countBound(m: number, c: number, after: number, s: CusumSettings): number {
  const { k = 1.04, h = 2.26, alpha = 0.1 } = s;
  const need = h + k - c;
  const power = (v: number) => (v < 0 ? 0 : v ** 1.5);
  const root = Math.sqrt(m);
  switch (s.transform ?? 'standard') {
    case 'rossi':
      return 2 * need * root + 5 * m - 2 * Math.sqrt(4 * m * m + 2 * m * root * need);
    case 'standard':
      return Math.ceil(root * need + m);
    case 'anscombe':
      return power(THIRD * m ** (1 / 6) * need + m ** THIRD);
    case 'anscombe2nd':
      // R subtracts m^{1/3}/9 where the transformation has m^{−1/3}/9
      return power(THIRD * m ** (1 / 6) * need + (m ** THIRD - m ** (s.rCompatible ? 1 / 3 : -1 / 3) / 9));
    case 'pearsonNegBin':
      return Math.sqrt(m + alpha * m * m) * need + m;
    case 'anscombeNegBin': {
      if (s.rCompatible) return h - after;
      let low = 0;
      let high = m + 1;
      while (anscombeNegativeBinomial(high, m, alpha) < need) high *= 2;
      for (let i = 0; i < 60; i++) {
        const mid = (low + high) / 2;
        if (anscombeNegativeBinomial(mid, m, alpha) < need) low = mid;
        else high = mid;
      }
      return high;
    }
    case 'none':
      return s.rCompatible ? h - after : need;
  }
}

function expectedCounts(counts: Float64Array, range: Range, s: CusumSettings): Float64Array | Refusal {
  const n = range.to - range.from;
  const mean = s.mean ?? 'mean';
  if (typeof mean === 'number' && !(mean >= 0 && Number.isFinite(mean))) return invalid('mean', 'must not be negative');
  if (typeof mean === 'number') return new Float64Array(n).fill(mean);
  if (mean instanceof Float64Array) {
    if (mean.length !== n) return invalid('mean', 'must have one value per unit of the range');
    return mean.every((value) => value >= 0 && Number.isFinite(value)) ? mean : invalid('mean', 'must not be negative');
  }
  if (mean === 'mean') {
    let sum = 0;
    let known = 0;
    for (let i = 0; i < range.from; i++) {
      if (Number.isNaN(counts[i]!)) continue;
      sum += counts[i]!;
      known++;
    }
    return known > 0 ? new Float64Array(n).fill(sum / known) : { kind: 'not-enough-history', needed: 1, available: 0 };
  }
  const times = Array.from({ length: range.to }, (_, i) => (s.startPeriod ?? 1) + i);
  const y = counts.slice(0, range.to).fill(Number.NaN, range.from);
  const fit = fitPoisson(harmonicDesign(times, s.frequency ?? 52, 1, false), y);
  return fit ? fit.mu.slice(range.from) : { kind: 'not-enough-history', needed: 3, available: range.from };
}

/**
 * Runs the chart over `range`.
 * @param counts cases per unit; NaN = gap: S stays as it is and no alarm is given
 */
export function cusum(counts: Float64Array, settings: CusumSettings): CusumDetection | Refusal {
  const { k = 1.04, h = 2.26 } = settings;
  if (!(h > 0)) return invalid('h', 'must be positive');
  if (!Number.isFinite(k)) return invalid('k', 'must be a number');
  if (!((settings.alpha ?? 0.1) >= 0)) return invalid('alpha', 'must not be negative');
  const bad = checkWord('transform', settings.transform ?? 'standard', transforms) ?? checkCounts(counts);
  if (bad) return bad;
  const range = checkRange(counts.length, 1, settings.range);
  if (isRefusal(range)) return range;
  const expected = expectedCounts(counts, range, settings);
  if (isRefusal(expected)) return expected;
  const n = range.to - range.from;
  const out: CusumDetection = {
    kind: 'detection',
    from: range.from,
    bound: new Float64Array(n),
    alarm: new Uint8Array(n),
    cusum: new Float64Array(n),
    expected,
  };
  // Where nothing is expected every deviation is 0/0 or endless: half a case over the units before stands in.
  const least = 0.5 / range.from;
  let s = 0;
  for (let i = 0; i < n; i++) {
    const y = counts[range.from + i]!;
    const before = s;
    if (!Number.isNaN(y)) {
      s = Math.max(0, s + (transformed(y, settings.rCompatible ? expected[i]! : expected[i]! || least, settings) - k));
      out.alarm[i] = s >= h ? 1 : 0;
    }
    out.cusum[i] = s;
    const bound = countBound(expected[i]!, before, s, settings);
    out.bound[i] = Number.isNaN(bound) ? 0 : Math.max(0, bound);
  }
  return out;
}
