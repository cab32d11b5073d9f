import type { BlockingKey, Schema } from './schema.ts';

export const MODEL_FORMAT = 'hutong-linkage-model';
export const MODEL_VERSION = 1;

/** m: share of this level among true pairs; u: among pairs of strangers; weight = log2(m/u), smoothed to fall with distance. */
export type LevelModel = {
  code: string;
  m: number;
  u: number;
  weight: number;
  rarity: number;
  /** Mean rarity (bits) of strangers' pairs on this level: what rarity is measured against. */
  rarityBase: number;
  agrees: boolean;
};

export type FieldModel = {
  field: string;
  levels: LevelModel[];
  /** Share of records by value, most frequent first; a value not listed has the share `rest`. Null: rarity not used. */
  frequencies: { values: Record<string, number>; rest: number } | null;
};

/** Two fields that agree together among strangers more than independence allows (household, place): bits added once when both agree. */
export type Dependence = { a: string; b: string; bits: number };

/**
 * A class of pairs that are neither one entity nor strangers, and that looks like one entity: people of one household, twins.
 * Evidence counts only as far as it speaks for "the same" more than for these.
 */
export type Rival = {
  code: 'household' | 'twins';
  /** Names of the fields that make a home: a pair is in the class only where one of them agrees. */
  sharing: string[];
  /** Share of all pairs. */
  share: number;
  /** Share of each level, per field. */
  levels: number[][];
};

/**
 * Bits of a level for a rival against strangers. Where knowledge keeps the weight of "same" below what was measured (a
 * ceiling), it holds that strangers are oftener there than seen: then they are so for the rival too.
 */
export function rivalWeight(level: LevelModel, share: number): number {
  return Math.log2(share / Math.max(level.u, level.m * 2 ** -level.weight));
}

export type Thresholds = {
  /** Weight (log2 odds) from which a pair is linked. 0 = more likely the same than not. */
  link: number;
  /** From here up to the automatic bound a person should look. */
  review: number;
  /** From here on a link may be made without a person. */
  automatic: number;
};

/** Everything needed to score again elsewhere: plain JSON. */
export type Model = {
  format: typeof MODEL_FORMAT;
  version: typeof MODEL_VERSION;
  schema: Schema;
  /** Probability that two records taken at random belong to one entity. */
  prior: number;
  trainedOn: { records: number; linking: boolean; seed: number };
  fields: FieldModel[];
  dependences: Dependence[];
  /** Absent: none. */
  rivals?: Rival[];
  keys: BlockingKey[];
  thresholds: Thresholds;
};

export type ModelReading =
  | { ok: true; model: Model }
  | { ok: false; reason: 'not-json' | 'not-a-model' | 'unknown-version' | 'incomplete' };

export function writeModel(model: Model): string {
  return JSON.stringify(model);
}

export function readModel(text: string): ModelReading {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { ok: false, reason: 'not-json' };
  }
  if (typeof value !== 'object' || value === null || (value as Model).format !== MODEL_FORMAT) {
    return { ok: false, reason: 'not-a-model' };
  }
  const model = value as Model;
  if (model.version !== MODEL_VERSION) return { ok: false, reason: 'unknown-version' };
  const complete =
    Array.isArray(model.schema?.fields) &&
    Array.isArray(model.fields) &&
    model.fields.length === model.schema.fields.length &&
    model.fields.every((field, i) => field.field === model.schema.fields[i]!.name && Array.isArray(field.levels)) &&
    Array.isArray(model.dependences) &&
    Array.isArray(model.keys) &&
    (model.rivals === undefined || Array.isArray(model.rivals)) &&
    typeof model.prior === 'number' &&
    typeof model.thresholds?.link === 'number';
  return complete ? { ok: true, model } : { ok: false, reason: 'incomplete' };
}

/** Log2 odds to probability. */
export function probabilityOf(weight: number): number {
  return 1 / (1 + 2 ** -weight);
}

/** Probability to log2 odds. */
export function weightOf(probability: number): number {
  return Math.log2(probability / (1 - probability));
}
