/**
 * @hutong/linkage: finds the records of one person (or thing) without training data, for any schema.
 *
 * Weights are log2 odds ("bits"): 0 = as likely as not, each bit doubles the odds. Method: Fellegi and Sunter (1969) with
 * EM (Winkler 1988), value frequencies (Winkler 1989), several blocking keys, average-linkage clustering. Pure: seeds are
 * arguments, the same records give the same answer in any order. Only `cli.ts` and `parallel.ts` touch the machine.
 *
 *   tableFromRecords -> train -> run          whole files
 *   openScorer -> prepare -> scorePair        one pair per request, microseconds
 *   openClusterIndex -> place / add           new records against known clusters, no retraining
 */
export type { KeyReport } from './blocking/plan.ts';
export type { RecallEstimate } from './blocking/recall.ts';
export { agglomerate, type Clustering, type ClusterOptions, type RefusedMerge } from './cluster/agglomerate.ts';
export { matchOneToOne } from './cluster/one-to-one.ts';
export type { NameReader } from './compare/chinese-name.ts';
export { readCsv } from './csv.ts';
export { explainPair, type Step, type Waterfall } from './explain.ts';
export type { ScoredPairs } from './find-pairs.ts';
export {
  type Candidate,
  type ClusterIndex,
  type IncrementalOptions,
  openClusterIndex,
  type Placement,
} from './incremental.ts';
export { type Inference, inferSchema } from './infer-schema.ts';
export {
  type Asked,
  judge,
  type Missing,
  rowsById,
  type Truth,
  truthFromGroups,
  truthFromPairs,
  type Verdict,
} from './judge.ts';
export {
  type Dependence,
  type FieldModel,
  type LevelModel,
  type Model,
  type ModelReading,
  probabilityOf,
  type Rival,
  readModel,
  type Thresholds,
  weightOf,
  writeModel,
} from './model.ts';
export { expectedLinks, type Question, type Reason, type Review } from './review.ts';
export { type Outcome, type RunOptions, type RunReport, run } from './run.ts';
export {
  type BlockingKey,
  type CheckRule,
  type FieldKind,
  type FieldSpec,
  type FieldValue,
  type KeyPart,
  keyName,
  type LinkageRecord,
  type Schema,
  type Take,
} from './schema.ts';
export {
  blockingRecall,
  type PairCounts,
  partitionFromPairs,
  reviewShare,
  scoreGroups,
  scorePairs,
  scorePartition,
} from './score.ts';
export {
  type Evidence,
  openScorer,
  type PairScore,
  type Prepared,
  type PreparedValue,
  prepare,
  type Scorer,
  scorePair,
} from './scorer.ts';
export { LEVEL_SENTENCES, type Sentence } from './sentences.ts';
export { readTable, type Table, type TableBuilder, type TableResult } from './table/table.ts';
export { tableFromRecords } from './table-from-records.ts';
export { type Training, type TrainingReport, type TrainOptions, train } from './train/train.ts';
