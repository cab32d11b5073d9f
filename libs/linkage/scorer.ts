import type { NameReader } from './compare/chinese-name.ts';
import { alternatives, type Field, foldValue, levelOf, MISSING, openFields } from './compare/field.ts';
import { bearsOut, type Doubt, type DoubtFields, doubtFields, doubtOf } from './doubts.ts';
import { type FieldModel, type Model, type Rival, rivalWeight } from './model.ts';
import type { LinkageRecord } from './schema.ts';

/** One value ready for scoring: folded form and rarity in bits (0 = as common as values usually are). */
export type PreparedValue = { text: string; rarity: number };
/** A record ready for scoring: per field its alternatives, empty where missing. Prepare once, score often. */
export type Prepared = readonly (readonly PreparedValue[])[];

/** Evidence of one field for one pair. `level` is 255 where a value is missing. */
export type Evidence = { level: number; weight: number; rarity: number };

/** A model opened for scoring. */
export type Scorer = {
  model: Model;
  fields: readonly Field[];
  rarityOf: (field: number, folded: string) => number;
  priorWeight: number;
  dependences: readonly { a: number; b: number; bits: number }[];
  agrees: readonly (readonly boolean[])[];
  rivals: readonly OpenRival[];
  doubts: DoubtFields | null;
};

/** A rival class against strangers, in bits: at the start, and per field and level. `inherits`: what such people share is as rare for them as for one person. */
export type OpenRival = {
  code: Rival['code'];
  sharing: readonly number[];
  start: number;
  bits: readonly (readonly number[])[];
  inherits: readonly (readonly boolean[])[];
};

/** Share of a level from which it is taken for something shared (home, telephone, surname), not for chance. */
const SHARED = 0.03;

/** Levels on which a name is one name, whatever the hand that wrote it. */
const ONE_NAME = new Set(['exact', 'variant', 'same-sound', 'same-words', 'not-yet-named']);

/**
 * Twins, to a machine: two valid numbers of one area and birth date, and a name that is not plainly one. Such a pair is
 * vetoed in the number field whatever else agrees; -1 where it is not such a pair.
 */
export function twinField(fields: readonly Field[], levelAt: (field: number) => number): number {
  const codeAt = (f: number): string => (levelAt(f) === MISSING ? '' : fields[f]!.levels[levelAt(f)]!.code);
  for (let f = 0; f < fields.length; f++) {
    if (fields[f]!.spec.check !== 'mod11-2' || codeAt(f) !== 'both-valid-same-stem') continue;
    const differs = fields.some(({ spec }, n) => {
      const isName = spec.kind === 'chinese-name' || spec.kind === 'full-name' || spec.kind === 'name';
      return isName && codeAt(n) !== '' && !ONE_NAME.has(codeAt(n));
    });
    if (differs) return f;
  }
  return -1;
}

/** Opens a model. `names` replaces the knowledge of Chinese characters. */
export function openScorer(model: Model, names?: NameReader): Scorer {
  const fields = openFields(model.schema.fields, names);
  const index = new Map(fields.map((field, i) => [field.spec.name, i]));
  const rarities = model.fields.map((field) => rarityTable(field));
  return {
    model,
    fields,
    rarityOf: (field, folded) => rarities[field]!(folded),
    priorWeight: Math.log2(model.prior / (1 - model.prior)),
    dependences: model.dependences.map(({ a, b, bits }) => ({ a: index.get(a)!, b: index.get(b)!, bits })),
    agrees: model.fields.map((field) => field.levels.map((level) => level.agrees)),
    rivals: (model.rivals ?? []).map((rival) => openRival(model, rival)),
    doubts: doubtFields(fields),
  };
}

function openRival(model: Model, rival: Rival): OpenRival {
  return {
    code: rival.code,
    sharing: rival.sharing.map((name) => model.fields.findIndex((field) => field.field === name)),
    start: Math.log2(rival.share),
    bits: rival.levels.map((row, f) => row.map((share, level) => rivalWeight(model.fields[f]!.levels[level]!, share))),
    inherits: rival.levels.map((row, f) =>
      row.map((share, level) => model.fields[f]!.levels[level]!.agrees && share > SHARED),
    ),
  };
}

/** Rarity = log2(usual share of agreement by chance / share of this value). */
function rarityTable(field: FieldModel): (folded: string) => number {
  if (field.frequencies === null) return () => 0;
  const usual = field.levels[0]!.u;
  const values = new Map(
    Object.entries(field.frequencies.values).map(([text, share]) => [text, Math.log2(usual / share)]),
  );
  const rest = Math.log2(usual / field.frequencies.rest);
  return (folded) => values.get(folded) ?? rest;
}

/** Folds a record and looks its rarities up. About a microsecond per field. */
export function prepare(scorer: Scorer, record: LinkageRecord): Prepared {
  return scorer.fields.map((field, f) => prepareValue(scorer, f, foldValue(field, record[field.spec.name])));
}

export function prepareValue(scorer: Scorer, field: number, folded: string): PreparedValue[] {
  return alternatives(folded).map((text) => ({ text, rarity: scorer.rarityOf(field, text) }));
}

/** Weight of a level for two values of given rarity. Near levels never outweigh equality of the commoner value. */
export function levelWeight(model: FieldModel, level: number, rarityA: number, rarityB: number): number {
  const found = model.levels[level]!;
  if (found.rarity === 0) return found.weight;
  const common = Math.min(rarityA, rarityB);
  if (level === 0) return found.weight + common;
  return Math.min(found.weight + found.rarity * (common - found.rarityBase), model.levels[0]!.weight + common);
}

/** Best evidence among the alternatives of both sides. */
export function compareValues(
  scorer: Scorer,
  f: number,
  a: readonly PreparedValue[],
  b: readonly PreparedValue[],
): Evidence {
  let best: Evidence = { level: MISSING, weight: 0, rarity: 0 };
  for (const left of a) {
    for (const right of b) {
      const level = levelOf(scorer.fields[f]!, left.text, right.text);
      const weight = levelWeight(scorer.model.fields[f]!, level, left.rarity, right.rarity);
      if (best.level === MISSING || weight > best.weight) {
        best = { level, weight, rarity: weight - scorer.model.fields[f]!.levels[level]!.weight };
      }
    }
  }
  return best;
}

/** Evidence of every field, the exchange of two fields included. */
export function comparePrepared(scorer: Scorer, a: Prepared, b: Prepared): Evidence[] {
  return scorer.fields.map((field, f) => {
    const own = compareValues(scorer, f, a[f]!, b[f]!);
    if (field.partner < 0 || own.level !== field.levels.length - 1) return own;
    const crossed = crossing(a[f]!, b[field.partner]!) ?? crossing(b[f]!, a[field.partner]!);
    if (crossed === null) return own;
    const weight = levelWeight(scorer.model.fields[f]!, field.swapped, crossed, crossed);
    return { level: field.swapped, weight, rarity: weight - scorer.model.fields[f]!.levels[field.swapped]!.weight };
  });
}

/** Rarity of the value both sides hold, or null. Lists cross only as a whole, as in the columns of a table. */
function crossing(a: readonly PreparedValue[], b: readonly PreparedValue[]): number | null {
  if (a.length === 0 || a.length !== b.length) return null;
  return a.every((left, i) => left.text === b[i]!.text) ? a[0]!.rarity : null;
}

/** Bits for pairs of fields that agree together. */
export function dependenceBits(scorer: Scorer, agreesAt: (field: number) => boolean): number {
  let bits = 0;
  for (const dependence of scorer.dependences) {
    if (agreesAt(dependence.a) && agreesAt(dependence.b)) bits += dependence.bits;
  }
  return bits;
}

/** Bits to take off because the pair may belong to a rival class instead: 0 or less. */
export function rivalBits(
  scorer: Scorer,
  levelAt: (field: number) => number,
  rarityAt: (field: number) => number,
  ties: number,
): number {
  if (scorer.rivals.length === 0) return 0;
  let others = 1;
  for (const rival of scorer.rivals) {
    const isShared = (f: number): boolean => levelAt(f) !== MISSING && scorer.agrees[f]![levelAt(f)]!;
    if (!rival.sharing.some(isShared)) continue;
    let odds = rival.start + ties;
    for (let f = 0; f < rival.bits.length; f++) {
      const level = levelAt(f);
      if (level !== MISSING) odds += rival.bits[f]![level]! + (rival.inherits[f]![level]! ? rarityAt(f) : 0);
    }
    others += 2 ** odds;
  }
  return -Math.log2(others);
}

export type PairScore = {
  /** Log2 odds that both records are one entity: prior + fields + dependences + rivals. */
  weight: number;
  probability: number;
  evidence: Evidence[];
  /** Names of fields whose level is listed under `veto` in the schema, or marks twins (`twinField`). */
  vetoes: string[];
  /** Whether only a person may link the pair, whatever its weight, and why (`doubtOf`). */
  doubtful: boolean;
  doubt: Doubt | null;
};

/** Scores two prepared records; a few microseconds. Symmetric. */
export function scorePair(scorer: Scorer, a: Prepared, b: Prepared): PairScore {
  const evidence = comparePrepared(scorer, a, b);
  let weight = scorer.priorWeight;
  const vetoes: string[] = [];
  for (let f = 0; f < evidence.length; f++) {
    const { level, weight: bits } = evidence[f]!;
    weight += bits;
    const spec = scorer.fields[f]!.spec;
    if (level !== MISSING && spec.veto?.includes(scorer.fields[f]!.levels[level]!.code)) vetoes.push(spec.name);
  }
  const twins = twinField(scorer.fields, (f) => evidence[f]!.level);
  if (twins >= 0 && !vetoes.includes(scorer.fields[twins]!.spec.name)) vetoes.push(scorer.fields[twins]!.spec.name);
  const agrees = (f: number): boolean => evidence[f]!.level !== MISSING && scorer.agrees[f]![evidence[f]!.level]!;
  const ties = dependenceBits(scorer, agrees);
  weight += ties + pairRivalBits(scorer, evidence, ties);
  const doubt = doubtOf(
    scorer.fields,
    scorer.doubts,
    (f) => evidence[f]!.level,
    agrees,
    bearsItself(scorer, a) && bearsItself(scorer, b),
  );
  return { weight, probability: 1 / (1 + 2 ** -weight), evidence, vetoes, doubtful: doubt !== null, doubt };
}

/** A record of one number that is valid and bears the record's own birth date. */
function bearsItself({ fields, doubts }: Scorer, record: Prepared): boolean {
  if (doubts === null || doubts.birth < 0) return false;
  const [[number, another] = [], [birth] = []] = [record[doubts.number], record[doubts.birth]];
  if (!number || another || !birth) return false;
  return bearsOut(fields[doubts.number]!, number.text, birth.text);
}

/** As `rivalBits`, from the evidence of a pair. */
export function pairRivalBits(scorer: Scorer, evidence: readonly Evidence[], ties: number): number {
  return rivalBits(
    scorer,
    (f) => evidence[f]!.level,
    (f) => evidence[f]!.rarity,
    ties,
  );
}
