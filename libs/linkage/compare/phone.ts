import { editDistanceUpTo } from '../strings/edit-distance.ts';
import { type Comparator, isBlank, level } from './comparator.ts';

/** Digits without the international prefix of China (+86, 0086) and leading zeros; extension signs dropped. */
export function foldPhone(raw: string): string {
  if (isBlank(raw)) return '';
  const text = raw.normalize('NFKC');
  let digits = text.replace(/(?:ext|转|x|#).*$/iu, '').replace(/\D/g, '');
  if (digits.startsWith('0086')) digits = digits.slice(4);
  else if (digits.startsWith('86') && digits.length >= 12) digits = digits.slice(2);
  digits = digits.replace(/^0+/, '');
  return digits.length < 5 || /^(\d)\1*$/.test(digits) ? '' : digits;
}

export const phoneComparator: Comparator = {
  levels: [
    level('exact', 0.7, true, 1),
    level('same-end', 0.05, true, 1), // area code written or not
    level('one-slip', 0.05, true, 0),
    level('differs', 0.2, false, 0),
  ],
  fold: foldPhone,
  compare(a, b) {
    const shorter = Math.min(a.length, b.length);
    if (a.length !== b.length && shorter >= 7 && (a.endsWith(b) || b.endsWith(a))) return 1;
    return shorter >= 7 && editDistanceUpTo(a, b, 1) === 1 ? 2 : 3;
  },
};
