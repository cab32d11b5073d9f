import { areaAt } from '@hutong/china';
import type { Lists } from './model.ts';

export type Named = { zh: string; en: string };

/** The region as a whole has a code of its own among areas. */
export const wholeRegion = 'region';

/** An area's name on a day; the whole region's; the code itself for one that the table does not know. */
export function areaName(code: string, day: string): Named {
  if (code === wholeRegion) return { zh: '全域', en: 'the whole region' };
  const found = areaAt(code, day)?.area;
  return { zh: found?.zh ?? (code || '地区不详'), en: found?.en ?? (code || 'area unknown') };
}

export const topicName = (lists: Lists, channel: string, topic: string): Named => {
  const found =
    lists.topics.find((row) => row.channel === channel && row.code === topic) ??
    lists.diseases.find(({ code }) => code === topic);
  return { zh: found?.zh ?? topic, en: found?.en ?? topic };
};
export const channelName = (lists: Lists, channel: string): Named => {
  const found = lists.channels.find(({ code }) => code === channel);
  return { zh: found?.zh ?? channel, en: found?.en ?? channel };
};

/**
 * Whether counts of a day may carry this code. Systems keep the code of a merged area for a while: it is taken for two years after its end,
 * and stays a series of its own; later, and for a code that was never issued, it is a mistake.
 */
export function isArea(code: string, day: string): boolean {
  const found = areaAt(code, day);
  if (!found || found.area.synthetic) return false;
  if (found.listed) return true;
  const { until } = found.area;
  return until !== null && `${Number(until.slice(0, 4)) + 2}${until.slice(4)}` >= day.slice(0, 7);
}

/** Whether a code that counts of a day may carry is that of an area which was merged or renamed before. */
export const isFormerArea = (code: string, day: string): boolean =>
  isArea(code, day) && areaAt(code, day)?.listed === false;
