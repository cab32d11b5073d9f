import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ConnectionOptions, connect } from 'node:tls';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { MllpClient } from '../server/src/border/hl7v2/index.ts';
import { type Hospital, type TestPlatform, testPlatform } from '../server/test/platform.ts';
import { admission } from './faults/admission.ts';
import { type Acknowledgement, readAcknowledgement, sendMllp } from './faults/mllp.ts';

const file = (name: string): string => join(import.meta.dirname, 'fixtures/mllp-tls', name);
const pem = (name: string): string => readFileSync(file(name), 'utf8');

let platform: TestPlatform;
let own: Hospital;
let other: Hospital;
beforeAll(async () => {
  platform = await testPlatform({
    env: {
      HUTONG_CITY: 'no',
      MLLP_TLS_KEY: file('server.key'),
      MLLP_TLS_CERT: file('server.pem'),
      MLLP_TLS_CA: file('ca.pem'),
    },
  });
  own = await platform.hospital('tls1');
  other = await platform.hospital('tls2');
});
afterAll(() => platform?.close());

const certified: ConnectionOptions = { ca: pem('ca.pem'), key: pem('tls1.key'), cert: pem('tls1.pem') };

async function send(message: string): Promise<Acknowledgement> {
  const client = new MllpClient({ host: '127.0.0.1', port: platform.mllpPort, tls: certified });
  try {
    return readAcknowledgement(await client.send(Buffer.from(message)));
  } finally {
    client.close();
  }
}

/** What becomes of a connection: the server speaks to it, or shuts it. TLS 1.3 tells a client only after its own handshake. */
const reached = (options: ConnectionOptions): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ ...options, host: '127.0.0.1', port: platform.mllpPort });
    socket.on('secureConnect', () => socket.write(Buffer.from('\x0bMSH|^~\\&|A|B\r\x1c\r')));
    socket.on('data', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
    socket.on('close', () => resolve(false));
  });

test('a sender with a certificate of its institution is heard, in both modes', async () => {
  const message = { facility: own.facility, person: 'S1' };
  expect(await send(admission({ ...message, controlId: 'S1' }))).toMatchObject({ code: 'AA', controlId: 'S1' });
  expect(await send(admission({ ...message, controlId: 'S2', mode: 'AL|NE' }))).toMatchObject({ code: 'CA' });
});

test('it speaks for no other institution, whatever MSH-4 says', async () => {
  const message = { facility: other.facility, person: 'S3' };
  for (const [mode, code] of [
    ['|', 'AR'],
    ['AL|NE', 'CR'],
  ] as const) {
    const answer = await send(admission({ ...message, controlId: `S3${code}`, mode }));
    expect(answer).toMatchObject({ code, errors: [{ rule: 'intake.sender-not-certified' }] });
  }
  const query = `MSH|^~\\&|HIS|${other.facility}|HUTONG|CQ|20261101080000+0800||QBP^Q22^QBP_Q21|Q1|P|2.5.1||||||UNICODE UTF-8\rQPD|IHE PDQ Query|1|@PID.5.1^测试人\rRCP|I\r`;
  expect((await send(query)).text).toContain('The certificate of this connection is not the one of this sender');
  await platform.settled();
  const { rows } = await platform.pool.query(
    `select from store.resource where subject is not null and institution = (select id from directory.institution where code = 'tls2')`,
  );
  expect(rows).toEqual([]);
});

test('nobody without a certificate of our authorities gets a word in, nor does plain TCP', async () => {
  expect(await reached(certified)).toBe(true);
  expect(await reached({ ca: pem('ca.pem') })).toBe(false);
  expect(await reached({ ca: pem('ca.pem'), key: pem('stranger.key'), cert: pem('stranger.pem') })).toBe(false);
  const plain = sendMllp(platform.mllpPort, admission({ facility: own.facility, controlId: 'S5', person: 'S5' }));
  expect(await Promise.race([plain, new Promise((done) => setTimeout(() => done('no answer'), 1000))])).toBe(
    'no answer',
  );
});
