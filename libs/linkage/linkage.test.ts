import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCsv } from './csv.ts';
import { makeHistoricPersons } from './fixtures/make-population.ts';
import { inferSchema } from './infer-schema.ts';
import { judge, rowsById, truthFromGroups, truthFromPairs } from './judge.ts';
import { run } from './run.ts';
import type { LinkageRecord, Schema } from './schema.ts';
import { readTable, type Table } from './table/table.ts';
import { tableFromRecords } from './table-from-records.ts';
import { train } from './train/train.ts';

function rowsOf(file: string): string[][] {
  const rows: string[][] = [];
  const reader = readCsv((cells) => rows.push(cells));
  reader.push(readFileSync(new URL(`./fixtures/febrl/${file}`, import.meta.url), 'utf8'));
  reader.end();
  return rows;
}

function build(schema: Schema, records: readonly { id: string; record: LinkageRecord; source?: 0 | 1 }[]): Table {
  const result = tableFromRecords(schema, records);
  if (!result.ok) throw new Error(`id repeats: ${result.id}`);
  return result.table;
}

function truthOf(table: Table, pairs: readonly (readonly [string, string])[], second: 0 | 1 = 0) {
  const rows = rowsById(table);
  return truthFromPairs(
    table,
    pairs.map(([a, b]) => [rows[0].get(a)!, rows[second].get(b)!] as const),
  );
}

function febrl(
  set: 1 | 3,
  without: string[],
): { schema: Schema; records: { id: string; record: LinkageRecord }[]; truth: [string, string][] } {
  const [head, ...rows] = rowsOf(`dataset${set}.csv`);
  const columns = head!.filter((column) => !without.includes(column));
  const { schema, idColumn } = inferSchema(
    columns,
    rows.map((row) => columns.map((column) => row[head!.indexOf(column)]!)),
  );
  const records = rows.map((row) => ({
    id: row[head!.indexOf(idColumn!)]!,
    record: Object.fromEntries(head!.map((name, i) => [name, row[i]])),
  }));
  return {
    schema,
    records,
    truth: rowsOf(`dataset${set}_links.csv`)
      .slice(1)
      .map(([a, b]) => [a!, b!]),
  };
}

describe('FEBRL, without any training pair and with a guessed schema', () => {
  it.each([
    [1, [], 0.998],
    [1, ['soc_sec_id'], 0.993],
    [3, [], 0.998],
    [3, ['soc_sec_id'], 0.993],
  ] as [1 | 3, string[], number][])(
    'set %i without %j reaches F1 %f over links and in clusters',
    async (set, without, floor) => {
      const { schema, records, truth } = febrl(set, without);
      const table = build(schema, records);
      const { model } = train(schema, table);
      const verdict = judge(model, table, await run(model, table), truthOf(table, truth));
      expect(verdict.links.f1).toBeGreaterThanOrEqual(floor);
      expect(verdict.partition.pairs.f1).toBeGreaterThanOrEqual(floor);
      expect(verdict.automatic.pairs.precision).toBeGreaterThanOrEqual(0.9995);
      expect(verdict.blockingRecall).toBeGreaterThanOrEqual(0.998);
    },
    180_000,
  );

  it('set 1 links its originals to its duplicates one to one', async () => {
    const { schema, records, truth } = febrl(1, []);
    const table = build(
      schema,
      records.map((row) => ({ ...row, source: row.id.endsWith('org') ? 0 : 1 })),
    );
    const { model } = train(schema, table, { linking: true });
    const outcome = await run(model, table, { oneToOne: true });
    const pairs = truth.map(([a, b]): [string, string] => (a.endsWith('org') ? [a, b] : [b, a]));
    const verdict = judge(model, table, outcome, truthOf(table, pairs, 1));
    expect(verdict.links.f1).toBeGreaterThanOrEqual(0.998);
    expect(new Set(outcome.links!.map((at) => outcome.pairs.a[at])).size).toBe(outcome.links!.length);
  }, 180_000);
});

describe('persons with many dirty records', () => {
  it('keep precise clusters that also recall pairs blocking or scoring missed', async () => {
    const made = makeHistoricPersons(300, 11);
    const columns = Object.keys(made[0]!.record);
    const { schema } = inferSchema(
      columns,
      made.map(({ record }) => columns.map((column) => record[column]!)),
    );
    const table = build(schema, made);
    const { model } = train(schema, table);
    const [rows] = rowsById(table);
    const groups = new Int32Array(table.size);
    for (const { id, entity } of made) groups[rows.get(id)!] = Number(entity.slice(1));
    const verdict = judge(model, table, await run(model, table), truthFromGroups(table, groups, false));
    expect(verdict.partition.pairs.precision).toBeGreaterThanOrEqual(0.95);
    expect(verdict.partition.pairs.recall).toBeGreaterThan(verdict.links.recall);
    expect(verdict.partition.pairs.f1).toBeGreaterThanOrEqual(0.93);
  }, 180_000);
});

describe('the same records', () => {
  const made = makeHistoricPersons(40, 5);
  const columns = Object.keys(made[0]!.record);
  const { schema } = inferSchema(
    columns,
    made.map(({ record }) => columns.map((column) => record[column]!)),
  );
  const partition = async (records: typeof made): Promise<string[]> => {
    const table = build(schema, records);
    const { clusterOf } = (await run(train(schema, table).model, table)).clustering;
    const read = readTable(table);
    return Array.from({ length: table.size }, (_, row) => `${read.id(row)} ${read.id(clusterOf[row]!)}`).sort();
  };
  it('give the same partition in any order', async () => {
    const expected = await partition(made);
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(made, { minLength: made.length }), async (shuffled) => {
        expect(await partition(shuffled)).toEqual(expected);
      }),
      { numRuns: 4 },
    );
  }, 120_000);

  it('twice under one id are refused by name of the id', () => {
    const twice = tableFromRecords(schema, [made[0]!, made[1]!, made[0]!]);
    expect(twice).toEqual({ ok: false, reason: 'duplicate-id', id: made[0]!.id });
  });
});
