/**
 * Poisson log-linear regression with a few columns, by iteratively reweighted least squares along the path of R's `glm.fit`
 * (start y + 0.1; stop at a relative deviance change below 1e-8; at most 25 steps). McCullagh & Nelder (1989), 2.5.
 * The variance may be that of a negative binomial, μ + μ²/θ.
 */

/** Design matrix by columns; a missing response (NaN) drops its row. */
export type Design = Float64Array[];

/** Coefficients, fitted means of all rows (also dropped ones), and how the fit ended. */
export type PoissonFit = {
  coefficients: Float64Array;
  mu: Float64Array;
  deviance: number;
  converged: boolean;
  steps: number;
};

/** Solves the symmetric positive definite system in place (Cholesky); false if it is singular. */
export function solveCholesky(a: Float64Array, rhs: Float64Array, p: number): boolean {
  for (let j = 0; j < p; j++) {
    let d = a[j * p + j]!;
    for (let k = 0; k < j; k++) d -= a[j * p + k]! ** 2;
    if (!(d > 1e-14 * Math.abs(a[j * p + j]!))) return false;
    const root = Math.sqrt(d);
    a[j * p + j] = root;
    for (let i = j + 1; i < p; i++) {
      let s = a[i * p + j]!;
      for (let k = 0; k < j; k++) s -= a[i * p + k]! * a[j * p + k]!;
      a[i * p + j] = s / root;
    }
  }
  for (let i = 0; i < p; i++) {
    let s = rhs[i]!;
    for (let k = 0; k < i; k++) s -= a[i * p + k]! * rhs[k]!;
    rhs[i] = s / a[i * p + i]!;
  }
  for (let i = p - 1; i >= 0; i--) {
    let s = rhs[i]!;
    for (let k = i + 1; k < p; k++) s -= a[k * p + i]! * rhs[k]!;
    rhs[i] = s / a[i * p + i]!;
  }
  return true;
}

function unitDeviance(y: number, mu: number, theta: number): number {
  if (theta === Number.POSITIVE_INFINITY) return 2 * ((y > 0 ? y * Math.log(y / mu) : 0) - (y - mu));
  return 2 * (y * Math.log(Math.max(1, y) / mu) - (y + theta) * Math.log((y + theta) / (mu + theta)));
}

/**
 * Fits log μ = Xβ.
 * @param theta negative binomial size; Infinity (default) = Poisson
 * @param start means to start from; default y + 0.1 (Poisson) or, with a finite theta, y with 1/6 in place of 0
 * @param epsilon stop at this relative deviance change
 * @returns null if the design is singular on the known rows
 */
export function fitPoisson(
  design: Design,
  y: Float64Array,
  theta = Number.POSITIVE_INFINITY,
  start: Float64Array | null = null,
  epsilon = 1e-8,
  weight: Float64Array | null = null,
): PoissonFit | null {
  const p = design.length;
  const n = y.length;
  const mu = new Float64Array(n);
  const eta = new Float64Array(n);
  const poisson = theta === Number.POSITIVE_INFINITY;
  let before = 0;
  for (let i = 0; i < n; i++) {
    if (Number.isNaN(y[i]!)) continue;
    mu[i] = start ? start[i]! : poisson ? y[i]! + 0.1 : y[i]! + (y[i] === 0 ? 1 / 6 : 0);
    eta[i] = Math.log(mu[i]!);
    before += (weight ? weight[i]! : 1) * unitDeviance(y[i]!, mu[i]!, theta);
  }
  const gram = new Float64Array(p * p);
  const beta = new Float64Array(p);
  const x = new Float64Array(p);
  for (let step = 1; step <= 25; step++) {
    gram.fill(0);
    beta.fill(0);
    for (let i = 0; i < n; i++) {
      if (Number.isNaN(y[i]!)) continue;
      const m = mu[i]!;
      const w = (weight ? weight[i]! : 1) * (poisson ? m : m / (1 + m / theta));
      const z = eta[i]! + (y[i]! - m) / m;
      for (let j = 0; j < p; j++) x[j] = design[j]![i]!;
      for (let j = 0; j < p; j++) {
        const wx = w * x[j]!;
        beta[j]! += wx * z;
        for (let k = 0; k <= j; k++) gram[j * p + k]! += wx * x[k]!;
      }
    }
    if (!solveCholesky(gram, beta, p)) return null;
    let deviance = 0;
    for (let i = 0; i < n; i++) {
      let e = 0;
      for (let j = 0; j < p; j++) e += beta[j]! * design[j]![i]!;
      eta[i] = e;
      mu[i] = Math.max(Math.exp(e), Number.EPSILON);
      if (!Number.isNaN(y[i]!)) deviance += (weight ? weight[i]! : 1) * unitDeviance(y[i]!, mu[i]!, theta);
    }
    if (!Number.isFinite(deviance)) return { coefficients: beta, mu, deviance, converged: false, steps: step };
    const settled = Math.abs(deviance - before) / (Math.abs(deviance) + 0.1) < epsilon;
    if (settled || step === 25) return { coefficients: beta, mu, deviance, converged: settled, steps: step };
    before = deviance;
  }
  return null;
}

/** Columns 1, cos(2πst/P), sin(2πst/P) for s = 1..harmonics and optionally t, at the times t given. */
export function harmonicDesign(times: ArrayLike<number>, period: number, harmonics: number, trend: boolean): Design {
  const n = times.length;
  const column = (f: (t: number) => number) => Float64Array.from({ length: n }, (_, i) => f(times[i]!));
  const design = [new Float64Array(n).fill(1)];
  if (trend) design.push(column((t) => t));
  for (let s = 1; s <= harmonics; s++) {
    design.push(column((t) => Math.cos((2 * s * Math.PI * t) / period)));
    design.push(column((t) => Math.sin((2 * s * Math.PI * t) / period)));
  }
  return design;
}
