/**
 * Parts of a business key in one text. `|` separates; inside a part it is written `%7C` (and `%` as `%25`), so that two lists of
 * as many parts make the same key only when they are the same. Empty leading parts fall off: an institution with one numbering
 * authority need not name it. All translators use it, so that a thing told in two formats has one key.
 */
export function keyText(...parts: string[]): string {
  const from = parts.findIndex((part) => part !== '');
  return from < 0 ? '' : parts.slice(from).map(escaped).join('|');
}

const escaped = (part: string): string =>
  part.includes('|') || part.includes('%') ? part.replaceAll('%', '%25').replaceAll('|', '%7C') : part;
