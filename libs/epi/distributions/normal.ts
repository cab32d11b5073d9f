/** Standard normal distribution, through the incomplete gamma function: Φ(z) = ½ Q(½, z²/2) for z < 0. */
import { gammaCdf, gammaUpper } from './gamma.ts';

/** P(Z ≤ z). */
export function normalCdf(z: number): number {
  if (Number.isNaN(z)) return Number.NaN;
  if (z < 0) return 0.5 * gammaUpper((z * z) / 2, 0.5);
  return 0.5 + 0.5 * gammaCdf((z * z) / 2, 0.5);
}

/** P(Z > z), accurate in the far tail. */
export function normalUpper(z: number): number {
  return normalCdf(-z);
}

// Acklam's rational start (relative error 1.2e-9), then Halley steps to double precision.
function roughQuantile(p: number): number {
  if (p < 0.02425) {
    const q = Math.sqrt(-2 * Math.log(p));
    return (
      (((((-7.784894002430293e-3 * q - 0.3223964580411365) * q - 2.400758277161838) * q - 2.549732539343734) * q +
        4.374664141464968) *
        q +
        2.938163982698783) /
      ((((7.784695709041462e-3 * q + 0.3224671290700398) * q + 2.445134137142996) * q + 3.754408661907416) * q + 1)
    );
  }
  const q = p - 0.5;
  const r = q * q;
  return (
    ((((((-39.69683028665376 * r + 220.9460984245205) * r - 275.9285104469687) * r + 138.357751867269) * r -
      30.66479806614716) *
      r +
      2.506628277459239) *
      q) /
    (((((-54.47609879822406 * r + 161.5858368580409) * r - 155.6989798598866) * r + 66.80131188771972) * r -
      13.28068155288572) *
      r +
      1)
  );
}

/** Quantile: the z with P(Z ≤ z) = p. NaN outside 0 ≤ p ≤ 1. */
export function normalQuantile(p: number): number {
  if (!(p >= 0 && p <= 1)) return Number.NaN;
  if (p === 0) return Number.NEGATIVE_INFINITY;
  if (p === 1) return Number.POSITIVE_INFINITY;
  const flip = p > 0.5;
  const tail = flip ? 1 - p : p;
  if (tail === 0.5) return 0;
  let z = roughQuantile(tail);
  for (let i = 0; i < 3; i++) {
    const e = (normalCdf(z) - tail) * Math.sqrt(2 * Math.PI) * Math.exp((z * z) / 2);
    const step = e / (1 + (z * e) / 2);
    z -= step;
    if (Math.abs(step) < 1e-16 * Math.abs(z)) break;
  }
  return flip ? -z : z;
}
