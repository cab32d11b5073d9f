import { alternatives, type Field, levelOf, MISSING } from '../compare/field.ts';
import { holdsLists, readPool } from './pool.ts';
import type { Table } from './table.ts';

/** Remembers results by pair of value numbers: direct-mapped, a newer pair takes the place of an older one, so memory is fixed. */
export type Memo = { keys: Int32Array; levels: Uint8Array; weights: Float32Array; mask: number };

export function openMemo(bits: number): Memo {
  const size = 1 << bits;
  return {
    keys: new Int32Array(size * 2),
    levels: new Uint8Array(size),
    weights: new Float32Array(size),
    mask: size - 1,
  };
}

export function memoSlot(memo: Memo, a: number, b: number): number {
  const hash = Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b);
  return (hash ^ (hash >>> 15)) & memo.mask;
}

/** Reader of levels over a table, for training: alternatives count by their nearest pair; what says nothing counts as missing. Writes one level per field into `out`. */
export function openLevels(fields: readonly Field[], table: Table): (a: number, b: number, out: Uint8Array) => void {
  const texts = table.pools.map((pool) => readPool(pool));
  const memos = fields.map((_, f) => openMemo(memoBits(table.pools[table.columns[f]!.pool]!.ends.length)));
  const lists = table.columns.map((column) => holdsLists(table.pools[column.pool]!));
  const nearest = (f: number, a: string, b: string): number => {
    let best = MISSING;
    for (const left of alternatives(a))
      for (const right of alternatives(b)) best = Math.min(best, levelOf(fields[f]!, left, right));
    return best;
  };
  return (a, b, out) => {
    for (let f = 0; f < fields.length; f++) {
      const { values, pool } = table.columns[f]!;
      let x = values[a]!;
      let y = values[b]!;
      if (x === 0 || y === 0) {
        out[f] = MISSING;
        continue;
      }
      if (x === y && !fields[f]!.comparator.equal) {
        out[f] = 0;
        continue;
      }
      if (x > y) [x, y] = [y, x];
      const memo = memos[f]!;
      const slot = memoSlot(memo, x, y);
      if (memo.keys[slot * 2] !== x || memo.keys[slot * 2 + 1] !== y) {
        memo.keys[slot * 2] = x;
        memo.keys[slot * 2 + 1] = y;
        const [left, right] = [texts[pool]!(x), texts[pool]!(y)];
        const level = lists[f] ? nearest(f, left, right) : levelOf(fields[f]!, left, right);
        memo.levels[slot] = fields[f]!.levels[level]?.silent ? MISSING : level;
      }
      let level = memo.levels[slot]!;
      const { partner, swapped, levels } = fields[f]!;
      if (partner >= 0 && level === levels.length - 1) {
        const other = table.columns[partner]!.values;
        if (values[a] === other[b] || values[b] === other[a]) level = swapped;
      }
      out[f] = level;
    }
  };
}

/** Large pools repeat few pairs: remembering them would only cost memory. */
export function memoBits(poolSize: number): number {
  return Math.max(10, Math.min(18, Math.ceil(Math.log2(poolSize)) + 2));
}
