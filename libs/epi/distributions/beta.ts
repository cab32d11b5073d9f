/** Regularised incomplete beta function (Lentz's continued fraction) and what follows from it: beta, Student t and F. */
import { binomialMass } from './saddle-point.ts';

function fraction(a: number, b: number, x: number): number {
  const tiny = 1e-300;
  let c = 1;
  let d = 1 - ((a + b) * x) / (a + 1);
  if (Math.abs(d) < tiny) d = tiny;
  d = 1 / d;
  let h = d;
  for (let m = 1; m < 1e5; m++) {
    const m2 = 2 * m;
    let t = (m * (b - m) * x) / ((a + m2 - 1) * (a + m2));
    d = 1 + t * d;
    if (Math.abs(d) < tiny) d = tiny;
    c = 1 + t / c;
    if (Math.abs(c) < tiny) c = tiny;
    d = 1 / d;
    h *= d * c;
    t = (-(a + m) * (a + b + m) * x) / ((a + m2) * (a + m2 + 1));
    d = 1 + t * d;
    if (Math.abs(d) < tiny) d = tiny;
    c = 1 + t / c;
    if (Math.abs(c) < tiny) c = tiny;
    d = 1 / d;
    const step = d * c;
    h *= step;
    if (Math.abs(step - 1) < 1e-15) break;
  }
  return h;
}

/** I_x(a, b) with y = 1 − x given apart, so that neither tail loses digits. */
export function incompleteBeta(x: number, y: number, a: number, b: number): number {
  if (!(x > 0)) return Number.isNaN(x) ? Number.NaN : 0;
  if (!(y > 0)) return 1;
  const front = (binomialMass(a, a + b, x, y) * a * b) / (a + b);
  // far out in a tail: the answer is 0 or 1, and the fraction would take long to say so
  if (front < 1e-290) return x < a / (a + b) ? 0 : 1;
  if (x < (a + 1) / (a + b + 2)) return (front * fraction(a, b, x)) / a;
  return 1 - (front * fraction(b, a, y)) / b;
}

/** P(X ≤ x) of a beta distribution with shapes a, b > 0. */
export function betaCdf(x: number, a: number, b: number): number {
  return incompleteBeta(x, 1 - x, a, b);
}

/** Quantile of a beta distribution by bracketed Newton steps. NaN outside 0 ≤ p ≤ 1. */
export function betaQuantile(p: number, a: number, b: number): number {
  if (!(p >= 0 && p <= 1) || !(a > 0) || !(b > 0)) return Number.NaN;
  if (p === 0 || p === 1) return p;
  let low = 0;
  let high = 1;
  let x = a / (a + b);
  for (let i = 0; i < 200; i++) {
    const miss = incompleteBeta(x, 1 - x, a, b) - p;
    if (miss > 0) high = x;
    else low = x;
    const density = (binomialMass(a, a + b, x, 1 - x) * a * b) / ((a + b) * x * (1 - x));
    let next = x - miss / density;
    if (!(next > low && next < high)) next = low > 0 && high / low > 4 ? Math.sqrt(low * high) : (low + high) / 2;
    if (Math.abs(next - x) <= 2e-16 * next) return next;
    x = next;
  }
  return x;
}

/** Two-sided Student p-value P(|T| > |t|) with `df` degrees of freedom. */
export function studentTwoSided(t: number, df: number): number {
  const tt = t * t;
  return incompleteBeta(df / (df + tt), tt / (df + tt), df / 2, 0.5);
}

/** P(T ≤ t) of Student's distribution. */
export function studentCdf(t: number, df: number): number {
  const half = studentTwoSided(t, df) / 2;
  return t < 0 ? half : 1 - half;
}

/** Quantile of Student's distribution. */
export function studentQuantile(p: number, df: number): number {
  if (!(p >= 0 && p <= 1)) return Number.NaN;
  if (p === 0.5) return 0;
  const tail = Math.min(p, 1 - p);
  if (tail === 0) return p === 0 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  // y = t²/(df+t²) ~ Beta(½, df/2); solve for y near the centre and for 1 − y in the tail, whichever is small
  let t: number;
  if (tail > 0.25) {
    const y = betaQuantile(1 - 2 * tail, 0.5, df / 2);
    t = Math.sqrt((df * y) / (1 - y));
  } else {
    const x = betaQuantile(2 * tail, df / 2, 0.5);
    t = Math.sqrt((df * (1 - x)) / x);
  }
  return p < 0.5 ? -t : t;
}

/** P(F ≤ f) with d1 and d2 degrees of freedom. */
export function fCdf(f: number, d1: number, d2: number): number {
  if (!(f > 0)) return 0;
  const v = d1 * f;
  return incompleteBeta(v / (v + d2), d2 / (v + d2), d1 / 2, d2 / 2);
}

/** Quantile of the F distribution. */
export function fQuantile(p: number, d1: number, d2: number): number {
  if (p > 0.5) {
    const y = betaQuantile(1 - p, d2 / 2, d1 / 2);
    return (d2 * (1 - y)) / (d1 * y);
  }
  const x = betaQuantile(p, d1 / 2, d2 / 2);
  return (d2 * x) / (d1 * (1 - x));
}
