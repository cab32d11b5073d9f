import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { feverCase } from './fever-case.ts';
import type { CityOptions } from './options.ts';
import { OUTBREAK_KINDS, type OutbreakKind } from './outbreaks/orders.ts';
import { readManifest, readMessages } from './read-files.ts';
import { run } from './run.ts';
import { MllpConnection } from './sending/mllp.ts';
import { isoTime } from './time.ts';
import { writeFiles } from './write-files.ts';

const USAGE = `A synthetic region that talks like real hospitals.

  node city/main.ts generate --out DIR [--size 1000 --seed 1 --days 90 --until ISO --dirt 0.3 --outbreaks LIST]
  node city/main.ts run --server URL --mllp HOST:PORT --keys DIR --operator-key FILE
        [--size --seed --days --until --dirt --outbreaks] [--connections 8] [--resume FILE] [--json]
  node city/main.ts send DIR --server URL --mllp HOST:PORT --keys DIR --operator-key FILE [--connections 8] [--resume FILE] [--json]
  node city/main.ts fever-case --mllp HOST:PORT [--seed 1 --size 1000 --at ISO]

LIST: any of ${Object.keys(OUTBREAK_KINDS).join(',')}, each as name, name@YYYY-MM-DD or name@YYYY-MM-DD@AREA; all; none.
--until is "now" of the city: no message is sent after it. Default: the present moment.
`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    size: { type: 'string' },
    seed: { type: 'string' },
    days: { type: 'string' },
    until: { type: 'string' },
    dirt: { type: 'string' },
    outbreaks: { type: 'string' },
    out: { type: 'string' },
    server: { type: 'string' },
    mllp: { type: 'string' },
    keys: { type: 'string' },
    'operator-key': { type: 'string' },
    connections: { type: 'string' },
    resume: { type: 'string' },
    at: { type: 'string' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

function cityOptions(): CityOptions {
  return {
    seed: Number(values.seed ?? 1),
    size: Number(values.size ?? 1_000),
    days: Number(values.days ?? 90),
    until: values.until ?? isoTime(Date.now()),
    dirt: Number(values.dirt ?? 0.3),
    outbreaks: outbreaks(values.outbreaks ?? 'all'),
  };
}

function outbreaks(text: string): { kind: OutbreakKind; start?: string; area?: string }[] {
  const names = text === 'all' ? Object.keys(OUTBREAK_KINDS) : text === 'none' ? [] : text.split(',');
  return names.map((name) => {
    const [kind, start, area] = name.trim().split('@');
    return { kind: kind as OutbreakKind, ...(start ? { start } : {}), ...(area ? { area } : {}) };
  });
}

function needed(name: 'out' | 'server' | 'mllp' | 'keys'): string {
  const value = values[name];
  if (!value) throw new RangeError(`--${name} is missing`);
  return value;
}

function generate(): void {
  const options = cityOptions();
  const directory = needed('out');
  if (existsSync(`${directory}/manifest.json`)) throw new RangeError(`${directory} holds a city already`);
  const started = Date.now();
  let said = started;
  const { messages, residents } = writeFiles(options, directory, (count) => {
    if (Date.now() - said < 1_000) return;
    said = Date.now();
    process.stderr.write(values.json ? '' : `  ${count} messages written\n`);
    if (values.json) process.stdout.write(`${JSON.stringify({ progress: { written: count } })}\n`);
  });
  process.stdout.write(
    `${JSON.stringify({ residents, messages, seconds: (Date.now() - started) / 1_000, directory })}\n`,
  );
}

async function sendFever(): Promise<number> {
  const at = values.at ?? isoTime(Date.now());
  const connection = new MllpConnection(needed('mllp'));
  const messages = feverCase({ seed: Number(values.seed ?? 1), size: Number(values.size ?? 1_000), at });
  const sent = [];
  for (const message of messages) {
    const outcome = await connection.send(message.bytes);
    sent.push({
      controlId: message.controlId,
      kind: message.kind,
      outcome: outcome.kind,
      acknowledgement: outcome.kind === 'try-again' ? outcome.why : outcome.acknowledgement,
    });
  }
  connection.close();
  process.stdout.write(
    `${JSON.stringify({ at, institution: messages[0]?.institution.code, resident: messages[0]?.truth.resident, messages: sent })}\n`,
  );
  return sent.length > 0 && sent.every((one) => one.outcome === 'taken') ? 0 : 1;
}

async function main(): Promise<number> {
  const [command, directory] = positionals;
  if (values.help || !command) {
    process.stdout.write(USAGE);
    return command ? 0 : values.help ? 0 : 2;
  }
  const where = {
    server: values.server ?? null,
    mllp: values.mllp ?? null,
    keys: values.keys ?? null,
    operatorKey: values['operator-key'] ?? null,
    connections: Number(values.connections ?? 8),
    resume: values.resume ?? null,
    json: values.json,
  };
  if (command === 'generate') generate();
  else if (command === 'run') return await run({ ...where, city: cityOptions() });
  else if (command === 'send') {
    if (!directory) throw new RangeError('send needs the directory that generate wrote');
    return await run({
      ...where,
      files: { directory, manifest: readManifest(directory), messages: () => readMessages(directory) },
    });
  } else if (command === 'fever-case') return await sendFever();
  else {
    process.stderr.write(USAGE);
    return 2;
  }
  return 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`city: ${(error as Error).message}\n`);
  process.exitCode = error instanceof RangeError ? 2 : 1;
}
