import { dateOfDay, dayNumber } from '@hutong/epi';
import type { EstimateBody } from '../tables/estimates.ts';
import { type DayCase, nowcastOf } from './nowcast.ts';
import { fewestInWindow, forecastOf, rtOf } from './renewal.ts';
import type { Interval } from './serial-intervals.ts';
import { whyNot } from './why-not.ts';

export const estimateDays = 90;
export const fewestCases = 20;
const shownDays = 56;
const freshDays = 10;

/**
 * Nowcast, reproduction number and forecast of one disease in one area, or why each is not given.
 * @param cases of the last {@link estimateDays} days by day of onset and of receipt; @param heard days on which any institution was heard
 */
export function estimateOf(
  cases: DayCase[],
  heard: ReadonlySet<number>,
  interval: Interval | null,
  today: number,
): EstimateBody {
  const recent = cases.filter(({ event }) => event > today - shownDays).reduce((sum, { n }) => sum + n, 0);
  const from = today - estimateDays + 1;
  const silentDays = Array.from({ length: 14 }, (_, back) => today - back).filter((day) => !heard.has(day));
  const nothing: EstimateBody = {
    cases: recent,
    rt: null,
    refused: null,
    serialInterval: interval,
    nowcast: null,
    nowcastRefused: null,
    rtSeries: null,
    rtRefused: null,
    forecast: null,
    forecastRefused: null,
    excluded: 0,
  };
  const refused =
    recent < fewestCases
      ? whyNot['too-few-cases'](recent, fewestCases)
      : silentDays.length > 3
        ? whyNot.silent(silentDays.length)
        : null;
  if (refused) return { ...nothing, refused, nowcastRefused: refused, rtRefused: refused, forecastRefused: refused };
  const { days, refused: nowcastRefused, excluded } = nowcastOf(cases, from, today);
  if (!days)
    return {
      ...nothing,
      refused: nowcastRefused,
      nowcastRefused,
      rtRefused: nowcastRefused,
      forecastRefused: nowcastRefused,
      excluded,
    };
  const gaps = new Set<string>();
  for (let day = from; day <= today; day++) if (!heard.has(day)) gaps.add(dateOfDay(day));
  const shown = { ...nothing, excluded, nowcast: days.slice(-shownDays) };
  if (!interval) {
    const why = whyNot['no-serial-interval']();
    return { ...shown, refused: why, rtRefused: why, forecastRefused: why };
  }
  const rt = rtOf(days, interval, gaps);
  if (!rt.series) return { ...shown, refused: rt.refused, rtRefused: rt.refused, forecastRefused: rt.refused };
  const { day, median, low, high } = rt.series.at(-1) as (typeof rt.series)[0];
  // An old figure is no figure for today: the curve stays to be looked at.
  if (dayNumber(day) < today - freshDays) {
    const why = whyNot['window-too-small'](fewestInWindow, freshDays);
    return { ...shown, refused: why, rtRefused: why, rtSeries: rt.series.slice(-shownDays), forecastRefused: why };
  }
  return {
    ...shown,
    rt: { day, median, low, high },
    rtSeries: rt.series.slice(-shownDays),
    forecast: forecastOf(days, rt.series, interval, today),
  };
}
