import { forEachPair, sharedCode } from '../blocking/pairs.ts';
import type { Plan } from '../blocking/plan.ts';
import type { Field } from '../compare/field.ts';
import { hashPair } from '../strings/hash.ts';
import type { TrainingView } from './sessions.ts';
import { openState, type State } from './state.ts';

const MOST_SESSIONS = 8;

/**
 * Keys to run EM in: those that bring pairs together far more often than chance would (their pairs are dense in true
 * ones), taken so that every field is left free at least three times where the data allow.
 */
export function chooseTrainingKeys(
  fields: readonly Field[],
  plan: Plan,
  rows: number,
  pairs: number,
  u: readonly (readonly number[])[],
): number[] {
  const index = new Map(fields.map((field, f) => [field.spec.name, f]));
  const enough = Math.max(15, rows * 0.01);
  const rated = plan.reports.map((report, k) => {
    const inKey = new Set(
      plan.keys[k]!.key.parts.flatMap((part) => (part.also ? [part.field, part.also] : [part.field])),
    );
    let chance = pairs;
    for (const name of inKey) chance *= u[index.get(name)!]![0]!;
    return { k, inKey, pairs: report.pairs, lift: report.pairs / (chance + report.pairs * 0.01 + 1) };
  });
  const usable = rated.filter((key) => key.pairs >= enough && key.pairs <= Math.max(rows * 5, 20_000));
  usable.sort((a, b) => b.lift - a.lift || a.pairs - b.pairs || a.k - b.k);
  const uses = new Map<string, number>();
  const chosen: typeof usable = [];
  // A field may stand in at most two keys at first, so that the keys differ and each field is free in most.
  for (const most of [1, 2, 3]) {
    for (const key of usable) {
      if (chosen.length >= MOST_SESSIONS) break;
      if (chosen.includes(key) || [...key.inKey].some((name) => (uses.get(name) ?? 0) >= most)) continue;
      chosen.push(key);
      for (const name of key.inKey) uses.set(name, (uses.get(name) ?? 0) + 1);
    }
  }
  return chosen.map((key) => key.k);
}

/**
 * Worth of making a match for the first, second, third time. A sample only shows matches some key makes; keys that repeat
 * each other on these catch more of those that were not seen.
 */
const WORTH = [1, 0.3, 0.1];
/** Candidate pairs looked at while keys are chosen. */
const MOST_SAMPLED = 400_000;
/** A key must alone bring at least this share of the expected matches to be kept. */
const LEAST_GAIN = 0.0003;
/** … and one more match in so many of its pairs. */
const LEAST_YIELD = 1 / 20_000;

/**
 * Least costly set of keys that together make the expected matches (greedy weighted set cover, then keys that later ones
 * made needless are dropped). One even sample of pairs by hash serves all keys, so each pair is scored once.
 */
export function chooseKeys(view: TrainingView, plan: Plan, state: State, budget: number): number[] {
  const usable = plan.reports
    .map((_, k) => k)
    .filter((k) => plan.reports[k]!.pairs > 0 && plan.reports[k]!.pairs <= budget / 3);
  const total = usable.reduce((sum, k) => sum + plan.reports[k]!.pairs, 0);
  const rate = Math.min(1, MOST_SAMPLED / Math.max(total, 1));
  const matches = sampleMatches(view, plan, state, usable, rate);
  const covers = usable.map((k) => {
    const { codes } = plan.keys[k]!;
    return matches.map(({ a, b }) => sharedCode(codes, a, b) !== 0);
  });
  const all = matches.reduce((sum, match) => sum + match.p, 0);
  const times = new Uint16Array(matches.length);
  /** What key i adds where the other chosen keys make match m `times[m] - own` times. */
  const gainOf = (i: number, own: number): number =>
    matches.reduce((sum, { p }, m) => (covers[i]![m] ? sum + p * (WORTH[times[m]! - own] ?? 0) : sum), 0);
  const chosen: number[] = [];
  let spent = 0;
  for (;;) {
    let best = -1;
    let bestValue = 0;
    for (let i = 0; i < usable.length; i++) {
      const { pairs } = plan.reports[usable[i]!]!;
      if (chosen.includes(i) || spent + pairs > budget) continue;
      const gain = gainOf(i, 0);
      if (gain < all * LEAST_GAIN || gain / rate < pairs * LEAST_YIELD) continue;
      // Root of the cost: a slightly dearer key that finds much more spares several narrow ones.
      const value = gain / Math.sqrt(pairs);
      if (value > bestValue) {
        best = i;
        bestValue = value;
      }
    }
    if (best < 0) break;
    chosen.push(best);
    spent += plan.reports[usable[best]!]!.pairs;
    for (let m = 0; m < matches.length; m++) if (covers[best]![m]) times[m]!++;
  }
  for (const i of [...chosen]) {
    if (gainOf(i, 1) >= all * LEAST_GAIN) continue; // its loss would be felt
    chosen.splice(chosen.indexOf(i), 1);
    for (let m = 0; m < matches.length; m++) if (covers[i]![m]) times[m]!--;
  }
  return chosen.map((i) => usable[i]!);
}

type Match = { a: number; b: number; p: number };

function sampleMatches(view: TrainingView, plan: Plan, state: State, usable: readonly number[], rate: number): Match[] {
  const { table, linking, seed, levelsOf, fields } = view;
  const bound = rate * 2 ** 32;
  const seen = new Set<number>();
  const levels = new Uint8Array(fields.length);
  const { weigh } = openState(state);
  const out: Match[] = [];
  for (const k of usable) {
    const planned = plan.keys[k]!;
    forEachPair([planned], 0, 0, planned.blocks.codes.length, linking ? table.source : null, (a, b) => {
      if (rate < 1 && hashPair(hashPair(a, b), seed) >= bound) return;
      const pair = a * table.size + b;
      if (seen.has(pair)) return;
      seen.add(pair);
      levelsOf(a, b, levels);
      const p = 1 / (1 + 2 ** -weigh(levels));
      if (p > 0.2) out.push({ a, b, p });
    });
  }
  return out;
}
