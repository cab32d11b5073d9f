import { type Charset, decode } from './charset.ts';
import type { Message } from './message.ts';
import { parse } from './parse.ts';

/**
 * The first line of a message, read alone: enough to know its sender, kind and number, and to answer it. `bytes` may end anywhere behind MSH
 * and hold anything. A charset that is unknown or does not fit leaves the ASCII of the line, with the rest put aside as '?'.
 * @returns a message of one segment, or undefined when it does not begin with a readable MSH
 */
export function envelope(bytes: Buffer, fallback: Charset = 'UNICODE UTF-8'): Message | undefined {
  const line = bytes.subarray(0, Math.min(firstLineEnd(bytes), longestHead));
  const decoded = decode(line);
  const message =
    'text' in decoded
      ? parse(decoded.text, decoded.charset)
      : parse(line.toString('latin1').replace(/[^\x20-\x7e]/g, '?'), fallback);
  return 'segments' in message ? message : undefined;
}

/** Bytes; what stands behind them in a first line is not read here. */
export const longestHead = 4000;

function firstLineEnd(bytes: Buffer): number {
  const ends = [bytes.indexOf(0x0d), bytes.indexOf(0x0a)].filter((at) => at > 3);
  return ends.length > 0 ? Math.min(...ends) : bytes.length;
}
