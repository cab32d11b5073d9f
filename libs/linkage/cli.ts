#!/usr/bin/env node
import { createWriteStream, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { loadTable, readRows, readSample } from './cli/files.ts';
import { openFields } from './compare/field.ts';
import { writeCsvRow } from './csv.ts';
import { inferSchema } from './infer-schema.ts';
import { judge, rowsById, type Truth, truthFromGroups, truthFromPairs, type Verdict } from './judge.ts';
import { probabilityOf, readModel, writeModel } from './model.ts';
import { expectedLinks, type Question } from './review.ts';
import { type Outcome, run } from './run.ts';
import type { Schema } from './schema.ts';
import { readTable, type Table } from './table/table.ts';
import { train } from './train/train.ts';

const USAGE = `Finds the records of one person (or thing) in CSV files, without training data.

  node libs/linkage/cli.ts dedupe people.csv --out clusters.csv
  node libs/linkage/cli.ts link a.csv b.csv --out links.csv [--one-to-one]

  --out FILE          clusters (cluster_id,record_id) or links (id_a,id_b,weight,probability)
  --pairs FILE        every kept pair with weight and probability
  --questions FILE    what a person should look at, likeliest first (id_a,id_b,weight,probability,reason,asked)
  --capacity SHARE    questions that can be answered, per record; default 0.01, the rest is listed as not asked
  --report FILE       schema, training, blocking, recall estimate, times, scores as JSON
  --id COLUMN         column naming the record        --exclude A,B    columns not to compare
  --schema FILE       schema as JSON instead of a guessed one
  --save-model FILE   keep the trained model          --model FILE     use a kept model, train nothing
  --true-links FILE   CSV of two id columns; prints precision, recall, F1
  --truth-column C    column holding the true entity; never compared
  --threads N         default: all cores              --seed N         default 20260101
`;

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    out: { type: 'string' },
    pairs: { type: 'string' },
    questions: { type: 'string' },
    capacity: { type: 'string' },
    report: { type: 'string' },
    id: { type: 'string' },
    exclude: { type: 'string' },
    schema: { type: 'string' },
    'save-model': { type: 'string' },
    model: { type: 'string' },
    'true-links': { type: 'string' },
    'truth-column': { type: 'string' },
    threads: { type: 'string' },
    seed: { type: 'string' },
    'one-to-one': { type: 'boolean' },
    help: { type: 'boolean' },
  },
});

const [command, ...files] = positionals;
const linking = command === 'link';
if (options.help || !((command === 'dedupe' && files.length === 1) || (linking && files.length === 2))) {
  process.stdout.write(USAGE);
  process.exit(options.help ? 0 : 2);
}
await main();

async function main(): Promise<void> {
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  const sample = await readSample(files[0]!, 5000);
  const excluded = new Set([...(options.exclude?.split(',') ?? []), options['truth-column'] ?? '']);
  const columns = sample.columns.filter((column) => !excluded.has(column) && column !== options.id);
  const picked = sample.rows.map((row) => columns.map((column) => row[sample.columns.indexOf(column)] ?? ''));
  const guess = inferSchema(columns, picked);
  const idColumn = options.id ?? guess.idColumn;

  const kept = options.model === undefined ? null : readModel(readFileSync(options.model, 'utf8'));
  if (kept && !kept.ok) return fail(`${options.model}: ${kept.reason}`);
  const schema: Schema = kept
    ? kept.model.schema
    : options.schema
      ? (JSON.parse(readFileSync(options.schema, 'utf8')) as Schema)
      : guess.schema;
  if (schema.fields.length === 0) return fail('no column to compare');
  say(
    `id: ${idColumn ?? '(row number)'}; fields: ${schema.fields.map((field) => `${field.name}=${field.kind}`).join(', ')}`,
  );
  for (const { column, reason } of kept || options.schema ? [] : guess.left) say(`not compared: ${column} (${reason})`);

  const entity = new Map<string, string>();
  const load = (id: string | null) => {
    entity.clear();
    const keep = (file: number, record: string, value: string) => entity.set(`${file}:${record}`, value);
    return loadTable(files, openFields(schema.fields), id, options['truth-column'], keep);
  };
  let loaded = await load(idColumn);
  if (!loaded.ok && options.id === undefined && idColumn !== null) {
    say(`${loaded.reason}: ${idColumn} does not name records, rows are numbered instead`);
    loaded = await load(null);
  }
  if (!loaded.ok) return fail(loaded.reason);
  const { table } = loaded;
  const started = performance.now();
  const seed = options.seed === undefined ? undefined : Number(options.seed);
  const training = kept ? null : train(schema, table, { linking, ...(seed === undefined ? {} : { seed }) });
  const model = kept ? kept.model : training!.model;
  const trained = performance.now();
  const threads = Number(options.threads ?? availableParallelism());
  const capacity = options.capacity === undefined ? {} : { capacity: Number(options.capacity) };
  const oneToOne = options['one-to-one'] ?? false;
  const outcome = await run(model, table, { threads, oneToOne, ...capacity }, () => performance.now());
  const truth = options['true-links']
    ? await truthOfLinks(options['true-links'], table, linking)
    : options['truth-column']
      ? truthOfColumn(entity, table, linking)
      : null;
  const verdict = truth ? judge(model, table, outcome, truth) : null;

  if (options['save-model']) writeFileSync(options['save-model'], writeModel(model));
  if (options.out) await writeOut(options.out, table, outcome);
  if (options.pairs) await writePairs(options.pairs, table, outcome, outcome.pairs.a.keys());
  if (options.questions) await writeQuestions(options.questions, table, outcome);
  const report = {
    schema: model.schema,
    training: training?.report ?? null,
    trainMilliseconds: trained - started,
    run: outcome.report,
    verdict,
  };
  if (options.report) writeFileSync(options.report, JSON.stringify(report, null, 2));
  summarise(say, outcome, trained - started, verdict);
}

function summarise(say: (line: string) => void, outcome: Outcome, trainMs: number, verdict: Verdict | null): void {
  const { report, clustering } = outcome;
  const clusters = new Set(clustering.clusterOf).size;
  const { byKeys, byScan } = report.recall;
  const ms = report.milliseconds;
  say(
    `records ${report.rows}, clusters ${clusters}, comparisons ${report.comparisons} of ${report.comparisonsWithoutBlocking}, skipped in oversize blocks ${report.skippedPairs}`,
  );
  say(
    `blocking recall, estimated: ${percent(byKeys.recall)} by recapture, ${byScan.recall === null ? 'no link met' : percent(byScan.recall)} by scan of ${byScan.records} records`,
  );
  say(
    `seconds: train ${seconds(trainMs)}, plan ${seconds(ms.plan)}, score ${seconds(ms.score)}, cluster ${seconds(ms.cluster)}`,
  );
  for (const key of report.keys) {
    say(
      `  key ${key.name}: pairs ${key.pairs}, largest block ${key.largestBlocks[0] ?? 0}${key.oversizeBlocks ? `, oversize ${key.oversizeBlocks} refined by ${key.refinedWith.join(', ')}, skipped ${key.skippedPairs}` : ''}`,
    );
  }
  const { questions, left } = outcome.review;
  say(
    `questions to people: ${questions.length}, left unasked ${left.length}, of which about ${expectedLinks(left).toFixed(0)} would link`,
  );
  if (!verdict) return;
  const line = (name: string, r: { precision: number; recall: number; f1: number }) =>
    process.stdout.write(
      `${name.padEnd(18)} precision ${r.precision.toFixed(5)}  recall ${r.recall.toFixed(5)}  F1 ${r.f1.toFixed(5)}\n`,
    );
  line('links', verdict.links);
  line('pairs in clusters', verdict.partition.pairs);
  line('whole clusters', verdict.partition.clusters);
  line('automatic groups', verdict.automatic.pairs);
  process.stdout.write(
    `blocking recall    ${verdict.blockingRecall.toFixed(5)}\nquestions          ${verdict.review.share.toFixed(5)} per record, ${verdict.reviewShare.toFixed(5)} of records in them\n`,
  );
}

async function writeOut(path: string, table: Table, outcome: Outcome): Promise<void> {
  if (linking) {
    const all = outcome.links ?? [...outcome.pairs.a.keys()].filter((at) => outcome.pairs.weight[at]! >= 0);
    return writePairs(path, table, outcome, all);
  }
  const read = readTable(table);
  await writeLines(
    path,
    (function* () {
      yield writeCsvRow(['cluster_id', 'record_id']);
      for (let row = 0; row < table.size; row++)
        yield writeCsvRow([read.id(outcome.clustering.clusterOf[row]!), read.id(row)]);
    })(),
  );
}

async function writePairs(path: string, table: Table, outcome: Outcome, which: Iterable<number>): Promise<void> {
  const read = readTable(table);
  const { a, b, weight } = outcome.pairs;
  await writeLines(
    path,
    (function* () {
      yield writeCsvRow(['id_a', 'id_b', 'weight', 'probability']);
      for (const at of which) {
        yield writeCsvRow([
          read.id(a[at]!),
          read.id(b[at]!),
          weight[at]!.toFixed(3),
          probabilityOf(weight[at]!).toFixed(6),
        ]);
      }
    })(),
  );
}

async function writeQuestions(path: string, table: Table, { pairs, review }: Outcome): Promise<void> {
  const read = readTable(table);
  const row = ({ at, weight, reason }: Question, asked: string): string =>
    writeCsvRow([
      read.id(pairs.a[at]!),
      read.id(pairs.b[at]!),
      weight.toFixed(3),
      probabilityOf(weight).toFixed(6),
      reason,
      asked,
    ]);
  await writeLines(
    path,
    (function* () {
      yield writeCsvRow(['id_a', 'id_b', 'weight', 'probability', 'reason', 'asked']);
      for (const question of review.questions) yield row(question, '1');
      for (const question of review.left) yield row(question, '0');
    })(),
  );
}

async function writeLines(path: string, lines: Iterable<string>): Promise<void> {
  const stream = createWriteStream(path);
  for (const line of lines) if (!stream.write(line)) await new Promise((resolve) => stream.once('drain', resolve));
  await new Promise<void>((resolve) => stream.end(() => resolve()));
}

async function truthOfLinks(path: string, table: Table, linking: boolean): Promise<Truth> {
  const [first, second] = rowsById(table);
  const pairs: [number, number][] = [];
  await readRows(
    path,
    () => undefined,
    ([left, right]) => {
      const a = first.get(left!);
      const b = (linking ? second : first).get(right!);
      if (a !== undefined && b !== undefined) pairs.push([a, b]);
      return undefined;
    },
  );
  return truthFromPairs(table, pairs);
}

function truthOfColumn(entity: ReadonlyMap<string, string>, table: Table, linking: boolean): Truth {
  const read = readTable(table);
  const numbers = new Map<string, number>();
  const groups = new Int32Array(table.size);
  for (let row = 0; row < table.size; row++) {
    const name = entity.get(`${table.source[row]}:${read.id(row)}`) ?? '';
    const number = numbers.get(name) ?? numbers.size;
    if (name !== '') numbers.set(name, number);
    groups[row] = name === '' ? -1 : number;
  }
  return truthFromGroups(table, groups, linking);
}

function percent(share: number): string {
  return `${(share * 100).toFixed(2)} %`;
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(1);
}

function fail(reason: string): void {
  process.stderr.write(`${reason}\n`);
  process.exitCode = 1;
}
