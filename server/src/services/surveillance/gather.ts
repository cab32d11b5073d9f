import type { Lists, Topic } from './model.ts';
import { wholeRegion } from './places.ts';
import type { CountWindow, HeardWindow } from './tables/windows.ts';

const dayMs = 86_400_000;
export const numberOf = (day: string): number => Date.parse(`${day}T00:00:00Z`) / dayMs;
export const textOf = (day: number): string => new Date(day * dayMs).toISOString().slice(0, 10);
/** Ten years, as the recommended method takes at most. */
export const historyDays = 10 * 364;

/** One topic of one channel in one area; `counts` are 7-day windows (of a level, the mean of what was measured), the last ends on the day judged; NaN is a gap. */
export type Series = {
  topic: Topic;
  area: string;
  measure: 'count' | 'level';
  counts: Float64Array;
  /** The same windows of all other areas together, aligned at the end. */
  rest?: Float64Array;
};
/** What was counted and heard in 7-day windows, and how many days back each began. */
type Windows<T> = { first: number; at: Map<number, T> };

function windowsBy<T extends { window: number; first: number }>(
  rows: T[],
  key: (row: T) => string,
): Map<string, Windows<T>> {
  const groups = new Map<string, Windows<T>>();
  for (const row of rows) {
    const known = groups.get(key(row)) ?? { first: 0, at: new Map<number, T>() };
    known.first = Math.max(known.first, row.first);
    groups.set(key(row), known);
    known.at.set(row.window, row);
  }
  return groups;
}

/**
 * Every series that has spoken at all: topic x area, and each topic for the region as a whole. A window with too few known days is a gap: fewer than
 * five, or for a department that speaks once a week, none. A day is known when the channel was heard in the area, or when it was counted; an outside
 * department that reports one topic has spoken of that topic only, also when it says zero.
 */
export function seriesOf(lists: Lists, counted: CountWindow[], heard: HeardWindow[]): Series[] {
  const heardAt = windowsBy(heard, ({ channel, area }) => `${channel}\t${area}`);
  const series = [...windowsBy(counted, ({ channel, topic, area }) => `${channel}\t${topic}\t${area}`)].flatMap(
    ([key, sums]): Series[] => {
      const [channel = '', code = '', area = ''] = key.split('\t');
      const topic = lists.topics.find((row) => row.channel === channel && row.code === code);
      const about = lists.channels.find((row) => row.code === channel);
      // A level measured at places has no sum over places.
      if (!topic || !about || (about.measure === 'level' && area === wholeRegion)) return [];
      const ears = about.kind === 'record' ? heardAt.get(`${channel}\t${area}`) : null;
      if (ears === undefined) return [];
      const length = Math.floor((Math.max(sums.first, ears?.first ?? 0) + 1) / 7);
      const least = Math.ceil(5 / about.cadenceDays);
      const counts = Float64Array.from({ length }, (_, index) => {
        const window = length - 1 - index;
        const { n, days, unheard } = sums.at.get(window) ?? { n: 0, days: 0, unheard: 0 };
        if (about.measure === 'level') return days > 0 ? n / days : Number.NaN;
        return (ears ? (ears.at.get(window)?.days ?? 0) + unheard : days) >= least ? n : Number.NaN;
      });
      return [{ topic, area, measure: about.measure, counts }];
    },
  );
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
