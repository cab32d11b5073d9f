/**
 * Multiples of one and the same point of the SM2 curve (GB/T 32918.5), by tables made once: 32 additions and no doubling. For whoever signs with one key and
 * verifies for few: about a quarter of the general way's time.
 */

export const P = 0xfffffffeffffffffffffffffffffffffffffffff00000000ffffffffffffffffn;
export const N = 0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123n;
export const G: Affine = [
  0x32c4ae2c1f1981195f9904466a39c9948fe30bbff2660be1715a4589334c74c7n,
  0xbc3736a2f4f6779c59bdcee36b692153d0a9877cc62a474002df32e52139f0a0n,
];

export type Affine = readonly [x: bigint, y: bigint];
/** (X : Y : Z) with x = X/Z², y = Y/Z³; Z = 0 is the point at infinity. */
type Jacobian = readonly [x: bigint, y: bigint, z: bigint];
/** `rows[i][j - 1]` is j · 256^i · the point. */
export type FixedBase = readonly (readonly Affine[])[];

const windows = 32;
const digits = 255;
const infinity: Jacobian = [1n, 1n, 0n];

const mod = (value: bigint): bigint => {
  const rest = value % P;
  return rest < 0n ? rest + P : rest;
};

export function invert(value: bigint, modulus: bigint): bigint {
  let [a, b, x, y] = [value, modulus, 1n, 0n];
  while (a > 1n) {
    const q = b / a;
    [a, b, x, y] = [b - q * a, a, y - q * x, x];
  }
  return x < 0n ? x + modulus : x;
}

/** a = -3: "dbl-2001-b" of the Explicit-Formulas Database. */
function double([x, y, z]: Jacobian): Jacobian {
  if (z === 0n) return infinity;
  const delta = (z * z) % P;
  const gamma = (y * y) % P;
  const beta = (x * gamma) % P;
  const alpha = (3n * (x - delta) * (x + delta)) % P;
  const x3 = mod(alpha * alpha - 8n * beta);
  const z3 = mod((y + z) * (y + z) - gamma - delta);
  return [x3, mod(alpha * (4n * beta - x3) - 8n * gamma * gamma), z3];
}

/** "madd": the second point is affine. */
function add(point: Jacobian, [x2, y2]: Affine): Jacobian {
  const [x1, y1, z1] = point;
  if (z1 === 0n) return [x2, y2, 1n];
  const zz = (z1 * z1) % P;
  const h = (x2 * zz - x1) % P;
  const r = (y2 * ((zz * z1) % P) - y1) % P;
  if (h === 0n) return r === 0n ? double(point) : infinity;
  const hh = (h * h) % P;
  const hhh = (h * hh) % P;
  const v = (x1 * hh) % P;
  const x3 = mod(r * r - hhh - 2n * v);
  return [x3, mod(r * (v - x3) - y1 * hhh), mod(z1 * h)];
}

/** One inversion for all of them (Montgomery). */
function toAffine(points: readonly Jacobian[]): Affine[] {
  const before: bigint[] = [];
  let product = 1n;
  for (const [, , z] of points) {
    before.push(product);
    product = (product * z) % P;
  }
  let inverse = invert(product, P);
  const out = new Array<Affine>(points.length);
  for (let at = points.length - 1; at >= 0; at--) {
    const [x, y, z] = points[at] as Jacobian;
    const zi = (inverse * (before[at] as bigint)) % P;
    inverse = (inverse * z) % P;
    const zi2 = (zi * zi) % P;
    out[at] = [(x * zi2) % P, (((y * zi2) % P) * zi) % P];
  }
  return out;
}

/** @param point on the curve: whoever takes it from outside has checked that */
export function fixedBase(point: Affine): FixedBase {
  const firsts: Jacobian[] = [];
  let first: Jacobian = [point[0], point[1], 1n];
  for (let i = 0; i < windows; i++) {
    firsts.push(first);
    for (let bit = 0; bit < 8; bit++) first = double(first);
  }
  return toAffine(firsts).map((base) => {
    const row: Jacobian[] = [[base[0], base[1], 1n]];
    for (let j = 1; j < digits; j++) row.push(add(row[j - 1] as Jacobian, base));
    return toAffine(row);
  });
}

/**
 * The sum of scalar · point over the pairs; scalars as 32 bytes, big-endian. Each byte costs one addition, also a zero: that one goes to a sum nobody
 * asks for, so that the number of additions says nothing of a secret scalar.
 */
export function sumOfMultiples(pairs: readonly (readonly [scalar: Uint8Array, base: FixedBase])[]): Jacobian {
  let sum = infinity;
  let idle = infinity;
  for (const [scalar, base] of pairs)
    for (let i = 0; i < windows; i++) {
      const digit = scalar[windows - 1 - i] as number;
      const row = base[i] as readonly Affine[];
      if (digit === 0) idle = add(idle, row[0] as Affine);
      else sum = add(sum, row[digit - 1] as Affine);
    }
  return sum;
}

export function xOf([x, , z]: Jacobian): bigint {
  const inverse = invert(z, P);
  return (x * ((inverse * inverse) % P)) % P;
}

/** Whether the point's x, taken mod N, is `wanted` (0 <= wanted < N); without an inversion. */
export function hasX([x, , z]: Jacobian, wanted: bigint): boolean {
  if (z === 0n) return false;
  const zz = (z * z) % P;
  return (wanted * zz) % P === x || (wanted + N < P && ((wanted + N) * zz) % P === x);
}
