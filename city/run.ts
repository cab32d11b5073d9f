import { generateCity, planCity } from './generate-city.ts';
import type { CityMessage } from './messages/message.ts';
import { type CityOptions, describeCity, readOptions } from './options.ts';
import { cityInstitutions, type Institution } from './places/institutions.ts';
import { HttpSender } from './sending/http.ts';
import { KeyRing } from './sending/keys.ts';
import { ProgressBar } from './sending/progress-bar.ts';
import { register } from './sending/register.ts';
import { Progress } from './sending/resume.ts';
import { type Refusal, sendCity } from './sending/send-city.ts';
import { Tokens } from './sending/tokens.ts';

export type RunOptions = {
  server: string | null;
  mllp: string | null;
  keys: string | null;
  operatorKey: string | null;
  connections: number;
  resume: string | null;
  json: boolean;
  /** A city to make, or files that were made before. */
  city?: CityOptions;
  files?: {
    directory: string;
    manifest: { options: object; institutions: Institution[] };
    messages: () => AsyncIterable<CityMessage>;
  };
};

/** Above this size the number of messages is estimated from the first residents instead of counted. */
const COUNTED = 5_000;

/** Registers the institutions and sends everything. Answers 0 when every message was answered, 1 when not. */
export async function run(options: RunOptions): Promise<number> {
  const source = options.files
    ? { directory: options.files.directory, ...options.files.manifest.options }
    : { ...options.city! };
  const progress = Progress.open(options.resume, source, (saved) => sameCity(saved, source));
  // A resumed run is the same city at the same "now", however much later it goes on.
  const city = options.files ? null : (progress.options as CityOptions);
  const institutions = city ? cityInstitutions(readOptions(city)) : options.files!.manifest.institutions;
  const { http } = await connect(options, institutions);
  const total = city ? expected(city) : await count(options.files!.messages());
  if (!options.json)
    process.stderr.write(
      `  ${city ? describeCity(readOptions(city)) : options.files!.directory}: ${total} messages from ${institutions.length} institutions${progress.done > 0 ? `, going on after ${progress.done}` : ''}\n`,
    );
  const bar = new ProgressBar(total, options.json);
  const refusals = new Refusals(options.json);
  const messages = city ? generateCity(city) : options.files!.messages();
  const counts = await sendCity(messages, {
    mllp: options.mllp,
    http,
    connections: options.connections,
    progress,
    onProgress: (now) => bar.draw(now),
    onRefusal: (refusal) => refusals.add(refusal),
  });
  bar.total = counts.sent + counts.skipped;
  bar.draw(counts, true);
  refusals.summarise();
  return 0;
}

async function connect(
  options: RunOptions,
  institutions: readonly Institution[],
): Promise<{ http: HttpSender | null }> {
  if (!options.server) return { http: null };
  if (!options.keys) throw new RangeError('--keys is missing: a directory for the private keys of the institutions');
  const keys = new KeyRing(options.keys);
  await keys.ensure(
    institutions
      .filter((institution) => institution.protocol !== 'hl7v2-mllp')
      .map((institution) => institution.clientId),
  );
  const tokens = new Tokens(options.server);
  if (options.operatorKey) {
    const { created, updated } = await register(options.server, tokens, options.operatorKey, institutions, keys);
    if (!options.json) process.stderr.write(`  institutions: ${created} registered, ${updated} renewed\n`);
  }
  return { http: new HttpSender(options.server, tokens, keys) };
}

/** Same city, apart from "now": a later start with the same file goes on with the time of the first. */
function sameCity(saved: object, wanted: object): boolean {
  const plain = (options: object): string =>
    JSON.stringify(
      Object.entries(options)
        .filter(([key]) => key !== 'until')
        .sort(),
    );
  return plain(saved) === plain(wanted);
}

function expected(options: CityOptions): number {
  const city = readOptions(options);
  const counted = Math.min(city.size, COUNTED);
  let messages = 0;
  for (const _ of planCity({ ...city, size: counted })) messages++;
  return Math.round((messages * city.size) / counted);
}

async function count(messages: AsyncIterable<CityMessage>): Promise<number> {
  let number = 0;
  for await (const _ of messages) number++;
  return number;
}

/** Refusals by kind and answer, never with what the message said. */
class Refusals {
  json: boolean;
  byAnswer = new Map<string, number>();

  constructor(json: boolean) {
    this.json = json;
  }

  add(refusal: Refusal): void {
    if (this.json)
      process.stdout.write(`${JSON.stringify({ refusal: { ...refusal, answer: refusal.answer.slice(0, 400) } })}\n`);
    const error = /(?:^|\r|\n)ERR\|([^\r\n]*)/.exec(refusal.answer)?.[1] ?? refusal.answer;
    const key = `${refusal.kind}: ${error.replaceAll(/\s+/g, ' ').slice(0, 160)}`;
    if (this.byAnswer.size < 200 || this.byAnswer.has(key)) this.byAnswer.set(key, (this.byAnswer.get(key) ?? 0) + 1);
  }

  summarise(): void {
    if (this.json || this.byAnswer.size === 0) return;
    for (const [answer, number] of [...this.byAnswer].sort((a, b) => b[1] - a[1]).slice(0, 12))
      process.stderr.write(`  refused ${number} × ${answer}\n`);
  }
}
