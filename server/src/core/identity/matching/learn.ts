import { type Model, scorePair } from '@hutong/linkage';
import type { Source } from '../model.ts';
import { openModel, preparePerson } from './judge.ts';
import { comparableOf } from './records.ts';

export type DecidedPair = { a: Source; b: Source; same: boolean };

/** Fewer decisions than this say more about luck than about the weights. */
export const fewestDecisions = 20;
/** What the training on whole populations weighs against the decided pairs: as much as this many of them. */
const priorPairs = 200;
const missing = 255;

/**
 * Moves the weights by what people decided. `m`, how often a level is seen on true pairs, is joined from the training and the linked pairs; `u` stays, for
 * decided pairs are no strangers. A level that does not speak for a link never gains. The bound of automatic links rises above every pair that people
 * held apart. Pure.
 */
export function learnFrom(model: Model, decided: readonly DecidedPair[]): Model {
  const open = openModel('learning', model);
  const scores = decided.map(({ a, b, same }) => ({
    same,
    score: scorePair(open.scorer, preparePerson(open, comparableOf(a)), preparePerson(open, comparableOf(b))),
  }));
  const fields = model.fields.map((field, f) => {
    const counts = field.levels.map(() => 0);
    for (const { same, score } of scores) {
      const level = score.evidence[f]?.level ?? missing;
      if (same && level !== missing) counts[level] = (counts[level] ?? 0) + 1;
    }
    const total = counts.reduce((sum, n) => sum + n, 0);
    let ceiling = Number.POSITIVE_INFINITY;
    const levels = field.levels.map((level, at) => {
      const m = (level.m * priorPairs + (counts[at] ?? 0)) / (priorPairs + total);
      const moved = level.weight + Math.log2(m / level.m);
      // Nearer levels never weigh less than farther ones.
      const weight = Math.min(level.agrees ? moved : Math.min(moved, level.weight), ceiling);
      ceiling = weight;
      return { ...level, m, weight };
    });
    return { ...field, levels };
  });
  const next: Model = { ...model, fields };
  const again = openModel('learning', next);
  const highest = decided
    .filter(({ same }) => !same)
    .map(({ a, b }) =>
      scorePair(again.scorer, preparePerson(again, comparableOf(a)), preparePerson(again, comparableOf(b))),
    )
    .filter(({ vetoes, doubtful }) => vetoes.length === 0 && !doubtful)
    .reduce((most, { weight }) => Math.max(most, weight), Number.NEGATIVE_INFINITY);
  const automatic = Math.max(model.thresholds.automatic, Number.isFinite(highest) ? Math.ceil(highest) + 1 : 0);
  return { ...next, thresholds: { ...model.thresholds, automatic } };
}
