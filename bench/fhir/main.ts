import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { machineLine, Report } from '../report.ts';
import { everything, exportAll } from './bulk.ts';
import type { Outcome } from './closed-loop.ts';
import { countOf, harvest } from './harvest.ts';
import { importPeople } from './import.ts';
import { crud, reads, searches } from './mixes.ts';
import { diskOf, openOwn } from './ours.ts';
import { shapes } from './shapes.ts';
import { target, tokenFrom } from './wire.ts';

const help = `npm run bench:fhir -- [--base URL [--token-file FILE] [--database-url URL]] [--sizes 1000,4000] [--only import,read,crud,search,everything,export,disk]
                      [--seconds 20] [--connections 64] [--searchers 16] [--writers 32] [--port 8792] [--shapes NAME]

Without --base, this project's server is started on a fresh database. With it, any FHIR R4 server is measured with the very same work:
  --token-file    its bearer token; read again whenever the file changes
  --database-url  its PostgreSQL, for the disk figures
Sizes are numbers of people, about 40 resources each; the population grows from one size to the next, and every workload runs at each.
`;
const { values } = parseArgs({
  options: {
    base: { type: 'string' },
    'token-file': { type: 'string' },
    'database-url': { type: 'string' },
    sizes: { type: 'string', default: '1000' },
    only: { type: 'string', default: 'import,read,crud,search,everything,export,disk' },
    seconds: { type: 'string', default: '20' },
    connections: { type: 'string', default: '64' },
    searchers: { type: 'string', default: '16' },
    writers: { type: 'string', default: '32' },
    port: { type: 'string', default: '8792' },
    shapes: { type: 'string', default: '' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  process.stdout.write(help);
  process.exit(0);
}
const wanted = new Set(values.only.split(','));
const [seconds, connections, searchers, writers] = [
  values.seconds,
  values.connections,
  values.searchers,
  values.writers,
].map(Number) as [number, number, number, number];
const own = values.base ? null : await openOwn(Number(values.port));
const goal = own?.target ?? target(values.base as string, tokenFrom(values['token-file']));
const report = new Report(`record ${values.base ? new URL(values.base).host : 'hutong'}`);
process.stdout.write(
  `  ${new Date().toISOString()}  ${goal.base.href}\n  ${machineLine()}\n  load average ${readFileSync('/proc/loadavg', 'utf8').split(' ').slice(0, 3).join(' ')}\n\n`,
);

async function measured(work: () => Promise<Outcome>): Promise<Outcome & { cpu: string }> {
  await own?.cpuMs();
  const outcome = await work();
  const cpu = own ? `server CPU ${((await own.cpuMs()) / Math.max(1, outcome.done)).toFixed(3)} ms each` : '';
  return { ...outcome, cpu };
}
const tell = (
  where: string,
  what: string,
  { perSecond, p50, p99, errors, cpu }: Outcome & { cpu: string },
  asked: string,
) =>
  report.note(where, what, perSecond, 'requests/s', `p50 ${p50} ms, p99 ${p99} ms, ${errors} errors; ${cpu}; ${asked}`);

async function atSize(people: number): Promise<void> {
  const where = `${people}`;
  const connection = goal.open();
  const there = await countOf(connection, 'Patient');
  connection.close();
  if (wanted.has('import') && there < people) {
    await own?.cpuMs();
    const made = await importPeople(goal, { from: there, to: people, connections: writers });
    const rate = Math.round(made.resources / made.seconds);
    report.note(
      where,
      `transaction import, ${writers} connections`,
      rate,
      'resources/s',
      `asked: >= 6000; bundles p50 ${made.p50} ms, p99 ${made.p99} ms, ${made.errors} refused`,
    );
    if (own) {
      report.note(where, 'server CPU per resource', ((await own.cpuMs()) / made.resources).toFixed(3), 'ms');
      if (there === 0 && people <= 4000) {
        const floor = await own.floor();
        const floorRate = Math.round(made.resources / floor.seconds);
        report.note(
          where,
          'floor of the import',
          floorRate,
          'resources/s',
          `${Math.round((rate / floorRate) * 100)} % of it, asked: 40 % (COPY of the same ${floor.rows} rows)`,
        );
      }
    }
  }
  const live = await harvest(goal);
  own?.server.profile();
  if (wanted.has('read'))
    tell(
      where,
      `read by id, ${connections} connections`,
      await measured(() => reads(goal, live, connections, seconds)),
      'asked: >= 6000',
    );
  if (wanted.has('search')) {
    const chosen = shapes.filter(({ name }) => name.includes(values.shapes));
    let empty: string[] = [];
    const found = await measured(async () => {
      const outcome = await searches(goal, live, chosen, searchers, seconds);
      empty = outcome.empty;
      return outcome;
    });
    tell(where, `${chosen.length} search shapes, ${searchers} connections`, found, 'asked: at 64K at least 60 % of 1K');
    for (const { name, patientScoped } of chosen) {
      const kind = found.kinds.get(name);
      if (kind)
        report.note(
          where,
          `  ${name}`,
          kind.p99,
          'ms p99',
          `p50 ${kind.p50} ms${patientScoped ? ', asked: p99 <= 100' : ''}${kind.statuses ? `; ERRORS ${kind.statuses}` : ''}${empty.includes(name) ? '; found nothing' : ''}`,
        );
    }
  }
  if (wanted.has('everything'))
    for (const query of ['', '?_count=1000']) {
      const record = await everything(goal, query);
      report.note(
        where,
        `$everything${query}, first byte`,
        record.firstP50.toFixed(1),
        'ms p50',
        `p99 ${record.firstP99.toFixed(1)} ms, asked: <= 30; all ${record.resources} resources after ${record.wholeP50.toFixed(1)} ms`,
      );
    }
  if (wanted.has('export')) {
    const whole = await exportAll(goal);
    report.note(
      where,
      '$export',
      Math.round(whole.resources / whole.readySeconds),
      'resources/s',
      `asked: >= 20000; ${whole.resources} resources, ${Math.round(whole.bytes / 1e6)} MB; with the download ${Math.round(whole.resources / whole.seconds)}/s`,
    );
  }
  own?.server.profiled();
  // Last: it changes what the others measure.
  if (wanted.has('crud')) {
    const mix = await measured(() => crud(goal, live, connections, seconds));
    tell(where, `create 10, read 60, update 25, delete 5, ${connections} connections`, mix, 'asked: >= 2500');
    for (const [kind, { p50, p99, errors, statuses }] of mix.kinds)
      report.note(where, `  ${kind}`, p99, 'ms p99', `p50 ${p50} ms, ${errors} errors ${statuses}`);
  }
  const databaseUrl = own?.server.databaseUrl ?? values['database-url'];
  if (wanted.has('disk') && databaseUrl) {
    const disk = await diskOf(databaseUrl);
    const stored = people * 41;
    report.note(
      where,
      'disk per resource, record with indexes and history',
      Math.round(disk.record / stored),
      'bytes',
      'asked: <= 2500',
    );
    report.note(
      where,
      'disk per resource, whole database',
      Math.round(disk.whole / stored),
      'bytes',
      'messages, audit, events and read models too',
    );
  }
  if (own) report.note(where, 'server memory, peak', Math.round(own.server.peakRss() / 1e6), 'MB');
}

for (const size of values.sizes.split(',').map(Number)) await atSize(size);
await own?.server.stop();
report.write();
process.exit(0);
