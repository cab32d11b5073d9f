/**
 * Upper bounds of the count now, from the predicted mean μ0, its standard error and the dispersion φ.
 * C. P. Farrington et al. (1996) JRSS A 159:547; A. Noufaily et al. (2013) Stat Med 32:1206; M. Salmon et al. (2016) JSS 70(10).
 */
import {
  negativeBinomialAtLeast,
  negativeBinomialQuantile,
  poissonAtLeast,
  poissonQuantile,
} from '../distributions/counts.ts';
import { normalUpper } from '../distributions/normal.ts';

/** Power transformation that makes the count nearly normal. */
export type PowerTransform = '2/3' | '1/2' | 'none';

/** A bound on the count, and the probability of a count at least as high as the one seen. */
export type Threshold = { upper: number; p: number };

const EXPONENT: Record<PowerTransform, number> = { '2/3': 2 / 3, '1/2': 1 / 2, none: 1 };

/**
 * Delta method on the transformed scale: τ = φ + se²/μ0; se* = √(4/9·μ0^{1/3}·τ), √(τ/4) or √(μ0·τ);
 * U = (μ0^k + z·se*)^{1/k}.
 * @param se standard error of μ0 on the scale of counts
 * @param z normal quantile of the wanted level
 */
export function deltaThreshold(
  mu0: number,
  se: number,
  phi: number,
  power: PowerTransform,
  z: number,
  y: number,
): Threshold {
  const tau = phi + (se * se) / mu0;
  const k = EXPONENT[power];
  const spread = Math.sqrt(power === '2/3' ? (4 / 9) * Math.cbrt(mu0) * tau : power === '1/2' ? tau / 4 : mu0 * tau);
  const centre = mu0 ** k;
  return { upper: (centre + z * spread) ** (1 / k), p: normalUpper((y ** k - centre) / spread) };
}

/** Negative binomial (variance φ·mean) or, for φ = 1, Poisson quantile of a count with the given mean. */
export function countThreshold(mean: number, phi: number, alpha: number, y: number): Threshold {
  if (!Number.isFinite(mean)) return { upper: Number.NaN, p: Number.NaN };
  if (phi > 1) {
    const size = mean / (phi - 1);
    return { upper: negativeBinomialQuantile(1 - alpha, size, 1 / phi), p: negativeBinomialAtLeast(y, size, 1 / phi) };
  }
  return { upper: poissonQuantile(1 - alpha, mean), p: poissonAtLeast(y, mean) };
}
