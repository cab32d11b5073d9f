/**
 * Parts of a business key in one text. `|` separates; inside a part it is written `%7C` (and `%` as `%25`), so that two lists of
 * as many parts make the same key only when they are the same. Empty leading parts fall off: an institution with one numbering
 * authority need not name it. All translators use it, so that a thing told in two formats has one key.
 */
export function keyText(...parts: string[]): string {
  let text = '';
  let begun = false;
  for (const part of parts) {
    if (begun) text += `|${escaped(part)}`;
    else if (part !== '') {
      text = escaped(part);
      begun = true;
    }
  }
  return text;
}

const escaped = (part: string): string =>
  part.includes('|') || part.includes('%') ? part.replaceAll('%', '%25').replaceAll('|', '%7C') : part;
