import { MISSING } from './compare/field.ts';
import { probabilityOf } from './model.ts';
import { type Prepared, pairRivalBits, type Scorer, scorePair } from './scorer.ts';
import {
  COMMON_SENTENCE,
  DEPENDENCE_SENTENCE,
  LEVEL_SENTENCES,
  PRIOR_SENTENCE,
  RARE_SENTENCE,
  RIVAL_SENTENCE,
  type Sentence,
} from './sentences.ts';

/** One step of the waterfall: bits added and where the sum then stands. */
export type Step = {
  kind: 'prior' | 'field' | 'rarity' | 'dependence' | 'rival';
  field: string | null;
  /** Code of the level; `missing` where a side has no value. */
  level: string | null;
  bits: number;
  sum: number;
  zh: string;
  en: string;
};

export type Waterfall = { steps: Step[]; weight: number; probability: number; vetoes: string[] };

/** Why a pair scores as it does: prior, then each field by size of its weight, rarity apart, then what must not count twice, then who else it could be. The last sum is the weight. */
export function explainPair(scorer: Scorer, a: Prepared, b: Prepared): Waterfall {
  const { weight, evidence, vetoes } = scorePair(scorer, a, b);
  const steps: Step[] = [];
  let sum = 0;
  const add = (
    kind: Step['kind'],
    f: number | null,
    level: string | null,
    bits: number,
    sentence: Sentence,
    other?: number,
  ): void => {
    sum += bits;
    const field = f === null ? null : scorer.fields[f]!.spec.name;
    steps.push({
      kind,
      field,
      level,
      bits,
      sum,
      zh: fill(scorer, sentence.zh, 'zh', f, other),
      en: fill(scorer, sentence.en, 'en', f, other),
    });
  };
  add('prior', null, null, scorer.priorWeight, PRIOR_SENTENCE);
  const order = evidence
    .map((_, f) => f)
    .sort((x, y) => Math.abs(evidence[y]!.weight) - Math.abs(evidence[x]!.weight) || x - y);
  for (const f of order) {
    const { level, weight: bits, rarity } = evidence[f]!;
    const code = level === MISSING ? 'missing' : scorer.fields[f]!.levels[level]!.code;
    add('field', f, code, bits - rarity, LEVEL_SENTENCES[code]!);
    if (rarity !== 0) add('rarity', f, code, rarity, rarity > 0 ? RARE_SENTENCE : COMMON_SENTENCE);
  }
  const agrees = (f: number): boolean => evidence[f]!.level !== MISSING && scorer.agrees[f]![evidence[f]!.level]!;
  let ties = 0;
  for (const { a: left, b: right, bits } of scorer.dependences) {
    if (!agrees(left) || !agrees(right)) continue;
    add('dependence', left, null, bits, DEPENDENCE_SENTENCE, right);
    ties += bits;
  }
  const rival = pairRivalBits(scorer, evidence, ties);
  if (rival < 0) add('rival', null, null, rival, RIVAL_SENTENCE);
  return { steps, weight, probability: probabilityOf(weight), vetoes };
}

function fill(scorer: Scorer, text: string, language: 'zh' | 'en', field: number | null, other?: number): string {
  const label = (f: number): string => scorer.fields[f]!.spec.label?.[language] ?? scorer.fields[f]!.spec.name;
  let out = text;
  if (field !== null) out = out.replace('{field}', label(field));
  if (other !== undefined) out = out.replace('{other}', label(other));
  return out;
}
