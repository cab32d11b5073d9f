import { type Comparator, isBlank, level } from './comparator.ts';

/** What the comparison must know of Chinese characters. `chinese.ts` gives the real one; others may be given for other dictionaries. */
export type NameReader = {
  /** One form for variants, traditional characters and the many middle dots. */
  fold: (name: string) => string;
  /** Toneless syllables a character may be read as; empty where unknown. */
  readings: (character: string) => readonly string[];
  /** The readings as classes of syllables that speakers and keyboards mix up (zh/z, n/l, -ng/-n). */
  sounds: (character: string) => readonly string[];
  /** Characters mistaken for each other by eye, or surnames one family writes in two ways. */
  looksAlike: (a: string, b: string) => boolean;
  /** True where a mark for a lost character (`?`) may stand for what the other name has there. */
  agreesByMark: (a: string, b: string) => boolean;
  /** Place in a multiple birth of a child that is still called by its mother's name (0: single, or not said); null for an ordinary name. */
  newborn?: (name: string) => number | null;
};

/** Parts the folded form from the form as written, kept so that equal writing counts more than equal folding. */
const VARIANT = '\u0001';
/** Begins the folded form of a newborn's provisional name; the place in a multiple birth follows. */
const NEWBORN = '\u0002';

/**
 * Chinese names of two to four characters, where Jaro-Winkler says little: one wrong character is a third to a half
 * of the name. Levels after folding, nearest first.
 */
export function chineseNameComparator(reader: NameReader): Comparator {
  return {
    levels: [
      level('exact', 0.85, true, 1),
      level('variant', 0.03, true, 1),
      level('same-sound', 0.05, true, 0.5),
      // Brothers called 杨杰 and 杨超杰 are rare, but less so than two children whose names sound alike.
      { ...level('order-or-missing', 0.01, true, 0.5), atHome: 0.01 },
      level('one-near-character', 0.03, true, 0.5),
      // Brothers and sisters often share a generation character, and twins the birth date, home and telephone too: no
      // unlabelled data can tell them from one person mistyped, so a plainly other character never speaks for a link.
      { ...level('one-character', 0.005, false, 0), ceiling: -5 },
      // A child registered as its mother's says nothing about the name it got later. Wards mark most multiple births, and
      // one birth in fifty is one: the mark makes a twin so much likelier, its absence less likely.
      { ...level('not-yet-named', 0.005, false, 0), silent: { twins: -2 } },
      { ...level('one-of-several-births', 0.001, false, 0), silent: { twins: 5 } },
      level('differs', 0.02, false, 0),
    ],
    fold(raw) {
      if (isBlank(raw)) return '';
      const written = raw.normalize('NFC').replace(/\s+/gu, '');
      const folded = reader.fold(written);
      if (folded === '') return '';
      const order = reader.newborn?.(written) ?? null;
      if (order !== null) return `${NEWBORN}${order}${folded}`;
      return folded === written ? folded : `${folded}${VARIANT}${written}`;
    },
    compare(a, b) {
      if (a[0] === NEWBORN || b[0] === NEWBORN) return compareNewborns(a, b);
      const foldedA = a.split(VARIANT)[0]!;
      const foldedB = b.split(VARIANT)[0]!;
      if (foldedA === foldedB) return 1;
      if (reader.agreesByMark(foldedA, foldedB)) return 4;
      const left = [...foldedA];
      const right = [...foldedB];
      if (left.length === right.length) return compareAligned(reader, left, right);
      return isWithin(left, right) || isWithin(right, left) ? 3 : DIFFERS;
    },
    // Equal provisional names have one mother, and so may two of her children.
    equal: (folded) => (folded[0] === NEWBORN ? (folded[1] === '0' ? NOT_YET_NAMED : ONE_OF_SEVERAL) : 0),
    base: baseOf,
    sounds: (folded) => soundCodes(reader, baseOf(folded)),
  };
}

const NOT_YET_NAMED = 6;
const ONE_OF_SEVERAL = 7;
const DIFFERS = 8;

function baseOf(folded: string): string {
  return folded[0] === NEWBORN ? folded.slice(2) : folded.split(VARIANT)[0]!;
}

/** At least one side is a newborn's provisional name, and they are not equal. */
function compareNewborns(a: string, b: string): number {
  const several = (a[0] === NEWBORN && a[1] !== '0') || (b[0] === NEWBORN && b[1] !== '0');
  if (several) return ONE_OF_SEVERAL;
  // Two provisional names that differ name two mothers, or a son and a daughter.
  return a[0] === NEWBORN && b[0] === NEWBORN ? DIFFERS : NOT_YET_NAMED;
}

function compareAligned(reader: NameReader, left: readonly string[], right: readonly string[]): number {
  let different = 0;
  let at = 0;
  let sameSound = true;
  for (let i = 0; i < left.length; i++) {
    if (left[i] === right[i]) continue;
    different++;
    at = i;
    sameSound &&= overlaps(reader.readings(left[i]!), reader.readings(right[i]!));
  }
  if (sameSound) return 2;
  if (different === 1 && left.length >= 2) {
    const [a, b] = [left[at]!, right[at]!];
    return overlaps(reader.sounds(a), reader.sounds(b)) || reader.looksAlike(a, b) ? 4 : 5;
  }
  // Most pairs are strangers and stop here: an exchanged order keeps every character.
  if (!right.includes(left[0]!)) return DIFFERS;
  return [...left].sort().join('') === [...right].sort().join('') ? 3 : DIFFERS;
}

function overlaps(a: readonly string[], b: readonly string[]): boolean {
  for (const one of a) if (b.includes(one)) return true;
  return false;
}

/** Ways the name may be said, as sound classes; two readings a character and six codes a name at most. */
function soundCodes(reader: NameReader, name: string): string[] {
  let codes = [''];
  for (const sign of name) {
    const classes = reader.sounds(sign).slice(0, 2);
    const options = classes.length === 0 ? [sign] : classes;
    codes = options.flatMap((option) => codes.map((code) => `${code} ${option}`)).slice(0, 6);
  }
  return codes;
}

/** One character dropped (long names: a run dropped), at least two kept. */
function isWithin(short: readonly string[], long: readonly string[]): boolean {
  if (short.length < 2 || short.length >= long.length) return false;
  let at = 0;
  for (const sign of long) if (sign === short[at]) at++;
  return at === short.length;
}
