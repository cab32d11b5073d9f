import { pinyin } from 'pinyin-pro';
import { foldName } from './fold-name.ts';
import { splitName, surnameOverrides } from './surnames.ts';

const characters = new Map<string, readonly string[]>();

/**
 * All toneless readings of one character, most usual first; ü is written v (`lv`). Empty when nobody knows: marks of
 * lost characters and characters outside the dictionary. The character is folded first.
 */
export function characterReadings(character: string): readonly string[] {
  const known = characters.get(character);
  if (known) return known;
  const folded = foldName(character).key;
  const read = pinyin(folded, { multiple: true, toneType: 'none', type: 'array', v: true });
  const readings = [...new Set(read.filter((reading) => /^[a-z]+$/.test(reading)))];
  characters.set(character, readings);
  return readings;
}

/** Readings of a surname of one or two characters, without spaces (`ouyang`); ambiguous ones give several. */
export function surnameReadings(surname: string): readonly string[] {
  const folded = foldName(surname).key;
  const fixed = surnameOverrides(folded);
  if (fixed) return fixed;
  const read = pinyin(folded, { mode: 'surname', toneType: 'none', type: 'array', v: true });
  const joined = read.join('');
  return /^[a-z]+$/.test(joined) ? [joined] : [];
}

/** One set of readings per piece of the name; an empty set stands for anything (a lost character). */
export type NameReadings = { surname: readonly string[]; given: readonly (readonly string[])[] };

/**
 * Readings of a whole name. Transliterated and Latin names have no surname set; a run of Latin letters inside a Chinese
 * name (a rare character typed as its pinyin: `刘YAN`) is a piece whose only reading is itself.
 */
export function nameReadings(name: string): NameReadings {
  const { surname, given } = splitName(name);
  const pieces = foldName(given).key.match(/[A-Z]+|[^A-Z]/gu) ?? [];
  return { surname: surname === '' ? [] : surnameReadings(surname), given: pieces.map(pieceReadings) };
}

/**
 * The ways a name can be said, as keys for blocking and comparing: syllables joined, surname first, `zhang:xiaoming`.
 * At most `most` keys, the most usual readings first; a lost character becomes `?`.
 */
export function readingKeys(name: string, most = 8): readonly string[] {
  const asked = `${most} ${name}`;
  let keys = said.get(asked);
  if (!keys) {
    keys = sayAll(name, most);
    if (said.size >= SAID_MOST) said.clear();
    said.set(asked, keys);
  }
  return keys;
}

/** A registry meets the same names again and again: a look-up is thirty times quicker than the dictionary. */
const said = new Map<string, readonly string[]>();
const SAID_MOST = 50_000;

function sayAll(name: string, most: number): readonly string[] {
  const { surname, given } = nameReadings(name);
  let keys = surname.length === 0 ? [''] : [...surname];
  keys = keys.map((key) => `${key}:`);
  for (const piece of given) {
    const options = piece.length === 0 ? ['?'] : piece;
    keys = options.flatMap((option) => keys.map((key) => key + option)).slice(0, most);
  }
  return keys[0] === ':' ? [] : keys.slice(0, most);
}

function pieceReadings(piece: string): readonly string[] {
  return /^[A-Z]+$/.test(piece) ? [piece.toLowerCase()] : characterReadings(piece);
}
