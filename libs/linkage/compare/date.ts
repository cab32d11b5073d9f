import { editDistanceUpTo } from '../strings/edit-distance.ts';
import { type Comparator, isBlank, level } from './comparator.ts';

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/**
 * Eight digits YYYYMMDD; unknown month or day is 00; '' where nothing can be read. Impossible days are kept as
 * written: they are mistyped dates and still close to the right one. Slashed dates are day first unless the second
 * part exceeds 12.
 */
export function foldDate(raw: string): string {
  if (isBlank(raw)) return '';
  const text = raw.normalize('NFKC').trim().toLowerCase();
  let match = /^(\d{4})[-/.年\s]+(\d{1,2})(?:[-/.月\s]+(\d{1,2}))?/.exec(text);
  if (match) return build(match[1]!, match[2]!, match[3] ?? '00');
  match = /^(\d{1,2})[-/.\s]+(\d{1,2})[-/.\s]+(\d{4})/.exec(text);
  if (match) {
    const monthFirst = Number(match[2]) > 12 && Number(match[1]) <= 12;
    return monthFirst ? build(match[3]!, match[1]!, match[2]!) : build(match[3]!, match[2]!, match[1]!);
  }
  match = /^(\d{1,2})[-/.\s]*([a-z]{3})[a-z]*[-/.,\s]*(\d{4})/.exec(text);
  if (match && MONTHS.includes(match[2]!)) return build(match[3]!, String(MONTHS.indexOf(match[2]!) + 1), match[1]!);
  match = /^([a-z]{3})[a-z]*[-/.\s]*(\d{1,2})[-/.,\s]+(\d{4})/.exec(text);
  if (match && MONTHS.includes(match[1]!)) return build(match[3]!, String(MONTHS.indexOf(match[1]!) + 1), match[2]!);
  const digits = text.replace(/\D/g, '');
  if (digits.length >= 8) return digits.slice(0, 8) === '00000000' ? '' : digits.slice(0, 8);
  if (digits.length === 7) return digits; // one digit lost: still one edit from the truth
  if (digits.length === 6) return `${digits}00`;
  return digits.length === 4 ? `${digits}0000` : '';
}

function build(year: string, month: string, day: string): string {
  return year + month.padStart(2, '0') + day.padStart(2, '0');
}

/** Calendar dates. A date known to the year only (01-01 or 00-00) agrees with any day of that year, weakly. */
export const dateComparator: Comparator = {
  levels: [
    level('exact', 0.85, true, 1),
    level('one-slip', 0.05, true, 0.5),
    level('year-only', 0.02, true, 0.5),
    level('two-parts', 0.03, true, 0),
    level('same-year', 0.01, false, 0),
    level('near-year', 0.01, false, 0),
    level('differs', 0.03, false, 0),
  ],
  fold: foldDate,
  compare(a, b) {
    if (a.length !== 8 || b.length !== 8) return editDistanceUpTo(a, b, 1) <= 1 ? 1 : 6;
    const [yearA, monthA, dayA] = [a.slice(0, 4), a.slice(4, 6), a.slice(6)];
    const [yearB, monthB, dayB] = [b.slice(0, 4), b.slice(4, 6), b.slice(6)];
    const sameYear = yearA === yearB;
    if (sameYear && (isYearOnly(a) || isYearOnly(b))) return 2;
    if (sameYear && monthA === monthB && (dayA === '00' || dayB === '00')) return 2;
    if (editDistanceUpTo(a, b, 1) <= 1) return 1;
    if (sameYear && monthA === dayB && dayA === monthB) return 1;
    const sameMonth = monthA === monthB;
    const sameDay = dayA === dayB;
    if ((sameYear && (sameMonth || sameDay)) || (sameMonth && sameDay && monthA !== '00' && dayA + monthA !== '0101'))
      return 3;
    if (sameYear) return 4;
    return Math.abs(Number(yearA) - Number(yearB)) <= 1 ? 5 : 6;
  },
};

function isYearOnly(date: string): boolean {
  return date.endsWith('0101') || date.endsWith('0000');
}
