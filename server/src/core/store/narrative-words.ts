import { fold } from '@hutong/fhir';

/** A narrative of more different words than this is found by the first ones only: the index must not outgrow the record. */
const most = 2000;
const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

/** What a narrative says, without its markup. */
function plainText(div: string): string {
  return div
    .replace(/<!--[\s\S]*?-->/g, ' ')
    .replace(/<[^>]*>/g, ' ')
    .replace(/&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|(\w{2,6}));/g, (_all, decimal, hex, name) => {
      const code = decimal !== undefined ? Number(decimal) : hex !== undefined ? Number.parseInt(hex, 16) : undefined;
      if (code === undefined) return entities[name] ?? ' ';
      return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : ' ';
    });
}

/**
 * Words as they are searched: folded; letters and digits together, and Chinese, which writes no spaces, by single characters and by pairs.
 * @param pairsOnly for a question: a run of Chinese is asked for by its pairs, one character alone by itself
 */
export function wordsOf(text: string, pairsOnly = false): string[] {
  const words = new Set<string>();
  for (const [run] of fold(text).matchAll(/\p{Script=Han}+|[\p{L}\p{N}\p{M}]+/gu)) {
    if (!/^\p{Script=Han}/u.test(run)) {
      for (const [part] of run.matchAll(/\p{Script=Han}+|[^\p{Script=Han}]+/gu)) add(words, part, pairsOnly);
      continue;
    }
    add(words, run, pairsOnly);
  }
  return [...words].slice(0, most);
}

function add(words: Set<string>, run: string, pairsOnly: boolean): void {
  if (!/^\p{Script=Han}/u.test(run)) {
    words.add(run.slice(0, 64));
    return;
  }
  const characters = [...run];
  if (!pairsOnly || characters.length === 1) for (const one of characters) words.add(one);
  for (let at = 1; at < characters.length; at++) words.add(`${characters[at - 1]}${characters[at]}`);
}

export const narrativeWords = (div: string): string[] => wordsOf(plainText(div));

/** Every word of a resource, wherever it stands; markup of the narrative apart. */
export function contentWords(resource: unknown): Set<string> {
  const words = new Set<string>();
  const read = (value: unknown, name: string): void => {
    if (typeof value === 'string')
      for (const word of wordsOf(name === 'div' ? plainText(value) : value)) words.add(word);
    else if (typeof value === 'number') read(String(value), name);
    else if (value !== null && typeof value === 'object')
      for (const [key, inner] of Object.entries(value)) read(inner, Array.isArray(value) ? name : key);
  };
  read(resource, '');
  return words;
}

/** What an address lies below by its path, itself left out: 'http://a/b/c' → 'http://a', 'http://a/b'. */
export function beginningsOf(uri: string): string[] {
  const found: string[] = [];
  for (let at = uri.indexOf('/', uri.indexOf('://') + 3); at > 0; at = uri.indexOf('/', at + 1))
    found.push(uri.slice(0, at));
  return found;
}
