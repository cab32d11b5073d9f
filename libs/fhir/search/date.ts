// FHIR dates as half-open ranges of epoch milliseconds. A partial date is the whole year, month or day; a date or time
// without a zone is China's (UTC+08:00, which is what Asia/Shanghai means since 1991).

/** The instants a FHIR date covers: from `start` up to, not including, `end`; both epoch milliseconds. */
export type DateRange = { start: number; end: number };

/** Stand-ins for "no beginning" and "no end": the limits of ECMAScript time, which fit a bigint and a Date. */
export const OPEN_START = -8640000000000000;
export const OPEN_END = 8640000000000000;

const CHINA = 8 * 3600000;
const DAY = 86400000;
const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function isLeap(y: number): boolean {
  return y % 4 === 0 && (y % 100 !== 0 || y % 400 === 0);
}

function daysIn(y: number, m: number): number {
  return m === 2 && isLeap(y) ? 29 : (MONTH_DAYS[m - 1] ?? 0);
}

/** Days since 1970-01-01 in the proleptic Gregorian calendar (H. Hinnant, "chrono-compatible low-level date algorithms"). */
function daysFromCivil(year: number, m: number, d: number): number {
  const y = m <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yoe = y - era * 400;
  const doy = Math.floor((153 * (m + (m > 2 ? -3 : 9)) + 2) / 5) + d - 1;
  return era * 146097 + yoe * 365 + Math.floor(yoe / 4) - Math.floor(yoe / 100) + doy - 719468;
}

/** `n` decimal digits of `s` from `at`, or -1. */
function digits(s: string, at: number, n: number): number {
  let v = 0;
  for (let i = at; i < at + n; i++) {
    const c = s.charCodeAt(i) - 48;
    if (!(c >= 0 && c <= 9)) return -1;
    v = v * 10 + c;
  }
  return v;
}

/** Whether the day named by a well-formed FHIR date or dateTime exists. */
export function isCalendarDate(s: string): boolean {
  return s.length < 10 || digits(s, 8, 2) <= daysIn(digits(s, 0, 4), digits(s, 5, 2));
}

/** Offset of 'Z', '+hh:mm' or '-hh:mm' at `at` in milliseconds; China's when there is none; NaN when malformed. */
function zone(s: string, at: number): number {
  if (at === s.length) return CHINA;
  const c = s.charCodeAt(at);
  if (c === 90 && at + 1 === s.length) return 0;
  if ((c !== 43 && c !== 45 && c !== 32) || at + 6 !== s.length || s.charCodeAt(at + 3) !== 58) return Number.NaN;
  const h = digits(s, at + 1, 2);
  const m = digits(s, at + 4, 2);
  if (h < 0 || h > 14 || m < 0 || m > 59) return Number.NaN;
  // A '+' in a URL that nobody escaped arrives as a space.
  return (c === 45 ? -1 : 1) * (h * 3600000 + m * 60000);
}

function timeOfDay(s: string, midnight: number): DateRange | undefined {
  const h = digits(s, 11, 2);
  const min = digits(s, 14, 2);
  if (h < 0 || h > 23 || min < 0 || min > 59 || s.charCodeAt(13) !== 58) return undefined;
  let start = midnight + h * 3600000 + min * 60000;
  let width = 60000;
  let at = 16;
  if (s.charCodeAt(16) === 58) {
    const sec = digits(s, 17, 2);
    if (sec < 0 || sec > 60) return undefined;
    start += sec * 1000;
    width = 1000;
    at = 19;
    if (s.charCodeAt(19) === 46) {
      let unit = 100;
      for (at = 20; at < s.length; at++) {
        const c = s.charCodeAt(at) - 48;
        if (!(c >= 0 && c <= 9)) break;
        start += c * Math.trunc(unit);
        // Milliseconds are the grain: finer digits are dropped, and the range is never narrower than one.
        if (width > 1) width /= 10;
        unit /= 10;
      }
      if (at === 20) return undefined;
    }
  }
  const offset = zone(s, at);
  if (Number.isNaN(offset)) return undefined;
  return { start: start - offset, end: start - offset + width };
}

/**
 * The range of a FHIR date, dateTime or instant ('2024', '2024-02', '2024-02-29', '2024-02-29T08:00:00Z'); also, as
 * search values may have it, without seconds or zone. Undefined when it is none of these.
 */
export function dateRange(s: string): DateRange | undefined {
  const n = s.length;
  const y = digits(s, 0, 4);
  if (y < 0) return undefined;
  if (n === 4) return { start: daysFromCivil(y, 1, 1) * DAY - CHINA, end: daysFromCivil(y + 1, 1, 1) * DAY - CHINA };
  const m = digits(s, 5, 2);
  if (s.charCodeAt(4) !== 45 || m < 1 || m > 12) return undefined;
  if (n === 7) {
    const start = daysFromCivil(y, m, 1) * DAY - CHINA;
    return { start, end: start + daysIn(y, m) * DAY };
  }
  const d = digits(s, 8, 2);
  if (s.charCodeAt(7) !== 45 || d < 1 || d > daysIn(y, m)) return undefined;
  const midnight = daysFromCivil(y, m, d) * DAY;
  if (n === 10) return { start: midnight - CHINA, end: midnight - CHINA + DAY };
  return s.charCodeAt(10) === 84 ? timeOfDay(s, midnight) : undefined;
}
