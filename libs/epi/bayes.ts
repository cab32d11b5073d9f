/**
 * Bayesian quantile detector of M. Höhle (surveillance: algo.bayes) and A. Riebler (2004): Poisson counts with a
 * Gamma(1/2, 0) prior give a negative binomial predictive distribution over the reference values.
 *
 *   y_new | reference ~ NB(size = Σy + 1/2, prob = n/(n+1));  U = its (1−α) quantile;  alarm if y > U
 */
import { negativeBinomialAtLeast, negativeBinomialQuantile } from './distributions/counts.ts';
import { type ReferenceSettings, referenceHistory, referenceValues } from './reference-values.ts';
import { checkCounts, checkRange, type Detection, invalid, isRefusal, type Range, type Refusal } from './series.ts';

/** Settings of `bayes`. */
export type BayesSettings = ReferenceSettings & {
  /** One-sided α of the predictive bound. Default 0.05. */
  alpha?: number;
  range?: Range;
};

/** The three named settings of the literature: half-windows of 6, 6 and 4 units, 0, 1 and 2 years back. */
export const BAYES_1: ReferenceSettings = { years: 0, halfWindow: 6, currentYear: true };
export const BAYES_2: ReferenceSettings = { years: 1, halfWindow: 6, currentYear: true };
export const BAYES_3: ReferenceSettings = { years: 2, halfWindow: 4, currentYear: false };

/** A detection with the predictive probability of a count at least as large as the one seen. */
export type BayesDetection = Detection & { p: Float64Array };

/**
 * Runs the detector.
 * @param counts cases per unit; NaN = gap (left out of the reference values; never alarms)
 * @param frequency units per year (52 or 12)
 */
export function bayes(counts: Float64Array, frequency: number, settings: BayesSettings = {}): BayesDetection | Refusal {
  const alpha = settings.alpha ?? 0.05;
  if (!(alpha > 0 && alpha < 1)) return invalid('alpha', 'must lie between 0 and 1');
  const needed = referenceHistory(frequency, settings);
  if (typeof needed !== 'number') return needed;
  const bad = checkCounts(counts);
  if (bad) return bad;
  const range = checkRange(counts.length, needed, settings.range);
  if (isRefusal(range)) return range;
  const n = range.to - range.from;
  const bound = new Float64Array(n);
  const alarm = new Uint8Array(n);
  const p = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const t = range.from + i;
    const reference = referenceValues(counts, t, frequency, settings);
    let sum = 0;
    for (const y of reference) sum += y;
    const size = sum + 0.5;
    const prob = reference.length / (reference.length + 1);
    bound[i] = reference.length > 0 ? negativeBinomialQuantile(1 - alpha, size, prob) : Number.NaN;
    p[i] =
      reference.length > 0 && !Number.isNaN(counts[t]!) ? negativeBinomialAtLeast(counts[t]!, size, prob) : Number.NaN;
    alarm[i] = counts[t]! > bound[i]! ? 1 : 0;
  }
  return { kind: 'detection', from: range.from, bound, alarm, p };
}
