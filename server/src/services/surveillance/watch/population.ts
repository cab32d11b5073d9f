import { areaAt } from '@hutong/china';
import { type Call, type Caller, type Refusal, type Reply, refuse } from '../../../core/access/index.ts';
import type { Identity } from '../../../core/identity/index.ts';
import type { Pool } from '../../../kit/pool.ts';
import { dayOf } from '../decide.ts';
import type { SurveillanceDoor } from '../routes.ts';
import { dropDailyCounts, populationsOn, savePopulations } from '../tables/population.ts';

/** Counts the registered residents of each home area. */
export async function countPopulation(
  door: { pool: Pool; identity: Pick<Identity, 'countByArea'> },
  today: string,
  at: Date,
): Promise<void> {
  const counts = await door.identity.countByArea();
  const items = [...counts].map(([area, n]) => ({ area, n }));
  await savePopulations(door.pool, 'registered', today, items, null, 'platform', at);
  await dropDailyCounts(door.pool, today);
}

export async function populationList(door: SurveillanceDoor, { now }: Call): Promise<Reply> {
  return { body: { items: [...(await populationsOn(door.pool, dayOf(now))).values()] } };
}

/** Official figures (census, statistics bureau) per area from a day on; they win over counts of the index. */
export async function enterPopulation(door: SurveillanceDoor, call: Call): Promise<Reply | Refusal> {
  const caller = call.caller as Caller;
  const { validFrom, note, items } = call.body as {
    validFrom: string;
    note: string;
    items: { area: string; n: number }[];
  };
  const problems = items.flatMap(({ area }, index) =>
    areaAt(area, validFrom)?.listed
      ? []
      : [{ line: index + 1, zh: '当日没有这个行政区划代码', en: 'no area has this code on that day' }],
  );
  if (new Set(items.map(({ area }) => area)).size < items.length)
    problems.push({ line: 0, zh: '同一地区重复', en: 'an area stands twice' });
  if (problems.length > 0)
    return refuse(
      'HT-INPUT-001',
      { zh: '未保存任何内容', en: 'Nothing was stored' },
      { problems: problems.slice(0, 50) },
    );
  await savePopulations(
    door.pool,
    'official',
    validFrom,
    items,
    note,
    `${caller.kind} ${caller.id}`,
    new Date(call.now),
  );
  call.look({ action: 'update', what: `official population of ${items.length} areas`, ground: 'administration' });
  return { status: 201, body: { items: items.length } };
}
