import { execFileSync } from 'node:child_process';
import { request } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { registerSender } from '../bench/measured-server.ts';
import { admission } from './faults/admission.ts';
import { readAcknowledgement, sendMllp } from './faults/mllp.ts';
import { clearAway, freePort, type RealServer, startRealServer, temporaryFolder } from './faults/real-server.ts';

// A process of its own, so that its memory is its own.
const folder = temporaryFolder('large');
const megabyte = 1024 * 1024;
const block = Buffer.alloc(megabyte, 'A');
const limitMegabytes = 16;
/** Twice what one message may hold, and what the garbage collector leaves lying about. */
const mayGrow = 120 * megabyte;
let server: RealServer;
let port = 0;
let mllpPort = 0;
let token = '';

beforeAll(async () => {
  port = await freePort();
  mllpPort = await freePort();
  server = startRealServer({ folder, port, mllpPort, env: { MAX_BODY_MB: String(limitMegabytes) } });
  await server.ready;
  token = await (await registerSender(`http://127.0.0.1:${port}`, join(folder, 'keys/operator.jwk.json'), 'large1'))();
});
afterAll(() => clearAway(folder, server));

/** Resident memory of the server in bytes. */
const memory = (): number => Number(execFileSync('ps', ['-o', 'rss=', '-p', String(server.pid)]).toString()) * 1024;

/** Runs `work` and answers with the most memory seen meanwhile, beyond what there was before. */
async function growth(work: () => Promise<void>): Promise<number> {
  const before = memory();
  let most = before;
  const timer = setInterval(() => {
    most = Math.max(most, memory());
  }, 100);
  try {
    await work();
  } finally {
    clearInterval(timer);
  }
  return Math.max(most, memory()) - before;
}

test('200 MB over MLLP are refused with AR while they stream; the server’s memory stays within a bound and the next message is taken', async () => {
  let answer: Buffer = Buffer.alloc(0);
  const grown = await growth(async () => {
    const socket = connect(mllpPort, '127.0.0.1');
    socket.on('data', (chunk) => {
      answer = Buffer.concat([answer, chunk as Buffer]);
    });
    socket.on('error', () => {});
    const closed = new Promise<void>((resolve) => socket.on('close', () => resolve()));
    socket.write(`\x0b${admission({ facility: 'large1', controlId: 'big1', person: 'big1' })}OBX|1|TX|||`);
    for (let sent = 0; sent < 200 && !socket.destroyed; sent++)
      if (!socket.write(block)) await Promise.race([new Promise((resolve) => socket.once('drain', resolve)), closed]);
    socket.end('\x1c\r');
    await closed;
  });
  expect(readAcknowledgement(answer)).toMatchObject({
    code: 'AR',
    controlId: 'big1',
    errors: [{ severity: 'E', rule: 'hl7v2.limit-exceeded' }],
  });
  expect(grown).toBeLessThan(mayGrow);
  expect(
    (await sendMllp(mllpPort, admission({ facility: 'large1', controlId: 'small1', person: 'small1' }))).code,
  ).toBe('AA');
});

/** @returns the status, or 0 when the connection was reset before it could be read */
function upload(path: string, type: string, announced: boolean): Promise<number> {
  return new Promise((resolve) => {
    const call = request({
      port,
      path,
      method: 'POST',
      headers: {
        'content-type': type,
        authorization: `Bearer ${token}`,
        ...(announced && { 'content-length': 200 * megabyte }),
      },
    });
    let ended = false;
    const end = (status: number): void => {
      ended = true;
      call.destroy();
      resolve(status);
    };
    call.on('response', ({ statusCode = 0 }) => end(statusCode));
    call.on('error', () => end(0));
    let sent = 0;
    const write = (): void => {
      while (!ended && sent++ < 200) if (!call.write(block)) return void call.once('drain', write);
      if (!ended) call.end();
    };
    write();
  });
}

test.each([
  ['/fhir', 'application/fhir+json'],
  ['/hl7v2', 'application/hl7-v2'],
  ['/documents', 'application/xml'],
])('200 MB to %s, announced or not, are answered 413 within the same bound', async (path, type) => {
  for (const announced of [true, false]) {
    let status = 0;
    // Whoever goes on writing may meet a reset before reading the answer: HTTP has no gentler way. A few tries bring it through.
    for (let tries = 0; tries < 8 && status === 0; tries++) {
      const grown = await growth(async () => {
        status = await upload(path, type, announced);
      });
      expect(grown).toBeLessThan(mayGrow);
    }
    expect(status).toBe(413);
  }
  expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200);
});
