import { editDistance } from '../strings/edit-distance.ts';
import { countCommon, foldText, tokenHashes, tokens } from '../strings/fold.ts';
import { leastEdits } from '../strings/letters.ts';
import { type Comparator, isBlank, level } from './comparator.ts';
import { matchWords } from './name.ts';

/** 1 - edit distance / length; 0 where it cannot reach `least`. */
function similarity(a: string, b: string, least: number): number {
  const longer = Math.max(a.length, b.length);
  if (leastEdits(a, b) > longer * (1 - least)) return 0;
  return 1 - editDistance(a, b) / longer;
}

/** A few words: place, occupation, suburb. */
export const textComparator: Comparator = {
  levels: [
    level('exact', 0.75, true, 1),
    level('near', 0.12, true, 0.5),
    level('partly', 0.05, true, 0.25),
    level('little', 0.03, false, 0),
    level('differs', 0.05, false, 0),
  ],
  fold: (raw) => (isBlank(raw) ? '' : foldText(raw)),
  compare(a, b) {
    const like = similarity(a, b, 0.65);
    if (like >= 0.8 || (like > 0 && a.replaceAll(' ', '') === b.replaceAll(' ', ''))) return 1;
    const wordsA = tokens(a);
    const wordsB = tokens(b);
    const [few, many] = wordsA.length <= wordsB.length ? [wordsA, wordsB] : [wordsB, wordsA];
    const { near } = matchWords(few, many);
    if (near === few.length && near === many.length) return 1;
    if (near === few.length || near / many.length >= 0.6 || like >= 0.65) return 2;
    return near >= 1 ? 3 : 4;
  },
};

/** Longer addresses: Jaccard share of common words (Latin) or neighbouring characters (Han). House numbers must agree for the nearest levels. */
export const addressComparator: Comparator = {
  levels: [
    level('exact', 0.55, true, 1),
    level('near', 0.2, true, 0.5),
    level('half', 0.08, true, 0.25),
    level('little', 0.05, false, 0),
    level('differs', 0.12, false, 0),
  ],
  fold: (raw) => (isBlank(raw) ? '' : foldText(raw)),
  compare(a, b) {
    const wordsA = tokens(a);
    const wordsB = tokens(b);
    const [few, many] = wordsA.length <= wordsB.length ? [wordsA, wordsB] : [wordsB, wordsA];
    const most = countCommon(tokenHashes(a), tokenHashes(b)) + countLong(few);
    if (most < few.length && most / (few.length + many.length - most) < 0.2) return 4;
    const { near } = matchWords(few, many);
    const jaccard = near / (few.length + many.length - near);
    // Addresses that share a fifth of their words or less are not alike by letters either: the usual case, answered early.
    if (jaccard < 0.2) return 4;
    const like = similarity(a, b, 0.7);
    // One address may leave out province, city or district: what is written agrees, and so do all numbers.
    const isWithin = few.length >= 4 && near >= few.length - 1;
    if ((jaccard >= 0.75 || like >= 0.85 || isWithin) && numbers(a) === numbers(b)) return 1;
    if (jaccard >= 0.5 || like >= 0.7 || (near === few.length && few.length >= 2)) return 2;
    return 3;
  },
};

/** Words that may match without being equal: a bound, before the exact work. */
function countLong(words: readonly string[]): number {
  let long = 0;
  for (const word of words) if (word.length >= 3) long++;
  return long;
}

function numbers(text: string): string {
  return (text.match(/\d+/g) ?? []).sort().join(' ');
}

export const categoryComparator: Comparator = {
  levels: [level('exact', 0.95, true, 1), level('differs', 0.05, false, 0)],
  fold: (raw) => (isBlank(raw) ? '' : foldText(raw)),
  compare: () => 1,
};

/** Quantities: within 1 %, within 10 %, else different. */
export const numberComparator: Comparator = {
  levels: [
    level('exact', 0.8, true, 0),
    level('near', 0.1, true, 0),
    level('roughly', 0.05, false, 0),
    level('differs', 0.05, false, 0),
  ],
  fold(raw) {
    if (isBlank(raw)) return '';
    const value = Number(raw.normalize('NFKC').replace(/^[^\d.+-]+|[,\s]/g, ''));
    return Number.isFinite(value) ? String(value) : '';
  },
  compare(a, b) {
    const gap = Math.abs(Number(a) - Number(b)) / Math.max(Math.abs(Number(a)), Math.abs(Number(b)));
    if (gap <= 0.01) return 1;
    return gap <= 0.1 ? 2 : 3;
  },
};
