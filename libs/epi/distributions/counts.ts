/**
 * Poisson and negative binomial. The negative binomial is given by size r > 0 and prob p:
 * P(X = x) = Γ(x+r)/(Γ(r) x!) pʳ (1−p)ˣ, mean r(1−p)/p, variance mean/p. With a variance of φ·mean: r = mean/(φ−1), p = 1/φ.
 */
import { incompleteBeta } from './beta.ts';
import { gammaCdf, gammaUpper } from './gamma.ts';
import { normalQuantile, normalUpper } from './normal.ts';
import { binomialMass } from './saddle-point.ts';

export { poissonMass } from './saddle-point.ts';

/** P(X ≤ x), X ~ Poisson(λ). */
export function poissonCdf(x: number, lambda: number): number {
  const k = Math.floor(x);
  return k < 0 ? 0 : gammaUpper(lambda, k + 1);
}

/** P(X ≥ x), X ~ Poisson(λ); 1 for x ≤ 0. */
export function poissonAtLeast(x: number, lambda: number): number {
  const k = Math.ceil(x);
  if (k <= 0) return 1;
  return lambda > HUGE * 10 ? normalUpper((k - 0.5 - lambda) / Math.sqrt(lambda)) : gammaCdf(lambda, k);
}

/** P(X = x) of a negative binomial. */
export function negativeBinomialMass(x: number, size: number, prob: number): number {
  if (x < 0) return 0;
  return (size / (size + x)) * binomialMass(size, size + x, prob, 1 - prob);
}

/** P(X ≤ x) of a negative binomial. */
export function negativeBinomialCdf(x: number, size: number, prob: number): number {
  const k = Math.floor(x);
  return k < 0 ? 0 : incompleteBeta(prob, 1 - prob, size, k + 1);
}

/** P(X ≥ x) of a negative binomial; 1 for x ≤ 0. */
export function negativeBinomialAtLeast(x: number, size: number, prob: number): number {
  const k = Math.ceil(x);
  if (k <= 0) return 1;
  const mean = (size * (1 - prob)) / prob;
  if (mean > HUGE * 10) return normalUpper((k - 0.5 - mean) / Math.sqrt(mean / prob));
  return incompleteBeta(1 - prob, prob, k, size);
}

// A quantile that lies on a step of the distribution function must not jump by one through rounding; R allows the same 64 ulp.
const FUZZ = 64 * 2.220446049250313e-16;

// Beyond this mean the Cornish-Fisher expansion is as good as counting.
const HUGE = 1e7;

// Cornish & Fisher (1938) start, then walk; `cdf` must be the distribution function of an integer variable.
function walk(p: number, start: number, spread: number, cdf: (x: number) => number): number {
  let x = Math.max(0, Math.floor(start + 0.5));
  let step = Math.max(1, Math.floor(spread * 0.02));
  for (;;) {
    if (cdf(x) >= p) {
      while (x > 0 && cdf(x - step) >= p) x = Math.max(0, x - step);
    } else {
      do x += step;
      while (cdf(x) < p);
    }
    if (step === 1) return x;
    step = Math.max(1, Math.floor(step / 16));
  }
}

/** Smallest integer x with P(X ≤ x) ≥ p for a Poisson variable. */
export function poissonQuantile(p: number, lambda: number): number {
  if (!(p >= 0 && p <= 1) || !(lambda >= 0)) return Number.NaN;
  if (p === 1) return lambda === 0 ? 0 : Number.POSITIVE_INFINITY;
  if (lambda === 0) return 0;
  const target = p * (1 - FUZZ);
  if (lambda < 500) {
    let mass = Math.exp(-lambda);
    let sum = mass;
    let x = 0;
    while (sum < target && x < 10_000) {
      x++;
      mass *= lambda / x;
      sum += mass;
    }
    return x;
  }
  const z = normalQuantile(p);
  const sd = Math.sqrt(lambda);
  if (lambda > HUGE) return Math.ceil(lambda + sd * z + (z * z - 1) / 6);
  return walk(target, lambda + sd * (z + (z * z - 1) / (6 * sd)), sd, (x) => poissonCdf(x, lambda));
}

/** Smallest integer x with P(X ≤ x) ≥ p for a negative binomial. */
export function negativeBinomialQuantile(p: number, size: number, prob: number): number {
  if (!(p >= 0 && p <= 1) || !(size >= 0) || !(prob > 0 && prob <= 1)) return Number.NaN;
  if (p === 1) return prob === 1 || size === 0 ? 0 : Number.POSITIVE_INFINITY;
  if (prob === 1 || size === 0) return 0;
  const target = p * (1 - FUZZ);
  const q = 1 - prob;
  const mean = (size * q) / prob;
  const logZero = q < 0.1 ? size * Math.log1p(-q) : size * Math.log(prob);
  if (logZero > -600 && mean < 1000) {
    let mass = Math.exp(logZero);
    let sum = mass;
    let x = 0;
    while (sum < target && x < 200_000) {
      mass *= ((size + x) / (x + 1)) * q;
      sum += mass;
      x++;
    }
    return x;
  }
  const sd = Math.sqrt(mean / prob);
  const skew = (2 - prob) / Math.sqrt(size * q);
  const z = normalQuantile(p);
  if (mean > HUGE) return Math.ceil(mean + sd * (z + (skew * (z * z - 1)) / 6));
  return walk(target, mean + sd * (z + (skew * (z * z - 1)) / 6), sd, (x) => negativeBinomialCdf(x, size, prob));
}
