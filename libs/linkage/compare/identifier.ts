import type { CheckRule } from '../schema.ts';
import { editDistanceUpTo } from '../strings/edit-distance.ts';
import { foldCode } from '../strings/fold.ts';
import { type Comparator, isBlank, level } from './comparator.ts';

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/** Remainder rule of GB 11643-1999 (ISO 7064 MOD 11-2) over 17 digits; '' where they are not digits. */
function mod11Sign(digits17: string): string {
  if (!/^\d{17}$/.test(digits17)) return '';
  let sum = 0;
  for (let i = 0; i < 17; i++) sum += WEIGHTS[i]! * Number(digits17[i]);
  return '10X98765432'[sum % 11]!;
}

function passes(rule: CheckRule, value: string): boolean {
  if (rule === 'mod11-2') return value.length === 18 && mod11Sign(value.slice(0, 17)) === value[17];
  if (!/^\d{2,}$/.test(value)) return false;
  let sum = 0;
  for (let i = 0; i < value.length; i++) {
    let digit = Number(value[value.length - 1 - i]);
    if (i % 2 === 1) digit = digit > 4 ? digit * 2 - 9 : digit * 2;
    sum += digit;
  }
  return sum % 10 === 0;
}

/** A 15-digit resident number of the first generation equals its 18-digit form: century 19, then the check sign. */
function widen(value: string): string {
  if (!/^\d{15}$/.test(value)) return value;
  const body = `${value.slice(0, 6)}19${value.slice(6)}`;
  return body + mod11Sign(body);
}

/** First 14 signs of a resident number: area and birth date. Two of one stem and unlike sequence were born the same day. */
const STEM = 14;

/**
 * Numbers of documents. With a check rule, two *valid* numbers near each other stand on their own level: one was mistyped
 * so that it still passes, or they are neighbours in a series. Resident numbers that are both valid and differ only behind
 * area and birth date are the mark of twins; no data teach that, because chance seldom makes such pairs, so the weight of
 * that level has a ceiling: of people born on one day, one in ten or so shares
 * the area too, and one in some hundreds has the same sequence in a neighbouring area.
 */
export function identifierComparator(check?: CheckRule): Comparator {
  const levels = [
    level('exact', 0.88, true, 1),
    level('one-slip', 0.06, true, 0),
    level('two-slips', 0.02, true, 0),
    check === 'mod11-2'
      ? { ...level('both-valid-one-slip', 0.01, false, 0), ceiling: 2 }
      : level('both-valid-one-slip', 0.01, false, 0),
    ...(check === 'mod11-2' ? [{ ...level('both-valid-same-stem', 0.01, false, 0), ceiling: -3 }] : []),
    level('differs', 0.03, false, 0),
  ];
  const differs = levels.length - 1;
  return {
    levels,
    ...(check === undefined ? {} : { proves: (folded: string) => passes(check, folded) }),
    fold(raw) {
      if (isBlank(raw)) return '';
      const code = foldCode(raw);
      // 000000, 999999999: filler, not a number. Shared filler would bind strangers.
      if (/^(.)\1*$/u.test(code) && code.length >= 4) return '';
      return check === 'mod11-2' ? widen(code) : code;
    },
    compare(a, b) {
      const bothValid = check !== undefined && passes(check, a) && passes(check, b);
      if (bothValid && check === 'mod11-2' && a.startsWith(b.slice(0, STEM))) return 4;
      const edits = editDistanceUpTo(a, b, 2);
      const shorter = Math.min(a.length, b.length);
      if (edits > 2 || shorter < 4) return differs;
      if (bothValid) return edits === 1 || shorter >= 8 ? 3 : differs;
      if (edits === 1) return 1;
      return shorter >= 7 ? 2 : differs;
    },
  };
}

/** Short codes read from the left: post codes, house numbers, area codes. */
export const codeComparator: Comparator = {
  levels: [
    level('exact', 0.85, true, 1),
    level('one-slip', 0.06, true, 0.5),
    level('same-start', 0.04, false, 0.25),
    level('differs', 0.05, false, 0),
  ],
  fold: (raw) => (isBlank(raw) ? '' : foldCode(raw)),
  compare(a, b) {
    const shorter = Math.min(a.length, b.length);
    if (shorter >= 3 && editDistanceUpTo(a, b, 1) === 1) return 1;
    const start = Math.max(2, Math.ceil(shorter / 2));
    return shorter >= 3 && a.slice(0, start) === b.slice(0, start) ? 2 : 3;
  },
};
