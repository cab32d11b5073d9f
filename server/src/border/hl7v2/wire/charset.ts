import { isUtf8 } from 'node:buffer';
import iconv from 'iconv-lite';
import type { BorderIssue } from '../../fact.ts';
import { issue } from '../rules.ts';

/** Names as HL7 table 0211 writes them, in the spelling we send back. */
export type Charset = 'UNICODE UTF-8' | 'GB 18030-2000' | 'ASCII' | '8859/1';

export type Decoded = { text: string; charset: Charset; warnings: BorderIssue[] };

/**
 * Senders spell table 0211 freely. GBK and GB2312 are subsets of GB18030 and hospitals label rare names in four-byte
 * GB18030 as GBK, so all three are read as GB18030.
 */
const NAMES: Record<string, Charset> = {
  'UNICODE UTF-8': 'UNICODE UTF-8',
  'UTF-8': 'UNICODE UTF-8',
  UTF8: 'UNICODE UTF-8',
  'GB 18030-2000': 'GB 18030-2000',
  'GB 18030-2005': 'GB 18030-2000',
  'GB 18030-2022': 'GB 18030-2000',
  'GB 18030': 'GB 18030-2000',
  'GB18030-2000': 'GB 18030-2000',
  GB18030: 'GB 18030-2000',
  GBK: 'GB 18030-2000',
  GB2312: 'GB 18030-2000',
  'GB 2312': 'GB 18030-2000',
  'GB 2312-80': 'GB 18030-2000',
  ASCII: 'ASCII',
  'ISO IR6': 'ASCII',
  '8859/1': '8859/1',
  'ISO-8859-1': '8859/1',
};

const gb18030 = new TextDecoder('gb18030', { fatal: true });
const PIPE = 0x7c;

/**
 * The text of one message, read strictly in the charset of MSH-18 (its first repetition). Without MSH-18: UTF-8 when the
 * bytes are valid UTF-8, else GB18030 with a warning. A byte that the charset does not know is refused, never replaced.
 */
export function decode(bytes: Buffer): Decoded | BorderIssue {
  const body = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
  const declared = declaredCharset(body);
  if (declared === undefined) return undeclared(body);
  const charset = NAMES[declared.toUpperCase()];
  if (!charset) return issue('hl7v2.charset-unknown', 'MSH-18');
  const text = read(body, charset);
  return text === undefined ? issue('hl7v2.charset', 'MSH-18', charset) : { text, charset, warnings: [] };
}

/** The bytes of an answer in the charset of the message it answers. A character outside the charset becomes '?'. */
export function encode(text: string, charset: Charset): Buffer {
  if (charset === 'UNICODE UTF-8') return Buffer.from(text, 'utf8');
  if (charset === 'GB 18030-2000') return iconv.encode(text, 'gb18030');
  return iconv.encode(text, charset === 'ASCII' ? 'ascii' : 'latin1');
}

function undeclared(body: Buffer): Decoded | BorderIssue {
  if (isUtf8(body)) return { text: body.toString('utf8'), charset: 'UNICODE UTF-8', warnings: [] };
  const text = read(body, 'GB 18030-2000');
  if (text === undefined) return issue('hl7v2.charset', 'MSH-18', 'GB 18030');
  return { text, charset: 'GB 18030-2000', warnings: [issue('hl7v2.charset-assumed', 'MSH-18', 'GB 18030')] };
}

function read(body: Buffer, charset: Charset): string | undefined {
  if (charset === 'UNICODE UTF-8') return isUtf8(body) ? body.toString('utf8') : undefined;
  if (charset === '8859/1') return body.toString('latin1');
  if (charset === 'ASCII') return body.some((byte) => byte > 0x7f) ? undefined : body.toString('latin1');
  try {
    return gb18030.decode(body);
  } catch {
    return undefined;
  }
}

/**
 * MSH-18 has to be found before the charset is known, and the second byte of a GB18030 character may be 0x7C ('|'). So MSH
 * is counted twice, once stepping over double bytes and once not, and the reading that agrees with itself is taken.
 */
function declaredCharset(body: Buffer): string | undefined {
  const start = body.indexOf('MSH');
  if (start < 0) return undefined;
  const plain = eighteenth(body, start, false);
  const double = eighteenth(body, start, true);
  if (plain === double) return plain || undefined;
  if (double && NAMES[double.toUpperCase()] === 'GB 18030-2000') return double;
  return plain || undefined;
}

function eighteenth(body: Buffer, start: number, doubleBytes: boolean): string {
  const separator = body[start + 3] ?? PIPE;
  let field = 2;
  let from = -1;
  let at = start + 4;
  for (; at < body.length && at < start + 65536; at++) {
    const byte = body[at]!;
    if (byte === 0x0d || byte === 0x0a) break;
    if (byte === separator) {
      if (field === 18) break;
      field += 1;
      from = at + 1;
    } else if (doubleBytes && byte >= 0x81 && byte <= 0xfe) {
      const next = body[at + 1] ?? 0;
      at += next >= 0x30 && next <= 0x39 ? 3 : 1;
    }
  }
  if (field !== 18 || from < 0) return '';
  const value = body.toString('latin1', from, at);
  const repetition = String.fromCharCode(body[start + 5] ?? 0x7e);
  return value.split(repetition)[0]!.trim();
}
