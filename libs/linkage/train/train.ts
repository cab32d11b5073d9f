import { candidateKeys } from '../blocking/candidates.ts';
import { type Plan, planKeys } from '../blocking/plan.ts';
import type { NameReader } from '../compare/chinese-name.ts';
import { type Field, openFields } from '../compare/field.ts';
import { type FieldModel, MODEL_FORMAT, MODEL_VERSION, type Model } from '../model.ts';
import type { BlockingKey, Schema } from '../schema.ts';
import { allPairs, sampleTable } from '../table/sample.ts';
import type { Table } from '../table/table.ts';
import { chooseKeys, chooseTrainingKeys } from './choose-keys.ts';
import { measureDependences } from './dependence.ts';
import { measureFrequencies } from './frequencies.ts';
import { countPatterns, levelShares, type Patterns } from './patterns.ts';
import { estimateRival, startRivals } from './rivals.ts';
import {
  joinSessions,
  openView,
  patternsOfKey,
  runSession,
  type Session,
  startShares,
  type TrainingView,
} from './sessions.ts';
import { expectMatches, type State } from './state.ts';
import { measureStrangers, type Strangers } from './strangers.ts';
import { chooseThresholds } from './thresholds.ts';
import { holdSame, levelModels, strangersShare } from './weights.ts';

export type TrainOptions = {
  /** Two files are linked; pairs within a file are not compared. */
  linking?: boolean;
  seed?: number;
  /** Rows used for training (frequencies always use all). Default: 100,000, beyond a million as many as keep the true pairs among them. */
  mostRows?: number;
  /** Candidate pairs per record the chosen keys may make together. */
  pairsPerRecord?: number;
  /** Pairs one block may make before it is refined with a further field. */
  mostBlockPairs?: number;
  names?: NameReader;
};

export type TrainingReport = {
  rows: number;
  sessions: { key: string; pairs: number; expectedMatches: number; rounds: number }[];
  expectedMatches: number;
};

export type Training = { model: Model; report: TrainingReport };

/** Candidate pairs any table may have: a second or two of scoring. */
const FREE_PAIRS = 1_000_000;
const DEFAULTS = { seed: 20_260_101, pairsPerRecord: 60, mostBlockPairs: 30_000 };
/** A sample of one row in k holds one true pair in k * k. */
const rowsFor = (size: number): number => Math.round(100_000 * Math.sqrt(Math.max(1, size / 1_000_000)));

/** Learns a model without any labelled pair. Same table, options and seed: same model, byte for byte. */
export function train(schema: Schema, whole: Table, options: TrainOptions = {}): Training {
  const { seed, pairsPerRecord, mostBlockPairs } = { ...DEFAULTS, ...options };
  const mostRows = options.mostRows ?? rowsFor(whole.size);
  const linking = options.linking ?? false;
  const fields = openFields(schema.fields, options.names);
  const table = sampleTable(whole, mostRows, seed);
  // Pairs among a sample of rows thin out with the square of the sampling rate.
  const thinning = (table.size / Math.max(whole.size, 1)) ** 2;
  const blockPairs = Math.max(10, mostBlockPairs * thinning);
  const pairs = Math.max(1, allPairs(table, linking));
  const view = openView(fields, table, linking, seed);
  const strangers = measureStrangers(view);
  const start = startShares(fields);
  const u0 = strangers.shares.map((row, f) => strangersShare(row, start[f]!, 0, strangers.seen[f]!));

  const priced = planKeys(fields, table, schema.keys ?? candidateKeys(fields), linking, blockPairs);
  const sessions: Session[] = chooseTrainingKeys(fields, priced, table.size, pairs, u0).map((k) =>
    runSession(view, priced.keys[k]!, priced.reports[k]!.name, priced.reports[k]!.pairs, u0),
  );
  const m0 = joinSessions(fields, sessions);
  const expected0 = Math.max(1, ...sessions.map((session) => session.result.expectedMatches));
  let state = assemble(fields, strangers, m0, expected0 / pairs, [], []);

  // Where one person has many records, true pairs alone may outnumber a flat allowance per record.
  const allowance = Math.max(pairsPerRecord * whole.size, FREE_PAIRS) * thinning + 10 * expected0;
  const budget = Math.max(allowance, 2 * table.size);
  const chosen: readonly number[] = schema.keys
    ? schema.keys.map((_, k) => k)
    : chooseKeys(view, priced, state, budget);
  const plan: Plan = { keys: chosen.map((k) => priced.keys[k]!), reports: chosen.map((k) => priced.reports[k]!) };
  const candidates = candidatePatterns(view, plan);
  const refined = refine(fields, strangers, candidates, pairs, state);
  state = refined.state;

  // Other records of the same entity that a record meets on average, in the whole table.
  const repeats = ((refined.matches / thinning) * 2) / Math.max(whole.size, 1);
  const keys: BlockingKey[] = plan.keys.map((planned) => planned.key);
  const model: Model = {
    format: MODEL_FORMAT,
    version: MODEL_VERSION,
    schema: { fields: schema.fields, keys },
    prior: state.prior,
    trainedOn: { records: whole.size, linking, seed },
    fields: state.fields.map((field, f) => ({
      ...field,
      frequencies: measureFrequencies(fields[f]!, whole, f, repeats),
    })),
    dependences: state.dependences,
    rivals: [...state.rivals],
    keys,
    thresholds: { link: 0, review: -3, automatic: 10 },
  };
  model.thresholds = chooseThresholds(model, view, plan, options.names);
  const report: TrainingReport = {
    rows: table.size,
    sessions: sessions.map((session) => ({
      key: session.name,
      pairs: session.pairs,
      expectedMatches: session.result.expectedMatches,
      rounds: session.result.rounds,
    })),
    expectedMatches: refined.matches / thinning,
  };
  return { model, report };
}

function assemble(
  fields: readonly Field[],
  strangers: Strangers,
  m: readonly (readonly number[])[],
  prior: number,
  dependences: Model['dependences'],
  rivals: State['rivals'],
): State {
  const models = fields.map((field, f): FieldModel => {
    const same = holdSame(field, m[f]!);
    const u = strangersShare(strangers.shares[f]!, same, prior, strangers.seen[f]!);
    // Rarity is log2(usual share of agreement / share of the value); commonness is log2(1 / share).
    const usual = Math.log2(u[0]!);
    const base = strangers.commonness[f]!.map((bits) => (Number.isNaN(bits) ? 0 : bits + usual));
    return { field: field.spec.name, levels: levelModels(field, same, u, base), frequencies: null };
  });
  return { fields: models, prior, dependences, rivals };
}

function candidatePatterns(view: TrainingView, plan: Plan): Patterns {
  const counter = countPatterns(view.fields.length);
  const most = 600_000 / Math.max(1, plan.keys.length);
  for (let k = 0; k < plan.keys.length; k++) {
    const found = patternsOfKey(view, plan.keys, k, plan.reports[k]!.pairs, most);
    for (let p = 0; p < found.counts.length; p++) counter.add(found.levels[p]!, found.counts[p]!);
  }
  return counter.finish();
}

/** Rounds without rivals, then with them: they are looked for once the true pairs stand out. */
const ROUNDS_ALONE = 5;
const ROUNDS = 25;

/** Fits prior, m, rivals and dependences on all candidate pairs together, u being held by the random pairs. */
function refine(
  fields: readonly Field[],
  strangers: Strangers,
  candidates: Patterns,
  pairs: number,
  from: State,
): { state: State; matches: number } {
  let state = from;
  const sizes = fields.map((field) => field.levels.length);
  let matches = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const expected = expectMatches(state, candidates);
    matches = expected.matches;
    const prior = Math.min(0.5, Math.max(matches, 0.5) / pairs);
    const before = state.fields.map((field) => field.levels.map((level) => level.m));
    const m = levelShares(candidates, sizes, (p) => expected.same[p]! * candidates.counts[p]!, before, 8);
    const rivals =
      round === ROUNDS_ALONE
        ? startRivals(fields, state.fields, candidates, expected.same, pairs)
        : state.rivals.map((rival, r) => {
            const belongs = (p: number): number => expected.rivals[r]![p]!;
            return estimateRival(rival.code, fields, state.fields, candidates, belongs, pairs);
          });
    // Rivals explain what strangers seemed to share: were the ties kept, they would go on claiming those pairs.
    const dependences =
      round === ROUNDS_ALONE && rivals.length > 0
        ? []
        : measureDependences(state.fields, strangers.patterns, candidates, expected, pairs);
    const settled = Math.abs(Math.log2(prior / state.prior)) < 1e-4;
    state = assemble(
      fields,
      strangers,
      m,
      prior,
      dependences,
      rivals.filter((rival) => rival.share > 0),
    );
    if (settled && round > ROUNDS_ALONE + (state.rivals.length > 0 ? 5 : 0)) break;
  }
  return { state, matches };
}
