import type { BorderIssue } from '../../fact.ts';
import { issue } from '../rules.ts';

export type CsvLimits = {
  /** Characters of one record. */
  record: number;
  columns: number;
  /** Broken records before reading stops. */
  broken: number;
};

export const defaultCsvLimits: CsvLimits = { record: 1_000_000, columns: 2000, broken: 50 };

/** `line` is the physical line (1-based) on which the record begins. */
export type CsvRecord = { line: number; cells: string[] } | { line: number; issue: BorderIssue };

/**
 * RFC 4180 over text in pieces: quotes, doubled quotes, line breaks inside quotes, CRLF, LF or CR. A record that is broken or longer than the
 * limit is given up together with its first line only, so one forgotten quote does not swallow the rest of a file.
 */
export class CsvParser {
  /** Nothing is read any more. */
  stopped = false;
  readonly #delimiter: string;
  readonly #limits: CsvLimits;
  #rest = '';
  #line = 1;
  #broken = 0;

  constructor(delimiter = ',', limits: CsvLimits = defaultCsvLimits) {
    this.#delimiter = delimiter;
    this.#limits = limits;
  }

  *write(text: string): Generator<CsvRecord> {
    this.#rest += text;
    yield* this.#take(false);
  }

  *end(): Generator<CsvRecord> {
    yield* this.#take(true);
  }

  *#take(last: boolean): Generator<CsvRecord> {
    let from = 0;
    while (!this.stopped && from < this.#rest.length) {
      const found = this.#record(from, last);
      if (found === 'more') break;
      const line = this.#line;
      const isBroken = 'rule' in found.content;
      for (let at = from; at < found.end; at++) if (isBreak(this.#rest, at)) this.#line += 1;
      from = found.end;
      if (isBroken) yield* this.#report(line, found.content as BorderIssue);
      else if ((found.content as string[]).some((cell) => cell !== ''))
        yield { line, cells: found.content as string[] };
    }
    this.#rest = this.stopped ? '' : this.#rest.slice(from);
  }

  *#report(line: number, found: BorderIssue): Generator<CsvRecord> {
    this.#broken += 1;
    yield { line, issue: { ...found, path: `line ${line}` } };
    if (this.#broken < this.#limits.broken) return;
    this.stopped = true;
    yield { line, issue: issue('files.too-many-broken', `line ${line}`) };
  }

  /** One record from `from` on: its cells or what is wrong with it, and where the next begins. */
  #record(from: number, last: boolean): { content: string[] | BorderIssue; end: number } | 'more' {
    const text = this.#rest;
    const cells: string[] = [];
    let at = from;
    for (;;) {
      if (at - from > this.#limits.record) return this.#tooLong(from);
      const cell = text[at] === '"' ? this.#quoted(at) : this.#plain(at);
      if (cell.end - from > this.#limits.record) return this.#tooLong(from);
      if (cell.end >= text.length) {
        if (!last) return text.length - from > this.#limits.record ? this.#tooLong(from) : 'more';
        if (cell.open) return { content: issue('files.quote-open', ''), end: lineEnd(text, from) };
        if (cell.bad) return { content: issue('files.quote', ''), end: lineEnd(text, from) };
        return { content: [...cells, cell.value], end: text.length };
      }
      cells.push(cell.value);
      // The quote that seemed to close it may open a cell of a later line: only the line where it began is given up.
      if (cell.bad) return { content: issue('files.quote', ''), end: lineEnd(text, from) };
      if (cells.length > this.#limits.columns) return this.#tooLong(from);
      if (text[cell.end] === this.#delimiter) {
        at = cell.end + 1;
        if (at >= text.length) {
          if (!last) return 'more';
          return { content: [...cells, ''], end: text.length };
        }
        continue;
      }
      // A CR at the very end of what has arrived may be half of a CRLF.
      if (text[cell.end] === '\r' && cell.end + 1 >= text.length && !last) return 'more';
      return { content: cells, end: lineEnd(text, cell.end) };
    }
  }

  #tooLong(from: number): { content: BorderIssue; end: number } {
    return { content: issue('files.record-too-long', '', String(this.#limits.record)), end: lineEnd(this.#rest, from) };
  }

  #plain(at: number): Cell {
    const text = this.#rest;
    let end = at;
    let bad = false;
    for (; end < text.length; end++) {
      const mark = text[end];
      if (mark === this.#delimiter || mark === '\n' || mark === '\r') break;
      if (mark === '"') bad = true;
    }
    return { value: text.slice(at, end), end, bad, open: false };
  }

  #quoted(at: number): Cell {
    const text = this.#rest;
    let value = '';
    let from = at + 1;
    for (;;) {
      const quote = text.indexOf('"', from);
      if (quote < 0) return { value, end: text.length, bad: false, open: true };
      value += text.slice(from, quote);
      if (text[quote + 1] !== '"') {
        const end = quote + 1;
        const next = text[end];
        const bad = next !== undefined && next !== this.#delimiter && next !== '\n' && next !== '\r';
        return { value, end, bad, open: false };
      }
      value += '"';
      from = quote + 2;
    }
  }
}

type Cell = { value: string; end: number; bad: boolean; open: boolean };

const isBreak = (text: string, at: number): boolean =>
  text[at] === '\n' || (text[at] === '\r' && text[at + 1] !== '\n');

/** Index behind the next line break at or after `at`. */
function lineEnd(text: string, at: number): number {
  for (let end = at; end < text.length; end++) {
    if (text[end] === '\n') return end + 1;
    if (text[end] === '\r') return text[end + 1] === '\n' ? end + 2 : end + 1;
  }
  return text.length;
}
