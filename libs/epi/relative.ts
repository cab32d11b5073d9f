/**
 * A district against the rest of its region: what moves a disease everywhere (an early or strong season, a holiday, late reports) moves both, so only
 * the district's own excess remains. The idea of the space-time permutation scan (M. Kulldorff et al. 2005) as a regression:
 *   y_t ~ mean R_t·λ_t, log λ_t = β0 + β1 t + γ cos + δ sin (2πt/P), R_t = cases of the rest in the same unit,
 * quasi-Poisson, past outbreaks down-weighted as in `seasonalRegression`. Test: sums of the last units against a negative binomial of mean
 * M = Σ Rλ and variance φ(M + M²/ΣR + M²p/Σy), which carries the chance of the rest and the uncertainty of λ; mid-p, joined by the Cauchy combination.
 */
import { cauchyCombination } from './fusion.ts';
import { fitPoisson, harmonicDesign } from './glm/poisson.ts';
import { highestQuiet, midP, nothingYet, type SeasonalDetection } from './seasonal/detect.ts';
import { checkCounts, checkFrequency, checkRange, invalid, isRefusal, type Range, type Refusal } from './series.ts';

/** Settings of `relativeExcess`; the defaults are those of `seasonalRegression`. */
export type RelativeSettings = {
  range?: Range;
  alpha?: number;
  /** Longest baseline, years. Default 5. */
  years?: number;
  /** Units before now that stay out of the baseline. Default 8. */
  guard?: number;
  /** Lengths of the sums that are tested. Default 1 and 2. */
  windows?: number[];
  weightsThreshold?: number;
  /** The rest must have at least this many cases now, and the baseline of the district too; else no p is given. Default 20. */
  fewest?: number;
  /** Also give the bound of each unit. Default true; without, a night over a province takes half the time. */
  bounds?: boolean;
};

type Fit = { rate: (t: number) => number; phi: number; baseline: number };

function fitShare(
  y: Float64Array,
  rest: Float64Array,
  from: number,
  to: number,
  frequency: number,
  threshold: number,
): Fit | null {
  const n = to - from;
  const times = Array.from({ length: n }, (_, i) => i - n);
  const design = harmonicDesign(times, frequency, 1, true);
  const trend = design[1] as Float64Array;
  for (let i = 0; i < n; i++) trend[i]! /= frequency;
  const rate = new Float64Array(n).fill(Number.NaN);
  const weight = new Float64Array(n);
  let baseline = 0;
  let known = 0;
  for (let i = 0; i < n; i++) {
    const r = rest[from + i]!;
    const count = y[from + i]!;
    if (Number.isNaN(count) || !(r > 0)) continue;
    rate[i] = count / r;
    weight[i] = r;
    baseline += count;
    known++;
  }
  if (known < frequency) return null;
  const start = new Float64Array(n).fill(Math.max(baseline, 0.5) / weight.reduce((sum, r) => sum + r, 0));
  let phi = 1;
  for (let round = 0; ; round++) {
    const fit = fitPoisson(design, rate, Number.POSITIVE_INFINITY, start, 1e-6, weight);
    if (!fit?.converged) return null;
    let pearson = 0;
    for (let i = 0; i < n; i++) {
      if (Number.isNaN(rate[i]!)) continue;
      const r = rest[from + i]!;
      const mean = r * fit.mu[i]!;
      pearson += ((weight[i]! / r) * (y[from + i]! - mean) ** 2) / (mean + (mean * mean) / r);
    }
    phi = Math.max(1, pearson / Math.max(1, known - design.length));
    if (round === 2) {
      const [b0, b1, c, s] = fit.coefficients as unknown as [number, number, number, number];
      return {
        phi,
        baseline,
        rate: (t) => {
          const angle = (2 * Math.PI * (t - to)) / frequency;
          return Math.exp(b0 + (b1 * (t - to)) / frequency + c * Math.cos(angle) + s * Math.sin(angle));
        },
      };
    }
    for (let i = 0; i < n; i++) {
      if (Number.isNaN(rate[i]!)) continue;
      const r = rest[from + i]!;
      const mean = r * fit.mu[i]!;
      const residual = (1.5 * (Math.cbrt(y[from + i]!) ** 2 / mean ** (1 / 6) - Math.sqrt(mean))) / Math.sqrt(phi);
      weight[i] = residual > threshold ? r / (residual * residual) : r;
    }
  }
}

/**
 * Runs the detector.
 * @param counts cases of the district per unit; NaN = gap
 * @param rest cases of the other districts in the same units
 * @param frequency units per year: 52 or 12
 * @returns as `seasonalRegression`; `p` is NaN where too few cases make the comparison worthless
 */
export function relativeExcess(
  counts: Float64Array,
  rest: Float64Array,
  frequency: number,
  settings: RelativeSettings = {},
): SeasonalDetection | Refusal {
  const {
    alpha = 0.01,
    years = 5,
    guard = 8,
    windows = [1, 2],
    weightsThreshold = 2.2,
    fewest = 20,
    bounds = true,
  } = settings;
  if (!(alpha > 0 && alpha < 0.5)) return invalid('alpha', 'must lie between 0 and 0.5');
  if (windows.length === 0 || windows.some((w) => !Number.isInteger(w) || w < 1))
    return invalid('windows', 'must be whole numbers, 1 or more');
  if (!(years >= 2 && guard >= 0)) return invalid('years', 'needs at least two, and a guard that is not negative');
  if (rest.length !== counts.length) return invalid('rest', 'must have one value per unit');
  const bad = checkFrequency(frequency) ?? checkCounts(counts) ?? checkCounts(rest);
  if (bad) return bad;
  const range = checkRange(counts.length, 2 * frequency + guard, settings.range);
  if (isRefusal(range)) return range;
  const n = range.to - range.from;
  const out = nothingYet(range);
  for (let i = 0; i < n; i++) {
    const t = range.from + i;
    if (!(rest[t]! >= fewest)) continue;
    const end = t - guard;
    const fit = fitShare(counts, rest, Math.max(0, end - years * frequency), end, frequency, weightsThreshold);
    if (!fit || fit.baseline < fewest) continue;
    const tests = windows.flatMap((length) => {
      let mean = 0;
      let others = 0;
      let before = 0;
      for (let back = 0; back < length; back++) {
        mean += rest[t - back]! * fit.rate(t - back);
        others += rest[t - back]!;
        if (back > 0) before += counts[t - back]!;
      }
      if (Number.isNaN(before) || !(others > 0)) return [];
      return [{ mean, variance: fit.phi * (mean + mean * mean * (1 / others + 4 / fit.baseline)), before }];
    });
    const joined = (y: number): number => {
      const fused = cauchyCombination(tests.map((test) => midP(y + test.before, test.mean, test.variance)));
      return isRefusal(fused) ? Number.NaN : fused.p;
    };
    if (tests.length === 0) continue;
    out.expected[i] = tests[0]!.mean;
    out.phi[i] = fit.phi;
    if (bounds) out.bound[i] = highestQuiet(joined, alpha, tests[0]!.mean);
    if (Number.isNaN(counts[t]!)) continue;
    out.p[i] = joined(counts[t]!);
    out.alarm[i] = out.p[i]! < alpha ? 1 : 0;
  }
  return out;
}
