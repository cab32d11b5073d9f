import type { Estimate, EstimateSummary } from '@hutong/contract/watch.ts';
import { type Call, type Refusal, type Reply, refuse } from '../../../core/access/index.ts';
import { dayOf } from '../decide.ts';
import { areaName, topicName } from '../places.ts';
import type { SurveillanceDoor } from '../routes.ts';
import { estimateBy, estimateHeads } from '../tables/estimates.ts';

export async function estimateList(door: SurveillanceDoor, { now }: Call): Promise<Reply> {
  const day = dayOf(now);
  const items = (await estimateHeads(door.pool)).map(
    ({ disease, area, madeAt, cases, rt, refused }): EstimateSummary => ({
      disease: { code: disease, ...topicName(door.lists, 'cases', disease) },
      area: { code: area, ...areaName(area, day) },
      madeAt: madeAt.toISOString(),
      cases,
      rt,
      refused,
    }),
  );
  return { body: { items } };
}

export async function estimate(door: SurveillanceDoor, { query, now }: Call): Promise<Reply | Refusal> {
  const found = await estimateBy(door.pool, query.disease ?? '', query.area ?? '');
  if (!found) return refuse('HT-INPUT-004');
  const body: Estimate = {
    ...found.body,
    disease: { code: found.disease, ...topicName(door.lists, 'cases', found.disease) },
    area: { code: found.area, ...areaName(found.area, dayOf(now)) },
    madeAt: found.madeAt.toISOString(),
  };
  return { body };
}
