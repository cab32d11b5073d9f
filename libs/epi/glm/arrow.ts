/**
 * Quasi-Poisson log-linear fit with one factor and at most one trend, by iteratively reweighted least squares:
 *
 *   log μ_i = a[level_i] + b·t_i + log pop_i
 *
 * The normal equations form an arrow: a diagonal block (levels) and one dense row (trend), so a step costs one pass over
 * the data. Without the trend the fit needs only sums per level. The path of the iterations is that of R's `glm.fit`
 * (start y + 0.1, stop at a relative deviance change below 1e-8, at most 25 steps): where a level holds zeros only the
 * maximum lies at −∞ and the answer *is* where the iterations stop.
 * P. McCullagh & J. Nelder (1989), Generalized Linear Models, 2nd ed., 2.5 and 6.2.
 */

/** Buffers for one fit after another; nothing is allocated per fit. Observations must come in order of time. */
export type ArrowWorkspace = {
  /** Observations in use, and levels counted from 0. */
  n: number;
  levels: number;
  y: Float64Array;
  /** Time, any unit; centre it to keep digits. */
  time: Float64Array;
  level: Uint8Array;
  /** Population (or any exposure) per observation. */
  exposure: Float64Array;
  /** Prior weights ω. */
  weight: Float64Array;
  /** Out: fitted means and the working weights of the last step (taken before it, as a QR decomposition holds them). */
  mu: Float64Array;
  working: Float64Array;
  /** Out: level coefficients, trend coefficient (0 without trend). */
  a: Float64Array;
  b: number;
  withTrend: boolean;
  converged: boolean;
  /** Out: per level Σw and Σwt of the last step; levels without observations have 0 and are no parameters. */
  sw: Float64Array;
  swt: Float64Array;
  /** Out: Schur complement of the trend, Σwt² − Σ(Σwt)²/Σw. */
  schur: number;
  /** Out: n minus the number of parameters. */
  residualDf: number;
  sy: Float64Array;
  sx: Float64Array;
  aOld: Float64Array;
  zStart: Float64Array;
};

/** Makes buffers for up to `capacity` observations and `levels` levels. */
export function arrowWorkspace(capacity: number, levels: number): ArrowWorkspace {
  const f = (k: number) => new Float64Array(k);
  return {
    n: 0,
    levels,
    y: f(capacity),
    time: f(capacity),
    level: new Uint8Array(capacity),
    exposure: f(capacity).fill(1),
    weight: f(capacity).fill(1),
    mu: f(capacity),
    working: f(capacity),
    a: f(levels),
    b: 0,
    withTrend: false,
    converged: false,
    sw: f(levels),
    swt: f(levels),
    schur: 0,
    residualDf: 0,
    sy: f(levels),
    sx: f(levels),
    aOld: f(levels),
    zStart: f(capacity),
  };
}

const TABLE = 4096;
const logPlusTenth = Float64Array.from({ length: TABLE }, (_, y) => Math.log(y + 0.1));
const yLogY = Float64Array.from({ length: TABLE }, (_, y) => (y === 0 ? 0 : y * Math.log(y)));
const inTable = (y: number) => y < TABLE && y === Math.floor(y);

const EPSILON = 1e-8;
const MAX_STEPS = 25;

/** Fits with the weights now in the workspace. */
export function fitArrow(w: ArrowWorkspace, withTrend: boolean): void {
  const { n, levels, y, time, level, exposure, weight, a, aOld, sw, swt, sy, sx } = w;
  w.withTrend = withTrend;
  sw.fill(0);
  swt.fill(0);
  sy.fill(0);
  sx.fill(0);
  // First step: weights ω(y + 0.1), working response log(y + 0.1) − 0.1/(y + 0.1) less the offset.
  let stt = 0;
  let stz = 0;
  let sty = 0;
  let startDeviance = 0;
  let saturated = 0;
  let offsetPart = 0;
  let present = 0;
  for (let i = 0; i < n; i++) {
    const yi = y[i]!;
    const o = weight[i]!;
    const g = level[i]!;
    const t = time[i]!;
    const m = yi + 0.1;
    const logM = inTable(yi) ? logPlusTenth[yi]! : Math.log(m);
    const e = exposure[i]!;
    const offset = e === 1 ? 0 : Math.log(e);
    const z = logM - 0.1 / m - offset;
    const wi = o * m;
    sw[g]! += wi;
    aOld[g] = 0;
    sx[g]! += wi * z;
    swt[g]! += wi * t;
    stt += wi * t * t;
    stz += wi * t * z;
    sy[g]! += o * yi;
    sty += o * yi * t;
    const ylogy = yi === 0 ? 0 : inTable(yi) ? yLogY[yi]! : yi * Math.log(yi);
    startDeviance += o * (ylogy - yi * logM + 0.1);
    saturated += o * (ylogy - yi);
    offsetPart += o * yi * offset;
  }
  let schur = stt;
  let rhs = stz;
  for (let g = 0; g < levels; g++) {
    if (sw[g]! === 0) continue;
    present++;
    schur -= (swt[g]! * swt[g]!) / sw[g]!;
    rhs -= (swt[g]! * sx[g]!) / sw[g]!;
  }
  const b = withTrend ? rhs / schur : 0;
  for (let g = 0; g < levels; g++) a[g] = sw[g]! === 0 ? 0 : (sx[g]! - b * swt[g]!) / sw[g]!;
  w.b = b;
  w.schur = schur;
  w.residualDf = n - present - (withTrend ? 1 : 0);
  if (withTrend) iterateWithTrend(w, 2 * startDeviance, saturated, offsetPart, sty);
  else iterateLevels(w, 2 * startDeviance, saturated, offsetPart);
}

function settled(deviance: number, before: number): boolean {
  return Math.abs(deviance - before) / (Math.abs(deviance) + 0.1) < EPSILON;
}

function iterateLevels(w: ArrowWorkspace, startDeviance: number, saturated: number, offsetPart: number): void {
  const { n, levels, a, aOld, sw, sy, sx, level, exposure, weight, y, mu, working } = w;
  // sx becomes Σω·exposure per level
  sx.fill(0);
  for (let i = 0; i < n; i++) sx[level[i]!]! += weight[i]! * exposure[i]!;
  let before = startDeviance;
  let step = 1;
  w.converged = false;
  for (; step <= MAX_STEPS; step++) {
    if (step > 1) {
      for (let g = 0; g < levels; g++) {
        if (sx[g]! === 0) continue;
        const m = Math.exp(a[g]!) * sx[g]!;
        sw[g] = m;
        aOld[g] = a[g]!;
        a[g]! += (sy[g]! - m) / m;
      }
    }
    let deviance = saturated - offsetPart;
    for (let g = 0; g < levels; g++) if (sx[g]! !== 0) deviance += Math.exp(a[g]!) * sx[g]! - sy[g]! * a[g]!;
    deviance *= 2;
    if (!Number.isFinite(deviance)) break;
    if (settled(deviance, before)) {
      w.converged = true;
      break;
    }
    before = deviance;
  }
  for (let g = 0; g < levels; g++) {
    sx[g] = Math.exp(a[g]!);
    aOld[g] = Math.exp(aOld[g]!);
  }
  for (let i = 0; i < n; i++) {
    mu[i] = sx[level[i]!]! * exposure[i]!;
    working[i] = weight[i]! * (step === 1 ? y[i]! + 0.1 : aOld[level[i]!]! * exposure[i]!);
  }
}

// Means at coefficients a, b into `out`, and their weighted sum. exp(b·t) along times in order: one multiplication per unit step.
function means(w: ArrowWorkspace, a: Float64Array, b: number, out: Float64Array): number {
  const { n, time, level, exposure, weight, levels, sx } = w;
  for (let g = 0; g < levels; g++) sx[g] = Math.exp(a[g]!);
  const ratio = Math.exp(b);
  let t = time[0]!;
  let e = Math.exp(b * t);
  const steep = Math.abs(b) * Math.max(Math.abs(t), Math.abs(time[n - 1]!)) > 200;
  let sum = 0;
  for (let i = 0; i < n; i++) {
    const next = time[i]!;
    const g = level[i]!;
    let m: number;
    if (steep) m = Math.exp(a[g]! + b * next) * exposure[i]!;
    else {
      const gap = next - t;
      if (gap === 1) e *= ratio;
      else if (gap !== 0) e = Math.exp(b * next);
      t = next;
      m = sx[g]! * e * exposure[i]!;
    }
    out[i] = m;
    sum += weight[i]! * m;
  }
  return sum;
}

function iterateWithTrend(
  w: ArrowWorkspace,
  startDeviance: number,
  saturated: number,
  offsetPart: number,
  sty: number,
): void {
  const { n, levels, a, aOld, sw, swt, sy, sx, level, time, weight, y, mu, working } = w;
  let before = startDeviance;
  let bOld = 0;
  let step = 1;
  w.converged = false;
  for (; step <= MAX_STEPS; step++) {
    if (step > 1) {
      // mu holds the means of the coefficients now; take one Newton step from there
      sw.fill(0);
      swt.fill(0);
      let stt = 0;
      for (let i = 0; i < n; i++) {
        const g = level[i]!;
        const wi = weight[i]! * mu[i]!;
        const t = time[i]!;
        sw[g]! += wi;
        swt[g]! += wi * t;
        stt += wi * t * t;
      }
      let schur = stt;
      let rhs = sty;
      for (let g = 0; g < levels; g++) {
        rhs -= swt[g]!;
        if (sw[g]! === 0) continue;
        const centre = swt[g]! / sw[g]!;
        schur -= swt[g]! * centre;
        rhs -= centre * (sy[g]! - sw[g]!);
      }
      const db = rhs / schur;
      w.schur = schur;
      bOld = w.b;
      for (let g = 0; g < levels; g++) {
        aOld[g] = a[g]!;
        if (sw[g]! !== 0) a[g]! += (sy[g]! - sw[g]! - swt[g]! * db) / sw[g]!;
      }
      w.b += db;
    }
    let deviance = means(w, a, w.b, mu) + saturated - offsetPart - w.b * sty;
    for (let g = 0; g < levels; g++) deviance -= sy[g]! * a[g]!;
    deviance *= 2;
    if (!Number.isFinite(deviance)) break;
    if (settled(deviance, before)) {
      w.converged = true;
      break;
    }
    before = deviance;
  }
  if (step === 1) for (let i = 0; i < n; i++) working[i] = weight[i]! * (y[i]! + 0.1);
  else {
    means(w, aOld, bOld, working);
    for (let i = 0; i < n; i++) working[i]! *= weight[i]!;
  }
  for (let g = 0; g < levels; g++) sx[g] = Math.exp(a[g]!);
}

/** Pearson dispersion Σ w·((y−μ)/μ)² / df with the working weights of the last step; NaN without residual freedom. */
export function pearsonDispersion(w: ArrowWorkspace): number {
  let sum = 0;
  for (let i = 0; i < w.n; i++) {
    const r = (w.y[i]! - w.mu[i]!) / w.mu[i]!;
    sum += w.working[i]! * r * r;
  }
  return w.residualDf > 0 ? sum / w.residualDf : Number.NaN;
}

/** Leverage of observation i (diagonal of the hat matrix). */
export function leverage(w: ArrowWorkspace, i: number): number {
  const g = w.level[i]!;
  let q = 1 / w.sw[g]!;
  if (w.withTrend) {
    const d = w.time[i]! - w.swt[g]! / w.sw[g]!;
    q += (d * d) / w.schur;
  }
  return w.working[i]! * q;
}

/** Unscaled variance of the linear predictor at a level and time: x'(X'WX)⁻¹x. */
export function predictorVariance(w: ArrowWorkspace, level: number, time: number): number {
  let q = 1 / w.sw[level]!;
  if (w.withTrend) {
    const d = time - w.swt[level]! / w.sw[level]!;
    q += (d * d) / w.schur;
  }
  return q;
}
