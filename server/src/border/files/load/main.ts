import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { usableDataFolder } from '../../../kit/data-folder.ts';
import { key64 } from '../../../kit/hash.ts';
import { type Answer, openSender } from './sender.ts';
import { type Submission, submissionsOf } from './submissions.ts';

const usage = `npm run load -- FILE|DIR... [--server URL] [--institution CODE] [--mapping FILE] [--data DIR] [--operator-key FILE] [--connections N] [--results FILE] [--restart]
Takes FHIR JSON and NDJSON (also .gz), HL7 v2 (single and batch), shared documents (CDA) and CSV with a mapping.
It can be stopped and run again: it goes on where it was, and what was sent twice is one record.
--results FILE: of tables, what became of every row (file, row, line, outcome, message, rules), as CSV; goes on where it was as well.`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    server: { type: 'string', default: 'http://localhost:8080' },
    institution: { type: 'string', default: 'LOADER' },
    mapping: { type: 'string' },
    data: { type: 'string', default: process.env.HUTONG_DATA ?? '.data' },
    'operator-key': { type: 'string' },
    connections: { type: 'string', default: '4' },
    results: { type: 'string' },
    restart: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help || positionals.length === 0) {
  process.stdout.write(`${usage}\n`);
  process.exit(values.help ? 0 : 2);
}

/** Who others refer to comes first: a Patient before the Observations about them. */
const first = ['organization', 'location', 'practitioner', 'patient', 'encounter'];
const rankOf = (file: string): number => {
  const name = file.toLowerCase();
  const at = first.findIndex((word) => (name.split('/').at(-1) ?? '').startsWith(word));
  return at < 0 ? first.length : at;
};
const filesIn = (path: string): string[] =>
  statSync(path).isDirectory()
    ? readdirSync(path)
        .sort()
        .flatMap((name) => filesIn(join(path, name)))
    : [path];

const files = positionals
  .flatMap((path) => filesIn(resolve(path)))
  .sort((a, b) => rankOf(a) - rankOf(b) || (a < b ? -1 : 1));
const totalBytes = files.reduce((sum, file) => sum + statSync(file).size, 0);
const data = usableDataFolder(resolve(values.data));
const keys = join(data, 'keys');
mkdirSync(keys, { recursive: true });
const progressFile = join(
  data,
  `load-${BigInt.asUintN(64, key64(`${values.institution}\n${files.join('\n')}`)).toString(36)}.progress`,
);
if (values.restart) rmSync(progressFile, { force: true });
/** Each line is a file and how many of its requests are done; the last line of a file counts. */
const done = new Map<string, number>();
if (existsSync(progressFile))
  for (const line of readFileSync(progressFile, 'utf8').split('\n')) {
    const [count, file] = line.split('\t');
    if (file && count) done.set(file, Number(count));
  }

const sender = await openSender({
  server: values.server.replace(/\/$/, ''),
  institution: values.institution,
  keys,
  operatorKey: values['operator-key'] ?? join(keys, 'operator.jwk.json'),
});
const mapping = values.mapping ? (JSON.parse(readFileSync(values.mapping, 'utf8')) as unknown) : null;
const totals = { taken: 0, again: 0, held: 0, refused: 0 };
const rules = new Map<string, number>();
const problems: string[] = [];
let bytesDone = 0;
let current = '';
const started = Date.now();

function draw(final = false): void {
  if (!process.stderr.isTTY && !final) return;
  const share = totalBytes === 0 ? 1 : bytesDone / totalBytes;
  const bar = '█'.repeat(Math.round(share * 28)).padEnd(28, '░');
  const items = totals.taken + totals.again + totals.held + totals.refused;
  const rate = Math.round(items / Math.max(1, (Date.now() - started) / 1000));
  process.stderr.write(
    `${final ? '' : '\r'}  ${bar} ${String(Math.round(share * 100)).padStart(3)} %  ${items} items, ${rate}/s  held ${totals.held}  ${final ? '' : current.slice(-40).padEnd(40)}${final ? '\n' : ''}`,
  );
}
const ticker = setInterval(draw, 200);

if (values.results && (values.restart || !existsSync(values.results)))
  writeFileSync(values.results, 'file,row,line,outcome,message,rules\r\n');
const cell = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
/** Written before the progress is: after a stop a row may stand twice, with the same message, and none is missing. */
function keepResults(file: string, { lines }: Submission, { rows }: Answer): void {
  if (!values.results || rows.length === 0) return;
  const text = rows.map(({ row, outcome, message, rules: why }) =>
    [cell(file), row, lines?.get(row) ?? '', outcome, message, why.join(' ')].join(','),
  );
  appendFileSync(values.results, `${text.join('\r\n')}\r\n`);
}

async function loadFile(file: string): Promise<void> {
  current = file;
  const skip = done.get(file) ?? 0;
  const size = statSync(file).size;
  let number = 0;
  let finished = skip;
  const running = new Set<Promise<void>>();
  const submit = async (submission: Submission): Promise<void> => {
    const answer = await sender.send(submission);
    totals.taken += answer.taken;
    totals.again += answer.again;
    totals.held += answer.held;
    totals.refused += answer.refused;
    for (const rule of answer.rules) rules.set(rule, (rules.get(rule) ?? 0) + 1);
    keepResults(file, submission, answer);
    finished++;
  };
  for await (const item of submissionsOf(file, { mapping })) {
    if ('problem' in item) {
      problems.push(`${file}: ${item.problem}`);
      continue;
    }
    if (number++ < skip) continue;
    // FHIR files refer backwards: their requests keep their order. Messages and documents stand alone.
    const task = submit(item).finally(() => running.delete(task));
    running.add(task);
    if (running.size >= (item.path === '/fhir' ? 1 : Number(values.connections))) await Promise.race(running);
    // Only a prefix that is wholly done may be skipped next time.
    if (running.size === 0) appendFileSync(progressFile, `${finished}\t${file}\n`);
  }
  await Promise.all(running);
  appendFileSync(progressFile, `${number}\t${file}\n`);
  bytesDone += size;
}

for (const file of files) await loadFile(file);
clearInterval(ticker);
draw(true);
process.stdout.write(
  `${files.length} files: taken ${totals.taken}, seen before ${totals.again}, held ${totals.held}, refused ${totals.refused}\n`,
);
for (const [rule, count] of [...rules].sort((a, b) => b[1] - a[1]))
  process.stdout.write(`  ${String(count).padStart(6)}  ${rule}\n`);
for (const problem of problems) process.stdout.write(`  not read: ${problem}\n`);
