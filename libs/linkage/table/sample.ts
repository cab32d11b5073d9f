import { hashPair } from '../strings/hash.ts';
import type { Table } from './table.ts';

/** At most `most` rows, chosen by hash of row number and seed; pools are shared. The same table where it is small enough. */
export function sampleTable(table: Table, most: number, seed: number): Table {
  if (table.size <= most) return table;
  const share = (most / table.size) * 2 ** 32;
  const rows: number[] = [];
  for (let row = 0; row < table.size; row++) if (hashPair(row, seed) < share) rows.push(row);
  const pick = (values: Int32Array) => {
    const out = new Int32Array(new SharedArrayBuffer(rows.length * 4));
    for (let i = 0; i < rows.length; i++) out[i] = values[rows[i]!]!;
    return out;
  };
  const source = new Uint8Array(new SharedArrayBuffer(rows.length));
  for (let i = 0; i < rows.length; i++) source[i] = table.source[rows[i]!]!;
  return {
    size: rows.length,
    ids: table.ids,
    rowIds: pick(table.rowIds),
    source,
    columns: table.columns.map((column) => ({ values: pick(column.values), pool: column.pool })),
    pools: table.pools,
  };
}

/** Pairs that could be compared: all, or those between the two files. */
export function allPairs(table: Table, linking: boolean): number {
  if (!linking) return (table.size * (table.size - 1)) / 2;
  let first = 0;
  while (first < table.size && table.source[first] === 0) first++;
  return first * (table.size - first);
}
