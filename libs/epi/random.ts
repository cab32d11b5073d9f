/**
 * Seeded random numbers: the same seed gives the same stream on every machine, so that a Monte-Carlo p-value can be
 * reproduced. Generator: sfc32 (C. Doty-Humphrey, PractRand), state spread from the seed by SplitMix32.
 */

/** A stream of random numbers. */
export type Random = {
  /** Uniform on [0, 1), 32 bits. */
  uniform: () => number;
  /** Uniform whole number on [0, n), n ≤ 2³². */
  below: (n: number) => number;
  /** Standard normal. */
  normal: () => number;
  /** Gamma with this shape and scale 1. */
  gamma: (shape: number) => number;
  /** Poisson count. */
  poisson: (mean: number) => number;
  /** Count with this mean and variance φ·mean: negative binomial, Poisson for φ = 1. */
  overdispersed: (mean: number, phi: number) => number;
};

/** Opens the stream of a seed; `stream` gives independent streams of the same seed (one per worker or replicate). */
export function seeded(seed: number, stream = 0): Random {
  let x = (seed ^ Math.imul(stream + 1, 0x9e3779b9)) >>> 0;
  const split = () => {
    x = (x + 0x9e3779b9) >>> 0;
    let z = x;
    z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
    z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
    return (z ^ (z >>> 16)) >>> 0;
  };
  let a = split();
  let b = split();
  let c = split() ^ stream;
  let d = 1;
  const next = () => {
    const t = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + t;
    c |= 0;
    return t >>> 0;
  };
  for (let i = 0; i < 15; i++) next();
  const uniform = () => next() / 4294967296;
  let spare = Number.NaN;
  const normal = () => {
    if (!Number.isNaN(spare)) {
      const z = spare;
      spare = Number.NaN;
      return z;
    }
    // Marsaglia's polar method
    for (;;) {
      const u = 2 * uniform() - 1;
      const v = 2 * uniform() - 1;
      const s = u * u + v * v;
      if (s >= 1 || s === 0) continue;
      const f = Math.sqrt((-2 * Math.log(s)) / s);
      spare = v * f;
      return u * f;
    }
  };
  // Marsaglia & Tsang (2000) ACM TOMS 26:363
  const gamma = (shape: number): number => {
    if (shape < 1) return gamma(shape + 1) * (1 - uniform()) ** (1 / shape);
    const k = shape - 1 / 3;
    const q = 1 / Math.sqrt(9 * k);
    for (;;) {
      const z = normal();
      const v = (1 + q * z) ** 3;
      if (v <= 0) continue;
      if (Math.log(1 - uniform()) < 0.5 * z * z + k - k * v + k * Math.log(v)) return k * v;
    }
  };
  // Large means are halved by a gamma waiting time (Ahrens & Dieter 1974), small ones multiplied out (Knuth).
  const poisson = (mean: number): number => {
    let left = mean;
    let count = 0;
    while (left > 30) {
      const m = Math.floor(left * 0.875);
      const wait = gamma(m);
      if (wait > left) return count + binomial(m - 1, left / wait);
      count += m;
      left -= wait;
    }
    const limit = Math.exp(-left);
    for (let p = uniform(); p > limit; p *= uniform()) count++;
    return count;
  };
  const binomial = (n: number, p: number): number => {
    let k = 0;
    for (let i = 0; i < n; i++) if (uniform() < p) k++;
    return k;
  };
  return {
    uniform,
    below: (n) => Math.floor(uniform() * n),
    normal,
    gamma,
    poisson,
    overdispersed: (mean, phi) => poisson(phi > 1 && mean > 0 ? gamma(mean / (phi - 1)) * (phi - 1) : mean),
  };
}
