import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Hospital, type TestPlatform, testPlatform } from '../server/test/platform.ts';
import { admission } from './faults/admission.ts';
import { sendMllp } from './faults/mllp.ts';
import { type OwnCluster, openOwnCluster } from './faults/own-cluster.ts';

let cluster: OwnCluster;
let platform: TestPlatform;
let hospital: Hospital;

beforeAll(async () => {
  cluster = await openOwnCluster();
  platform = await testPlatform({ database: { url: cluster.url, drop: async () => {} }, env: { LOG_LEVEL: 'silent' } });
  hospital = await platform.hospital('out1');
  await hospital.token();
});
afterAll(async () => {
  await platform?.close();
  await cluster?.close();
});

const admit = (controlId: string, person: string): string =>
  admission({ facility: hospital.facility, controlId, person });
const patient = (id: string): object => ({
  resourceType: 'Patient',
  id,
  identifier: [{ system: 'urn:outage', value: id }],
  name: [{ text: '测试' }],
});
const putPatient = (id: string): Promise<Response> =>
  hospital.fetch(`/fhir/Patient/${id}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/fhir+json', 'x-request-id': `put-${id}` },
    body: JSON.stringify(patient(id)),
  });

async function timed<T>(work: Promise<T>): Promise<{ value: T; seconds: number }> {
  const started = performance.now();
  const value = await work;
  return { value, seconds: (performance.now() - started) / 1000 };
}
const count = async (sql: string): Promise<number> => (await platform.pool.query<{ n: number }>(sql)).rows[0]?.n ?? -1;
const everything = (): Promise<number[]> =>
  Promise.all(
    ['intake.message', 'intake.waiting', 'intake.outcome', 'store.resource', 'identity.source', 'events.feed'].map(
      (table) => count(`select count(*) as n from ${table}`),
    ),
  );

/** The answer a sender must get while nothing can be stored. */
async function expectRefusals(from: string): Promise<void> {
  const hl7 = await timed(sendMllp(platform.mllpPort, admit(from, `P${from}`)));
  expect(hl7.value).toMatchObject({
    code: 'AR',
    controlId: from,
    errors: [
      {
        rule: 'intake.unavailable',
        severity: 'E',
        sentence:
          '平台暂时无法保存消息，请稍后重发 / The platform cannot store messages at this moment; send again later',
      },
    ],
  });
  const overHttp = await timed(
    hospital.fetch('/hl7v2', {
      method: 'POST',
      headers: { 'content-type': 'application/hl7-v2' },
      body: admit(`${from}h`, `P${from}`),
    }),
  );
  expect(overHttp.value.status).toBe(503);
  const fhir = await timed(putPatient(from));
  expect(fhir.value.status).toBe(503);
  expect(await fhir.value.json()).toMatchObject({ resourceType: 'OperationOutcome' });
  for (const { seconds } of [hl7, overHttp, fhir]) expect(seconds).toBeLessThan(8);
}

test('with the database gone, senders are refused within seconds, nothing is half-stored, and all goes on by itself when it is back', async () => {
  expect((await sendMllp(platform.mllpPort, admit('O1', 'P1'))).code).toBe('AA');
  expect((await putPatient('o1')).status).toBe(201);
  await platform.settled();
  const before = await everything();
  // Acknowledged an instant before the outage, and most likely not yet in the record.
  const burst = await Promise.all(
    Array.from({ length: 40 }, (_, n) => sendMllp(platform.mllpPort, admit(`B${n}`, `B${n}`))),
  );
  expect(burst.every(({ code }) => code === 'AA')).toBe(true);
  await cluster.stop();
  await expectRefusals('O2');
  const read = await timed(hospital.fetch('/fhir/Patient/o1'));
  expect(read.value.status).toBe(503);
  expect(read.seconds).toBeLessThan(8);
  await cluster.start();
  await platform.settled();
  const [messages = 0, waiting, outcomes = 0] = await everything();
  expect([messages - (before[0] ?? 0), waiting, outcomes - (before[2] ?? 0)]).toEqual([40, 0, 40]);
  expect(await count(`select count(*) as n from intake.outcome where state <> 'done'`)).toBe(0);
  expect(
    await count(`select count(*) as n from intake.message where control_id like 'O2%' or control_id = 'put-O2'`),
  ).toBe(0);
  // The refused ones, sent again with the same numbers.
  expect((await sendMllp(platform.mllpPort, admit('O2', 'PO2'))).code).toBe('AA');
  expect((await putPatient('O2')).status).toBe(201);
  expect((await hospital.fetch('/fhir/Patient/o1')).status).toBe(200);
});

test('with the disk full, writes are refused, reads go on, and writes work again when there is room', async () => {
  await platform.settled();
  await cluster.stop();
  // As large as a WAL segment, which must still fit; the messages' own table then is what meets the end of the disk.
  await cluster.startStarved(16 * 1024 * 1024);
  expect((await sendMllp(platform.mllpPort, admit('D1', 'D1'))).code).toBe('AA');
  await platform.settled();
  const filler = (bytes: number, rows: number, from: number): string =>
    `insert into intake.message (id, received_at, sender, protocol, kind, control_id, dedupe, content_sm3, charset, sealed, bytes, acknowledgement, trace)
     select -n, now(), 'filler', 'files', 'filler', '', -n, '', '', decode(repeat(md5(n::text), ${Math.ceil(bytes / 16)}), 'hex'), 0, '', '' from generate_series(${from}, ${from + rows - 1}) n`;
  let refusal = '';
  let from = 1;
  for (const [bytes, rows] of [
    [1600, 400],
    [1600, 20],
    [160, 5],
    [16, 1],
  ] as const)
    for (;;) {
      const failed = await platform.pool.query(filler(bytes, rows, from)).then(
        () => null,
        (error: Error) => error.message,
      );
      from += rows;
      if (failed !== null) {
        refusal = failed;
        break;
      }
      if (from > 100_000)
        throw new Error('the file-size limit does not bite on this machine: no disk could be made full');
    }
  expect(refusal).toMatch(/File too large|No space left/);
  const before = await everything();

  await expectRefusals('D2');
  expect((await hospital.fetch('/fhir/Patient/o1')).status).toBe(200);
  expect(
    ((await (await hospital.fetch('/fhir/Patient?identifier=urn:outage|o1')).json()) as { entry: unknown[] }).entry,
  ).toHaveLength(1);
  expect((await fetch(`${platform.base}/healthz`)).status).toBeLessThan(600);
  const after = await everything();
  expect(after.slice(0, 5)).toEqual(before.slice(0, 5));

  await cluster.stop();
  await cluster.start();
  await platform.pool.query('select 1').catch(() => {});
  expect((await sendMllp(platform.mllpPort, admit('D2', 'PD2'))).code).toBe('AA');
  expect((await putPatient('D2')).status).toBe(201);
  await platform.settled();
  expect(await count(`select count(*) as n from intake.message where control_id = 'D2'`)).toBe(1);
  expect(readFileSync(join(cluster.folder, 'postgresql.log'), 'utf8')).not.toContain('PANIC');
});
