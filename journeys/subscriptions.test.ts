import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { registerSender } from '../bench/measured-server.ts';
import {
  openReceiver,
  type Receiver,
  readNotification,
  subscriptionOf,
} from '../server/src/border/fhir/subscriptions/testing.ts';
import { freshDatabase } from '../server/test/database.ts';
import { freePort, type RealServer, startRealServer, temporaryFolder } from './faults/real-server.ts';

let database: Awaited<ReturnType<typeof freshDatabase>>;
let receiver: Receiver;
let folder: string;
let server: RealServer;
let port: number;
let mllpPort: number;
const start = (): RealServer =>
  startRealServer({
    folder,
    port,
    mllpPort,
    env: { DATABASE_URL: database.url, HUTONG_EGRESS: receiver.origin },
  });

beforeAll(async () => {
  database = await freshDatabase();
  receiver = await openReceiver();
  folder = temporaryFolder('subscriptions');
  port = await freePort();
  mllpPort = await freePort();
  server = start();
  await server.ready;
});
afterAll(async () => {
  server?.kill('SIGKILL');
  await server?.exited;
  await receiver?.close();
  await database?.drop();
  if (folder) rmSync(join(folder, '..'), { recursive: true, force: true });
});

test('a server killed again and again while it notifies leaves out no event number and no acknowledged change', async () => {
  const base = `http://127.0.0.1:${port}`;
  const tokenOf = await registerSender(base, join(folder, 'keys/operator.jwk.json'), 'kill1');
  const token = await tokenOf();
  const send = (method: string, path: string, body?: object, name?: string): Promise<Response> =>
    fetch(`${base}${path}`, {
      method,
      headers: {
        'content-type': 'application/fhir+json',
        authorization: `Bearer ${token}`,
        ...(name && { 'x-request-id': name }),
      },
      ...(body && { body: JSON.stringify(body) }),
    });
  const made = await send(
    'POST',
    '/fhir/Subscription',
    subscriptionOf({ filters: ['Observation?code=urn:kill|x'], endpoint: receiver.url, maxCount: 3 }),
  );
  expect(made.status).toBe(201);
  const { id } = (await made.json()) as { id: string };

  const acknowledged: string[] = [];
  let writing = true;
  const writer = (async () => {
    for (let n = 0; writing; n++) {
      const name = `kill-${n}`;
      // Sent until it is answered, under one name: the same message once.
      for (;;) {
        const answer = await send(
          'POST',
          '/fhir/Observation',
          { resourceType: 'Observation', status: 'final', code: { coding: [{ system: 'urn:kill', code: 'x' }] } },
          name,
        ).catch(() => null);
        if (answer?.status === 201 || answer?.status === 200) {
          acknowledged.push(((await answer.json()) as { id: string }).id);
          break;
        }
        await wait(50);
      }
      await wait(10);
    }
  })();
  for (let kill = 0; kill < 4; kill++) {
    await wait(400 + kill * 350);
    server.kill('SIGKILL');
    await server.exited;
    server = start();
    await server.ready;
  }
  await wait(500);
  writing = false;
  await writer;

  const heard = (): Map<number, string | null> =>
    new Map(receiver.heard.flatMap(({ events }) => events.map(({ number, focus }) => [number, focus])));
  for (let tries = 0; tries < 600 && heard().size < acknowledged.length; tries++) await wait(100);
  const told = heard();
  expect([...told.keys()].sort((one, other) => one - other)).toEqual(acknowledged.map((_, index) => index + 1));
  expect(new Set(told.values())).toEqual(new Set(acknowledged.map((of) => `Observation/${of}`)));
  expect(acknowledged.length).toBeGreaterThan(20);
  // What a client that slept through it all catches up with is the same.
  const caught = new Map<number, string | null>();
  for (let since = 1; since <= acknowledged.length; ) {
    const page = readNotification(
      await (await send('GET', `/fhir/Subscription/${id}/$events?eventsSinceNumber=${since}`)).text(),
    );
    for (const { number, focus } of page.events) caught.set(number, focus);
    since = Math.max(...caught.keys()) + 1;
  }
  expect(caught).toEqual(new Map([...told].sort(([one], [other]) => one - other)));
});
