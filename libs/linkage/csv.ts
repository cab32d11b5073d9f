const QUOTE = 34;
const LINE = 10;
const RETURN = 13;

/**
 * Reads CSV (RFC 4180, also with spaces after separators, any of , ; tab |) piece by piece. Give it text as it comes; rows
 * come out as arrays of cells. Memory is one row.
 */
export type CsvReader = { push: (text: string) => void; end: () => void };

export function readCsv(onRow: (cells: string[]) => void, separator?: string): CsvReader {
  let split = separator;
  let splitCode = separator?.charCodeAt(0) ?? -1;
  let rest = '';
  let cell = '';
  let cells: string[] = [];
  let quoted = false;
  let wasQuoted = false;
  let first = true;

  const isPlain = (code: number): boolean => code !== QUOTE && code !== LINE && code !== RETURN && code !== splitCode;
  const endCell = (): void => {
    cells.push(wasQuoted ? cell : cell.trim());
    cell = '';
    wasQuoted = false;
  };
  const endRow = (): void => {
    endCell();
    if (cells.length > 1 || cells[0] !== '') onRow(cells);
    cells = [];
  };
  const consume = (text: string, last: boolean): void => {
    let at = 0;
    // The last sign may be half of "" or of \r\n: it waits for the next piece.
    const end = last ? text.length : text.length - 1;
    while (at < end) {
      // Runs of plain signs are taken at once: most of a file is plain.
      let plain = at;
      while (plain < end && (quoted ? text.charCodeAt(plain) !== QUOTE : isPlain(text.charCodeAt(plain)))) plain++;
      if (plain > at) {
        if (!wasQuoted || quoted) cell += text.slice(at, plain);
        else cell += text.slice(at, plain).trim(); // spaces between a closing quote and the separator
        at = plain;
        continue;
      }
      const sign = text[at]!;
      if (quoted) {
        if (sign !== '"') cell += sign;
        else if (text[at + 1] === '"') {
          cell += '"';
          at++;
        } else quoted = false;
      } else if (sign === '"' && cell.trim() === '') {
        quoted = true;
        wasQuoted = true;
        cell = '';
      } else if (sign === split) endCell();
      else if (sign === '\n') endRow();
      else if (sign !== '\r') cell += sign;
      at++;
    }
    rest = text.slice(at);
  };
  return {
    push(text) {
      let all = rest + text;
      if (first && all !== '') {
        first = false;
        if (all.charCodeAt(0) === 0xfeff) all = all.slice(1);
      }
      if (split === undefined) {
        const line = all.indexOf('\n');
        if (line < 0) {
          rest = all;
          return;
        }
        split = guessSeparator(all.slice(0, line));
        splitCode = split.charCodeAt(0);
      }
      consume(all, false);
    },
    end() {
      split ??= guessSeparator(rest);
      splitCode = split.charCodeAt(0);
      consume(rest, true);
      if (cell !== '' || cells.length > 0 || wasQuoted) endRow();
    },
  };
}

function guessSeparator(heading: string): string {
  const signs = [',', ';', '\t', '|'];
  const counts = signs.map((sign) => heading.split(sign).length);
  return signs[counts.indexOf(Math.max(...counts))]!;
}

/** One line of CSV, quoted where needed. */
export function writeCsvRow(cells: readonly (string | number)[]): string {
  return `${cells.map((cell) => (/[",\n\r]/.test(String(cell)) ? `"${String(cell).replaceAll('"', '""')}"` : cell)).join(',')}\n`;
}
