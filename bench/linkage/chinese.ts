import { benchmarkRecords } from '../../city/linkage-benchmark/index.ts';
import {
  inferSchema,
  judge,
  type LinkageRecord,
  type Model,
  type Outcome,
  readTable,
  run,
  type Table,
  tableFromRecords,
  train,
  truthFromGroups,
  type Verdict,
} from '../../libs/linkage/index.ts';

const COLUMNS = ['name', 'sex', 'birth_date', 'id_number', 'phone', 'address'];
/** Rows the schema is guessed from. */
const SAMPLE = 5000;

export type ChineseRun = {
  table: Table;
  model: Model;
  outcome: Outcome;
  verdict: Verdict;
  /** Wall-clock seconds by step; `engine` is all but making the records and judging. */
  seconds: {
    load: number;
    train: number;
    plan: number;
    score: number;
    cluster: number;
    recall: number;
    engine: number;
  };
};

/** Makes the benchmark record by record into a table, guesses the schema, trains, links and judges. The truth is touched by nothing but the judge. */
export async function runChinese(size: number, seed: number, threads: number): Promise<ChineseRun> {
  const sample: string[][] = [];
  for (const one of benchmarkRecords({ seed, size })) {
    sample.push([one.name, one.sex, one.birthDate, one.number, one.phone, one.address]);
    if (sample.length === SAMPLE) break;
  }
  const { schema } = inferSchema(COLUMNS, sample);
  const start = performance.now();
  // Ids are R and the numbers below `size`, so the truth needs no names.
  const persons = new Int32Array(size);
  const built = tableFromRecords(schema, benchmarkRows(seed, size, persons));
  if (!built.ok) throw new Error(built.reason);
  const { table } = built;
  const loaded = performance.now();
  const { model } = train(schema, table);
  const trained = performance.now();
  const outcome = await run(model, table, { threads }, () => performance.now());
  const done = performance.now();
  const read = readTable(table);
  const groups = new Int32Array(size);
  for (let row = 0; row < size; row++) groups[row] = persons[Number(read.id(row).slice(1))]!;
  const verdict = judge(model, table, outcome, truthFromGroups(table, groups, false));
  const ms = outcome.report.milliseconds;
  return {
    table,
    model,
    outcome,
    verdict,
    seconds: {
      load: (loaded - start) / 1000,
      train: (trained - loaded) / 1000,
      plan: ms.plan / 1000,
      score: ms.score / 1000,
      cluster: ms.cluster / 1000,
      recall: ms.recall / 1000,
      engine: (done - start) / 1000,
    },
  };
}

function* benchmarkRows(
  seed: number,
  size: number,
  persons: Int32Array,
): Generator<{ id: string; record: LinkageRecord }> {
  for (const one of benchmarkRecords({ seed, size })) {
    persons[Number(one.id.slice(1))] = one.person;
    const { name, sex, birthDate, number, phone, address } = one;
    yield { id: one.id, record: { name, sex, birth_date: birthDate, id_number: number, phone, address } };
  }
}
