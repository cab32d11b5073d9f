import type { SpanCount, WeekName } from '@hutong/contract/watch.ts';
import {
  dateOfDay,
  dayNumber,
  type IsoWeek,
  isoWeekOfDay,
  mondayOf,
  sameWeekdayYearsBefore,
  weekday,
} from '@hutong/epi';

/** First and last day (numbers since 1970-01-01, both inside). */
export type Span = { from: number; to: number };
export const spanTexts = ({ from, to }: Span): { from: string; to: string } => ({
  from: dateOfDay(from),
  to: dateOfDay(to),
});

/** The ISO week that holds a day, as screens name it; a running week ends on its Sunday all the same. */
export function weekName(day: number): WeekName {
  const { year, week } = isoWeekOfDay(day);
  const monday = day - weekday(day);
  return { year, week, from: dateOfDay(monday), to: dateOfDay(monday + 6) };
}

/**
 * This week so far and what it is held against: the same weekdays of the week before, and of the nearest such week a year before. Going back
 * by date, not by 52 weeks or by the week's number, so that a year of 53 weeks shifts nothing and week 53 has a partner.
 */
export function comparison(today: number): { now: Span; before: Span; yearBefore: Span } {
  const monday = today - weekday(today);
  const past = sameWeekdayYearsBefore(monday, 1);
  return {
    now: { from: monday, to: today },
    before: { from: monday - 7, to: today - 7 },
    yearBefore: { from: past, to: past + weekday(today) },
  };
}

/** Mondays of the last `count` weeks, oldest first; the week that holds `today` is the last. */
export function mondaysBack(today: number, count: number): number[] {
  const monday = today - weekday(today);
  return Array.from({ length: count }, (_, index) => monday - (count - 1 - index) * 7);
}

/** Reads `2026-W48`. @returns null when there is no such week (week 53 of a year of 52) */
export function readWeek(text: string): IsoWeek | null {
  const found = /^(\d{4})-W(\d{2})$/.exec(text);
  if (!found) return null;
  const wanted = { year: Number(found[1]), week: Number(found[2]) };
  const there = isoWeekOfDay(mondayOf(wanted));
  return there.year === wanted.year && there.week === wanted.week ? wanted : null;
}

/** A sum over the days of a span on which somebody was heard: null when nobody was, on any of them. */
export function spanCount(span: Span, count: (day: number) => number, known: (day: number) => boolean): SpanCount {
  let n = 0;
  let heard = 0;
  for (let day = span.from; day <= span.to; day++) {
    if (!known(day)) continue;
    heard++;
    n += count(day);
  }
  return { n: heard > 0 ? n : null, known: heard, days: span.to - span.from + 1 };
}

/** Five of seven days, and in a running week the same share: fewer known days make the week a gap. */
export const isKnownWeek = (known: number, days: number): boolean => known > 0 && known >= Math.ceil((days * 5) / 7);

/** Sums of weeks, oldest first; a week with too few known days is a gap. */
export function weekSums(
  mondays: number[],
  today: number,
  count: (day: number) => number,
  known: (day: number) => boolean,
): (number | null)[] {
  return mondays.map((monday) => {
    const span = { from: monday, to: Math.min(monday + 6, today) };
    const found = spanCount(span, count, known);
    return isKnownWeek(found.known, found.days) ? found.n : null;
  });
}

export const numberOfDay = (day: string): number => dayNumber(day);
