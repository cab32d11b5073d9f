/**
 * Instantaneous reproduction number R_t. A. Cori, N. Ferguson, C. Fraser, S. Cauchemez (2013) Am J Epidemiol 178:1505;
 * imported cases: R. Thompson et al. (2019) Epidemics 29:100356.
 *   Λ_t = Σ_{s≥1} w_s·(local + imported)_{t−s};  posterior of R over a window ~ Gamma(a + Σ local, 1/(1/b + ΣΛ)),
 *   with a, b from the prior's mean and sd (default 5 and 5: an R below 1 is then the data's word).
 */
import { gammaQuantile } from '../distributions/gamma.ts';
import { seeded } from '../random.ts';
import { checkCounts, invalid, type Refusal } from '../series.ts';
import { checkInterval, discreteSerialInterval, meanInterval } from './serial-interval.ts';

/** Daily incidence; NaN = gap. Cases of the first day count as imported, whatever is said. */
export type Incidence = { local: Float64Array; imported?: Float64Array };

/** Serial interval, days: gamma mean and sd; the probabilities themselves; or both uncertain (truncated normals). */
export type SerialInterval =
  | { kind: 'parametric'; mean: number; sd: number }
  | { kind: 'probabilities'; w: Float64Array }
  | {
      kind: 'uncertain';
      mean: { value: number; sd: number; min: number; max: number };
      sd: { value: number; sd: number; min: number; max: number };
      /** Serial intervals drawn, and values of R drawn from each. Defaults 100 and 100. */
      intervals?: number;
      draws?: number;
      seed?: number;
    };

/** Settings of `coriRt`. */
export type CoriSettings = {
  interval: SerialInterval;
  /** Window length, days. Default 7. */
  window?: number;
  /** Prior mean and sd of R. Defaults 5 and 5. */
  priorMean?: number;
  priorSd?: number;
};

/** Quantiles that are reported. */
export const RT_QUANTILES = [0.025, 0.05, 0.25, 0.5, 0.75, 0.95, 0.975] as const;

/**
 * One entry per window. `start` and `end` are day indices, both inside. NaN where the window ends before one mean serial
 * interval has passed, or where a gap lies in the window or in the past that matters to it (99 % of the serial interval).
 */
export type RtEstimates = {
  kind: 'rt';
  start: Int32Array;
  end: Int32Array;
  mean: Float64Array;
  sd: Float64Array;
  quantiles: Record<(typeof RT_QUANTILES)[number], Float64Array>;
};

/** Total infectiousness Λ_t (index 0 is NaN). Gaps add nothing. */
export function infectiousness(total: Float64Array, w: Float64Array): Float64Array {
  const out = new Float64Array(total.length);
  out[0] = Number.NaN;
  for (let t = 1; t < total.length; t++) {
    let sum = 0;
    for (let s = 0; s <= t && s < w.length; s++) if (!Number.isNaN(total[t - s]!)) sum += w[s]! * total[t - s]!;
    out[t] = sum;
  }
  return out;
}

type Posterior = { shape: number; scale: number } | null;

function posteriors(
  local: Float64Array,
  total: Float64Array,
  w: Float64Array,
  starts: number,
  window: number,
  a: number,
  b: number,
): Posterior[] {
  const lambda = infectiousness(total, w);
  const meanSi = meanInterval(w);
  let reach = 0;
  for (let sum = 0; reach < w.length && sum < 0.99; reach++) sum += w[reach]!;
  let lastGap = Number.NEGATIVE_INFINITY;
  let scanned = 0;
  const out: Posterior[] = [];
  for (let i = 0; i < starts; i++) {
    const start = i + 1;
    const end = start + window - 1;
    for (; scanned <= end; scanned++) if (Number.isNaN(total[scanned]!)) lastGap = scanned;
    // R numbers days from 1: a window must end after the mean interval has passed
    if (!(end + 1 > meanSi) || lastGap > start - reach) {
      out.push(null);
      continue;
    }
    let cases = 0;
    let exposure = 0;
    for (let t = start; t <= end; t++) {
      cases += local[t]!;
      exposure += lambda[t]!;
    }
    out.push({ shape: a + cases, scale: 1 / (1 / b + exposure) });
  }
  return out;
}

// Linear interpolation between order statistics (type 7, R's default)
function sampleQuantile(sorted: Float64Array, p: number): number {
  const h = (sorted.length - 1) * p;
  const low = Math.floor(h);
  const high = Math.min(low + 1, sorted.length - 1);
  return sorted[low]! + (h - low) * (sorted[high]! - sorted[low]!);
}

/** Estimates R over sliding windows, the first one from the second day on. */
export function coriRt(incidence: Incidence, settings: CoriSettings): RtEstimates | Refusal {
  const { interval, window = 7, priorMean = 5, priorSd = 5 } = settings;
  const n = incidence.local.length;
  const bad = checkCounts(incidence.local) ?? (incidence.imported ? checkCounts(incidence.imported) : null);
  if (bad) return bad;
  if (incidence.imported && incidence.imported.length !== n) return invalid('imported', 'must be as long as local');
  if (!(window >= 1) || !Number.isInteger(window)) return invalid('window', 'must be a whole number of days');
  if (n < window + 1) return { kind: 'not-enough-history', needed: window + 1, available: n };
  if (interval.kind === 'parametric' && !(interval.mean > 1 && interval.sd > 0))
    return invalid('interval', 'needs a mean above one day and a positive sd');
  if (interval.kind === 'uncertain' && !(interval.mean.min > 1 && interval.sd.min > 0))
    return invalid('interval', 'needs means above one day and positive sds');
  if (interval.kind === 'probabilities') {
    const odd = checkInterval(interval.w);
    if (odd) return odd;
  }
  if (!(priorMean > 0 && priorSd > 0)) return invalid('priorMean', 'the mean and sd of the prior must be positive');
  const local = incidence.local.slice();
  const total = Float64Array.from({ length: n }, (_, t) => local[t]! + (incidence.imported?.[t] ?? 0));
  local[0] = 0;
  const a = (priorMean / priorSd) ** 2;
  const b = (priorSd * priorSd) / priorMean;
  const windows = n - window;
  const nan = () => new Float64Array(windows).fill(Number.NaN);
  const out: RtEstimates = {
    kind: 'rt',
    start: Int32Array.from({ length: windows }, (_, i) => i + 1),
    end: Int32Array.from({ length: windows }, (_, i) => i + window),
    mean: nan(),
    sd: nan(),
    quantiles: { 0.025: nan(), 0.05: nan(), 0.25: nan(), 0.5: nan(), 0.75: nan(), 0.95: nan(), 0.975: nan() },
  };
  if (interval.kind === 'uncertain') {
    sampleIntervals(out, local, total, interval, window, a, b);
    return out;
  }
  const w = interval.kind === 'parametric' ? discreteSerialInterval(interval.mean, interval.sd, n) : interval.w;
  posteriors(local, total, w, windows, window, a, b).forEach((post, i) => {
    if (!post) return;
    out.mean[i] = post.shape * post.scale;
    out.sd[i] = Math.sqrt(post.shape) * post.scale;
    for (const q of RT_QUANTILES) out.quantiles[q][i] = gammaQuantile(q, post.shape, post.scale);
  });
  return out;
}

function sampleIntervals(
  out: RtEstimates,
  local: Float64Array,
  total: Float64Array,
  u: Extract<SerialInterval, { kind: 'uncertain' }>,
  window: number,
  a: number,
  b: number,
): void {
  const { intervals = 100, draws = 100, seed = 1 } = u;
  const windows = out.start.length;
  const random = seeded(seed);
  const truncated = (d: { value: number; sd: number; min: number; max: number }): number => {
    for (let i = 0; i < 10_000; i++) {
      const v = d.value + d.sd * random.normal();
      if (v >= d.min && v <= d.max) return v;
    }
    return Math.min(Math.max(d.value, d.min), d.max);
  };
  const samples = Array.from({ length: windows }, () => [] as number[]);
  for (let k = 0; k < intervals; k++) {
    const w = discreteSerialInterval(truncated(u.mean), truncated(u.sd), total.length);
    posteriors(local, total, w, windows, window, a, b).forEach((post, i) => {
      if (post) for (let d = 0; d < draws; d++) samples[i]!.push(random.gamma(post.shape) * post.scale);
    });
  }
  samples.forEach((list, i) => {
    if (list.length < 2) return;
    const sorted = Float64Array.from(list).sort();
    let sum = 0;
    for (const v of sorted) sum += v;
    const mean = sum / sorted.length;
    let ss = 0;
    for (const v of sorted) ss += (v - mean) ** 2;
    out.mean[i] = mean;
    out.sd[i] = Math.sqrt(ss / (sorted.length - 1));
    for (const q of RT_QUANTILES) out.quantiles[q][i] = sampleQuantile(sorted, q);
  });
}
