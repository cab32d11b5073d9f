/** Steps 4–7 of Farrington Flexible: fit, reweight, and keep the trend only where it deserves it. */
import { studentTwoSided } from '../distributions/beta.ts';
import { type ArrowWorkspace, fitArrow, pearsonDispersion, predictorVariance } from '../glm/arrow.ts';
import { reweight } from './reweight.ts';

/** How to fit. */
export type FitRule = {
  trend: boolean;
  /** Years of baseline; a trend needs three. */
  years: number;
  reweight: boolean;
  weightsThreshold: number;
  pThresholdTrend: number;
  /**
   * R's farringtonFlexible overwrites the working weights by ω before it asks for p-values and standard errors, so that
   * their dispersion is Σω((y−μ)/μ)²/df. algo.farrington does not, and uses φ for the standard error.
   */
  dispersionOfErrors: 'overwritten-weights' | 'phi';
  /** algo.farrington (its fast fit) takes a model without trend as it comes; farringtonFlexible gives no result then. */
  needsConvergence: boolean;
};

/** The model after selection; the workspace holds its coefficients. */
export type FittedBaseline = { eta0: number; seEta0: number; phi: number; trend: boolean; trendCoefficient: number };

// One fit with its reweighted refit. Returns φ, or NaN without convergence.
function fitTwice(w: ArrowWorkspace, withTrend: boolean, rule: FitRule): number {
  w.weight.fill(1, 0, w.n);
  fitArrow(w, withTrend);
  if (!w.converged && withTrend) fitArrow(w, false);
  if (!w.converged && rule.needsConvergence) return Number.NaN;
  let phi = Math.max(pearsonDispersion(w), 1);
  if (rule.reweight) {
    reweight(w, phi, rule.weightsThreshold);
    // R refits the formula that converged, and takes this fit as it comes
    fitArrow(w, w.withTrend);
    phi = Math.max(pearsonDispersion(w), 1);
  }
  return phi;
}

// Dispersion behind R's summary.glm and predict.glm for the model as farringtonFlexible leaves it.
function overwrittenDispersion(w: ArrowWorkspace): number {
  let sum = 0;
  for (let i = 0; i < w.n; i++) {
    const r = (w.y[i]! - w.mu[i]!) / w.mu[i]!;
    sum += w.weight[i]! * r * r;
  }
  return sum / w.residualDf;
}

/**
 * Fits the workspace's data and predicts the present unit.
 * @param level level of the present unit
 * @param time its time, in the workspace's unit
 * @param logExposure its offset
 * @returns null when no model converges or no residual freedom is left
 */
export function fitBaseline(
  w: ArrowWorkspace,
  level: number,
  time: number,
  logExposure: number,
  rule: FitRule,
): FittedBaseline | null {
  let phi = fitTwice(w, rule.trend, rule);
  if (Number.isNaN(phi) || w.residualDf <= 0 || w.sw[level] === 0) return null;
  let trend = w.withTrend;
  const errorDispersion = () =>
    rule.dispersionOfErrors === 'overwritten-weights' && rule.reweight
      ? overwrittenDispersion(w)
      : pearsonDispersion(w);
  if (trend) {
    const t = w.b / Math.sqrt(errorDispersion() / w.schur);
    const significant = studentTwoSided(t, w.residualDf) < rule.pThresholdTrend;
    let highest = 0;
    for (let i = 0; i < w.n; i++) highest = Math.max(highest, w.y[i]!);
    const predicted = Math.exp(w.a[level]! + w.b * time + logExposure);
    // On a constant series the slope is a rounding error, and so would be its p-value.
    const isNoise = Math.abs(w.b) * (w.time[w.n - 1]! - w.time[0]!) < 1e-10;
    trend = rule.years >= 3 && significant && predicted <= highest && !isNoise;
    if (!trend) {
      phi = fitTwice(w, false, rule);
      if (Number.isNaN(phi)) return null;
    }
  }
  const dispersion = rule.dispersionOfErrors === 'phi' ? phi : errorDispersion();
  return {
    eta0: w.a[level]! + w.b * time + logExposure,
    seEta0: Math.sqrt(dispersion * predictorVariance(w, level, time)),
    phi,
    trend,
    trendCoefficient: trend ? w.b : Number.NaN,
  };
}
