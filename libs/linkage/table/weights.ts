import { levelOf, MISSING } from '../compare/field.ts';
import { BEARING, type Doubt, doubtOf, isOneAtHome, rowsBearingOut } from '../doubts.ts';
import {
  compareValues,
  levelWeight,
  type PreparedValue,
  prepareValue,
  rivalBits,
  type Scorer,
  twinField,
} from '../scorer.ts';
import { memoBits, memoSlot, openMemo } from './levels.ts';
import { holdsLists, readPool } from './pool.ts';
import type { Table } from './table.ts';

/** Scores rows of a table: log2 odds, equal to `scorePair` on the same records. Holds one memo per field. */
export type RowScorer = {
  weight: (a: number, b: number) => number;
  /** Level per field of the last pair given to `weight`. */
  levels: Uint8Array;
  /** True where the last pair has a level under veto. */
  vetoed: () => boolean;
  /** Why only a person may link the last pair; null where a machine may. */
  doubt: () => Doubt | null;
  /** Whether the last pair is one name at one home (`isOneAtHome`). */
  oneAtHome: () => boolean;
};

export function openRowScorer(scorer: Scorer, table: Table): RowScorer {
  const { fields, model } = scorer;
  const texts = table.pools.map((pool) => readPool(pool));
  const memos = table.columns.map((column) => openMemo(memoBits(table.pools[column.pool]!.ends.length)));
  const levels = new Uint8Array(fields.length);
  /** Part of the weight that rarity gave, per field of the last pair. */
  const rare = new Float64Array(fields.length);
  const vetoes = fields.map((field) => field.levels.map((level) => field.spec.veto?.includes(level.code) ?? false));
  const anyVeto = vetoes.some((flags) => flags.includes(true));
  const anyCheck = fields.some(({ spec }) => spec.check === 'mod11-2');
  const prepared = (f: number, value: number): PreparedValue[] =>
    prepareValue(scorer, f, texts[table.columns[f]!.pool]!(value));
  const lists = table.columns.map((column) => holdsLists(table.pools[column.pool]!));
  const rarities = table.columns.map((column, f) =>
    fields[f]!.usesFrequency ? new Float64Array(table.pools[column.pool]!.ends.length).fill(Number.NaN) : null,
  );
  const rarity = (f: number, value: number): number => {
    const known = rarities[f];
    if (!known) return 0;
    if (Number.isNaN(known[value]!)) known[value] = scorer.rarityOf(f, texts[table.columns[f]!.pool]!(value));
    return known[value]!;
  };

  const bearing = rowsBearingOut(fields, table);
  let bothBear = false;

  const weight = (a: number, b: number): number => {
    bothBear = bearing[a] === BEARING.own && bearing[b] === BEARING.own;
    let sum = scorer.priorWeight;
    for (let f = 0; f < fields.length; f++) {
      const { values } = table.columns[f]!;
      let x = values[a]!;
      let y = values[b]!;
      if (x === 0 || y === 0) {
        levels[f] = MISSING;
        continue;
      }
      if (x > y) [x, y] = [y, x];
      const memo = memos[f]!;
      const slot = memoSlot(memo, x, y);
      if (memo.keys[slot * 2] !== x || memo.keys[slot * 2 + 1] !== y) {
        memo.keys[slot * 2] = x;
        memo.keys[slot * 2 + 1] = y;
        if (lists[f]) {
          const found = compareValues(scorer, f, prepared(f, x), prepared(f, y));
          memo.levels[slot] = found.level;
          memo.weights[slot] = found.weight;
        } else {
          const text = texts[table.columns[f]!.pool]!;
          const level = x === y && !fields[f]!.comparator.equal ? 0 : levelOf(fields[f]!, text(x), text(y));
          memo.levels[slot] = level;
          memo.weights[slot] = levelWeight(model.fields[f]!, level, rarity(f, x), rarity(f, y));
        }
      }
      levels[f] = memo.levels[slot]!;
      const { partner, swapped } = fields[f]!;
      if (partner >= 0 && levels[f] === fields[f]!.levels.length - 1) {
        const other = table.columns[partner]!.values;
        const crossed = values[a] === other[b] ? values[a]! : values[b] === other[a] ? values[b]! : 0;
        if (crossed !== 0) {
          const rarity = prepared(f, crossed)[0]!.rarity;
          levels[f] = swapped;
          const crossWeight = levelWeight(model.fields[f]!, swapped, rarity, rarity);
          rare[f] = crossWeight - model.fields[f]!.levels[swapped]!.weight;
          sum += crossWeight;
          continue;
        }
      }
      rare[f] = memo.weights[slot]! - model.fields[f]!.levels[levels[f]!]!.weight;
      sum += memo.weights[slot]!;
    }
    let ties = 0;
    for (const { a: left, b: right, bits } of scorer.dependences) {
      if (agrees(left) && agrees(right)) ties += bits;
    }
    return sum + ties + rivalBits(scorer, levelAt, rarityAt, ties);
  };
  const levelAt = (f: number): number => levels[f]!;
  const rarityAt = (f: number): number => rare[f]!;
  const agrees = (f: number): boolean => levels[f] !== MISSING && scorer.agrees[f]![levels[f]!]!;
  return {
    weight,
    levels,
    vetoed: () =>
      (anyVeto && levels.some((level, f) => level !== MISSING && vetoes[f]![level]!)) ||
      (anyCheck && twinField(fields, levelAt) >= 0),
    doubt: () => doubtOf(fields, scorer.doubts, levelAt, agrees, bothBear),
    oneAtHome: () => isOneAtHome(fields, scorer.doubts, levelAt, agrees),
  };
}
