/**
 * Counters, spreadsheets and phones write the same number in many ways: full-width digits (U+FF10..FF19), a full-width,
 * Roman (U+2169), Cyrillic or multiplication-sign X, and spaces of all widths. Only those are folded; other
 * compatibility characters (superscripts, circled digits) stay, so that they are refused and not guessed.
 */
export function normaliseNumber(text: string): string {
  if (PLAIN.test(text)) return text;
  let out = '';
  for (const char of text) {
    const code = char.codePointAt(0)!;
    if (code >= 0xff10 && code <= 0xff19) out += String.fromCharCode(code - 0xff10 + 48);
    else if (code >= 0xff21 && code <= 0xff3a) out += String.fromCharCode(code - 0xff21 + 65);
    else if (code >= 0xff41 && code <= 0xff5a) out += String.fromCharCode(code - 0xff41 + 65);
    else if (LETTER_X.has(char)) out += 'X';
    else if (FULL_WIDTH_MARKS.has(char)) out += FULL_WIDTH_MARKS.get(char);
    else if (!INVISIBLE.test(char)) out += char.toUpperCase();
  }
  return out;
}

const PLAIN = /^[0-9A-Z]*$/;
const INVISIBLE = /[\s\u00AD\u200B-\u200F\u202A-\u202E\u2060\u3000\uFEFF]/u;
const LETTER_X = new Set(['x', 'X', '\u2169', '\u2179', '\u00D7', '\u0425', '\u0445']);
const FULL_WIDTH_MARKS = new Map([
  ['\uFF0D', '-'],
  ['\uFF08', '('],
  ['\uFF09', ')'],
]);
