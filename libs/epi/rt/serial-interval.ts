/**
 * Discrete serial interval: probability w_k that a case shows symptoms k days after its infector. Shifted gamma of
 * A. Cori et al. (2013) Am J Epidemiol 178:1505, web appendix 11: at least one day, discretised by a triangular kernel.
 */
import { gammaUpper } from '../distributions/gamma.ts';
import { invalid, type Refusal } from '../series.ts';

/**
 * w_0..w_{length−1}; they sum to nearly 1 if the length suffices.
 * @param mean in days, > 1
 * @param sd in days, > 0
 */
export function discreteSerialInterval(mean: number, sd: number, length: number): Float64Array {
  const shape = ((mean - 1) / sd) ** 2;
  const scale = (sd * sd) / (mean - 1);
  // Cori's formula with survival functions S = 1 − F in place of F: the constants cancel, and the far tail keeps its digits.
  const s = (k: number) => gammaUpper(k, shape, scale);
  const s1 = (k: number) => gammaUpper(k, shape + 1, scale);
  const out = new Float64Array(length);
  for (let k = 1; k < length; k++) {
    const weighted = k * s(k) + (k - 2) * s(k - 2) - 2 * (k - 1) * s(k - 1);
    out[k] = Math.max(0, -weighted - shape * scale * (2 * s1(k - 1) - s1(k - 2) - s1(k)));
  }
  return out;
}

/** Refuses probabilities that are none: negative, unknown, or with nobody infected on a later day. */
export function checkInterval(w: Float64Array): Refusal | null {
  return w.length > 1 && w.every((p) => p >= 0 && p <= 1) && w.some((p, day) => day > 0 && p > 0)
    ? null
    : invalid('interval', 'needs probabilities per day from day 0 on, some of them above 0 after it');
}

/** Mean of a discrete serial interval, days. */
export function meanInterval(w: Float64Array): number {
  let mean = 0;
  for (let k = 0; k < w.length; k++) mean += k * w[k]!;
  return mean;
}
