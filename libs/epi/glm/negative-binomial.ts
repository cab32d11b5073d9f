/**
 * Negative binomial regression with unknown size θ (variance μ + μ²/θ): Poisson fit, then by turns Newton steps for θ and a
 * weighted fit for β, along the path of `glm.nb` (W. Venables & B. Ripley 2002, Modern Applied Statistics with S, 7.4).
 */
import { digamma, trigamma } from '../distributions/digamma.ts';
import { logGamma } from '../distributions/saddle-point.ts';
import { type Design, fitPoisson } from './poisson.ts';

/** θ is Infinity-like (1e10 or more) when the counts show no overdispersion. */
export type NegativeBinomialFit = { coefficients: Float64Array; mu: Float64Array; theta: number; converged: boolean };

/** Newton steps for θ given the means, from the moment estimate; at most 25 steps to 1.2e-4 as in MASS. */
export function estimateTheta(y: Float64Array, mu: Float64Array): number {
  let n = 0;
  let squares = 0;
  for (let i = 0; i < y.length; i++) {
    if (Number.isNaN(y[i]!)) continue;
    n++;
    squares += (y[i]! / mu[i]! - 1) ** 2;
  }
  let theta = n / squares;
  let step = 1;
  for (let it = 1; it < 25 && Math.abs(step) > 1.220703125e-4; it++) {
    theta = Math.abs(theta);
    const base = digamma(theta);
    const slope = trigamma(theta);
    const log = Math.log(theta);
    let score = 0;
    let information = 0;
    for (let i = 0; i < y.length; i++) {
      if (Number.isNaN(y[i]!)) continue;
      const s = mu[i]! + theta;
      score += digamma(theta + y[i]!) - base + log + 1 - Math.log(s) - (y[i]! + theta) / s;
      information += slope - trigamma(theta + y[i]!) - 1 / theta + 2 / s - (y[i]! + theta) / (s * s);
    }
    step = score / information;
    theta += step;
  }
  return Math.max(theta, 0);
}

function logLikelihood(y: Float64Array, mu: Float64Array, theta: number): number {
  let sum = 0;
  for (let i = 0; i < y.length; i++) {
    const v = y[i]!;
    if (Number.isNaN(v)) continue;
    sum +=
      logGamma(theta + v) -
      logGamma(theta) -
      logGamma(v + 1) +
      theta * Math.log(theta) +
      v * Math.log(mu[i]! + (v === 0 ? 1 : 0)) -
      (theta + v) * Math.log(theta + mu[i]!);
  }
  return sum;
}

/**
 * Fits log μ = Xβ with unknown θ.
 * @returns null if the design is singular on the known rows
 */
export function fitNegativeBinomial(design: Design, y: Float64Array): NegativeBinomialFit | null {
  const first = fitPoisson(design, y);
  if (!first) return null;
  let known = 0;
  for (const v of y) if (!Number.isNaN(v)) known++;
  let fit = first;
  let theta = estimateTheta(y, fit.mu);
  const d1 = Math.sqrt(2 * Math.max(1, known - design.length));
  let now = logLikelihood(y, fit.mu, theta);
  let before = now + 2 * d1;
  let change = 1;
  let rounds = 1;
  for (; rounds <= 25 && Math.abs(before - now) / d1 + Math.abs(change) > 1e-8; rounds++) {
    const next = fitPoisson(design, y, theta, fit.mu);
    if (!next) return null;
    fit = next;
    const last = theta;
    theta = estimateTheta(y, fit.mu);
    change = last - theta;
    before = now;
    now = logLikelihood(y, fit.mu, theta);
  }
  return { coefficients: fit.coefficients, mu: fit.mu, theta, converged: rounds <= 25 };
}
