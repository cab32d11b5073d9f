import type { ChannelHealth, ChannelState } from '@hutong/contract/surveillance.ts';
import type { Directory } from '../../core/directory/index.ts';
import type { Pool } from '../../kit/pool.ts';
import { dayOf } from './decide.ts';
import type { Lists } from './model.ts';
import { agreements, channelFacts, heardDays } from './tables/counts.ts';

const dayMs = 86_400_000;
const span = 28;

/** Silent after twice its cadence and a day; late after one and a day. A silent channel is a gap, never a zero. */
export function stateOf(lastDay: string | null, today: string, cadenceDays: number): ChannelState {
  if (lastDay === null) return 'never';
  const age = (Date.parse(today) - Date.parse(lastDay)) / dayMs;
  return age <= cadenceDays + 1 ? 'healthy' : age <= 2 * cadenceDays + 1 ? 'late' : 'silent';
}

/** Completeness and delay per channel over the last 28 days. An institution is expected from the first day on which it was heard. */
export async function channelHealth(
  door: { pool: Pool; directory: Directory; lists: Lists },
  now: number,
): Promise<ChannelHealth[]> {
  const today = dayOf(now);
  const days = Array.from({ length: span }, (_, back) => dayOf(now - (span - 1 - back) * dayMs));
  const from = days[0] as string;
  const [facts, heard, agreed] = await Promise.all([
    channelFacts(door.pool, from, today),
    heardDays(door.pool, from, today),
    agreements(door.pool),
  ]);
  return door.lists.channels.map(({ code, zh, en, kind, cadenceDays, departmentZh, departmentEn }) => {
    const fact = facts.find(({ channel }) => channel === code);
    const mine = heard.filter(({ channel }) => channel === code);
    const byInstitution = new Map<number, string[]>();
    for (const { institution, day } of mine)
      byInstitution.set(institution, [...(byInstitution.get(institution) ?? []), day]);
    const lastDay =
      kind === 'record'
        ? (mine
            .map(({ day }) => day)
            .sort()
            .at(-1) ?? null)
        : (fact?.lastDay ?? null);
    const counts = new Map(fact?.days.map(({ day, n }) => [day, n]));
    const heardOn = new Set(mine.map(({ day }) => day));
    const expected = [...byInstitution.values()].map(
      (list) => days.filter((day) => day >= (list.toSorted()[0] as string)).length,
    );
    const firstOutside = fact?.days[0]?.day;
    const due =
      kind === 'record'
        ? expected.reduce((sum, n) => sum + n, 0)
        : firstOutside
          ? Math.ceil(days.filter((day) => day >= firstOutside).length / cadenceDays)
          : 0;
    const got = kind === 'record' ? mine.length : (fact?.days.length ?? 0);
    return {
      code,
      zh,
      en,
      kind,
      department: { zh: departmentZh, en: departmentEn },
      cadenceDays,
      state: stateOf(lastDay, today, cadenceDays),
      lastAt: fact?.lastAt?.toISOString() ?? null,
      lastDay,
      delayMedianHours: fact?.delayMedianHours ?? null,
      delayP90Hours: fact?.delayP90Hours ?? null,
      completeness: due > 0 ? Math.min(1, got / due) : null,
      silentInstitutions: [...byInstitution.values()].filter(
        (list) => stateOf(list.toSorted().at(-1) ?? null, today, 3) === 'silent',
      ).length,
      days: days.map((day) => ({ day, n: counts.get(day) ?? (kind === 'record' && heardOn.has(day) ? 0 : null) })),
      agreements: agreed.filter(({ channel }) => channel === code).length,
    };
  });
}
