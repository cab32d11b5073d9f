import type { Field } from '../compare/field.ts';
import { type BlockingKey, type FieldKind, type KeyPart, keyName } from '../schema.ts';
import { hashPair } from '../strings/hash.ts';
import type { Table } from '../table/table.ts';
import { type Blocks, blockPairs, groupRows } from './blocks.ts';
import { type KeyCodes, openKeys } from './key-index.ts';

/** What one key costs and what it leaves out. Every pair of an oversize block that is not compared under this key is in `skippedPairs`. */
export type KeyReport = {
  name: string;
  /** Pairs the key would make without any limit. */
  pairsBefore: number;
  /** Pairs after oversize blocks were refined; a pair may be made by several keys and is compared once. */
  pairs: number;
  rowsInKey: number;
  largestBlocks: number[];
  oversizeBlocks: number;
  refinedWith: string[];
  skippedPairs: number;
};

export type Plan = { keys: PlannedKey[]; reports: KeyReport[] };
export type PlannedKey = { key: BlockingKey; codes: KeyCodes; blocks: Blocks };

/** Coarse cuts for oversize blocks, tried in order until the block is small enough. */
const REFINERS: Record<FieldKind, KeyPart['take'] | null> = {
  date: 'year',
  name: 'soundex',
  'chinese-name': 'initial',
  'full-name': 'start',
  code: 'start',
  category: 'all',
  text: 'start',
  address: 'start',
  identifier: 'half-first',
  phone: 'end',
  number: 'all',
};

/** Builds codes and blocks of the keys, refines blocks of more than `mostPairs` pairs and counts what is lost by it. */
export function planKeys(
  fields: readonly Field[],
  table: Table,
  keys: readonly BlockingKey[],
  linking: boolean,
  mostPairs: number,
): Plan {
  const codesOf = openKeys(fields, table);
  const plan: Plan = { keys: [], reports: [] };
  for (const key of keys) {
    const source = linking ? table.source : null;
    const codes = codesOf(key);
    let blocks = groupRows(codes);
    const { pairs: pairsBefore, oversize } = weighBlocks(blocks, source, mostPairs);
    const report: KeyReport = {
      name: keyName(key),
      pairsBefore,
      pairs: pairsBefore,
      rowsInKey: countRows(codes),
      largestBlocks: largest(blocks, 5),
      oversizeBlocks: oversize,
      refinedWith: [],
      skippedPairs: 0,
    };
    if (report.oversizeBlocks > 0) {
      blocks = refine(fields, key, codes, blocks, source, mostPairs, codesOf, report);
      report.pairs = weighBlocks(blocks, source, mostPairs).pairs;
      report.skippedPairs = pairsBefore - report.pairs;
    }
    plan.keys.push({ key, codes, blocks });
    plan.reports.push(report);
  }
  return plan;
}

function refine(
  fields: readonly Field[],
  key: BlockingKey,
  codes: KeyCodes,
  start: Blocks,
  source: Uint8Array | null,
  mostPairs: number,
  codesOf: (key: BlockingKey) => KeyCodes,
  report: KeyReport,
): Blocks {
  const used = new Set(key.parts.flatMap((part) => [part.field, part.also]));
  let blocks = start;
  for (const field of fields) {
    const take = REFINERS[field.spec.kind];
    if (used.has(field.spec.name) || take === null) continue;
    const oversize = oversizeCodes(blocks, source, mostPairs);
    if (oversize.size === 0) return blocks;
    const finer: BlockingKey = { parts: [{ field: field.spec.name, take }] };
    const cut = codesOf(finer);
    replaceCodes(codes, oversize, (row) => (cut.offsets ? cut.codes[cut.offsets[row]!] : cut.codes[row]) ?? 0);
    report.refinedWith.push(keyName(finer));
    blocks = groupRows(codes);
  }
  const oversize = oversizeCodes(blocks, source, mostPairs);
  if (oversize.size === 0) return blocks;
  // Nothing left to cut with: these rows leave the key, and the caller counts the pairs as skipped.
  for (let at = 0; at < codes.codes.length; at++) if (oversize.has(codes.codes[at]!)) codes.codes[at] = 0;
  return groupRows(codes);
}

function oversizeCodes(blocks: Blocks, source: Uint8Array | null, mostPairs: number): Set<number> {
  const out = new Set<number>();
  for (let block = 0; block < blocks.codes.length; block++) {
    if (blockPairs(blocks, block, source) > mostPairs) out.add(blocks.codes[block]!);
  }
  return out;
}

function replaceCodes(codes: KeyCodes, which: Set<number>, cut: (row: number) => number): void {
  const rows = codes.offsets ? codes.offsets.length - 1 : codes.codes.length;
  for (let row = 0; row < rows; row++) {
    const from = codes.offsets ? codes.offsets[row]! : row;
    const to = codes.offsets ? codes.offsets[row + 1]! : row + 1;
    for (let at = from; at < to; at++) {
      const code = codes.codes[at]!;
      if (code !== 0 && which.has(code)) codes.codes[at] = hashPair(code, cut(row)) || 1;
    }
  }
}

function countRows(key: KeyCodes): number {
  let rows = 0;
  if (key.offsets)
    for (let row = 0; row + 1 < key.offsets.length; row++) rows += key.offsets[row + 1]! > key.offsets[row]! ? 1 : 0;
  else for (const code of key.codes) rows += code === 0 ? 0 : 1;
  return rows;
}

function weighBlocks(blocks: Blocks, source: Uint8Array | null, most: number): { pairs: number; oversize: number } {
  let pairs = 0;
  let oversize = 0;
  for (let block = 0; block < blocks.codes.length; block++) {
    const mine = blockPairs(blocks, block, source);
    pairs += mine;
    if (mine > most) oversize++;
  }
  return { pairs, oversize };
}

function largest(blocks: Blocks, count: number): number[] {
  const best: number[] = [];
  for (let block = 0; block < blocks.codes.length; block++) {
    const size = blocks.starts[block + 1]! - blocks.starts[block]!;
    if (best.length === count && size <= best[count - 1]!) continue;
    best.push(size);
    best.sort((a, b) => b - a);
    if (best.length > count) best.pop();
  }
  return best;
}
