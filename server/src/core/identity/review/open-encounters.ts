import type { Pool } from '../../../kit/pool.ts';
import { factsOf, systemScope } from '../../store/index.ts';

export type OpenEncounter = { subject: bigint; institution: number; since: string | null; class: string | null };
type Encounter = { status?: string; class?: { code?: string }; period?: { start?: string; end?: string } };

const under = new Set(['arrived', 'triaged', 'in-progress', 'onleave']);
const stays = new Set(['IMP', 'ACUTE', 'NONAC', 'OBSENC', 'SS']);
const dayMs = 86_400_000;

/**
 * Who of these is at a visit now. A stay is open until it is closed; a visit without a bed, which few hospitals ever close, counts for a day from
 * its beginning.
 */
export async function openEncountersOf(pool: Pool, subjects: readonly bigint[], now: number): Promise<OpenEncounter[]> {
  const facts = await factsOf(pool, systemScope, [...subjects], ['Encounter'], 500);
  return facts.flatMap(({ body, subject, institution }) => {
    const { status, class: kind, period } = JSON.parse(body) as Encounter;
    if (subject === null || !status || !under.has(status) || period?.end) return [];
    const began = Date.parse(period?.start ?? '');
    const stay = stays.has(kind?.code ?? '');
    if (!stay && !(Number.isFinite(began) && now - began < dayMs)) return [];
    return [{ subject, institution, since: period?.start ?? null, class: kind?.code ?? null }];
  });
}
