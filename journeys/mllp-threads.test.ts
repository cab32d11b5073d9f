import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Hospital, type TestPlatform, testPlatform } from '../server/test/platform.ts';
import { admission } from './faults/admission.ts';
import { sendMllp } from './faults/mllp.ts';

let platform: TestPlatform;
let hospital: Hospital;
beforeAll(async () => {
  platform = await testPlatform({ env: { MLLP_THREADS: '2' } });
  hospital = await platform.hospital('threads1');
});
afterAll(() => platform?.close());

const count = async (sql: string): Promise<number> =>
  Number((await platform.pool.query<{ count: string }>(sql)).rows[0]?.count);

test('messages that arrive on many connections at once, each several times, are taken once whichever thread has them', async () => {
  const messages = Array.from({ length: 6 }, (_, n) =>
    admission({ facility: hospital.facility, controlId: `T${n}`, person: `T${n}` }),
  );
  const answers = await Promise.all(
    Array.from({ length: 48 }, (_, n) => sendMllp(platform.mllpPort, messages[n % messages.length] as string)),
  );
  expect(answers.map(({ code }) => code)).toEqual(Array(48).fill('AA'));
  expect(await count(`select count(*) from intake.message where control_id ~ '^T[0-5]$'`)).toBe(6);
  expect(await count('select count(*) from intake.again')).toBe(42);
  await platform.settled();
  const metrics = await (await fetch(`${platform.base}/metrics`)).text();
  expect(metrics).toContain('hutong_messages_total{outcome="taken"} 6\n');
  expect(metrics).toContain('hutong_messages_total{outcome="again"} 42\n');
});

test('a port that somebody else listens on is refused, though threads of one server share it', async () => {
  await expect(
    testPlatform({ env: { MLLP_THREADS: '2', MLLP_PORT: String(platform.mllpPort) } }),
  ).rejects.toMatchObject({
    code: 'EADDRINUSE',
  });
});
