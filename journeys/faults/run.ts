import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { registerSender } from '../../bench/measured-server.ts';
import { MllpClient } from '../../server/src/border/hl7v2/index.ts';
import { openVault } from '../../server/src/core/vault/index.ts';
import { openPool } from '../../server/src/kit/pool.ts';
import { openCluster } from '../../server/src/kit/postgres/index.ts';
import { testSecret } from '../../server/test/secret.ts';
import { randomOf } from './random.ts';
import {
  clearAway,
  databaseUrlOf,
  freePort,
  killCluster,
  type RealServer,
  startRealServer,
  temporaryFolder,
} from './real-server.ts';
import { compareRecords, type Difference, type RecordContent, recordContent, recordSettled } from './record.ts';
import { keyOf, type Senders, startSenders } from './senders.ts';
import { type Message, type Story, storyOf } from './stories.ts';
import { type InboxVerdict, verifyChain, verifyInbox, verifyRebuild, verifyTallies } from './verify.ts';

export type FaultOptions = {
  kills: number;
  seed: number;
  connections: number;
  pauseMs: number;
  limitMs: number;
  say(line: string): void;
};
export type KillKind = 'server' | 'server at its start' | 'database' | 'both';

export type FaultReport = {
  kills: Record<KillKind, number>;
  acknowledged: number;
  /** Messages on their way at a kill: the sender could not know, and sent again. */
  inDoubt: number;
  sent: number;
  refused: number;
  /** From each kill to the next acknowledgement, in milliseconds, in order. */
  recoveryMs: number[];
  inbox: InboxVerdict;
  /** A repeated message that got another answer than the first time. */
  differingAnswers: number;
  /** Answers that this load must not get. */
  unexpected: string[];
  record: { resources: number } & Difference;
  tallies: { counted: number; recorded: number };
  chain: { ok: boolean; rows: number; unsealed: number };
  rebuild: { same: boolean; rows: number };
};

const hospitals = ['fault1', 'fault2'] as const;
const kindOf = (draw: number): KillKind =>
  draw < 0.55 ? 'server' : draw < 0.7 ? 'server at its start' : draw < 0.85 ? 'database' : 'both';
const recoveryLimitMs = 60_000;

type Stand = { folder: string; port: number; mllpPort: number; server: RealServer };

async function openStand(name: string): Promise<Stand> {
  const folder = temporaryFolder(name);
  const port = await freePort();
  const mllpPort = await freePort();
  const server = startRealServer({ folder, port, mllpPort });
  try {
    await server.ready;
  } catch (error) {
    await clearAway(folder, server);
    throw error;
  }
  return { folder, port, mllpPort, server };
}

async function register({ folder, port }: Stand): Promise<Map<string, () => Promise<string>>> {
  const tokens = new Map<string, () => Promise<string>>();
  for (const hospital of hospitals)
    tokens.set(
      hospital,
      await registerSender(`http://127.0.0.1:${port}`, join(folder, 'keys/operator.jwk.json'), hospital),
    );
  return tokens;
}

const tokenOf =
  (tokens: Map<string, () => Promise<string>>) =>
  async (hospital: string): Promise<string> => {
    const token = await tokens.get(hospital)?.();
    if (!token) throw new Error(`no token for ${hospital}`);
    return token;
  };

/** Waits for an acknowledgement; when none comes, the server has not recovered. */
async function recovered(senders: Senders, since: number): Promise<number> {
  const next = senders.nextAcknowledgement().then(() => true);
  if (!(await Promise.race([next, wait(recoveryLimitMs).then(() => false)])))
    throw new Error(`nothing was acknowledged within ${recoveryLimitMs / 1000} s after a kill`);
  return performance.now() - since;
}

/** One kill and the way back. @returns milliseconds from the kill to the next acknowledgement */
async function killOnce(stand: Stand, senders: Senders, kind: KillKind, random: () => number): Promise<number> {
  const since = performance.now();
  if (kind === 'database') {
    killCluster(stand.folder);
    // What was answered before the kill may still lie in a socket.
    await wait(100);
    return recovered(senders, since);
  }
  if (kind === 'both') killCluster(stand.folder);
  stand.server.kill('SIGKILL');
  await stand.server.exited;
  stand.server = startRealServer(stand);
  if (kind === 'server at its start') {
    await wait(50 + random() * 900);
    stand.server.kill('SIGKILL');
    await stand.server.exited;
    stand.server = startRealServer(stand);
  }
  const back = recovered(senders, since);
  back.catch(() => {});
  await stand.server.ready;
  return back;
}

async function disturbedRun(
  stand: Stand,
  options: FaultOptions,
  inDoubt: Set<string>,
  kills: Record<KillKind, number>,
  recoveryMs: number[],
): Promise<Senders> {
  const random = randomOf(options.seed);
  const tokens = await register(stand);
  let person = 0;
  const senders = startSenders({
    base: `http://127.0.0.1:${stand.port}`,
    mllpPort: stand.mllpPort,
    token: tokenOf(tokens),
    connections: options.connections,
    pauseMs: options.pauseMs,
    nextStory: () => storyOf(options.seed * 100_000 + person++, hospitals),
    random: randomOf(options.seed + 1),
  });
  try {
    const until = Date.now() + options.limitMs;
    for (let kill = 1; kill <= options.kills && Date.now() < until; kill++) {
      await wait(100 + random() * 1400);
      const kind = kindOf(random());
      for (const key of senders.underWay()) if (!senders.acknowledged.has(key)) inDoubt.add(key);
      const took = await killOnce(stand, senders, kind, random);
      kills[kind]++;
      recoveryMs.push(took);
      options.say(
        `  kill ${String(kill).padStart(3)} of ${options.kills}  ${kind.padEnd(19)} acknowledging again after ${(took / 1000).toFixed(1)} s   ${senders.acknowledged.size} acknowledged`,
      );
    }
    options.say('  everything begun is sent to its end …');
    await senders.finish();
    return senders;
  } catch (error) {
    senders.abort();
    throw error;
  }
}

/** The same stories, in order, each message once, and nobody is killed: what the record must say. */
async function cleanRun(stories: readonly Story[]): Promise<RecordContent> {
  const stand = await openStand('faults-clean');
  try {
    const token = tokenOf(await register(stand));
    const client = new MllpClient({ host: '127.0.0.1', port: stand.mllpPort, pipeline: 64 });
    await Promise.all(stories.flatMap(({ hl7 }) => hl7).map(({ bytes }) => client.send(bytes)));
    client.close();
    const queue = stories.map(({ fhir }) => fhir).filter(({ length }) => length > 0);
    const bearer = new Map<string, string>();
    const post = async ({ hospital, controlId, bytes }: Message): Promise<void> => {
      if (!bearer.has(hospital)) bearer.set(hospital, await token(hospital));
      const response = await fetch(`http://127.0.0.1:${stand.port}/fhir`, {
        method: 'POST',
        body: bytes as never,
        headers: {
          'content-type': 'application/fhir+json',
          'x-request-id': controlId,
          authorization: `Bearer ${bearer.get(hospital)}`,
        },
      });
      await response.arrayBuffer();
    };
    await Promise.all(
      Array.from({ length: 4 }, async () => {
        for (let story = queue.shift(); story; story = queue.shift()) for (const message of story) await post(message);
      }),
    );
    const pool = openPool(databaseUrlOf(stand.folder), 'faults', 2);
    await openVault(pool, { secret: testSecret });
    await recordSettled(pool);
    const content = await recordContent(pool);
    await pool.end();
    return content;
  } finally {
    await clearAway(stand.folder, stand.server);
  }
}

/**
 * Kills a real server and its database at random under a real load, then counts what was acknowledged and is not there, or there twice, and
 * compares the record with that of an undisturbed run.
 * @throws Error when the server does not come back
 */
export async function runFaults(options: FaultOptions): Promise<FaultReport> {
  const { say } = options;
  say('  starting the server on an empty folder …');
  const stand = await openStand('faults');
  try {
    const inDoubt = new Set<string>();
    const kills: Record<KillKind, number> = { server: 0, 'server at its start': 0, database: 0, both: 0 };
    const recoveryMs: number[] = [];
    const senders = await disturbedRun(stand, options, inDoubt, kills, recoveryMs);
    say('  waiting until everything is recorded …');
    const running = openPool(databaseUrlOf(stand.folder), 'faults', 2);
    await recordSettled(running);
    await running.end();
    stand.server.kill('SIGINT');
    await stand.server.exited;

    say('  verifying inbox, record, audit chain and the rebuild of the time-lines …');
    const cluster = await openCluster(stand.folder);
    const pool = openPool(cluster.url, 'faults', 4);
    await openVault(pool, { secret: testSecret });
    const messages = senders.stories.flatMap(({ hl7, fhir }) => [...hl7, ...fhir]);
    const inbox = await verifyInbox(pool, messages);
    const tallies = await verifyTallies(pool);
    const found = await recordContent(pool);
    const chain = await verifyChain(pool);
    const rebuild = await verifyRebuild(pool);
    await pool.end();
    await cluster.stop();
    say(`  the same ${messages.length} messages once more, in order and undisturbed …`);
    const difference = compareRecords(await cleanRun(senders.stories), found);
    return {
      kills,
      acknowledged: messages.filter((message) => senders.acknowledged.has(keyOf(message))).length,
      inDoubt: inDoubt.size,
      sent: senders.counters.sent,
      refused: senders.counters.refused,
      recoveryMs,
      inbox,
      differingAnswers: senders.counters.differing,
      unexpected: senders.counters.unexpected,
      record: { resources: found.resources.size, ...difference },
      tallies,
      chain,
      rebuild,
    };
  } finally {
    await clearAway(stand.folder, stand.server);
  }
}

/** Every promise that this report finds broken; empty when all were kept. */
export function brokenPromises(report: FaultReport): string[] {
  const { inbox, record, tallies, chain, rebuild } = report;
  const lists: [string, string[]][] = [
    ['acknowledged and lost', inbox.lost],
    ['stored twice', inbox.duplicated],
    ['in the inbox though nobody sent it', inbox.foreign],
    ['without its verdict', inbox.wrongState],
    ['facts missing from the record', record.missing],
    ['facts in the record beyond those of the clean run', record.additional],
    ['facts with other content than in the clean run', record.different],
    ['residents linked otherwise than in the clean run', record.residents],
    ['answers not expected', report.unexpected],
  ];
  return [
    ...lists
      .filter(([, found]) => found.length > 0)
      .map(([what, found]) => `${found.length} ${what}: ${found.slice(0, 3).join(', ')}`),
    ...(report.differingAnswers > 0 ? [`${report.differingAnswers} repeated messages got another answer`] : []),
    ...(tallies.counted !== tallies.recorded
      ? [`${tallies.recorded} messages recorded, but ${tallies.counted} counted`]
      : []),
    ...(!chain.ok || chain.unsealed !== 0
      ? [`the audit chain: ok=${chain.ok}, ${chain.unsealed} entries outside it`]
      : []),
    ...(!rebuild.same ? ['the time-lines differ from their rebuild'] : []),
  ];
}
