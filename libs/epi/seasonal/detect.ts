/**
 * The recommended detector for weekly and monthly series with two or more years of history.
 *
 * Baseline: log μ_t = β0 + β1 t + Σ_{j≤2} (γ_j cos + δ_j sin)(2πjt/P), quasi-Poisson, on up to ten years that end `guard` units
 * before now, past outbreaks down-weighted (Anscombe residual above 2.2, as in Farrington 1996). Test: the sum of the
 * last L = 1 and L = 2 units against a negative binomial of mean M = Σμ and variance φ(M + g'(X'WX)⁻¹g), which carries the
 * uncertainty of the fit; mid-p values (H. Lancaster 1961), so that small counts do not make it timid; the two are joined by the
 * Cauchy combination (see fusion.ts), since they share a unit. Alarm if p < α.
 *
 * Why: an outbreak's cases spread over two weeks, so a sum gathers more evidence than a week; a smooth curve needs six
 * parameters where Farrington Flexible's ten-level factor needs eleven; small series are not switched off by a rule of five cases.
 */
import { negativeBinomialAtLeast, negativeBinomialMass, poissonAtLeast, poissonMass } from '../distributions/counts.ts';
import { cauchyCombination } from '../fusion.ts';
import {
  checkCounts,
  checkFrequency,
  checkRange,
  type Detection,
  invalid,
  isRefusal,
  type Range,
  type Refusal,
} from '../series.ts';
import { fitSeasonal, gradientVariance, type SeasonalFit, seasonalFit } from './fit.ts';

/** Settings of `seasonalRegression`. */
export type SeasonalRegressionSettings = {
  range?: Range;
  /** False alarms per unit without outbreaks. Default 0.01. */
  alpha?: number;
  /** Longest baseline, years. Default 10. Two at least must be there; the trend enters from three on. */
  years?: number;
  /** Units before now that stay out of the baseline. Default 8. */
  guard?: number;
  /** Yearly harmonics. Default 2; fewer where the baseline has fewer than 15 cases for each. */
  harmonics?: number;
  /** Lengths of the sums that are tested. Default 1 and 2. */
  windows?: number[];
  /** Residual above which past counts lose weight, and rounds of reweighting. Defaults 2.2 and 2. */
  weightsThreshold?: number;
  rounds?: number;
  /** Also give the bound of each unit. Default true. */
  bounds?: boolean;
};

/** Adds expected count, p-value and dispersion per unit (NaN at a gap or without a fit). `bound`: highest count without alarm, given the units before. */
export type SeasonalDetection = Detection & { expected: Float64Array; p: Float64Array; phi: Float64Array };

/** Mid-p value P(Y > y) + ½P(Y = y) for a count with this mean and variance (Poisson if the variance is not larger). */
export function midP(y: number, mean: number, variance: number): number {
  const phi = variance / mean;
  if (phi <= 1.0001) return poissonAtLeast(y, mean) - 0.5 * poissonMass(y, mean);
  const size = mean / (phi - 1);
  return negativeBinomialAtLeast(y, size, 1 / phi) - 0.5 * negativeBinomialMass(y, size, 1 / phi);
}

type Test = { mean: number; variance: number; before: number };

// Mean, variance and earlier counts of each window that ends at t; a window that holds a gap is left out.
function testsAt(f: SeasonalFit, y: Float64Array, t: number, windows: number[]): Test[] {
  const p = f.beta.length;
  const g = new Float64Array(p);
  const tests: Test[] = [];
  let mean = 0;
  let before = 0;
  let done = 0;
  for (const length of windows) {
    for (; done < length; done++) {
      const u = t - done;
      let eta = 0;
      for (let j = 0; j < p; j++) eta += f.beta[j]! * f.rows[u * p + j]!;
      // half a case over the whole baseline: a mean estimated from zeros is not zero
      const m = Math.exp(eta) + 0.5 / f.known;
      mean += m;
      if (done > 0) before += y[u]!;
      for (let j = 0; j < p; j++) g[j]! += m * f.rows[u * p + j]!;
    }
    if (!Number.isNaN(before)) tests.push({ mean, variance: f.phi * (mean + gradientVariance(f, g)), before });
  }
  return tests;
}

function joined(tests: Test[], y: number): number {
  const fused = cauchyCombination(tests.map((s) => midP(y + s.before, s.mean, s.variance)));
  return isRefusal(fused) ? Number.NaN : fused.p;
}

/** The highest count that p does not call an alarm, by doubling and halving; −1 where even none is one, for the units before were many. */
export function highestQuiet(p: (y: number) => number, alpha: number, mean: number): number {
  if (p(0) < alpha) return -1;
  let low = 0;
  let high = Math.max(1, Math.ceil(2 * mean));
  while (p(high) >= alpha) {
    low = high;
    high *= 2;
  }
  while (high - low > 1) {
    const mid = Math.floor((low + high) / 2);
    if (p(mid) < alpha) high = mid;
    else low = mid;
  }
  return low;
}

/** An answer of which nothing is known yet. */
export function nothingYet({ from, to }: Range): SeasonalDetection {
  const nan = (): Float64Array => new Float64Array(to - from).fill(Number.NaN);
  return {
    kind: 'detection',
    from,
    bound: nan(),
    alarm: new Uint8Array(to - from),
    expected: nan(),
    p: nan(),
    phi: nan(),
  };
}

/**
 * Runs the detector.
 * @param counts cases per unit; NaN = gap
 * @param frequency units per year: 52, 12 or 365
 * @returns a detection, or a refusal: `not-enough-history` unless two years and the guard precede
 */
export function seasonalRegression(
  counts: Float64Array,
  frequency: number,
  settings: SeasonalRegressionSettings = {},
): SeasonalDetection | Refusal {
  const {
    alpha = 0.01,
    years = 10,
    guard = 8,
    harmonics = 2,
    weightsThreshold = 2.2,
    rounds = 2,
    bounds = true,
  } = settings;
  const windows = [...(settings.windows ?? [1, 2])].sort((a, b) => a - b);
  if (!(alpha > 0 && alpha < 0.5)) return invalid('alpha', 'must lie between 0 and 0.5');
  if (!(years >= 2)) return invalid('years', 'needs at least two');
  if (!(guard >= 0 && harmonics >= 0)) return invalid('guard', 'guard and harmonics must not be negative');
  if (windows.length === 0 || windows.some((w) => !Number.isInteger(w) || w < 1))
    return invalid('windows', 'must be whole numbers, 1 or more');
  const bad = checkFrequency(frequency) ?? checkCounts(counts);
  if (bad) return bad;
  const range = checkRange(counts.length, 2 * frequency + guard, settings.range);
  if (isRefusal(range)) return range;
  const span = Math.round(years * frequency);
  // A curve needs cases: some five for each of its parameters, or it explodes between them.
  const upTo = new Float64Array(counts.length + 1);
  for (let i = 0; i < counts.length; i++) upTo[i + 1] = upTo[i]! + (Number.isNaN(counts[i]!) ? 0 : counts[i]!);
  const fits = new Map<number, SeasonalFit>();
  const fitFor = (start: number, end: number): SeasonalFit => {
    const cases = upTo[end]! - upTo[start]!;
    const trend = end - start >= 3 * frequency && cases >= 20;
    const waves = Math.min(harmonics, Math.floor(cases / 15));
    const key = 2 * waves + (trend ? 1 : 0);
    const known = fits.get(key);
    if (known) return known;
    const made = seasonalFit(counts.length, frequency, waves, trend, span);
    fits.set(key, made);
    return made;
  };
  const n = range.to - range.from;
  const out = nothingYet(range);
  for (let i = 0; i < n; i++) {
    const t = range.from + i;
    const end = t - guard;
    const start = Math.max(0, end - span);
    const f = fitFor(start, end);
    fitSeasonal(f, counts, start, end, weightsThreshold, rounds);
    if (!f.ok) continue;
    const tests = testsAt(f, counts, t, windows);
    if (tests.length === 0) continue;
    out.expected[i] = tests[0]!.mean;
    out.phi[i] = f.phi;
    if (bounds) out.bound[i] = highestQuiet((y) => joined(tests, y), alpha, tests[0]!.mean);
    if (Number.isNaN(counts[t]!)) continue;
    out.p[i] = joined(tests, counts[t]!);
    out.alarm[i] = out.p[i]! < alpha ? 1 : 0;
  }
  return out;
}
