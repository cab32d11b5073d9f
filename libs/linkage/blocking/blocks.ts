import type { KeyCodes } from './key-index.ts';

/** Rows grouped by code: block b holds `rows[starts[b]] … rows[starts[b + 1]]`, in rising row order, at least two rows each. */
export type Blocks = {
  rows: Int32Array<SharedArrayBuffer>;
  starts: Int32Array<SharedArrayBuffer>;
  codes: Uint32Array<SharedArrayBuffer>;
};

/** Groups rows by code with a stable radix sort, so memory stays at a few numbers per row. */
export function groupRows(key: KeyCodes): Blocks {
  const size = key.offsets ? key.offsets.length - 1 : key.codes.length;
  let rows = new Int32Array(key.codes.length);
  let codes = new Uint32Array(key.codes.length);
  let used = 0;
  for (let row = 0; row < size; row++) {
    const from = key.offsets ? key.offsets[row]! : row;
    const to = key.offsets ? key.offsets[row + 1]! : row + 1;
    for (let at = from; at < to; at++) {
      if (key.codes[at] === 0) continue;
      rows[used] = row;
      codes[used++] = key.codes[at]!;
    }
  }
  let rowsTo = new Int32Array(used);
  let codesTo = new Uint32Array(used);
  const counts = new Int32Array(2049);
  for (let shift = 0; shift < 33; shift += 11) {
    counts.fill(0);
    for (let i = 0; i < used; i++) counts[((codes[i]! >>> shift) & 2047) + 1]!++;
    for (let i = 0; i < 2048; i++) counts[i + 1]! += counts[i]!;
    for (let i = 0; i < used; i++) {
      const at = counts[(codes[i]! >>> shift) & 2047]!++;
      rowsTo[at] = rows[i]!;
      codesTo[at] = codes[i]!;
    }
    [rows, rowsTo] = [rowsTo, rows];
    [codes, codesTo] = [codesTo, codes];
  }
  return compact(rows, codes, used);
}

/** Drops blocks of one row. */
function compact(rows: Int32Array, codes: Uint32Array, used: number): Blocks {
  let blocks = 0;
  let kept = 0;
  for (let from = 0; from < used; ) {
    let to = from + 1;
    while (to < used && codes[to] === codes[from]) to++;
    if (to - from > 1) {
      blocks++;
      kept += to - from;
    }
    from = to;
  }
  const out: Blocks = {
    rows: new Int32Array(new SharedArrayBuffer(kept * 4)),
    starts: new Int32Array(new SharedArrayBuffer((blocks + 1) * 4)),
    codes: new Uint32Array(new SharedArrayBuffer(blocks * 4)),
  };
  let block = 0;
  let at = 0;
  for (let from = 0; from < used; ) {
    let to = from + 1;
    while (to < used && codes[to] === codes[from]) to++;
    if (to - from > 1) {
      out.codes[block] = codes[from]!;
      for (let i = from; i < to; i++) out.rows[at++] = rows[i]!;
      out.starts[++block] = at;
    }
    from = to;
  }
  return out;
}

/** Pairs a block makes: all, or only those between the two files (`source` given). Rows of the first file come first. */
export function blockPairs(blocks: Blocks, block: number, source: Uint8Array | null): number {
  const from = blocks.starts[block]!;
  const to = blocks.starts[block + 1]!;
  if (!source) return ((to - from) * (to - from - 1)) / 2;
  let first = 0;
  while (from + first < to && source[blocks.rows[from + first]!] === 0) first++;
  return first * (to - from - first);
}

export function countPairs(blocks: Blocks, source: Uint8Array | null): number {
  let pairs = 0;
  for (let block = 0; block < blocks.codes.length; block++) pairs += blockPairs(blocks, block, source);
  return pairs;
}
