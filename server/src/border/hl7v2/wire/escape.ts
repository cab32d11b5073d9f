import { isUtf8 } from 'node:buffer';
import iconv from 'iconv-lite';
import type { Charset } from './charset.ts';
import type { Delimiters } from './message.ts';

/** PostgreSQL and JSON readers choke on these, and no clinical text means them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are the subject
export const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g;

/** `text.trim()`, without asking for it where both ends are plainly no blanks (letters, digits, marks, ideographs): most texts. */
export function trimmed(text: string): string {
  return isInk(text.charCodeAt(0)) && isInk(text.charCodeAt(text.length - 1)) ? text : text.trim();
}

/** false also for what is merely not known to be ink, and for NaN. */
const isInk = (unit: number): boolean => (unit > 0x20 && unit < 0x7f) || (unit > 0x3000 && unit < 0xd800);

/**
 * Text with its escape sequences replaced (HL7 v2.5.1, 2.7). Highlighting and indentation are dropped, line commands become
 * line breaks, unknown and local sequences (\Z..\, \C..\, \M..\) stay as they are written.
 */
export function unescapeText(text: string, delimiters: Delimiters, charset: Charset): string {
  const mark = delimiters.escape;
  if (!delimiters.escapes || !text.includes(mark)) return text;
  let out = '';
  let at = 0;
  while (at < text.length) {
    const open = text.indexOf(mark, at);
    const close = open < 0 ? -1 : text.indexOf(mark, open + 1);
    if (close < 0) break;
    const meaning = sequence(text.slice(open + 1, close), delimiters, charset);
    // Not a sequence: the mark is plain text, and the one that seemed to close it may open the next.
    out += meaning === undefined ? text.slice(at, open + 1) : text.slice(at, open) + meaning;
    at = meaning === undefined ? open + 1 : close + 1;
  }
  return out + text.slice(at);
}

function sequence(body: string, delimiters: Delimiters, charset: Charset): string | undefined {
  switch (body) {
    case 'F':
      return delimiters.field;
    case 'S':
      return delimiters.component;
    case 'T':
      return delimiters.subcomponent;
    case 'R':
      return delimiters.repetition;
    case 'E':
      return delimiters.escape;
    case 'P':
      return delimiters.truncation;
    case 'H':
    case 'N':
      return '';
  }
  if (body.startsWith('X')) return hexadecimal(body.slice(1), charset);
  if (body.startsWith('.')) return command(body.slice(1).trim());
  return undefined;
}

function command(body: string): string | undefined {
  if (body === 'br' || body === 'ce') return '\n';
  const spaces = /^sp\s*\+?\s*(\d{0,3})$/.exec(body);
  if (spaces) return '\n'.repeat(Math.min(Number(spaces[1] || 1), 100));
  return /^(fi|nf|(in|ti|sk)\s*[+-]?\s*\d*)$/.test(body) ? '' : undefined;
}

function hexadecimal(digits: string, charset: Charset): string | undefined {
  if (digits === '' || digits.length % 2 === 1 || !/^[0-9A-Fa-f]+$/.test(digits)) return undefined;
  const bytes = Buffer.from(digits, 'hex');
  const utf8 = charset === 'UNICODE UTF-8' || charset === 'ASCII';
  if (utf8 && !isUtf8(bytes)) return undefined;
  const text = utf8 ? bytes.toString('utf8') : iconv.decode(bytes, charset === '8859/1' ? 'latin1' : 'gb18030');
  return text.replaceAll('\r\n', '\n').replaceAll('\r', '\n').replace(CONTROL, '');
}
