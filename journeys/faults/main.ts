import { parseArgs } from 'node:util';
import { brokenPromises, type FaultReport, runFaults } from './run.ts';

const usage = `npm run faults -- [--kills 50] [--seed 1] [--connections 8] [--pause 60] [--minutes 30]

Starts the real server on an empty folder, sends HL7 v2 and FHIR from clients that repeat what was not answered, kills the server, the database
or both with SIGKILL at random moments, and proves that nothing acknowledged is lost or taken twice. Ends with 1 when something is.
--pause: milliseconds that each sender rests after an answer, on average; smaller is more load.`;

const number = (text: string, name: string): number => {
  const value = Number(text);
  if (Number.isFinite(value) && value >= 0) return value;
  process.stderr.write(`--${name} must be a number, not '${text}'\n`);
  process.exit(2);
};

function table(report: FaultReport): string {
  const sorted = report.recoveryMs.toSorted((a, b) => a - b);
  const at = (share: number): string =>
    `${((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0) / 1000).toFixed(2)} s`;
  const { kills, inbox, record, chain, rebuild } = report;
  const rows: [string, string | number][] = [
    [
      'kills',
      `${sorted.length} (${Object.entries(kills)
        .map(([kind, count]) => `${kind} ${count}`)
        .join(', ')})`,
    ],
    ['messages acknowledged', report.acknowledged],
    ['sent, with repetitions', report.sent],
    ['refused with AR or 503', report.refused],
    ['in doubt at a kill', report.inDoubt],
    ['lost', inbox.lost.length],
    ['stored twice', inbox.duplicated.length],
    ['without verdict', inbox.wrongState.length],
    ['facts in the record', record.resources],
    [
      'missing / additional / other',
      `${record.missing.length} / ${record.additional.length} / ${record.different.length}`,
    ],
    ['residents linked otherwise', record.residents.length],
    ['audit chain', `${chain.ok ? 'intact' : 'BROKEN'}, ${chain.rows} entries`],
    ['time-lines and rebuild', `${rebuild.same ? 'equal' : 'DIFFERENT'}, ${rebuild.rows} rows`],
    ['recovery p50 / max', `${at(0.5)} / ${at(1)}`],
  ];
  return rows.map(([name, value]) => `  ${name.padEnd(30)} ${value}`).join('\n');
}

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '50' },
    seed: { type: 'string', default: '1' },
    connections: { type: 'string', default: '8' },
    pause: { type: 'string', default: '60' },
    minutes: { type: 'string', default: '30' },
    help: { type: 'boolean', default: false },
  },
});
const say = (line: string): void => void process.stdout.write(`${line}\n`);
if (values.help) {
  say(usage);
  process.exit(0);
}
const report = await runFaults({
  kills: number(values.kills, 'kills'),
  seed: number(values.seed, 'seed'),
  connections: number(values.connections, 'connections'),
  pauseMs: number(values.pause, 'pause'),
  limitMs: number(values.minutes, 'minutes') * 60_000,
  say,
});
say(`\n${table(report)}\n`);
const broken = brokenPromises(report);
for (const line of broken) say(`  BROKEN  ${line}`);
if (broken.length === 0) say('  Every promise kept.');
process.exit(broken.length === 0 ? 0 : 1);
