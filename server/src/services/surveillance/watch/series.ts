import type { RuleScope } from '@hutong/contract/watch.ts';
import { dateOfDay } from '@hutong/epi';
import type { DetectionDoor } from '../detection.ts';
import { wholeRegion } from '../places.ts';
import { areaWeeks, heardWeeks } from '../tables/watch-counts.ts';
import type { TestSeries } from './back-test.ts';
import { isKnownWeek } from './weeks.ts';

/** Every area by itself. */
export const everyArea = '*';
const tenYears = 10 * 52;

/**
 * The 7-day windows that end today, as detection judges them: one series for an area or the region, one per area for '*'. A window is a gap when
 * nobody was heard on five of its days (a weekly channel: once).
 */
export async function scopeSeries(
  door: DetectionDoor,
  scope: RuleScope,
  today: number,
  windows = tenYears,
): Promise<TestSeries[]> {
  const about = door.lists.channels.find(({ code }) => code === scope.channel);
  if (!about) return [];
  const start = today - windows * 7 + 1;
  const span = [dateOfDay(start), dateOfDay(today)] as const;
  const isRegion = scope.area === wholeRegion;
  const place = (area: string): string => (isRegion ? wholeRegion : area);
  const institutions = door.directory.institutions().map(({ id, area }) => ({ id, area: place(area) }));
  const [cells, heard] = await Promise.all([
    areaWeeks(door.pool, scope.channel, scope.topic, ...span),
    about.kind === 'record' ? heardWeeks(door.pool, scope.channel, institutions, ...span) : [],
  ]);
  // Sums, days with a count and days on which somebody was heard, per window: some ten thousand rows a topic.
  const blank = () => ({
    n: new Float64Array(windows),
    days: new Uint16Array(windows),
    heard: new Uint16Array(windows),
  });
  const byArea = new Map<string, ReturnType<typeof blank>>();
  const of = (area: string): ReturnType<typeof blank> => {
    const known = byArea.get(area) ?? blank();
    byArea.set(area, known);
    return known;
  };
  for (const { area, week, n, days } of cells) {
    const sums = of(place(area));
    sums.n[week] = (sums.n[week] as number) + n;
    sums.days[week] = Math.max(sums.days[week] as number, days);
  }
  const counted = new Set(byArea.keys());
  for (const { area, week, days } of heard) of(area).heard[week] = days;
  const wanted = (area: string): boolean => scope.area === everyArea || area === scope.area;
  const found = [...counted].filter(wanted).sort();
  // One area that has had no case is a series of zeros, not nothing.
  const areas = found.length === 0 && scope.area !== everyArea ? [scope.area] : found;
  const least = Math.ceil(5 / about.cadenceDays);
  return areas.map((area) => {
    const { n, days, heard: known } = of(area);
    const isHeard = (week: number): boolean =>
      about.kind === 'record' ? isKnownWeek(known[week] as number, 7) : (days[week] as number) >= least;
    return { area, counts: n.map((sum, week) => (isHeard(week) ? sum : Number.NaN)) };
  });
}
