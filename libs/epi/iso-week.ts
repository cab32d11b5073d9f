/**
 * ISO 8601 weeks (Monday to Sunday; week 1 holds the year's first Thursday), on plain day numbers:
 * days since 1970-01-01, no time zone. A year has 52 or 53 weeks; 2020 and 2026 have 53.
 */

/** A week of the ISO calendar; `year` is the week-year, which may differ from the calendar year around New Year. */
export type IsoWeek = { year: number; week: number };

/** Days since 1970-01-01 of a date "YYYY-MM-DD"; NaN if it is no date. */
export function dayNumber(date: string): number {
  const m = /^(\d{4})-(\d{2})-(\d{2})$/.exec(date);
  if (!m) return Number.NaN;
  const ms = Date.UTC(Number(m[1]), Number(m[2]) - 1, Number(m[3]));
  const back = new Date(ms);
  return back.getUTCMonth() + 1 === Number(m[2]) && back.getUTCDate() === Number(m[3]) ? ms / 864e5 : Number.NaN;
}

/** The date "YYYY-MM-DD" of a day number. */
export function dateOfDay(day: number): string {
  return new Date(day * 864e5).toISOString().slice(0, 10);
}

/** 0 = Monday … 6 = Sunday. 1970-01-01 was a Thursday. */
export function weekday(day: number): number {
  return (((day + 3) % 7) + 7) % 7;
}

/** The ISO week that a day lies in. */
export function isoWeekOfDay(day: number): IsoWeek {
  const thursday = day - weekday(day) + 3;
  const year = new Date(thursday * 864e5).getUTCFullYear();
  return { year, week: Math.floor((thursday - Date.UTC(year, 0, 1) / 864e5) / 7) + 1 };
}

/** Day number of the Monday of an ISO week. */
export function mondayOf(week: IsoWeek): number {
  const january4 = Date.UTC(week.year, 0, 4) / 864e5;
  return january4 - weekday(january4) + (week.week - 1) * 7;
}

/** 52 or 53. */
export function weeksInIsoYear(year: number): number {
  return isoWeekOfDay(Date.UTC(year, 11, 28) / 864e5).week;
}

/** The same calendar day n years before; 29 February becomes 1 March in a common year (as mktime and R's seq.Date do). */
export function yearsBefore(day: number, years: number): number {
  const d = new Date(day * 864e5);
  return Date.UTC(d.getUTCFullYear() - years, d.getUTCMonth(), d.getUTCDate()) / 864e5;
}

/**
 * The day n years before that falls on the same weekday, the nearest such day. Counting 52 units back drifts by a week
 * for every 53-week year passed; going back by date does not.
 */
export function sameWeekdayYearsBefore(day: number, years: number): number {
  const target = yearsBefore(day, years);
  const shift = (((day - target) % 7) + 7) % 7;
  return shift <= 3 ? target + shift : target + shift - 7;
}

/**
 * Places dated counts on an unbroken weekly axis: weeks without a report become gaps (NaN), counts of the same week add up.
 * @param days day number of each report
 * @param counts count of each report
 * @returns Monday of the first week, and one count per week, 53-week years included
 */
export function weeklySeries(
  days: ArrayLike<number>,
  counts: ArrayLike<number>,
): { mondays: Int32Array; counts: Float64Array } {
  if (days.length === 0) return { mondays: new Int32Array(0), counts: new Float64Array(0) };
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < days.length; i++) {
    first = Math.min(first, days[i]! - weekday(days[i]!));
    last = Math.max(last, days[i]! - weekday(days[i]!));
  }
  const n = (last - first) / 7 + 1;
  const mondays = Int32Array.from({ length: n }, (_, i) => first + 7 * i);
  const out = new Float64Array(n).fill(Number.NaN);
  for (let i = 0; i < days.length; i++) {
    const at = (days[i]! - weekday(days[i]!) - first) / 7;
    out[at] = (Number.isNaN(out[at]!) ? 0 : out[at]!) + counts[i]!;
  }
  return { mondays, counts: out };
}
