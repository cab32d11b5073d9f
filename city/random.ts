/**
 * Random numbers that need no shared state: a stream is named by (seed, purpose, numbers), so that resident 734,512 can be
 * made without making anyone before. sfc32 (Chris Doty-Humphrey, PractRand, public domain), keyed by a murmur3-style mix.
 */
export class Random {
  a: number;
  b: number;
  c: number;
  d = 1;

  constructor(seed: number, purpose: string, n1 = 0, n2 = 0, n3 = 0) {
    let h = mix(0x9e3779b9, seed | 0);
    h = mix(h, Math.floor(seed / 0x100000000));
    h = mix(h, hashText(purpose));
    this.a = mix(h, n1 | 0);
    this.b = mix(this.a, n2 | 0);
    this.c = mix(this.b, n3 | 0);
    for (let i = 0; i < 8; i++) this.uint();
  }

  /** 0 .. 2^32-1 */
  uint(): number {
    const t = (((this.a + this.b) | 0) + this.d) | 0;
    this.d = (this.d + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = ((this.c << 21) | (this.c >>> 11)) + t;
    this.c |= 0;
    return t >>> 0;
  }

  /** 0 <= x < 1 */
  float(): number {
    return this.uint() / 4294967296;
  }

  /** Whole number from 0 to n-1. */
  below(n: number): number {
    return Math.floor(this.float() * n);
  }

  /** Whole number from low to high, both possible. */
  between(low: number, high: number): number {
    return low + this.below(high - low + 1);
  }

  chance(p: number): boolean {
    return this.float() < p;
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)]!;
  }

  /** Index drawn by weight. */
  weighted(weights: readonly number[]): number {
    let sum = 0;
    for (const weight of weights) sum += weight;
    let at = this.float() * sum;
    for (let i = 0; i < weights.length; i++) {
      at -= weights[i]!;
      if (at < 0) return i;
    }
    return weights.length - 1;
  }

  normal(mean = 0, sd = 1): number {
    const u = 1 - this.float();
    return mean + sd * Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * this.float());
  }

  /** Knuth's method: means here stay below 20. */
  poisson(mean: number): number {
    const limit = Math.exp(-mean);
    let product = this.float();
    let count = 0;
    while (product > limit) {
      product *= this.float();
      count++;
    }
    return count;
  }
}

const purposes = new Map<string, number>();

function hashText(text: string): number {
  const known = purposes.get(text);
  if (known !== undefined) return known;
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  purposes.set(text, h);
  return h;
}

function mix(h: number, value: number): number {
  let k = Math.imul(value, 0xcc9e2d51);
  k = (k << 15) | (k >>> 17);
  h ^= Math.imul(k, 0x1b873593);
  h = (h << 13) | (h >>> 19);
  h = (Math.imul(h, 5) + 0xe6546b64) | 0;
  h ^= h >>> 16;
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/** Cumulative table for drawing many times from the same weights in logarithmic time. */
export class Weighted<T> {
  items: readonly T[];
  sums: Float64Array;

  constructor(rows: readonly (readonly [T, number])[]) {
    this.items = rows.map((row) => row[0]);
    this.sums = new Float64Array(rows.length);
    let sum = 0;
    for (const [index, row] of rows.entries()) {
      sum += row[1];
      this.sums[index] = sum;
    }
  }

  draw(random: Random): T {
    const at = random.float() * this.sums[this.sums.length - 1]!;
    let low = 0;
    let high = this.sums.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.sums[middle]! > at) high = middle;
      else low = middle + 1;
    }
    return this.items[low]!;
  }
}
