import { type KeyReport, type PlannedKey, planKeys } from './blocking/plan.ts';
import { estimateRecall, type RecallEstimate } from './blocking/recall.ts';
import { agglomerate, type Clustering, type ClusterOptions } from './cluster/agglomerate.ts';
import { matchOneToOne } from './cluster/one-to-one.ts';
import { findPairs, type ScoredPairs } from './find-pairs.ts';
import type { Model } from './model.ts';
import { findPairsInParallel } from './parallel.ts';
import { automaticGroups, chooseQuestions, provenNumbers, type Reason, type Review } from './review.ts';
import { openScorer } from './scorer.ts';
import type { Table } from './table/table.ts';
import { openRowScorer } from './table/weights.ts';

export type RunOptions = {
  threads?: number;
  /** Pairs from this weight (bits) up are kept; lower ones are counted and dropped. Default: the review bound, 6 bits lower. */
  keep?: number;
  mostBlockPairs?: number;
  clustering?: ClusterOptions;
  /** Linking two files: each record in one link at most. */
  oneToOne?: boolean;
  /** Questions that people can answer, per record: the likeliest are asked, the rest counted. Default: 1 in 100. */
  capacity?: number;
};

/** What a registry can usually look at: one question in a hundred records. */
const CAPACITY = 0.01;

export type RunReport = {
  rows: number;
  comparisons: number;
  comparisonsWithoutBlocking: number;
  kept: number;
  keys: KeyReport[];
  /** Pairs of oversize blocks that no refinement saved. Other keys may still have made some of them. */
  skippedPairs: number;
  recall: RecallEstimate;
  /** Milliseconds: planning, scoring, clustering, estimating recall. Zero where the caller gave no clock. */
  milliseconds: { plan: number; score: number; cluster: number; recall: number };
};

export type Outcome = {
  pairs: ScoredPairs;
  clustering: Clustering;
  /** Positions in `pairs` of the one-to-one links; null when not asked for. */
  links: number[] | null;
  /** Group of each row by automatic links alone (lowest row): within a cluster, what may stand without a person. */
  automatic: Int32Array;
  /** What a person should look at, and what is left. */
  review: Review;
  /** Blocking keys with the code of every row, for judging what was offered for comparison. */
  keys: PlannedKey[];
  report: RunReport;
};

/** Plans, scores and clusters a table with a model. `clock` (milliseconds) only fills the report. */
export async function run(
  model: Model,
  table: Table,
  options: RunOptions = {},
  clock: () => number = () => 0,
): Promise<Outcome> {
  const linking = model.trainedOn.linking;
  const scorer = openScorer(model);
  const keep = options.keep ?? model.thresholds.review - 6;
  const t0 = clock();
  const plan = planKeys(scorer.fields, table, model.keys, linking, options.mostBlockPairs ?? 30_000);
  const t1 = clock();
  const { pairs, compared } =
    (options.threads ?? 1) > 1
      ? await findPairsInParallel(model, table, plan.keys, linking, keep, options.threads!)
      : findPairs(scorer, table, plan.keys, linking, keep);
  const t2 = clock();
  const rows = openRowScorer(scorer, table);
  const score = (a: number, b: number) => ({ weight: rows.weight(a, b), vetoed: rows.vetoed() });
  const clusterOptions = { link: model.thresholds.link, ...options.clustering };
  const links = options.oneToOne ? matchOneToOne(table.size, pairs, model.thresholds.link) : null;
  const clustering = links
    ? clusterLinks(table.size, pairs, links)
    : agglomerate(table.size, pairs, score, clusterOptions);
  const t3 = clock();
  const recall = estimateRecall(table, plan.keys, pairs, (a, b) => rows.weight(a, b), {
    linking,
    least: model.thresholds.link,
    seed: model.trainedOn.seed,
  });
  const t4 = clock();
  let first = 0;
  if (linking) while (first < table.size && table.source[first] === 0) first++;
  const report: RunReport = {
    rows: table.size,
    comparisons: compared,
    comparisonsWithoutBlocking: linking ? first * (table.size - first) : (table.size * (table.size - 1)) / 2,
    kept: pairs.a.length,
    keys: plan.reports,
    skippedPairs: plan.reports.reduce((sum, key) => sum + key.skippedPairs, 0),
    recall,
    milliseconds: { plan: t1 - t0, score: t2 - t1, cluster: t3 - t2, recall: t4 - t3 },
  };
  const { clusterOf } = clustering;
  const oneAtHome = (a: number, b: number): boolean => {
    rows.weight(a, b);
    return rows.oneAtHome();
  };
  const numbers = provenNumbers(scorer.fields, table);
  const automatic = automaticGroups(table.size, pairs, clusterOf, model.thresholds, numbers, oneAtHome);
  const reasonOf = (at: number): Reason => {
    const [a, b] = [pairs.a[at]!, pairs.b[at]!];
    const weight = rows.weight(a, b);
    if (rows.vetoed()) return 'veto';
    const doubt = rows.doubt();
    if (doubt !== null) return doubt;
    if (weight < model.thresholds.automatic) return 'weight';
    return clusterOf[a] === clusterOf[b] ? 'numbers' : 'cluster';
  };
  const most = Math.floor((options.capacity ?? CAPACITY) * table.size);
  const review = chooseQuestions(pairs, automatic, model.thresholds, most, reasonOf);
  return { pairs, clustering, links, automatic, review, keys: plan.keys, report };
}

function clusterLinks(size: number, pairs: ScoredPairs, links: readonly number[]): Clustering {
  const clusterOf = new Int32Array(size);
  for (let row = 0; row < size; row++) clusterOf[row] = row;
  for (const at of links) clusterOf[pairs.b[at]!] = pairs.a[at]!;
  return { clusterOf, refused: [], contradictions: [] };
}
