import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { bundles } from './bundles.ts';
import { cards } from './cards.ts';
import { codes } from './codes.ts';
import { acknowledgedTables, copyFloor, recordTables } from './floor.ts';
import { fsyncMilliseconds } from './fsync.ts';
import { fill, identity } from './identity.ts';
import { httpLoad, mllpLoad } from './load.ts';
import { startServer } from './measured-server.ts';
import { oruMessages } from './messages.ts';
import { review } from './review.ts';
import { screens } from './screens.ts';

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    messages: { type: 'string', default: '30000' },
    bundles: { type: 'string', default: '200' },
    resources: { type: 'string', default: '0' },
    cases: { type: 'string', default: '1000000' },
    residents: { type: 'string', default: '200000' },
    seconds: { type: 'string', default: 'Infinity' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  process.stdout.write(
    'npm run bench -- [--only hl7v2|fhir|read|cards|screens|codes|identity|review|fill] [--cases N] [--residents N: of the master index] [--seconds N: of one call of fill, which prepares a cluster kept by BENCH_DATA] [--messages N] [--bundles N] [--resources N: load until N resources are stored and watch the memory]\n',
  );
  process.exit(0);
}

type Figure = { workload: string; figure: string; value: number | string; unit: string; beside: string };
const figures: Figure[] = [];
const note = (workload: string, figure: string, value: number | string, unit: string, beside = ''): void => {
  figures.push({ workload, figure, value, unit, beside });
  process.stdout.write(
    `  ${workload.padEnd(8)} ${figure.padEnd(44)} ${String(value).padStart(12)} ${unit.padEnd(14)} ${beside}\n`,
  );
};
const wanted = (name: string): boolean => values.only === undefined || values.only.split(',').includes(name);
const connections = 32;
const mb = (bytes: number): number => Math.round(bytes / 1_000_000);

async function hl7v2(): Promise<void> {
  const server = await startServer();
  await server.register('BENCH1');
  const count = Number(values.messages);
  await mllpLoad(server.mllpPort, oruMessages(2000, 'BENCH1', 5_000_000), connections);
  await server.settle();
  server.profile();
  const before = await server.usage();
  const result = await mllpLoad(server.mllpPort, oruMessages(count, 'BENCH1'), connections);
  server.profiled();
  const after = await server.usage();
  const started = performance.now();
  await server.settle();
  const behind = (performance.now() - started) / 1000;
  const floor = await copyFloor(server.databaseUrl, acknowledgedTables);
  const whole = await copyFloor(server.databaseUrl, [...acknowledgedTables, ...recordTables]);
  const floorRate = Math.round((count + 2000) / floor.seconds);
  note(
    'hl7v2',
    'ORU^R01 acknowledged, 32 connections',
    result.perSecond,
    'messages/s',
    `floor ${floorRate} (COPY of the same bytes into the same tables)`,
  );
  note('hl7v2', 'latency p50 / p95 / p99', `${result.p50} / ${result.p95} / ${result.p99}`, 'ms', 'asked: p99 <= 250');
  note('hl7v2', 'answers other than AA', result.errors, '', 'asked: 0');
  note(
    'hl7v2',
    'recorded while acknowledging',
    Math.round((after.recorded - before.recorded) / result.seconds),
    'messages/s',
    `the rest ${behind.toFixed(1)} s later`,
  );
  note(
    'hl7v2',
    'acknowledged and recorded, end to end',
    Math.round(count / (result.seconds + behind)),
    'messages/s',
    `floor ${Math.round((count + 2000) / whole.seconds)} (all ${whole.rows} rows by COPY)`,
  );
  note(
    'hl7v2',
    'server CPU per acknowledged message',
    ((after.cpu.user + after.cpu.system - before.cpu.user - before.cpu.system) / 1000 / count).toFixed(3),
    'ms',
    '',
  );
  const accepted = await mllpLoad(server.mllpPort, oruMessages(count, 'BENCH1', 6_000_000, 'accept'), connections);
  note(
    'hl7v2',
    'the same in enhanced mode (accept acknowledgement)',
    accepted.perSecond,
    'messages/s',
    `kept safe, judged when recorded; p99 ${accepted.p99} ms; other than CA: ${accepted.errors}`,
  );
  await server.settle();
  note('hl7v2', 'server memory, peak', mb(server.peakRss()), 'MB', 'asked: < 600');
  await server.stop();
}

async function fhir(): Promise<void> {
  const server = await startServer();
  const token = await server.register('BENCH1');
  const count = Number(values.bundles);
  const send = (body: Buffer): Promise<Response> =>
    fetch(`${server.base}/fhir`, {
      method: 'POST',
      headers: { 'content-type': 'application/fhir+json', authorization: `Bearer ${token}` },
      body: body as BodyInit,
    });
  for (const { body } of bundles(8, 900_000)) await (await send(body)).arrayBuffer();
  const made = bundles(count);
  const resources = made.reduce((sum, bundle) => sum + bundle.resources, 0);
  server.profile();
  const before = await server.usage();
  const result = await httpLoad(
    count,
    connections,
    (n) => send((made[n] as (typeof made)[0]).body),
    (response) => response.status === 200,
  );
  server.profiled();
  const after = await server.usage();
  const floor = await copyFloor(server.databaseUrl, ['intake.message', ...recordTables]);
  const rate = Math.round(resources / result.seconds);
  const floorRate = Math.round((resources * (count + 8)) / count / floor.seconds);
  note(
    'fhir',
    'transaction bundles, 32 connections',
    rate,
    'resources/s',
    `floor ${floorRate}; ${Math.round((rate / floorRate) * 100)} % of it, asked: a third`,
  );
  note('fhir', 'bundles, p50 / p99', `${result.p50} / ${result.p99}`, 'ms', `${result.errors} refused, asked: 0`);
  note(
    'fhir',
    'server CPU per resource',
    ((after.cpu.user + after.cpu.system - before.cpu.user - before.cpu.system) / 1000 / resources).toFixed(3),
    'ms',
    '',
  );
  note('fhir', 'server memory, peak', mb(server.peakRss()), 'MB', 'asked: < 600');
  const target = Number(values.resources);
  for (let stored = resources, from = 100_000; stored < target; from += 64) {
    const more = bundles(64, from);
    await httpLoad(
      more.length,
      8,
      (n) => send((more[n] as (typeof more)[0]).body),
      (response) => response.status === 200,
    );
    stored += more.reduce((sum, bundle) => sum + bundle.resources, 0);
    process.stderr.write(`\r  ${stored} of ${target} resources, ${mb(server.peakRss())} MB `);
  }
  if (target > 0)
    note(
      'fhir',
      `memory, peak during ${target} resources`,
      mb(server.peakRss()),
      'MB',
      'asked: < 600 during 1,000,000',
    );
  await server.stop();
}

async function read(): Promise<void> {
  const server = await startServer();
  const token = await server.register('BENCH1');
  const headers = { authorization: `Bearer ${token}` };
  const locations: string[] = [];
  for (const { body } of bundles(40)) {
    const response = await fetch(`${server.base}/fhir`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/fhir+json' },
      body: body as BodyInit,
    });
    const { entry } = (await response.json()) as { entry: { response: { location: string } }[] };
    for (const { response: made } of entry) locations.push(made.location.replace(/\/_history.*/, ''));
  }
  const get = (path: string): Promise<Response> => fetch(`${server.base}/fhir/${path}`, { headers });
  const reads = await httpLoad(
    10_000,
    64,
    (n) => get(locations[(n * 7919) % locations.length] as string),
    (response) => response.status === 200,
  );
  note(
    'read',
    'read by id, 64 connections',
    reads.perSecond,
    'requests/s',
    `p99 ${reads.p99} ms, ${reads.errors} errors; each look audited before its answer`,
  );
  const patients = locations.filter((location) => location.startsWith('Patient/'));
  const searches = await httpLoad(
    3000,
    32,
    (n) => get(`Observation?patient=${patients[n % patients.length]}&_count=20`),
    (response) => response.status === 200,
  );
  note(
    'read',
    'Observations of a patient, newest 20',
    searches.perSecond,
    'requests/s',
    `p99 ${searches.p99} ms, ${searches.errors} errors`,
  );
  await server.stop();
}

if (values.only === 'fill') {
  await fill(Number(values.residents), Number(values.seconds));
  process.exit(0);
}
const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
const fsync = fsyncMilliseconds();
const load = readFileSync('/proc/loadavg', 'utf8').split(' ').slice(0, 3).join(' ');
const machine = `${cpus().length} x ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.version}, fsync p50 ${fsync.p50} ms, load average ${load}`;
process.stdout.write(`  ${new Date().toISOString()}  commit ${commit}\n  ${machine}\n\n`);
if (wanted('hl7v2')) await hl7v2();
if (wanted('fhir')) await fhir();
if (wanted('read')) await read();
if (wanted('cards')) await cards(Number(values.messages), note);
if (wanted('identity')) await identity(Number(values.residents), note);
if (wanted('review')) await review(note);
if (wanted('screens')) await screens(Number(values.cases), note);
if (wanted('codes')) await codes(note);
const name = `${new Date().toISOString().slice(0, 16).replace(':', '')}-${commit}`;
const results = join(import.meta.dirname, 'results');
mkdirSync(results, { recursive: true });
writeFileSync(
  join(results, `${name}.md`),
  [
    `# ${name}`,
    '',
    machine,
    '',
    '| Workload | Figure | Value | Unit | Beside |',
    '|---|---|---|---|---|',
    ...figures.map(
      ({ workload, figure, value, unit, beside }) => `| ${workload} | ${figure} | ${value} | ${unit} | ${beside} |`,
    ),
    '',
  ].join('\n'),
);
appendFileSync(
  join(results, 'history.ndjson'),
  `${JSON.stringify({ at: new Date().toISOString(), commit, machine, figures })}\n`,
);
process.stdout.write(`\n  bench/results/${name}.md\n`);
