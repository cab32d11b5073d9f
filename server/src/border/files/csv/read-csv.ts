import type { BorderIssue } from '../../fact.ts';
import { issue } from '../rules.ts';
import { type CsvLimits, CsvParser, type CsvRecord, defaultCsvLimits } from './csv-parser.ts';
import { type TableCharset, TableDecoder } from './text-decoder.ts';

/** A row under its header. `row` counts data rows from 1; `line` is where it begins in the file (the header is line 1). */
export type CsvRow = { row: number; line: number; values: Readonly<Record<string, string>> };
export type CsvItem =
  | { kind: 'header'; columns: string[] }
  | ({ kind: 'row' } & CsvRow)
  | { kind: 'issue'; line: number; issue: BorderIssue };

export type CsvOptions = { delimiter?: string; charset?: TableCharset; limits?: CsvLimits };

/**
 * Reads a table with a header in pieces of any size, holding one record at a time. A broken record is an issue in its place and
 * the rest goes on; an unreadable header or charset ends the reading.
 */
export async function* readCsv(
  pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  options: CsvOptions = {},
): AsyncGenerator<CsvItem> {
  const parser = new CsvParser(options.delimiter ?? ',', options.limits ?? defaultCsvLimits);
  const decoder = new TableDecoder(options.charset);
  const frame = new Frame();
  for await (const piece of pieces) {
    const text = decoder.write(piece);
    if (text === undefined) return yield frame.unreadable();
    for (const record of parser.write(text)) yield* frame.items(record);
    if (parser.stopped || frame.ended) return;
  }
  const text = decoder.end();
  if (text === undefined) return yield frame.unreadable();
  for (const record of [...parser.write(text), ...parser.end()]) yield* frame.items(record);
}

class Frame {
  ended = false;
  #columns: string[] | undefined;
  #row = 0;
  #line = 1;

  unreadable(): CsvItem {
    return { kind: 'issue', line: this.#line, issue: issue('files.charset', `after line ${this.#line}`) };
  }

  *items(record: CsvRecord): Generator<CsvItem> {
    if (this.ended) return;
    this.#line = record.line;
    if ('issue' in record) {
      if (this.#columns) this.#row += 1;
      else this.ended = true;
      yield { kind: 'issue', line: record.line, issue: record.issue };
      return;
    }
    if (!this.#columns) {
      const columns = record.cells.map((cell) => cell.trim());
      this.ended = columns.some((column) => column === '') || new Set(columns).size !== columns.length;
      if (this.ended) yield { kind: 'issue', line: record.line, issue: issue('files.header', `line ${record.line}`) };
      else yield { kind: 'header', columns };
      this.#columns = columns;
      return;
    }
    this.#row += 1;
    const { cells } = record;
    // Spreadsheets leave off trailing empty cells; more cells than columns mean a shifted row.
    const extra = cells.slice(this.#columns.length).some((cell) => cell !== '');
    if (extra || (cells.length < this.#columns.length && cells.length === 1)) {
      yield { kind: 'issue', line: record.line, issue: issue('files.column-count', `line ${record.line}`) };
      return;
    }
    const values: Record<string, string> = Object.create(null);
    for (const [index, column] of this.#columns.entries()) values[column] = (cells[index] ?? '').trim();
    yield { kind: 'row', row: this.#row, line: record.line, values };
  }
}
