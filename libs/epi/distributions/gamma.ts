/** Regularised incomplete gamma function and its inverse. Series and continued fraction: Abramowitz & Stegun 6.5.29, 6.5.31. */
import { logGamma, poissonMass } from './saddle-point.ts';

const EPSILON = 1e-16;

function lowerBySeries(a: number, x: number): number {
  let term = 1;
  let sum = 1;
  for (let n = 1; n < 1e6; n++) {
    term *= x / (a + n);
    sum += term;
    if (term < sum * EPSILON) break;
  }
  return sum * poissonMass(a, x);
}

function upperByFraction(a: number, x: number): number {
  let b = x + 1 - a;
  let c = 1e300;
  let d = 1 / b;
  let h = d;
  for (let i = 1; i < 1e6; i++) {
    const an = -i * (i - a);
    b += 2;
    d = an * d + b;
    if (Math.abs(d) < 1e-300) d = 1e-300;
    c = b + an / c;
    if (Math.abs(c) < 1e-300) c = 1e-300;
    d = 1 / d;
    const step = d * c;
    h *= step;
    if (Math.abs(step - 1) < 1e-15) break;
  }
  return h * a * poissonMass(a, x);
}

/**
 * P(X ≤ x) of a gamma distribution.
 * @param shape α > 0
 * @param scale θ > 0 (mean αθ), in the unit of x
 */
export function gammaCdf(x: number, shape: number, scale = 1): number {
  const z = x / scale;
  if (!(z > 0)) return Number.isNaN(z) ? Number.NaN : 0;
  if (z === Number.POSITIVE_INFINITY) return 1;
  return z < shape + 1 ? lowerBySeries(shape, z) : 1 - upperByFraction(shape, z);
}

/** P(X > x) of a gamma distribution, accurate in the far tail. */
export function gammaUpper(x: number, shape: number, scale = 1): number {
  const z = x / scale;
  if (!(z > 0)) return Number.isNaN(z) ? Number.NaN : 1;
  if (z === Number.POSITIVE_INFINITY) return 0;
  return z < shape + 1 ? 1 - lowerBySeries(shape, z) : upperByFraction(shape, z);
}

function startingPoint(p: number, shape: number): number {
  const small = Math.exp((Math.log(p) + logGamma(shape + 1)) / shape);
  if (shape < 0.5 || small < 0.05 * shape) return Math.max(small, 1e-300);
  // Wilson & Hilferty (1931): the cube root of a gamma variable is nearly normal.
  const t = p < 0.5 ? Math.sqrt(-2 * Math.log(p)) : Math.sqrt(-2 * Math.log1p(-p));
  const z =
    (t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)))) *
    (p < 0.5 ? -1 : 1);
  const cube = 1 - 1 / (9 * shape) + z / (3 * Math.sqrt(shape));
  return cube > 0.05 ? shape * cube * cube * cube : Math.max(small, 1e-300);
}

/**
 * Quantile of a gamma distribution: the x with P(X ≤ x) = p. Bracketed Newton steps; about 1e-13 relative.
 * @returns NaN outside 0 ≤ p ≤ 1 or for a shape that is not positive.
 */
export function gammaQuantile(p: number, shape: number, scale = 1): number {
  if (!(p >= 0 && p <= 1) || !(shape > 0)) return Number.NaN;
  if (p === 0) return 0;
  if (p === 1) return Number.POSITIVE_INFINITY;
  let low = 0;
  let high = Number.POSITIVE_INFINITY;
  let x = startingPoint(p, shape);
  for (let i = 0; i < 100; i++) {
    // work on the smaller tail so that p near 1 keeps its digits
    const miss = p < 0.5 ? gammaCdf(x, shape) - p : 1 - p - gammaUpper(x, shape);
    if (miss > 0) high = x;
    else low = x;
    const density = (poissonMass(shape, x) * shape) / x;
    let next = x - miss / density;
    // Halley's correction: curvature of the gamma density
    const halley = 1 - 0.5 * Math.min(1, Math.max(-1, (miss / density) * ((shape - 1) / x - 1)));
    if (density > 0) next = x - miss / density / halley;
    if (!(next > low && next < high)) next = high === Number.POSITIVE_INFINITY ? x * 2 + 1e-300 : (low + high) / 2;
    if (Math.abs(next - x) <= 4e-16 * Math.abs(next) || next === x) return next * scale;
    x = next;
  }
  return x * scale;
}
