import { parseNewbornName } from '@hutong/china';
import {
  type Model,
  openScorer,
  type PairScore,
  type Prepared,
  prepare,
  type Scorer,
  scorePair,
} from '@hutong/linkage';
import type { Source } from '../model.ts';
import { type Comparable, linkageRecordOf, matchSchema } from './records.ts';

export type OpenModel = { version: string; scorer: Scorer; thresholds: { review: number; automatic: number } };

/** People from whom the registrations of a region are drawn, however few of them have arrived yet. */
const leastPopulation = 10_000_000;

/**
 * Opens a model for an index of `size` sources. The more people there are, the less likely two taken at random are one: the prior learnt on a few
 * thousand records is scaled to the population, so that a weight means the same odds at any size.
 */
export function openModel(version: string, model: Model, size = 0): OpenModel {
  const population = Math.max(leastPopulation, 2 ** Math.ceil(Math.log2(size + 1)), model.trainedOn.records);
  const thinner = model.trainedOn.records / population;
  return {
    version,
    scorer: openScorer({
      ...model,
      // What forbids a link is a rule of the house, whatever a model was trained with.
      schema: { ...model.schema, fields: matchSchema.fields },
      prior: model.prior * thinner,
      ...(model.rivals && { rivals: model.rivals.map((rival) => ({ ...rival, share: rival.share * thinner })) }),
    }),
    thresholds: { review: model.thresholds.review, automatic: model.thresholds.automatic },
  };
}

export const preparePerson = ({ scorer }: OpenModel, person: Comparable): Prepared =>
  prepare(scorer, linkageRecordOf(person));

export type Verdict = { outcome: 'link' | 'review' | 'apart'; reason: string; weight: number; probability: number };

/** Children of one birth that have no names yet: two of them are never one. */
function differentBirthOrder(a: Comparable, b: Comparable): boolean {
  const [left, right] = [a, b].map(({ names }) => names.map(parseNewbornName).find((found) => found !== null));
  return Boolean(left?.order && right?.order && left.order !== right.order);
}

/** A newborn without a name beside a child that has one: the name says nothing, so the rest must. */
function oneUnnamed(a: Comparable, b: Comparable): boolean {
  const unnamed = [a, b].map(({ names }) => names.length > 0 && names.every((name) => parseNewbornName(name) !== null));
  return unnamed[0] !== unnamed[1];
}

type Side = { source: Pick<Source, 'resident' | 'number' | 'how'>; person: Comparable; prepared: Prepared };
const contradictions = new Set(['number-contradicts-birth-date', 'number-contradicts-sex', 'number-contradicts-name']);

/** One number, two residents: somebody's birth date, sex or name speaks against it. Never linked without a person. */
function contradictionOf(a: Side, b: Side): string | null {
  if (!a.source.number || a.source.number !== b.source.number || a.source.resident === b.source.resident) return null;
  return [a.source.how, b.source.how].find((how) => contradictions.has(how)) ?? 'number-contradicts-name';
}

/** What the evidence says of two sources; pure. */
export function judge(model: OpenModel, a: Side, b: Side): Verdict {
  const { thresholds, scorer } = model;
  let score: PairScore = scorePair(scorer, a.prepared, b.prepared);
  const verdict = (outcome: Verdict['outcome'], reason: string): Verdict => ({
    outcome,
    reason,
    weight: score.weight,
    probability: score.probability,
  });
  if (differentBirthOrder(a.person, b.person)) return verdict('apart', 'score');
  const contradicted = contradictionOf(a, b);
  if (contradicted) return verdict('review', contradicted);
  if (oneUnnamed(a.person, b.person)) {
    // 王芳之子 beside 王芳 herself, or beside a sister: the birth dates tell them apart.
    if (a.person.birthDate === null || a.person.birthDate !== b.person.birthDate) return verdict('apart', 'score');
    const nameless = ({ prepared }: Side): Prepared => [[], ...prepared.slice(1)];
    score = scorePair(scorer, nameless(a), nameless(b));
    return verdict(score.weight >= thresholds.review ? 'review' : 'apart', 'same-birth-other-name');
  }
  if (score.weight >= thresholds.automatic && score.vetoes.length === 0 && !score.doubtful)
    return verdict('link', 'score');
  return verdict(score.weight >= thresholds.review ? 'review' : 'apart', 'score');
}
