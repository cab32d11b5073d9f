import { readFileSync } from 'node:fs';
import {
  inferSchema,
  judge,
  readCsv,
  rowsById,
  run,
  tableFromRecords,
  train,
  truthFromPairs,
  type Verdict,
} from '../../libs/linkage/index.ts';

function rowsOf(file: string): string[][] {
  const rows: string[][] = [];
  const reader = readCsv((cells) => rows.push(cells));
  reader.push(readFileSync(new URL(`../../libs/linkage/fixtures/febrl/${file}`, import.meta.url), 'utf8'));
  reader.end();
  return rows;
}

/** De-duplicates FEBRL 1 or 3 without training pairs and with a guessed schema; `without`: columns left out. */
export async function runFebrl(set: 1 | 3, without: readonly string[]): Promise<Verdict> {
  const [head, ...rows] = rowsOf(`dataset${set}.csv`);
  const columns = head!.filter((column) => !without.includes(column));
  const places = columns.map((column) => head!.indexOf(column));
  const { schema, idColumn } = inferSchema(
    columns,
    rows.map((row) => places.map((place) => row[place]!)),
  );
  const built = tableFromRecords(
    schema,
    rows.map((row) => ({
      id: row[head!.indexOf(idColumn!)]!,
      record: Object.fromEntries(columns.map((column, i) => [column, row[places[i]!]])),
    })),
  );
  if (!built.ok) throw new Error(built.reason);
  const { table } = built;
  const { model } = train(schema, table);
  const [rowById] = rowsById(table);
  const links = rowsOf(`dataset${set}_links.csv`).slice(1);
  const truth = truthFromPairs(
    table,
    links.map(([a, b]) => [rowById.get(a!)!, rowById.get(b!)!] as const),
  );
  return judge(model, table, await run(model, table), truth);
}
