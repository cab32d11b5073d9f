import { BETWEEN } from '../compare/field.ts';

/**
 * Distinct strings by number, as UTF-8 in one shared buffer: workers read the same bytes, and ten million values
 * weigh what their letters weigh. Number 0 is the empty string.
 */
export type Pool = { bytes: Uint8Array<SharedArrayBuffer>; ends: Uint32Array<SharedArrayBuffer> };

export type PoolBuilder = { add: (text: string) => number; size: () => number; finish: () => Pool };

export function buildPool(): PoolBuilder {
  const numbers = new Map<string, number>([['', 0]]);
  let bytes = Buffer.allocUnsafe(1 << 16);
  let ends = new Uint32Array(1 << 12);
  let used = 0;
  return {
    add(text) {
      const known = numbers.get(text);
      if (known !== undefined) return known;
      const number = numbers.size;
      numbers.set(text, number);
      const need = used + text.length * 3;
      if (need > bytes.length) {
        const larger = Buffer.allocUnsafe(Math.max(need, bytes.length * 2));
        bytes.copy(larger, 0, 0, used);
        bytes = larger;
      }
      used += bytes.write(text, used, 'utf8');
      if (number >= ends.length) {
        const larger = new Uint32Array(ends.length * 2);
        larger.set(ends);
        ends = larger;
      }
      ends[number] = used;
      return number;
    },
    size: () => numbers.size,
    finish() {
      const pool: Pool = {
        bytes: new Uint8Array(new SharedArrayBuffer(used)),
        ends: new Uint32Array(new SharedArrayBuffer(numbers.size * 4)),
      };
      pool.bytes.set(bytes.subarray(0, used));
      pool.ends.set(ends.subarray(0, numbers.size));
      numbers.clear();
      return pool;
    },
  };
}

/** Reads strings of a pool; small pools keep what they have decoded. */
export function readPool(pool: Pool): (number: number) => string {
  const buffer = Buffer.from(pool.bytes.buffer, pool.bytes.byteOffset, pool.bytes.byteLength);
  const kept: string[] | undefined = pool.ends.length <= 200_000 ? new Array(pool.ends.length) : undefined;
  return (number) => {
    if (number === 0) return '';
    const known = kept?.[number];
    if (known !== undefined) return known;
    const text = buffer.toString('utf8', pool.ends[number - 1]!, pool.ends[number]!);
    if (kept) kept[number] = text;
    return text;
  };
}

/** Whether any value of the pool is a list of alternatives. */
export function holdsLists(pool: Pool): boolean {
  return pool.bytes.includes(BETWEEN.charCodeAt(0));
}
