import { foldCharacter } from './fold-character.ts';

/** A name made comparable. Two people with equal `key` write their name the same way as far as folding knows. */
export type FoldedName = {
  /** Folded name for showing beside the original: simplified, `·` as the only middle dot, `?` as the only mark. */
  text: string;
  /** For equality and blocking: as `text`, without dots, stops, spaces, hyphens and apostrophes. */
  key: string;
  script: 'han' | 'latin' | 'mixed' | 'other' | 'empty';
  /** true when a character could not be encoded at the source; then `key` is a pattern for `namesAgree`. */
  hasWildcard: boolean;
};

/** U+00B7 and its doubles (U+2022, U+2027, U+2219, U+22C5, U+25CF, U+2981, U+30FB, ...): NFKC folds hardly any. */
const DOTS =
  /\s*[\u00B7\u0387\u1427\u16EB\u2022\u2024\u2027\u2219\u22C5\u25CF\u25E6\u2981\u2E31\u30FB\u318D\uA78F\uFF65]\s*/gu;
/** A full stop or comma typed for the dot: only between two Han characters, "J. Smith" is another thing. */
const STOPS_BETWEEN_HAN = /(?<=[\p{Script=Han}?])\s*[.。｡,、]\s*(?=[\p{Script=Han}?])/gu;
/** Marks for a character that a code page could not hold, and what is left of private use after folding. */
const WILDCARDS = /[?*#_\u25A0\u25A1\u25A2\u25AF\u25FB\u25FC\u2610\u3013\uFFFD\p{Co}\p{Cn}\p{Cs}]+/gu;
/** A lone X between Han characters is a mask, not a syllable. */
const MASK_X = /(?<=\p{Script=Han})X+(?=\p{Script=Han}|$)/gu;
const CONTROLS = /\p{Cc}/gu;
const INVISIBLE = /\p{Cf}/gu;
/** Accents and variation selectors only: the vowel signs of other scripts are letters, not decoration. */
const MARKS = /[\u0300-\u036F\uFE00-\uFE0F\u{E0100}-\u{E01EF}]/gu;

/**
 * Folds a name of any script: compatibility and radical code points, traditional and variant characters, full width,
 * case and accents of Latin letters, spaces, every kind of middle dot, marks of unencodable characters. Idempotent on
 * `text`. A run of marks becomes one `?` and stands for one character *or more*: GBK wrote two marks for one character.
 */
export function foldName(name: string): FoldedName {
  let text = name;
  for (let round = 0; round < 4; round++) {
    const next = foldOnce(text);
    if (next === text) break;
    text = next;
  }
  return { text, key: text.replace(/[·\s'’.,-]/gu, ''), script: scriptOf(text), hasWildcard: text.includes('?') };
}

function foldOnce(name: string): string {
  if (/^[\u4E00-\u9FA5]{2,4}$/u.test(name)) return foldCharacters(name);
  const compatible = name.normalize('NFKC').replace(CONTROLS, ' ').replace(INVISIBLE, '');
  const plain = foldCharacters(compatible.normalize('NFD').replace(MARKS, '').normalize('NFC').toUpperCase());
  return plain
    .replace(WILDCARDS, '?')
    .replace(MASK_X, '?')
    .replace(/\?(?:\s*\?)+/g, '?')
    .replace(STOPS_BETWEEN_HAN, '·')
    .replace(DOTS, '·')
    .replace(/·{2,}/g, '·')
    .replace(/^[·\s.,，]+|[·\s.,，]+$/gu, '')
    .replace(/(?<=[\p{Script=Han}?])\s+(?=[\p{Script=Han}?])/gu, '')
    .replace(/\s+/gu, ' ');
}

function foldCharacters(text: string): string {
  let out = '';
  for (const character of text) out += character < '\u2E80' ? character : foldCharacter(character);
  return out;
}

function scriptOf(text: string): FoldedName['script'] {
  const han = /\p{Script=Han}/u.test(text);
  const latin = /[A-Z]/.test(text);
  if (han && latin) return 'mixed';
  if (han) return 'han';
  if (latin) return 'latin';
  return text === '' ? 'empty' : 'other';
}
