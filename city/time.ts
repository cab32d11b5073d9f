/** Times are milliseconds since 1970 UTC, days are whole days since 1970-01-01, both read on the clock of Shanghai (UTC+8). */
export const MINUTE = 60_000;
export const HOUR = 3_600_000;
export const DAY = 86_400_000;
const OFFSET = 8 * HOUR;

export function dayOf(time: number): number {
  return Math.floor((time + OFFSET) / DAY);
}

/** Time of the first moment of a day, plus minutes. */
export function timeOn(day: number, minutes = 0): number {
  return day * DAY - OFFSET + minutes * MINUTE;
}

/** Day number of `YYYY-MM-DD` (also of a longer ISO text, whose time is ignored). */
export function parseDay(text: string): number {
  return dayFrom(Number(text.slice(0, 4)), Number(text.slice(5, 7)), Number(text.slice(8, 10)));
}

export function dayFrom(year: number, month: number, date: number): number {
  return Math.floor(Date.UTC(year, month - 1, date) / DAY);
}

const dates = new Map<number, string>();

/** `YYYY-MM-DD` */
export function isoDate(day: number): string {
  const known = dates.get(day);
  if (known) return known;
  const text = new Date(day * DAY).toISOString().slice(0, 10);
  if (dates.size > 50_000) dates.clear();
  dates.set(day, text);
  return text;
}

/** `YYYY-MM-DDTHH:mm:ss+08:00` */
export function isoTime(time: number): string {
  return `${new Date(time + OFFSET).toISOString().slice(0, 19)}+08:00`;
}

/** `YYYYMMDDHHMMSS`, with `+0800` when asked. */
export function compactTime(time: number, zone = false): string {
  const text = new Date(time + OFFSET).toISOString();
  const digits = text.slice(0, 10).replaceAll('-', '') + text.slice(11, 19).replaceAll(':', '');
  return zone ? `${digits}+0800` : digits;
}

/** Calendar month as one number: year * 12 + (month - 1). */
export function monthOf(day: number): number {
  const text = isoDate(day);
  return Number(text.slice(0, 4)) * 12 + Number(text.slice(5, 7)) - 1;
}

export function firstDayOf(month: number): number {
  return dayFrom(Math.floor(month / 12), (month % 12) + 1, 1);
}

/** 0 Monday .. 6 Sunday. */
export function weekday(day: number): number {
  return (((day + 3) % 7) + 7) % 7;
}

/** Whole years between two days. */
export function ageAt(birthDay: number, day: number): number {
  const birth = isoDate(birthDay);
  const now = isoDate(day);
  const years = Number(now.slice(0, 4)) - Number(birth.slice(0, 4));
  return now.slice(5) < birth.slice(5) ? years - 1 : years;
}

/** Public holidays on fixed dates (New Year, Labour Day, National Day): out-patient clinics rest, emergency rooms do not. */
export function isHoliday(day: number): boolean {
  const date = isoDate(day).slice(5);
  return date === '01-01' || (date >= '05-01' && date <= '05-05') || (date >= '10-01' && date <= '10-07');
}
