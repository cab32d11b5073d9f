import { createHash } from 'node:crypto';
import { makeResidentNumber } from '@hutong/china';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Hospital, type TestPlatform, testPlatform } from '../../../test/platform.ts';

let platform: TestPlatform;
let hospital: Hospital;
let other: Hospital;
let administrator: Awaited<ReturnType<TestPlatform['staff']>>;
let auditor: typeof administrator;
beforeAll(async () => {
  platform = await testPlatform();
  hospital = await platform.hospital('ERA1');
  other = await platform.hospital('ERA2');
  administrator = await platform.staff('administrator');
  auditor = await platform.staff('auditor');
}, 300_000);
afterAll(() => platform.close());

// biome-ignore lint/suspicious/noExplicitAny: an answer of unknown shape, taken apart by the test
type Said = { status: number; body: any };
const said = async (response: Response): Promise<Said> => {
  const text = await response.text();
  return { status: response.status, body: text ? JSON.parse(text) : null };
};
const fhir = async (who: Hospital, method: string, path: string, body?: object): Promise<Said> =>
  said(
    await who.fetch(`/fhir/${path}`, {
      method,
      headers: { 'content-type': 'application/fhir+json' },
      ...(body && { body: JSON.stringify(body) }),
    }),
  );
const act = async (who: typeof administrator, path: string, body?: object): Promise<Said> =>
  said(
    await who(`/api/erasures${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-hutong': '1' },
      body: JSON.stringify(body ?? {}),
    }),
  );
const patient = {
  resourceType: 'Patient',
  identifier: [
    {
      type: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0203', code: 'MR' }] },
      system: 'urn:mrn',
      value: 'ERASE-ME',
    },
  ],
  name: [{ family: '被忘' }],
};
const count = async (table: string, where: string, values: unknown[]): Promise<number> =>
  (await platform.pool.query<{ n: number }>(`select count(*) as n from ${table} where ${where}`, values)).rows[0]?.n ??
  -1;

test('an erasure takes two persons, removes every trace but the proof, and nothing comes back silently', async () => {
  const made = await fhir(hospital, 'POST', 'Patient', patient);
  const id = made.body.id as string;
  await fhir(hospital, 'PUT', `Patient/${id}`, { ...made.body, gender: 'female' });
  const observation = await fhir(hospital, 'POST', 'Observation', {
    resourceType: 'Observation',
    status: 'final',
    code: { coding: [{ system: 'http://loinc.org', code: '718-7' }] },
    subject: { reference: `Patient/${id}` },
  });
  const bystander = await fhir(hospital, 'POST', 'Patient', {
    ...patient,
    identifier: [{ ...patient.identifier[0], value: 'STAYS' }],
  });
  await platform.settled();
  const { rows } = await platform.pool.query<{ subject: string; resident: string; message: string; public: string }>(
    'select r.subject::text, s.resident::text, r.message::text from store.resource r join identity.source s on s.id = r.subject where r.id = $1',
    [id],
  );
  const { subject, resident } = rows[0] as (typeof rows)[0];
  const publicId = BigInt.asUintN(64, BigInt(resident)).toString(36);
  const { rows: before } = await platform.pool.query<{ message: string }>(
    'select message::text from store.resource where subject = $1 union select message::text from store.history where subject = $1',
    [subject],
  );
  expect(before).toHaveLength(3);

  expect((await act(administrator, '', { resident: publicId, reason: 'short' })).status).toBe(400);
  const asked = await act(administrator, '', {
    resident: publicId,
    reason: '本人依据个人信息保护法第四十七条提出申请',
  });
  expect(asked.status).toBe(201);
  expect((await act(auditor, '', { resident: publicId, reason: '本人提出申请，重复提交' })).status).toBe(409);
  expect((await act(administrator, `/${asked.body.id}/agree`)).body.code).toBe('HT-ERASURE-002');
  const done = await act(auditor, `/${asked.body.id}/agree`);
  expect(done.body).toMatchObject({ state: 'done', versions: 3, messages: 3, resident: null });
  expect(done.body.sm3).toMatch(/^[0-9a-f]{64}$/);
  expect(done.body.sm3).not.toBe(createHash('sm3').digest('hex'));
  await platform.settled();

  for (const table of ['store.resource', 'store.history', 'record_index.care_event'])
    expect([table, await count(table, 'subject = $1', [subject])]).toEqual([table, 0]);
  expect(await count('identity.source', 'id = $1', [subject])).toBe(0);
  for (const table of ['store.string', 'store.range'])
    expect(await count(table, 'key in (select key from store.erased)', [])).toBe(0);
  expect(
    await count('intake.message', 'id = any($1::int8[]) and (raw is not null or sealed is not null)', [
      before.map(({ message }) => message),
    ]),
  ).toBe(0);
  expect(
    await count('audit.entry', `action = 'delete' and ground = 'erasure' and what like '%' || $1 || '%'`, [
      done.body.sm3,
    ]),
  ).toBe(1);

  for (const place of [`Patient/${id}`, `Observation/${observation.body.id}`]) {
    expect((await fhir(hospital, 'GET', place)).status).toBe(410);
    expect((await fhir(other, 'GET', place)).status).toBe(404);
    expect((await fhir(hospital, 'GET', `${place}/_history/1`)).status).toBe(404);
    expect((await fhir(hospital, 'GET', `${place}/_history`)).status).toBe(404);
  }
  expect((await fhir(hospital, 'GET', 'Patient?identifier=ERASE-ME')).body.total).toBe(0);
  expect((await fhir(hospital, 'GET', `Patient/${bystander.body.id}`)).status).toBe(200);

  const again = await fhir(hospital, 'POST', 'Patient', patient);
  expect(again.status).toBe(422);
  expect(JSON.stringify(again.body)).toContain('intake.erased-resident');
  const reading = await platform.pool.query<{ name: string }>('select name from events.consumer');
  for (const { name } of reading.rows)
    await platform.pool.query(`update events.consumer set xid = '0', seq = 0 where name = $1`, [name]);
  await platform.settled();
  expect(await count('record_index.care_event', 'subject = $1', [subject])).toBe(0);

  expect((await act(auditor, `/${asked.body.id}/lift`)).body.state).toBe('lifted');
  expect((await fhir(hospital, 'POST', 'Patient', patient)).status).toBe(201);
});

test('an erasure reaches the linkage, the card, every code, the bonds, the log of scans and the login', async () => {
  const send = async <T = Record<string, string>>(
    who: typeof administrator,
    path: string,
    body: object = {},
  ): Promise<{ status: number; body: T }> =>
    (await said(
      await who(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    )) as { status: number; body: T };
  const admit = async (at: Hospital, sequence: number, name: string, birthDate: string) => {
    const number = makeResidentNumber({ areaCode: '500999', birthDate, sequence });
    const made = await fhir(at, 'POST', 'Patient', {
      resourceType: 'Patient',
      identifier: [
        { system: `urn:hospital:${at.code}`, value: `CODE-${sequence}` },
        { system: 'urn:oid:2.16.156.10011.1.3', value: number },
      ],
      name: [{ text: name }],
      gender: 'male',
      birthDate,
      telecom: [{ system: 'phone', value: '13800000031' }],
    });
    expect(made.status).toBe(201);
    return { number, id: made.body.id as string };
  };
  const person = await admit(hospital, 31, '吴忘川', '1985-03-04');
  await admit(other, 31, '吴忘川', '1985-03-04');
  await admit(hospital, 33, '吴小川', '2020-06-07');
  await platform.settled();
  await platform.refreshDemo();
  const me = await platform.staff('resident');
  const doctor = await platform.staff('clinician');
  const scan = async (code: string): Promise<Said> =>
    (await send(doctor, '/api/health-code/scan', { code, step: '010101', channel: '01' })) as Said;
  const card = await send(hospital.fetch, '/api/card-centre/register', {
    documentType: '01',
    documentNumber: person.number,
    name: '吴忘川',
  });
  expect(card.body).toMatchObject({ returnCode: '0000' });
  const national = await send(hospital.fetch, '/api/card-centre/code', { cardId: card.body.cardId, kind: 'static' });
  const paper = await send(me, '/api/my/printed');
  const live = await send<{ codes: { text: string }[] }>(me, '/api/my/codes', { count: 2 });
  const [first, second] = live.body.codes.map(({ text }) => text) as [string, string];
  for (const code of [national.body.text as string, paper.body.text as string, first])
    expect((await scan(code)).status).toBe(200);

  await platform.settled();
  const { rows } = await platform.pool.query<{ id: string; resident: string }>(
    'select id::text, resident::text from identity.source where resident = (select s.resident from store.resource r join identity.source s on s.id = r.subject where r.id = $1)',
    [person.id],
  );
  // Two hospitals and the card centre know them.
  expect(rows).toHaveLength(3);
  const subjects = rows.map(({ id }) => id);
  const resident = BigInt.asUintN(64, BigInt(rows[0]?.resident as string)).toString(36);
  const kept: [string, string][] = [
    ['identity.source', 'id = any($1::int8[])'],
    ['identity.match_key', 'source = any($1::int8[])'],
    ['identity.compared', 'source = any($1::int8[])'],
    ['identity.decision', 'source = any($1::int8[])'],
    ['health_code.card', 'subject = any($1::int8[])'],
    ['health_code.handle', 'subject = any($1::int8[])'],
    ['health_code.scan', 'subject = any($1::int8[])'],
    ['health_code.proxy', 'holder = any($1::int8[])'],
    ['gateway.resident_account', 'subject = any($1::int8[])'],
  ];
  for (const [table, where] of kept)
    expect([table, (await count(table, where, [subjects])) > 0]).toEqual([table, true]);
  expect(await count('access.presented_code', 'resident = $1', [rows[0]?.resident])).toBe(1);

  const asked = await act(administrator, '', { resident, reason: '本人依据个人信息保护法第四十七条提出申请' });
  expect((await act(auditor, `/${asked.body.id}/agree`)).body).toMatchObject({ state: 'done' });
  await platform.settled();
  for (const [table, where] of kept) expect([table, await count(table, where, [subjects])]).toEqual([table, 0]);
  expect(await count('identity.pair', 'a = any($1::int8[]) or b = any($1::int8[])', [subjects])).toBe(0);
  expect(await count('identity.edge', 'a = any($1::int8[]) or b = any($1::int8[])', [subjects])).toBe(0);
  expect(await count('identity.resident', 'id = $1', [rows[0]?.resident])).toBe(0);
  expect(await count('access.presented_code', 'resident = $1', [rows[0]?.resident])).toBe(0);
  expect(await count('health_code.card_name', 'card not in (select id from health_code.card)', [])).toBe(0);
  expect(await count('gateway.account', `login = 'resident'`, [])).toBe(0);

  for (const code of [paper.body.text as string, second]) expect((await scan(code)).body.code).toBe('HT-CODE-007');
  expect((await scan(national.body.text as string)).body.code).toBe('HT-CODE-010');
  const revoked = await (await fetch(`${platform.base}/api/health-code/revoked`)).json();
  expect((revoked as { handles: string[] }).handles).toContain(paper.body.serial);
  expect((await me('/api/my/codes', { method: 'POST', headers: { 'x-hutong': '1' } })).status).not.toBe(200);
});
