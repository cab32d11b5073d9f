import { editDistanceUpTo } from '../strings/edit-distance.ts';
import { foldText, tokens } from '../strings/fold.ts';
import { jaroWinkler, mostJaroWinkler } from '../strings/jaro-winkler.ts';
import { soundex } from '../strings/soundex.ts';
import { type Comparator, isBlank, level } from './comparator.ts';

/** A single Latin name. Jaro-Winkler bounds 0.92 and 0.80 are those usual since Winkler's census work. */
export const nameComparator: Comparator = {
  levels: [
    level('exact', 0.8, true, 1),
    level('one-edit', 0.08, true, 0.5),
    level('similar', 0.03, true, 0.5),
    level('short-form', 0.02, true, 0.5),
    level('sounds-alike', 0.02, false, 0.5),
    level('differs', 0.05, false, 0),
  ],
  fold: (raw) => (isBlank(raw) ? '' : foldText(raw)),
  compare(a, b) {
    const shorter = Math.min(a.length, b.length);
    const likeness = shorter > 2 && mostJaroWinkler(a, b) >= 0.85 ? jaroWinkler(a, b) : 0;
    if (shorter > 2) {
      const edits = editDistanceUpTo(a, b, 2);
      if (edits === 1) return 1;
      if (likeness >= 0.92 || (edits === 2 && shorter >= 6)) return 2;
    }
    if (isShortForm(a, b)) return 3;
    if (shorter > 2 && (likeness >= 0.85 || soundex(a) === soundex(b))) return 4;
    return 5;
  },
};

/** Initial, beginning, or one of several words: "j" or "jo" of "john", "ann" of "mary ann". */
function isShortForm(a: string, b: string): boolean {
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  if (long.startsWith(short)) return true;
  if (!short.includes(' ') && !long.includes(' ')) return false;
  const words = long.split(' ');
  return short.split(' ').every((word) => words.includes(word));
}

/** A whole name of several words in any order, with titles, initials and middle names coming and going. */
export const fullNameComparator: Comparator = {
  levels: [
    level('exact', 0.6, true, 1),
    level('same-words', 0.05, true, 1),
    level('similar', 0.12, true, 0.5),
    level('words-within', 0.1, true, 0.5),
    level('most-words', 0.06, false, 0.25),
    level('one-word', 0.04, false, 0),
    level('differs', 0.03, false, 0),
  ],
  fold: (raw) => (isBlank(raw) ? '' : foldText(raw)),
  compare(a, b) {
    const wordsA = tokens(a);
    const wordsB = tokens(b);
    const [few, many] = wordsA.length <= wordsB.length ? [wordsA, wordsB] : [wordsB, wordsA];
    const { whole, near } = matchWords(few, many);
    if (whole === many.length) return 1;
    const most = Math.min(a.length, b.length) >= 8 ? 2 : 1;
    if (editDistanceUpTo(a, b, most) <= most) return 2;
    if (near === many.length) return 2;
    if (near === few.length && few.length >= 2) return 3;
    if (near >= 2 || (near >= 1 && sharesInitials(few, many))) return 4;
    return near >= 1 ? 5 : 6;
  },
};

/** Pairs each word of the shorter list with a word of the longer one, equal ones first. Deterministic and symmetric. */
export function matchWords(few: readonly string[], many: readonly string[]): { whole: number; near: number } {
  const free = [...many];
  const rest: string[] = [];
  let whole = 0;
  for (const word of few) {
    const at = free.indexOf(word);
    if (at >= 0) {
      free[at] = '';
      whole++;
    } else if (word.length >= 3) rest.push(word); // shorter ones are equal or not
  }
  if (rest.length === 0) return { whole, near: whole };
  const pairs: { i: number; j: number; distance: number }[] = [];
  for (let i = 0; i < rest.length; i++) {
    for (let j = 0; j < free.length; j++) {
      const shorter = Math.min(rest[i]!.length, free[j]!.length);
      if (shorter < 3 || Math.abs(rest[i]!.length - free[j]!.length) > 2) continue;
      const most = shorter >= 6 ? 2 : 1;
      const distance = editDistanceUpTo(rest[i]!, free[j]!, most);
      if (distance <= most) pairs.push({ i, j, distance });
    }
  }
  if (pairs.length === 0) return { whole, near: whole };
  pairs.sort((x, y) => x.distance - y.distance);
  const usedI = new Set<number>();
  const usedJ = new Set<number>();
  let near = whole;
  for (const { i, j } of pairs) {
    if (usedI.has(i) || usedJ.has(j)) continue;
    usedI.add(i);
    usedJ.add(j);
    near++;
  }
  return { whole, near };
}

function sharesInitials(few: readonly string[], many: readonly string[]): boolean {
  const initials = new Set(many.map((word) => word[0]));
  return few.length >= 2 && few.every((word) => initials.has(word[0]));
}
