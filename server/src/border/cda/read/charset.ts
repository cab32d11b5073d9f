import type { BorderIssue } from '../../fact.ts';
import { issue } from '../rules.ts';

export type Charset = 'utf-8' | 'gb18030' | 'utf-16le' | 'utf-16be' | 'latin1';

/** GBK and GB2312 are subsets of GB18030, and systems label four-byte characters of it as GBK. */
const NAMES: Record<string, Charset> = {
  'UTF-8': 'utf-8',
  UTF8: 'utf-8',
  'US-ASCII': 'utf-8',
  ASCII: 'utf-8',
  GB18030: 'gb18030',
  'GB18030-2000': 'gb18030',
  GBK: 'gb18030',
  GB2312: 'gb18030',
  CP936: 'gb18030',
  'ISO-8859-1': 'latin1',
};

/**
 * XML 1.0, appendix F: the byte order mark wins, then the shape of `<?` in UTF-16, then the declaration, which is ASCII in
 * all other charsets we take. Without any of them XML means UTF-8.
 */
export function charsetOf(bytes: Buffer): { charset: Charset; skip: number } | BorderIssue {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return { charset: 'utf-8', skip: 3 };
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return { charset: 'utf-16le', skip: 2 };
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return { charset: 'utf-16be', skip: 2 };
  if (bytes[0] === 0x3c && bytes[1] === 0 && bytes[3] === 0) return { charset: 'utf-16le', skip: 0 };
  if (bytes[0] === 0 && bytes[1] === 0x3c && bytes[2] === 0) return { charset: 'utf-16be', skip: 0 };
  const head = bytes.toString('latin1', 0, 200);
  const declared = /^\s*<\?xml[^>]*?\sencoding\s*=\s*["']([A-Za-z0-9._-]+)["']/.exec(head)?.[1];
  if (declared === undefined) return { charset: 'utf-8', skip: 0 };
  const charset = NAMES[declared.toUpperCase()];
  return charset ? { charset, skip: 0 } : issue('cda.charset-unknown', '/');
}

/** A decoder that throws on a byte the charset does not know: a replaced character in a name is a wrong name. */
export function decoderOf(charset: Charset): TextDecoder {
  return new TextDecoder(charset === 'latin1' ? 'windows-1252' : charset, { fatal: true, ignoreBOM: true });
}
