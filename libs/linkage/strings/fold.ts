import { hashText } from './hash.ts';

/** Full width to half width, accents off, lower case, runs of space and punctuation to one space. For Latin and mixed text. */
export function foldText(raw: string): string {
  let out = raw.normalize('NFKD').toLowerCase();
  if (NON_ASCII.test(out)) out = out.replace(MARKS, '').normalize('NFC').replace(OTHER_SIGNS, ' ');
  else if (ASCII_SIGNS.test(out)) out = out.replace(ASCII_SIGNS_ALL, ' ');
  return out.trim();
}
const NON_ASCII = /[^\x20-\x7e]/;
const MARKS = /\p{M}+/gu;
const OTHER_SIGNS = /[^\p{L}\p{N}]+/gu;
const ASCII_SIGNS = /[^a-z0-9]/;
const ASCII_SIGNS_ALL = /[^a-z0-9]+/g;

/** Letters and digits only, upper case: for numbers of documents, post codes, telephone numbers. */
export function foldCode(raw: string): string {
  return raw
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[^\p{L}\p{N}]+/gu, '');
}

/** True where the text holds a Han character. */
export function hasHan(text: string): boolean {
  return /\p{Script=Han}/u.test(text);
}

const KEPT = 20_000;
const kept = new Map<string, readonly string[]>();

/** Words of folded text; Han text gives overlapping pairs of characters, for it has no spaces. */
export function tokens(text: string): readonly string[] {
  const known = kept.get(text);
  if (known) return known;
  const out = cut(text);
  if (kept.size >= KEPT) kept.clear();
  kept.set(text, out);
  return out;
}

const keptHashes = new Map<string, Int32Array>();

/** Hashes of the words, rising: the words two texts share are then counted in one walk. */
export function tokenHashes(text: string): Int32Array {
  const known = keptHashes.get(text);
  if (known) return known;
  const out = Int32Array.from(tokens(text), (word) => hashText(word)).sort();
  if (keptHashes.size >= KEPT) keptHashes.clear();
  keptHashes.set(text, out);
  return out;
}

/** Members two rising lists have in common, repeats counted as often as both have them. */
export function countCommon(a: Int32Array, b: Int32Array): number {
  let common = 0;
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (a[i] === b[j]) {
      common++;
      i++;
      j++;
    } else if (a[i]! < b[j]!) i++;
    else j++;
  }
  return common;
}

function cut(text: string): string[] {
  const out: string[] = [];
  for (const word of text.split(' ')) {
    if (word === '') continue;
    if (!hasHan(word)) {
      out.push(word);
      continue;
    }
    const signs = word.match(/\d+|[a-z]+|./gu) ?? [];
    if (signs.length === 1) out.push(signs[0]!);
    for (let i = 1; i < signs.length; i++) out.push(signs[i - 1]! + signs[i]!);
  }
  return out;
}
