import { levelsOf, windowsOf } from './judge.ts';
import type { Lists, Topic } from './model.ts';
import { wholeRegion } from './places.ts';
import type { Point } from './tables/counts.ts';

const dayMs = 86_400_000;
export const numberOf = (day: string): number => Date.parse(`${day}T00:00:00Z`) / dayMs;
export const textOf = (day: number): string => new Date(day * dayMs).toISOString().slice(0, 10);
/** Ten years, as the recommended method takes at most. */
export const historyDays = 10 * 364;

/** One topic of one channel in one area; `counts` are 7-day windows (see `windowsOf`), the last ends on the day judged. */
export type Series = {
  topic: Topic;
  area: string;
  measure: 'count' | 'level';
  counts: Float64Array;
  /** The same windows of all other areas together, aligned at the end. */
  rest?: Float64Array;
};
export type Heard = { channel: string; institution: number; day: string };

/** The days on which a channel spoke in an area. An outside department that reports one topic has spoken of that topic only, also when it says zero. */
function heardDaysOf(
  lists: Lists,
  areaOf: Map<number, string>,
  all: Point[],
  heard: Heard[],
): Map<string, Set<number>> {
  const days = new Map<string, Set<number>>();
  const note = (key: string, area: string, day: number): void => {
    for (const where of [area, wholeRegion]) {
      const known = days.get(`${key} ${where}`);
      if (known) known.add(day);
      else days.set(`${key} ${where}`, new Set([day]));
    }
  };
  for (const { channel, institution, day } of heard) note(channel, areaOf.get(institution) ?? '', numberOf(day));
  const outside = new Set(lists.channels.filter(({ kind }) => kind === 'outside').map(({ code }) => code));
  for (const { channel, topic, area, day } of all)
    if (outside.has(channel)) note(`${channel} ${topic}`, area, numberOf(day));
  return days;
}

/**
 * Every series that has spoken at all: topic x area, and each topic for the region as a whole.
 * @param to number of the day judged (days since 1970)
 */
export function seriesOf(
  lists: Lists,
  areaOf: Map<number, string>,
  all: Point[],
  heard: Heard[],
  to: number,
): Series[] {
  const heardAt = heardDaysOf(lists, areaOf, all, heard);
  const values = new Map<string, Map<number, number>>();
  for (const { channel, topic, area, day, n } of all) {
    const at = numberOf(day);
    for (const where of [area, wholeRegion]) {
      const key = `${channel}\t${topic}\t${where}`;
      const days = values.get(key) ?? new Map<number, number>();
      values.set(key, days.set(at, (days.get(at) ?? 0) + n));
    }
  }
  const series = [...values].flatMap(([key, days]): Series[] => {
    const [channel = '', code = '', area = ''] = key.split('\t');
    const topic = lists.topics.find((row) => row.channel === channel && row.code === code);
    const about = lists.channels.find((row) => row.code === channel);
    // A level measured at places has no sum over places.
    if (!topic || !about || (about.measure === 'level' && area === wholeRegion)) return [];
    const known = heardAt.get(about.kind === 'record' ? `${channel} ${area}` : `${channel} ${code} ${area}`);
    if (!known) return [];
    let from = to - historyDays + 1;
    let first = to;
    for (const day of known) if (day < first) first = day;
    for (const day of days.keys()) if (day < first) first = day;
    if (first > from) from = first;
    const value = (day: number): number | null => days.get(day) ?? (known.has(day) ? 0 : null);
    const counts =
      about.measure === 'level'
        ? levelsOf((day) => days.get(day) ?? null, from, to)
        : windowsOf(value, from, to, Math.ceil(5 / about.cadenceDays));
    return [{ topic, area, measure: about.measure, counts }];
  });
  return withRest(series);
}

/** Gives every area's counts those of the rest of the region: the region's less its own; a gap of either is a gap. */
export function withRest(all: Series[]): Series[] {
  const whole = new Map(
    all
      .filter(({ area, measure }) => area === wholeRegion && measure === 'count')
      .map(({ topic, counts }) => [topic, counts]),
  );
  return all.map((series) => {
    const region = series.area === wholeRegion ? undefined : whole.get(series.topic);
    if (!region || series.measure === 'level' || region.length < series.counts.length) return series;
    const lead = region.length - series.counts.length;
    return { ...series, rest: series.counts.map((count, index) => (region[lead + index] as number) - count) };
  });
}
