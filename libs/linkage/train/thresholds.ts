import { forEachPair } from '../blocking/pairs.ts';
import type { Plan } from '../blocking/plan.ts';
import type { NameReader } from '../compare/chinese-name.ts';
import type { Model, Thresholds } from '../model.ts';
import { openScorer } from '../scorer.ts';
import { hashPair } from '../strings/hash.ts';
import { openRowScorer } from '../table/weights.ts';
import type { TrainingView } from './sessions.ts';

/**
 * Share of automatic links that may be wrong by the model's own word. A fifth of what is promised: groups multiply an error, and chance links grow
 * with the square of the records while the model's word for them does not follow (names and years of birth go together).
 */
const MOST_WRONG = 2e-5;
/** The automatic bound lies between these (bits), whatever the data promise. */
const LEAST = 6;
const MOST = 14;
const MOST_PAIRS = 400_000;

/**
 * Bounds from the weights of candidate pairs: a pair of weight w is wrong with probability 1 / (1 + 2^w), so the automatic
 * bound is the lowest from which the expected share of wrong links stays small.
 */
export function chooseThresholds(model: Model, view: TrainingView, plan: Plan, names?: NameReader): Thresholds {
  const { table, linking, seed } = view;
  const rows = openRowScorer(openScorer(model, names), table);
  const total = plan.reports.reduce((sum, report) => sum + report.pairs, 0);
  const bound = Math.min(1, MOST_PAIRS / Math.max(total, 1)) * 2 ** 32;
  const weights: number[] = [];
  for (let k = 0; k < plan.keys.length; k++) {
    const blocks = plan.keys[k]!.blocks.codes.length;
    forEachPair(plan.keys, k, 0, blocks, linking ? table.source : null, (a, b) => {
      if (hashPair(hashPair(a, b), seed ^ 0x5bd1e995) >= bound) return;
      const weight = rows.weight(a, b);
      if (weight >= LEAST && !rows.vetoed() && rows.doubt() === null) weights.push(weight);
    });
  }
  return { ...model.thresholds, automatic: automaticBound(weights) };
}

/** Lowest bound in steps of a quarter bit that keeps the expected share of wrong links. */
export function automaticBound(weights: readonly number[]): number {
  const sorted = [...weights].sort((x, y) => y - x);
  let wrong = 0;
  let lowest = MOST;
  for (let i = 0; i < sorted.length; i++) {
    wrong += 1 / (1 + 2 ** sorted[i]!);
    if (wrong / (i + 1) <= MOST_WRONG) lowest = sorted[i]!;
  }
  return Math.max(LEAST, Math.min(MOST, Math.ceil(lowest * 4) / 4));
}
