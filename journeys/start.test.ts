import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { registerSender } from '../bench/measured-server.ts';
import { MllpClient } from '../server/src/border/hl7v2/index.ts';
import {
  clearAway,
  freePort,
  isAlive,
  killCluster,
  postmasterOf,
  type RealServer,
  startRealServer,
  temporaryFolder,
} from './faults/real-server.ts';
import { storyOf } from './faults/stories.ts';

// One data folder through its life: the tests below happen to it one after another.
const folder = temporaryFolder('start');
const [message] = storyOf(1, ['start1']).hl7;
let port = 0;
let mllpPort = 0;
let server: RealServer;
let answer = '';

async function send(): Promise<string> {
  const client = new MllpClient({ host: '127.0.0.1', port: mllpPort });
  const text = (await client.send(message?.bytes as Buffer)).toString();
  client.close();
  return text;
}

const health = async (): Promise<number> => (await fetch(`http://127.0.0.1:${port}/healthz`)).status;
const start = (env?: Record<string, string>): RealServer =>
  startRealServer({ folder, port, mllpPort, ...(env && { env }) });

beforeAll(async () => {
  port = await freePort();
  mllpPort = await freePort();
  server = start();
  await server.ready;
});
afterAll(() => clearAway(folder, server));

test('the first start makes its database, prints a link per role, and takes messages', async () => {
  expect(server.output()).toContain('PostgreSQL: making a database');
  expect(server.output()).toContain(`http://127.0.0.1:${port}/login?as=clinician`);
  await registerSender(`http://127.0.0.1:${port}`, join(folder, 'keys/operator.jwk.json'), 'start1');
  answer = await send();
  expect(answer).toContain('MSA|AA|');
});

test('a second start on the same folder says who is there and leaves with 3, and the first goes on', async () => {
  const second = start({ PORT: String(await freePort()), MLLP_PORT: String(await freePort()) });
  expect((await second.exited).code).toBe(3);
  expect(second.output()).toContain(`Another Hutong (process ${server.pid}) is already using ${folder}`);
  expect(second.output()).toContain('该数据目录已被另一个进程使用');
  expect(await health()).toBe(200);
  expect(existsSync(join(folder, 'server.pid'))).toBe(true);
});

test('kill -9 of the server alone leaves a postmaster, which the next start adopts', async () => {
  const postmaster = postmasterOf(folder) as number;
  server.kill('SIGKILL');
  await server.exited;
  expect(isAlive(postmaster)).toBe(true);
  server = start();
  await server.ready;
  expect(server.output()).toContain('taking it over');
  expect(postmasterOf(folder)).toBe(postmaster);
  expect(await send()).toBe(answer);
});

test('kill -9 of everything is recovered from by the next start, and what was acknowledged is there', async () => {
  const postmaster = postmasterOf(folder) as number;
  killCluster(folder);
  server.kill('SIGKILL');
  await server.exited;
  expect(existsSync(join(folder, 'server.pid')) && existsSync(join(folder, 'pg/postmaster.pid'))).toBe(true);
  server = start();
  expect(await server.ready).toBeLessThan(60_000);
  expect(postmasterOf(folder)).not.toBe(postmaster);
  expect(await send()).toBe(answer);
});

test('a database killed under a running server is started again by it, on the same port', async () => {
  const before = postmasterOf(folder) as number;
  killCluster(folder);
  for (
    let tries = 0;
    tries < 600 && (postmasterOf(folder) === before || !(await send().then((text) => text === answer)));
    tries++
  )
    await wait(50);
  expect(postmasterOf(folder)).not.toBe(before);
  expect(await send()).toBe(answer);
});

test('Ctrl-C ends server and postmaster and leaves neither pid file behind', async () => {
  const postmaster = postmasterOf(folder) as number;
  server.kill('SIGINT');
  expect(await server.exited).toEqual({ code: 0, signal: null });
  expect(isAlive(postmaster)).toBe(false);
  expect(existsSync(join(folder, 'pg/postmaster.pid'))).toBe(false);
  expect(existsSync(join(folder, 'server.pid'))).toBe(false);
  expect(readFileSync(join(folder, 'postgresql.log'), 'utf8').trim().split('\n').at(-1)).toContain(
    'database system is shut down',
  );
});

test('outside demo mode, a start without a secret is refused with one plain sentence and status 2', async () => {
  const refused = start({ HUTONG_DEMO: 'no', HUTONG_SECRET: '' });
  expect((await refused.exited).code).toBe(2);
  expect(refused.output().trim()).toBe(
    'HUTONG_SECRET must be set to at least 32 characters outside demo mode (openssl rand -hex 32)',
  );
  expect(postmasterOf(folder)).toBeNull();
});
