/** Reads the reference tables under `fixtures/` for the tests; plain or gzipped CSV without quoting. */
import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

/** One row; cells by column name. */
export type Row = Record<string, string>;

/** All rows of `fixtures/<name>` (or its `.gz`). */
export function readFixture(name: string): Row[] {
  const plain = new URL(`./fixtures/${name}`, import.meta.url);
  const text = existsSync(plain)
    ? readFileSync(plain, 'utf8')
    : gunzipSync(readFileSync(new URL(`./fixtures/${name}.gz`, import.meta.url))).toString('utf8');
  const [head, ...lines] = text.trimEnd().split('\n');
  const names = head!.split(',');
  return lines.map((line) => {
    const cells = line.split(',');
    return Object.fromEntries(names.map((n, i) => [n, cells[i] ?? '']));
  });
}

/** R's NA and NaN become NaN. */
export function num(cell: string | undefined): number {
  if (cell === undefined || cell === '' || cell === 'NA') return Number.NaN;
  if (cell === 'Inf') return Number.POSITIVE_INFINITY;
  return cell === '-Inf' ? Number.NEGATIVE_INFINITY : Number(cell);
}

/** Rows gathered by the values of some columns, in order of appearance. */
export function groupBy(rows: Row[], ...columns: string[]): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const key = columns.map((c) => row[c]).join('|');
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return groups;
}

/** |a − b| relative to the larger of 1e-300 and |b|; 0 when both are missing. */
export function relativeError(a: number, b: number): number {
  if (Number.isNaN(a) && Number.isNaN(b)) return 0;
  if (a === b) return 0;
  return Math.abs(a - b) / Math.max(Math.abs(b), 1e-300);
}

/** One reference series: counts with NaN for NA, its period and where it starts. */
export type ReferenceSeries = {
  counts: Float64Array;
  frequency: number;
  startPeriod: number;
  population: Float64Array;
};

/** The reference series by name. */
export function readSeries(): Map<string, ReferenceSeries> {
  const out = new Map<string, ReferenceSeries>();
  for (const [name, rows] of groupBy(readFixture('series.csv'), 'series')) {
    out.set(name, {
      counts: Float64Array.from(rows, (r) => num(r.observed)),
      population: Float64Array.from(rows, (r) => num(r.population)),
      frequency: num(rows[0]!.freq),
      startPeriod: num(rows[0]!.start_period),
    });
  }
  return out;
}
