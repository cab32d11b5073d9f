import type { MatchGrade } from '@hutong/contract/identity.ts';
import { scorePair } from '@hutong/linkage';
import type { Queryable } from '../../../kit/pool.ts';
import { contradiction } from '../decide/claims.ts';
import { namesFit } from '../decide/names-fit.ts';
import type { SourceRow } from '../tables/find.ts';
import { type Found, findCandidates, keysOf, type Looks } from './find-candidates.ts';
import { type OpenModel, preparePerson } from './judge.ts';
import type { Comparable } from './records.ts';

export type Matched = { resident: bigint; best: SourceRow; grade: MatchGrade; weight: number; score: number };
export type Answer = { matches: Matched[]; skipped: number };

/** A number, or a name with a birth date or a telephone: less would search, not recognise. */
export const suffices = ({ names, birthDate, numbers, documents, phones }: Comparable): boolean =>
  numbers.length > 0 || documents.length > 0 || (names.length > 0 && (birthDate !== null || phones.length > 0));

/** The number is the same, and nothing that was asked contradicts what is known with it. */
function sameByNumber(asked: Comparable, known: SourceRow, person: Comparable): boolean {
  const number = asked.numbers[0];
  if (!number || known.number !== number || contradiction(number, known) !== null) return false;
  if (contradiction(number, asked) !== null) return false;
  return asked.names.length > 0 && namesFit(asked.names, person.names);
}

function gradeOf(
  model: OpenModel,
  weight: number,
  vetoed: boolean,
  byNumber: boolean,
  contradicted: boolean,
): MatchGrade {
  const { automatic, review } = model.thresholds;
  if (byNumber || (weight >= automatic && !vetoed && !contradicted)) return 'certain';
  if (weight >= (automatic + review) / 2) return 'probable';
  return weight >= review ? 'possible' : 'certainly-not';
}

/** Who this may be: residents by their best registration, strongest first. Whoever is certainly somebody else is left out. */
export async function matchPerson(
  db: Queryable,
  model: OpenModel,
  asked: Comparable,
  looks?: Looks,
): Promise<Answer & Pick<Found, 'candidates'>> {
  const { candidates, of, skipped } = await findCandidates(db, model, [keysOf(db, asked)], [], looks);
  const prepared = preparePerson(model, asked);
  const byResident = new Map<bigint, Matched>();
  for (const id of of[0] ?? []) {
    const candidate = candidates.get(id);
    if (!candidate) continue;
    const { source, person } = candidate;
    const { weight, probability, vetoes, doubtful } = scorePair(model.scorer, prepared, candidate.prepared);
    const number = asked.numbers[0];
    const contradicted = Boolean(number && source.number === number && contradiction(number, source) !== null);
    const byNumber = sameByNumber(asked, source, person);
    const grade = gradeOf(model, weight, vetoes.length > 0 || doubtful, byNumber, contradicted);
    const known = byResident.get(source.resident);
    const better =
      !known ||
      (grade === 'certain' && known.grade !== 'certain') ||
      (weight > known.weight && known.grade !== 'certain');
    if (grade !== 'certainly-not' && better)
      byResident.set(source.resident, {
        resident: source.resident,
        best: source,
        grade,
        weight,
        score: byNumber ? Math.max(probability, 0.999) : probability,
      });
  }
  const order = ['certain', 'probable', 'possible'];
  const matches = [...byResident.values()].sort(
    (a, b) =>
      order.indexOf(a.grade) - order.indexOf(b.grade) || b.weight - a.weight || (a.resident < b.resident ? -1 : 1),
  );
  return { matches, skipped: skipped.length, candidates };
}

/** What somebody without the right to trace may learn: one person, and only if it is certainly this one and no other. */
export function withoutTracing(matches: readonly Matched[]): Matched[] {
  const certain = matches.filter(({ grade }) => grade === 'certain');
  return certain.length === 1 ? certain : [];
}
