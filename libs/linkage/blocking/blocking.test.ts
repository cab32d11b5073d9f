import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openFields } from '../compare/field.ts';
import type { BlockingKey, Schema } from '../schema.ts';
import { readTable, type Table } from '../table/table.ts';
import { tableFromRecords } from '../table-from-records.ts';
import { forEachPair } from './pairs.ts';
import { planKeys } from './plan.ts';

const schema: Schema = {
  fields: [
    { name: 'name', kind: 'full-name' },
    { name: 'town', kind: 'category' },
    { name: 'born', kind: 'date' },
  ],
};
const keys: BlockingKey[] = [
  { parts: [{ field: 'town', take: 'all' }] },
  { parts: [{ field: 'name', take: 'words' }] },
  {
    parts: [
      { field: 'town', take: 'all' },
      { field: 'born', take: 'year' },
    ],
  },
];
const record = fc.record({
  name: fc.constantFrom('', 'ann lee', 'lee ann', 'bob ray', 'ray lee', 'cy'),
  town: fc.constantFrom('', 'x', 'y'),
  born: fc.constantFrom('', '1980-01-02', '1980-05-06', '1990-01-02'),
});

function build(records: Record<string, string>[], split: number): Table {
  const result = tableFromRecords(
    schema,
    records.map((value, i) => ({ id: `r${i}`, record: value, source: i < split ? 0 : 1 })),
  );
  if (!result.ok) throw new Error('ids repeat');
  return result.table;
}

function offered(table: Table, linking: boolean, mostPairs: number): { pairs: string[]; skipped: number } {
  const plan = planKeys(openFields(schema.fields), table, keys, linking, mostPairs);
  const pairs: string[] = [];
  const source = linking ? table.source : null;
  plan.keys.forEach((planned, k) => {
    forEachPair(plan.keys, k, 0, planned.blocks.codes.length, source, (a, b) => pairs.push(`${a} ${b}`));
  });
  return { pairs, skipped: plan.reports.reduce((sum, key) => sum + key.skippedPairs, 0) };
}

describe('candidate pairs', () => {
  it('are exactly the pairs that share a key, each offered once', () => {
    fc.assert(
      fc.property(fc.array(record, { minLength: 2, maxLength: 14 }), fc.boolean(), (records, linking) => {
        const table = build(records, linking ? records.length >> 1 : records.length);
        const { pairs, skipped } = offered(table, linking, 1e9);
        const read = readTable(table);
        const share = (a: number, b: number): boolean => {
          const [townA, townB] = [read.value(1, a), read.value(1, b)];
          const words = read
            .value(0, a)
            .split(' ')
            .filter((word) => word.length > 1);
          return (townA !== '' && townA === townB) || words.some((word) => read.value(0, b).split(' ').includes(word));
        };
        const wanted: string[] = [];
        for (let a = 0; a < table.size; a++) {
          for (let b = a + 1; b < table.size; b++) {
            if (share(a, b) && !(linking && table.source[a] === table.source[b])) wanted.push(`${a} ${b}`);
          }
        }
        expect(pairs.sort()).toEqual(wanted.sort());
        expect(skipped).toBe(0);
      }),
    );
  });

  it('of oversize blocks are refined, and every pair lost by it is counted', () => {
    const records = Array.from({ length: 60 }, (_, i) => ({
      name: '',
      town: 'x',
      born: i % 2 === 0 ? '1980-01-02' : '1990-01-02',
    }));
    const table = build(records, 60);
    const plan = planKeys(openFields(schema.fields), table, [keys[0]!], false, 500);
    const report = plan.reports[0]!;
    expect(report.pairsBefore).toBe((60 * 59) / 2);
    expect(report.oversizeBlocks).toBe(1);
    expect(report.refinedWith).toContain('born.year');
    expect(report.pairs).toBe(2 * ((30 * 29) / 2));
    expect(report.skippedPairs).toBe(report.pairsBefore - report.pairs);
  });

  it('of a block that nothing can refine are all reported as skipped', () => {
    const table = build(
      Array.from({ length: 40 }, () => ({ name: '', town: 'x', born: '1980-01-02' })),
      40,
    );
    const report = planKeys(openFields(schema.fields), table, [keys[0]!], false, 100).reports[0]!;
    expect(report.pairs).toBe(0);
    expect(report.skippedPairs).toBe((40 * 39) / 2);
  });
});
