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
  const known = new Map(heard.map(({ area, week, days }) => [`${area} ${week}`, days]));
  const sums = new Map<string, { n: number; days: number }>();
  for (const { area, week, n, days } of cells) {
    const key = `${place(area)} ${week}`;
    const before = sums.get(key);
    sums.set(key, { n: (before?.n ?? 0) + n, days: Math.max(before?.days ?? 0, days) });
  }
  const wanted = (area: string): boolean => scope.area === everyArea || area === scope.area;
  const found = [...new Set(cells.map(({ area }) => place(area)))].filter(wanted).sort();
  // One area that has had no case is a series of zeros, not nothing.
  const areas = found.length === 0 && scope.area !== everyArea ? [scope.area] : found;
  const least = Math.ceil(5 / about.cadenceDays);
  return areas.map((area) => ({
    area,
    counts: Float64Array.from({ length: windows }, (_, week) => {
      const sum = sums.get(`${area} ${week}`);
      const isHeard =
        about.kind === 'record' ? isKnownWeek(known.get(`${area} ${week}`) ?? 0, 7) : (sum?.days ?? 0) >= least;
      return isHeard ? (sum?.n ?? 0) : Number.NaN;
    }),
  }));
}
