import type { Pool } from '../../../kit/pool.ts';
import { factsOf, systemScope } from '../../store/index.ts';
import type { Source } from '../model.ts';

export type OpenEncounter = { subject: bigint; institution: number; since: string | null; class: string | null };
type Encounter = {
  status?: string;
  class?: { code?: string };
  period?: { start?: string; end?: string };
  identifier?: { system?: string; value?: string }[];
};
type Visit = { subject: bigint; institution: number; said: Encounter };

const under = new Set(['arrived', 'triaged', 'in-progress', 'onleave']);
const stays = new Set(['IMP', 'ACUTE', 'NONAC', 'OBSENC', 'SS']);
const dayMs = 86_400_000;

/**
 * Who of these is at a visit now. A stay is open until it is closed; a visit without a bed, which few hospitals ever close, counts for a day from
 * its beginning. An institution that merges two of its registrations while somebody stays goes on about that visit under the number that is left:
 * what it says there counts, not what the retired number said last.
 */
export async function openEncountersOf(
  pool: Pool,
  people: readonly Pick<Source, 'id' | 'mergedInto'>[],
  now: number,
): Promise<OpenEncounter[]> {
  const ids = people.map(({ id }) => id);
  const facts = await factsOf(pool, systemScope, ids, ['Encounter'], 500);
  const visits = facts.flatMap(({ body, subject, institution }): Visit[] =>
    subject === null ? [] : [{ subject, institution, said: JSON.parse(body) as Encounter }],
  );
  const retired = new Set(people.flatMap(({ id, mergedInto }) => (mergedInto === null ? [] : [id])));
  const goesOn = new Set(visits.filter(({ subject }) => !retired.has(subject)).flatMap(numbersOf));
  return visits.flatMap((visit) => {
    const { subject, institution, said } = visit;
    if (retired.has(subject) && numbersOf(visit).some((number) => goesOn.has(number))) return [];
    const { status, class: kind, period } = said;
    if (!status || !under.has(status) || period?.end) return [];
    const began = Date.parse(period?.start ?? '');
    const stay = stays.has(kind?.code ?? '');
    if (!stay && !(Number.isFinite(began) && now - began < dayMs)) return [];
    return [{ subject, institution, since: period?.start ?? null, class: kind?.code ?? null }];
  });
}

/** A visit number means one visit only at the institution that gave it. */
const numbersOf = ({ institution, said }: Visit): string[] =>
  (said.identifier ?? []).flatMap(({ system = '', value }) => (value ? [`${institution}|${system}|${value}`] : []));
