import { MISSING } from '../compare/field.ts';
import type { FieldModel, Model } from '../model.ts';
import type { Patterns } from './patterns.ts';

/** Model parameters under way: without frequencies. */
export type State = { fields: FieldModel[]; prior: number; dependences: Model['dependences'] };

/** Weight (log2 odds) of a pattern of levels under a state. */
export function openWeigher(state: State): (levels: Uint8Array) => number {
  const index = new Map(state.fields.map((field, f) => [field.field, f]));
  const ties = state.dependences.map(({ a, b, bits }) => ({ a: index.get(a)!, b: index.get(b)!, bits }));
  const prior = Math.log2(state.prior / (1 - state.prior));
  const agrees = (field: number, level: number): boolean =>
    level !== MISSING && state.fields[field]!.levels[level]!.agrees;
  return (levels) => {
    let weight = prior;
    for (let f = 0; f < levels.length; f++) {
      if (levels[f] !== MISSING) weight += state.fields[f]!.levels[levels[f]!]!.weight;
    }
    for (const { a, b, bits } of ties) if (agrees(a, levels[a]!) && agrees(b, levels[b]!)) weight += bits;
    return weight;
  };
}

/** Posterior of every pattern under a state; returns the expected number of true pairs. */
export function expectMatches(state: State, patterns: Patterns, posterior: Float64Array): number {
  const weigh = openWeigher(state);
  let matches = 0;
  for (let p = 0; p < patterns.counts.length; p++) {
    posterior[p] = 1 / (1 + 2 ** -weigh(patterns.levels[p]!));
    matches += posterior[p]! * patterns.counts[p]!;
  }
  return matches;
}
