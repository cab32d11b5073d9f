import type { Field } from '../compare/field.ts';
import type { BlockingKey, KeyPart } from '../schema.ts';
import { hashPair, hashText } from '../strings/hash.ts';
import { readPool } from '../table/pool.ts';
import type { Table } from '../table/table.ts';
import { takeFrom } from './take.ts';

/**
 * Codes of one key for every row: 0 = not in the key. `offsets` is null where each row has at most one code; else the
 * codes of row r are `codes[offsets[r]] … codes[offsets[r + 1]]`. Equal codes of unequal values (32-bit hashes) cost a
 * comparison now and then and lose nothing.
 */
export type KeyCodes = { codes: Uint32Array<SharedArrayBuffer>; offsets: Int32Array<SharedArrayBuffer> | null };

/** A row may carry this many codes of one key at most (words of a name times alternatives). */
const MOST_CODES = 12;

type PartCodes = (row: number) => readonly number[];
type PartCache = Map<string, PartCodes>;

/** Builds codes of keys over one table; what a part takes of a distinct value is worked out once. */
export function openKeys(fields: readonly Field[], table: Table): (key: BlockingKey) => KeyCodes {
  const cache: PartCache = new Map();
  return (key) => {
    const parts = key.parts.map((part) => partCodes(fields, table, part, cache));
    return collect(table.size, parts);
  };
}

function partCodes(fields: readonly Field[], table: Table, part: KeyPart, cache: PartCache): PartCodes {
  const name = `${part.field}\n${part.take}\n${part.also ?? ''}`;
  const known = cache.get(name);
  if (known) return known;
  const index = fields.findIndex((field) => field.spec.name === part.field);
  const field = fields[index]!;
  const column = table.columns[index]!;
  const text = readPool(table.pools[column.pool]!);
  const hashes = codesByValue(table.pools[column.pool]!.ends.length, (value) =>
    takeFrom(field, text(value), part.take).map((piece) => hashText(piece) || 1),
  );
  let made: PartCodes;
  if (part.also === undefined) {
    made = (row) => hashes(column.values[row]!);
  } else {
    const second = partCodes(fields, table, { field: part.also, take: 'all' }, cache);
    made = (row) => {
      const out: number[] = [];
      for (const a of hashes(column.values[row]!)) {
        for (const b of second(row)) out.push(a < b ? hashPair(a, b) : hashPair(b, a));
      }
      return out;
    };
  }
  cache.set(name, made);
  return made;
}

const NONE: readonly number[] = [];

/** Remembers single codes in a typed array and the rare several codes in a map. */
function codesByValue(size: number, make: (value: number) => number[]): (value: number) => readonly number[] {
  const single = new Uint32Array(size);
  const known = new Uint8Array(size); // 1 none, 2 single, 3 several
  const several = new Map<number, readonly number[]>();
  const boxed: [number] = [0];
  return (value) => {
    if (value === 0) return NONE;
    if (known[value] === 0) {
      const codes = make(value);
      known[value] = codes.length === 0 ? 1 : codes.length === 1 ? 2 : 3;
      if (codes.length === 1) single[value] = codes[0]!;
      else if (codes.length > 1) several.set(value, codes);
    }
    if (known[value] === 1) return NONE;
    if (known[value] === 3) return several.get(value)!;
    boxed[0] = single[value]!;
    return boxed;
  };
}

function collect(size: number, parts: readonly PartCodes[]): KeyCodes {
  let codes = new Uint32Array(size);
  const offsets = new Int32Array(new SharedArrayBuffer((size + 1) * 4));
  let used = 0;
  let multiple = false;
  for (let row = 0; row < size; row++) {
    if (used + MOST_CODES >= codes.length) {
      const larger = new Uint32Array(codes.length * 2 + MOST_CODES);
      larger.set(codes);
      codes = larger;
    }
    const single = singleCode(parts, row);
    if (single > 0) codes[used++] = single;
    else if (single < 0) {
      multiple = true;
      // Copied, because a part lends the same array for every row.
      for (const code of combineCodes(parts.map((part) => [...part(row)]))) codes[used++] = code;
    }
    offsets[row + 1] = used;
  }
  if (multiple) {
    const packed = new Uint32Array(new SharedArrayBuffer(used * 4));
    packed.set(codes.subarray(0, used));
    return { codes: packed, offsets };
  }
  const flat = new Uint32Array(new SharedArrayBuffer(size * 4));
  for (let row = 0; row < size; row++) if (offsets[row + 1]! > offsets[row]!) flat[row] = codes[offsets[row]!]!;
  return { codes: flat, offsets: null };
}

/** The usual case without arrays: the one code of a row, 0 where a part has none, -1 where a part has several. */
function singleCode(parts: readonly PartCodes[], row: number): number {
  let code = 1;
  for (const part of parts) {
    const codes = part(row);
    if (codes.length === 0) return 0;
    if (codes.length > 1) return -1;
    code = hashPair(code, codes[0]!) || 1;
  }
  return code;
}

/** Codes of every combination of the parts' codes; none where a part has none. */
export function combineCodes(parts: readonly (readonly number[])[]): number[] {
  let out: number[] = [1];
  for (const codes of parts) {
    if (codes.length === 0) return [];
    const next: number[] = [];
    for (const before of out) {
      for (const code of codes) {
        if (next.length === MOST_CODES) break;
        next.push(hashPair(before, code) || 1);
      }
    }
    out = next;
  }
  return out.length > 1 ? [...new Set(out)] : out;
}
