import type { BorderIssue } from '../../fact.ts';
import { issue } from '../rules.ts';

/** A batch or a file of messages. Each message is its own bytes: charsets may differ inside one file. */
export type Batch = {
  messages: Buffer[];
  /** Raw header lines, decoded as latin1, for the batch of acknowledgements; absent when the file has none. */
  fileHeader?: string;
  batchHeader?: string;
  issues: BorderIssue[];
};

const CR = 0x0d;
const LF = 0x0a;

/**
 * Takes FHS/BHS/BTS/FTS files apart, and also plain files of several messages one after another. A single message gives a
 * batch of one. Cutting bytes at CR and LF is safe before the charset is known: neither UTF-8 nor GB18030 uses them inside a
 * character. BTS-1 and FTS-1 are compared with what was found; a difference is a warning, because every message stands alone.
 */
export function readBatch(bytes: Buffer): Batch {
  const batch: Batch = { messages: [], issues: [] };
  let start = -1;
  let inBatch = 0;
  let batches = 0;
  let open = 0;
  const finish = (end: number): void => {
    if (start >= 0) batch.messages.push(bytes.subarray(start, end));
    start = -1;
  };
  for (const [from, end] of lines(bytes)) {
    const name = bytes.toString('latin1', from, from + 3);
    if (name === 'MSH') {
      finish(from);
      start = from;
      inBatch += 1;
    } else if (name === 'FHS' || name === 'BHS' || name === 'BTS' || name === 'FTS') {
      finish(from);
      const line = bytes.toString('latin1', from, end);
      if (name === 'FHS') batch.fileHeader ??= line;
      if (name === 'BHS') {
        batch.batchHeader ??= line;
        batches += 1;
        open += 1;
        inBatch = 0;
      }
      if (name === 'BTS') {
        open -= 1;
        check(line, inBatch, 'BTS-1', batch.issues);
      }
      if (name === 'FTS') check(line, batches, 'FTS-1', batch.issues);
    }
  }
  finish(bytes.length);
  if (open !== 0) batch.issues.push(issue('hl7v2.batch-structure', 'BTS'));
  return batch;
}

/** true when the bytes are a batch file, or hold more than one message. */
export function isBatch(bytes: Buffer): boolean {
  const head = bytes
    .toString('latin1', 0, Math.min(bytes.length, 64))
    .replace(/^\xef\xbb\xbf/, '')
    .trimStart();
  return /^[FB]HS/.test(head) || bytes.indexOf('\rMSH') > 0 || bytes.indexOf('\nMSH') > 0;
}

function* lines(bytes: Buffer): Generator<[from: number, end: number]> {
  let from = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  while (from < bytes.length) {
    let end = from;
    while (end < bytes.length && bytes[end] !== CR && bytes[end] !== LF) end += 1;
    if (end > from) yield [from, end];
    from = end + 1;
  }
}

function check(line: string, found: number, path: string, issues: BorderIssue[]): void {
  const stated = line.split(line[3] ?? '|')[1]?.trim() ?? '';
  if (stated !== '' && Number(stated) !== found) issues.push(issue('hl7v2.batch-count', path));
}
