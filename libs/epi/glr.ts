/**
 * Generalised likelihood ratio charts for a rise (or fall) by the factor e^κ from a given in-control mean μ0:
 *   GLR(n) = max_{k ≤ n} sup_κ Σ_{t=k..n} log f_κ(y_t)/f_0(y_t);  alarm if GLR ≥ c, then the chart starts anew.
 * M. Höhle & M. Paul (2008) CSDA 52:4357; for κ known this is the likelihood-ratio CUSUM.
 */
import { checkCounts, checkRange, type Detection, invalid, isRefusal, type Range, type Refusal } from './series.ts';

/** Settings of `glr`. */
export type GlrSettings = {
  /** Units to monitor. */
  range: Range;
  /** In-control means above 0, one per unit of the range (for example from a harmonic regression on the units before). */
  mean: Float64Array;
  /** NB overdispersion (variance μ + αμ²); 0 = Poisson. Default 0. */
  alpha?: number;
  /** Alarm limit (c.ARL). Default 5. */
  threshold?: number;
  /** Known change κ on the log scale; omitted = estimated. */
  kappa?: number;
  /** Look back at most this many units (M); omitted = to the last alarm. */
  window?: number;
  /** At least this many observations behind an estimate (Mtilde). Default 1. */
  minimum?: number;
  direction?: 'increase' | 'decrease';
  /**
   * Also find, unit by unit, the highest count without alarm. Costs some fifteen evaluations each; default true, but false
   * for a negative binomial with κ estimated, whose evaluation grows with the square of the look-back.
   */
  bounds?: boolean;
};

/** Adds the statistic. `bound` is the highest count without alarm given the past, NaN for `decrease` or where not asked for. */
export type GlrDetection = Detection & { statistic: Float64Array };

type Chart = {
  x: number[];
  mu: number[];
  alpha: number;
  sign: number;
  low: (n: number) => number;
  up: (n: number) => number;
};

function poissonGlr(c: Chart): number {
  const n = c.x.length - 1;
  let best = Number.NEGATIVE_INFINITY;
  let sx = 0;
  let sm = 0;
  const up = c.up(n);
  for (let k = n; k >= c.low(n); k--) {
    sx += c.x[k]!;
    sm += c.mu[k]!;
    if (k > up) continue;
    const kappa = c.sign * Math.max(0, c.sign * Math.log(sx / sm));
    // κ = −∞ (no case at all, looking for a fall): the limit of κ·0 is 0
    const value = kappa === Number.NEGATIVE_INFINITY ? sm : kappa * sx + (1 - Math.exp(kappa)) * sm;
    if (value > best) best = value;
  }
  return best;
}

function negativeBinomialGlr(c: Chart): number {
  const { x, mu, alpha, sign } = c;
  const n = x.length - 1;
  let best = Number.NEGATIVE_INFINITY;
  let estimate = 0.5;
  for (let k = c.low(n); k <= c.up(n); k++) {
    // Newton steps from the last estimate, as in Höhle & Paul; −18 stands for −∞ (no case at all)
    let old = 0.4;
    let kappa = estimate;
    for (let i = 0; i < 1000 && kappa > -18 && Math.abs(kappa - old) > 1e-6; i++) {
      old = kappa;
      const e = Math.exp(kappa);
      let score = 0;
      let information = 0;
      for (let j = k; j <= n; j++) {
        const d = 1 + alpha * e * mu[j]!;
        score += (x[j]! - e * mu[j]!) / d;
        information += (mu[j]! * (alpha * x[j]! + 1)) / (d * d);
      }
      kappa = old + score / (e * information);
    }
    // a diverged step counts as no change
    estimate = Number.isNaN(kappa) ? 0 : sign * Math.max(0, sign * kappa);
    const e = Math.exp(estimate);
    let value = 0;
    for (let j = k; j <= n; j++) {
      value += estimate * x[j]! + (x[j]! + 1 / alpha) * Math.log((1 + alpha * mu[j]!) / (1 + alpha * mu[j]! * e));
    }
    if (value > best) best = value;
  }
  return best;
}

function knownStep(x: number, mu: number, kappa: number, alpha: number): number {
  if (alpha === 0) return kappa * x + (1 - Math.exp(kappa)) * mu;
  return kappa * x + (x + 1 / alpha) * Math.log((1 + alpha * mu) / (1 + alpha * mu * Math.exp(kappa)));
}

// Largest whole count without alarm, by doubling and bisection: the statistic grows with the last count.
function highestQuiet(alarmAt: (y: number) => boolean): number {
  if (alarmAt(0)) return -1;
  let high = 1;
  while (!alarmAt(high) && high < 1e9) high *= 2;
  let low = Math.floor(high / 2);
  while (high - low > 1) {
    const mid = Math.floor((low + high) / 2);
    if (alarmAt(mid)) high = mid;
    else low = mid;
  }
  return alarmAt(low) ? 0 : low;
}

/**
 * Runs the chart over `range`.
 * @param counts cases per unit; NaN = gap: the unit is left out of the chart, its statistic is the one before
 */
export function glr(counts: Float64Array, settings: GlrSettings): GlrDetection | Refusal {
  const { mean, alpha = 0, threshold = 5, kappa, window, minimum = 1 } = settings;
  const bad = checkCounts(counts);
  if (bad) return bad;
  const range = checkRange(counts.length, 0, settings.range);
  if (isRefusal(range)) return range;
  const n = range.to - range.from;
  if (mean.length !== n) return invalid('mean', 'must have one value per unit of the range');
  if (!mean.every((value) => value > 0 && Number.isFinite(value)))
    return invalid('mean', 'must be above 0 in every unit');
  if (!(alpha >= 0)) return invalid('alpha', 'must not be negative');
  if (kappa === 0) return invalid('kappa', 'a change of 0 is no change');
  const out: GlrDetection = {
    kind: 'detection',
    from: range.from,
    bound: new Float64Array(n).fill(Number.NaN),
    alarm: new Uint8Array(n),
    statistic: new Float64Array(n),
  };
  const sign = settings.direction === 'decrease' ? -1 : 1;
  // R's two Poisson charts count `minimum` differently: the window-limited one asks for one observation more
  const spare = window !== undefined && alpha === 0 ? minimum : minimum - 1;
  const chart: Chart = {
    x: [],
    mu: [],
    alpha,
    sign,
    low: (i) => (window === undefined ? 0 : Math.max(0, i - window)),
    up: (i) => i - spare,
  };
  const bounds = settings.bounds ?? (alpha === 0 || kappa !== undefined);
  let last = 0;
  const evaluate = (y: number, mu: number): number => {
    if (kappa !== undefined) return Math.max(0, last + knownStep(y, mu, kappa, alpha));
    chart.x.push(y);
    chart.mu.push(mu);
    const early = chart.x.length - 1 < spare;
    const value = early ? 0 : Math.max(0, alpha === 0 ? poissonGlr(chart) : negativeBinomialGlr(chart));
    chart.x.pop();
    chart.mu.pop();
    return value;
  };
  const isAlarm = (value: number) => (kappa === undefined ? value >= threshold : value > threshold);
  for (let i = 0; i < n; i++) {
    const y = counts[range.from + i]!;
    const mu = mean[i]!;
    if (bounds && sign > 0 && !(kappa !== undefined && kappa < 0))
      out.bound[i] = highestQuiet((v) => isAlarm(evaluate(v, mu)));
    if (Number.isNaN(y)) {
      out.statistic[i] = last;
      continue;
    }
    last = evaluate(y, mu);
    out.statistic[i] = last;
    chart.x.push(y);
    chart.mu.push(mu);
    if (isAlarm(last)) {
      out.alarm[i] = 1;
      chart.x = [];
      chart.mu = [];
      last = 0;
    }
  }
  return out;
}
