import { MISSING } from '../compare/field.ts';
import { type FieldModel, type Model, type Rival, rivalWeight } from '../model.ts';
import type { Patterns } from './patterns.ts';

/** Model parameters under way: without frequencies. */
export type State = {
  fields: FieldModel[];
  prior: number;
  dependences: Model['dependences'];
  rivals: readonly Rival[];
};

/** Shares of a pattern: one entity, and each rival class; what is left belongs to strangers. */
type Shares = { same: number; rivals: number[] };

/** Opens a state: weight (log2 odds of one entity against all else) and shares of a pattern of levels. */
export function openState(state: State): {
  weigh: (levels: Uint8Array) => number;
  shares: (levels: Uint8Array) => Shares;
} {
  const index = new Map(state.fields.map((field, f) => [field.field, f]));
  const ties = state.dependences.map(({ a, b, bits }) => ({ a: index.get(a)!, b: index.get(b)!, bits }));
  const prior = Math.log2(state.prior / (1 - state.prior));
  const agrees = (field: number, level: number): boolean =>
    level !== MISSING && state.fields[field]!.levels[level]!.agrees;
  const rivals = state.rivals.map((rival) => ({
    start: Math.log2(rival.share),
    sharing: rival.sharing.map((name) => index.get(name)!),
    bits: rival.levels.map((row, f) => row.map((share, level) => rivalWeight(state.fields[f]!.levels[level]!, share))),
  }));
  /** Log2 odds against strangers: of one entity, then of each rival. */
  const odds = new Float64Array(1 + rivals.length);
  const measure = (levels: Uint8Array): void => {
    odds[0] = prior;
    for (let r = 0; r < rivals.length; r++) odds[r + 1] = rivals[r]!.start;
    for (let f = 0; f < levels.length; f++) {
      const level = levels[f]!;
      if (level === MISSING) continue;
      odds[0]! += state.fields[f]!.levels[level]!.weight;
      for (let r = 0; r < rivals.length; r++) odds[r + 1]! += rivals[r]!.bits[f]![level]!;
    }
    for (const { a, b, bits } of ties) {
      if (!agrees(a, levels[a]!) || !agrees(b, levels[b]!)) continue;
      for (let i = 0; i < odds.length; i++) odds[i]! += bits;
    }
    for (let r = 0; r < rivals.length; r++) {
      if (!rivals[r]!.sharing.some((f) => agrees(f, levels[f]!))) odds[r + 1] = Number.NEGATIVE_INFINITY;
    }
  };
  return {
    weigh(levels) {
      measure(levels);
      let others = 1;
      for (let r = 0; r < rivals.length; r++) others += 2 ** odds[r + 1]!;
      return odds[0]! - Math.log2(others);
    },
    shares(levels) {
      measure(levels);
      let total = 1;
      for (const odd of odds) total += 2 ** odd;
      return { same: 2 ** odds[0]! / total, rivals: rivals.map((_, r) => 2 ** odds[r + 1]! / total) };
    },
  };
}

/** Share of every pattern in each class under a state, and the expected number of true pairs. */
export function expectMatches(
  state: State,
  patterns: Patterns,
): { matches: number; same: Float64Array; rivals: Float64Array[]; strangers: Float64Array } {
  const { shares } = openState(state);
  const size = patterns.counts.length;
  const same = new Float64Array(size);
  const rivals = state.rivals.map(() => new Float64Array(size));
  const strangers = new Float64Array(size);
  let matches = 0;
  for (let p = 0; p < size; p++) {
    const of = shares(patterns.levels[p]!);
    same[p] = of.same;
    let rest = 1 - of.same;
    for (let r = 0; r < rivals.length; r++) {
      rivals[r]![p] = of.rivals[r]!;
      rest -= of.rivals[r]!;
    }
    strangers[p] = Math.max(0, rest);
    matches += of.same * patterns.counts[p]!;
  }
  return { matches, same, rivals, strangers };
}
