import { BETWEEN } from '../compare/field.ts';
import { hashText } from '../strings/hash.ts';

/**
 * Distinct strings by number, as UTF-8 in one shared buffer: workers read the same bytes, and ten million values
 * weigh what their letters weigh. Number 0 is the empty string.
 */
export type Pool = { bytes: Uint8Array<SharedArrayBuffer>; ends: Uint32Array<SharedArrayBuffer> };

export type PoolBuilder = { add: (text: string) => number; size: () => number; finish: () => Pool };

/** Numbers strings through a hash table over the bytes themselves: a `Map` of ten million strings would not fit. */
export function buildPool(): PoolBuilder {
  let bytes = Buffer.allocUnsafe(1 << 16);
  let ends = new Uint32Array(1 << 10);
  let hashes = new Uint32Array(1 << 10);
  /** Numbers by hash, open addressing; 0: free. At most two thirds full. */
  let slots = new Int32Array(1 << 11);
  let count = 1;
  let used = 0;
  const place = (number: number): void => {
    const mask = slots.length - 1;
    let slot = hashes[number]! & mask;
    while (slots[slot] !== 0) slot = (slot + 1) & mask;
    slots[slot] = number;
  };
  const grow = (): void => {
    if (count + 1 >= ends.length) {
      ends = copyTo(ends, new Uint32Array(ends.length * 2));
      hashes = copyTo(hashes, new Uint32Array(hashes.length * 2));
    }
    if (count * 3 < slots.length * 2) return;
    slots = new Int32Array(slots.length * 2);
    for (let number = 1; number < count; number++) place(number);
  };
  return {
    add(text) {
      if (text === '') return 0;
      if (used + text.length * 3 > bytes.length) {
        const larger = Buffer.allocUnsafe(Math.max(used + text.length * 3, bytes.length * 2));
        bytes.copy(larger, 0, 0, used);
        bytes = larger;
      }
      // Written behind the last value, and left there only if it is new.
      const end = used + bytes.write(text, used, 'utf8');
      const hash = hashText(text);
      const mask = slots.length - 1;
      for (let slot = hash & mask; slots[slot] !== 0; slot = (slot + 1) & mask) {
        const known = slots[slot]!;
        if (hashes[known] !== hash) continue;
        if (bytes.compare(bytes, used, end, ends[known - 1]!, ends[known]!) === 0) return known;
      }
      grow();
      const number = count++;
      hashes[number] = hash;
      ends[number] = end;
      used = end;
      place(number);
      return number;
    },
    size: () => count,
    finish() {
      const pool: Pool = {
        bytes: new Uint8Array(new SharedArrayBuffer(used)),
        ends: new Uint32Array(new SharedArrayBuffer(count * 4)),
      };
      pool.bytes.set(bytes.subarray(0, used));
      pool.ends.set(ends.subarray(0, count));
      bytes = Buffer.alloc(0);
      slots = new Int32Array(0);
      hashes = new Uint32Array(0);
      ends = new Uint32Array(0);
      return pool;
    },
  };
}

function copyTo(from: Uint32Array<ArrayBuffer>, to: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  to.set(from);
  return to;
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
