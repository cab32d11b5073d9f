/** Robust quasi-Poisson fit of a seasonal log-linear model, restarted from the last unit's coefficients. */
import { powTwoThirds } from '../farrington/reweight.ts';
import { solveCholesky } from '../glm/poisson.ts';
import { sumInformation } from './information.ts';

/** Buffers and the fit they hold. Coefficients carry over from call to call, each round's from its own: neighbouring units need one or two steps. */
export type SeasonalFit = {
  /** Design, unit after unit: rows[t·p + j]. */
  rows: Float64Array;
  beta: Float64Array;
  /** Coefficients of the last unit after each round of weights: the first round's, without weights, lie apart from the last one's. */
  ofRound: Float64Array[];
  /** Cholesky factor of the information X'WX. */
  factor: Float64Array;
  weight: Float64Array;
  mu: Float64Array;
  phi: number;
  known: number;
  ok: boolean;
  /** Whether `beta` is worth starting from. */
  warm: boolean;
};

/** Makes buffers for a series of `length` units: intercept, trend in years, harmonics of the period; windows of up to `capacity` units. */
export function seasonalFit(
  length: number,
  period: number,
  harmonics: number,
  trend: boolean,
  capacity: number,
): SeasonalFit {
  const p = 1 + (trend ? 1 : 0) + 2 * harmonics;
  const rows = new Float64Array(length * p);
  for (let t = 0, k = 0; t < length; t++) {
    rows[k++] = 1;
    if (trend) rows[k++] = (t - length / 2) / period;
    for (let j = 1; j <= harmonics; j++) {
      rows[k++] = Math.cos((2 * Math.PI * j * t) / period);
      rows[k++] = Math.sin((2 * Math.PI * j * t) / period);
    }
  }
  return {
    rows,
    beta: new Float64Array(p),
    ofRound: [],
    factor: new Float64Array(p * p),
    weight: new Float64Array(capacity),
    mu: new Float64Array(capacity),
    phi: 1,
    known: 0,
    ok: false,
    warm: false,
  };
}

const MAX_STEPS = 15;

// One Newton step; returns the largest change, NaN if the information is singular.
function step(f: SeasonalFit, y: Float64Array, from: number, to: number): number {
  const { rows, beta, factor, weight, mu } = f;
  const p = beta.length;
  const score = new Float64Array(p);
  sumInformation(rows, beta, y, weight, from, to, { score, information: factor, mu });
  if (!solveCholesky(factor, score, p)) return Number.NaN;
  let largest = 0;
  for (let j = 0; j < p; j++) {
    // no leaps: a series of zeros would send the intercept to −∞ in one step
    const change = Math.max(-2, Math.min(2, score[j]!));
    beta[j]! += change;
    largest = Math.max(largest, Math.abs(change));
  }
  return largest;
}

/**
 * Fits y[from..to), down-weighting counts whose Anscombe residual exceeds `threshold` (Huber weights on squared scale), `rounds` times.
 */
export function fitSeasonal(
  f: SeasonalFit,
  y: Float64Array,
  from: number,
  to: number,
  threshold: number,
  rounds: number,
): void {
  const p = f.beta.length;
  const n = to - from;
  f.known = 0;
  let sum = 0;
  for (let t = from; t < to; t++) {
    if (Number.isNaN(y[t]!)) continue;
    f.known++;
    sum += y[t]!;
  }
  f.ok = f.known > 2 * p;
  if (!f.ok) return;
  // Weights always start at 1: the result must not depend on which units were evaluated before.
  f.weight.fill(1);
  f.phi = 1;
  if (!f.warm || sum === 0) {
    f.beta.fill(0);
    f.beta[0] = Math.log(Math.max(sum, 0.5) / f.known);
  }
  if (!f.warm || sum === 0) f.ofRound = [];
  f.warm = sum > 0;
  if (sum === 0) {
    // no maximum to climb to: keep half a case spread evenly, and its information
    step(f, y, from, to);
    f.beta.fill(0);
    f.beta[0] = Math.log(0.5 / f.known);
    return;
  }
  for (let round = 0; round <= rounds; round++) {
    const before = f.ofRound[round];
    if (before) f.beta.set(before);
    for (let i = 0; i < MAX_STEPS; i++) {
      const change = step(f, y, from, to);
      if (Number.isNaN(change)) {
        f.ok = false;
        f.warm = false;
        return;
      }
      // weights need no more digits than this; the last fit does
      if (change < (round < rounds ? 1e-3 : 1e-4)) break;
    }
    if (before) before.set(f.beta);
    else f.ofRound[round] = f.beta.slice();
    let pearson = 0;
    for (let i = 0; i < n; i++)
      if (!Number.isNaN(y[from + i]!)) pearson += (f.weight[i]! * (y[from + i]! - f.mu[i]!) ** 2) / f.mu[i]!;
    f.phi = Math.max(1, pearson / (f.known - p));
    if (round < rounds) weigh(f, y, from, n, threshold);
  }
}

// Weights from the present coefficients. The window has moved on since, so the means are computed afresh.
function weigh(f: SeasonalFit, y: Float64Array, from: number, n: number, threshold: number): void {
  const { rows, beta, weight, mu } = f;
  const p = beta.length;
  const root = Math.sqrt(f.phi);
  for (let i = 0; i < n; i++) {
    let eta = 0;
    const at = (from + i) * p;
    for (let j = 0; j < p; j++) eta += beta[j]! * rows[at + j]!;
    const m = Math.exp(eta);
    mu[i] = m;
    weight[i] = 1;
    // Anscombe's residual is never above Pearson's (y^⅔ is concave), and few counts come near the threshold: no roots for the others.
    const above = y[from + i]! - m;
    if (!(above > 0 && above * above > threshold * threshold * m * f.phi)) continue;
    const rootM = Math.sqrt(m);
    const s = (1.5 * (powTwoThirds(y[from + i]!) / Math.cbrt(rootM) - rootM)) / root;
    if (s > threshold) weight[i] = (threshold / s) ** 2;
  }
}

/** Variance of a sum of fitted means (before φ), given its gradient g = Σ μ_t x_t: |L⁻¹g|². */
export function gradientVariance(f: SeasonalFit, g: Float64Array): number {
  const p = g.length;
  const z = new Float64Array(p);
  let sum = 0;
  for (let i = 0; i < p; i++) {
    let s = g[i]!;
    for (let k = 0; k < i; k++) s -= f.factor[i * p + k]! * z[k]!;
    z[i] = s / f.factor[i * p + i]!;
    sum += z[i]! ** 2;
  }
  return sum;
}
