import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { checkDigit, makeResidentNumber, nodeCrypto } from '@hutong/china';
import type {
  CardBatchAnswer,
  ExpectedVisits,
  MyCode,
  MyCodes,
  MyScan,
  PrintedText,
  PublishedKeys,
  RevocationList,
  ScanAnswer,
  WaitingCards,
} from '@hutong/contract/health-code.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Hospital, type TestPlatform, testPlatform } from '../../../test/platform.ts';
import { testSecret } from '../../../test/secret.ts';
import { parseOwnCode, verifyOffline } from './own-code.ts';

type Fetch = (path: string, init?: RequestInit) => Promise<Response>;
type Answer<T> = { status: number; body: T & { code: string; returnCode: string; cardState: number } };

let platform: TestPlatform;
let hospital: Hospital;
let other: Hospital;
let doctor: Fetch;
let me: Fetch;
let insurance: Server;

const person = (sequence: number, birthDate: string, name: string) => ({
  number: makeResidentNumber({ areaCode: '500999', birthDate, sequence }),
  birthDate,
  name,
});
const holder = person(1, '1985-03-04', '周明远');
const child = person(3, '2020-06-07', '周小满');
const elder = person(5, '1950-01-02', '周守成');
// Outside the years in which the demo looks for its resident.
const stranger = person(7, '2001-09-09', '何静');

const post = async <T>(fetch: Fetch, path: string, body: object = {}): Promise<Answer<T>> => {
  const response = await fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Answer<T>['body'] };
};
const get = async <T>(fetch: Fetch, path: string): Promise<T> => (await (await fetch(path)).json()) as T;
const scan = (code: string, fetch = doctor, more: object = {}) =>
  post<ScanAnswer>(fetch, '/api/health-code/scan', { code, step: '010101', channel: '01', ...more });
const centre = <T = { cardId: string; state: number; text: string }>(
  operation: string,
  body: object,
  at: Fetch = hospital.fetch,
) => post<T>(at, `/api/card-centre/${operation}`, body);
const codes = (body: object = {}, fetch = me) => post<MyCodes>(fetch, '/api/my/codes', body);
const fresh = async (body: object = { count: 1 }): Promise<string> => (await codes(body)).body.codes[0]?.text as string;

/** A person becomes known as hospitals make people known: by a Patient they send. */
async function admit(at: Hospital, localId: string, who: typeof holder): Promise<void> {
  const response = await at.fetch('/fhir/Patient', {
    method: 'POST',
    headers: { 'content-type': 'application/fhir+json' },
    body: JSON.stringify({
      resourceType: 'Patient',
      identifier: [
        { system: `urn:hospital:${at.code}`, value: localId },
        { system: 'urn:oid:2.16.156.10011.1.3', value: who.number },
      ],
      name: [{ text: who.name }],
      gender: 'male',
      birthDate: who.birthDate,
    }),
  });
  expect(response.status).toBe(201);
}

beforeAll(async () => {
  insurance = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      const { token } = JSON.parse(text) as { token: string };
      if (token.startsWith('9')) return response.writeHead(500).end();
      if (token.startsWith('0')) return response.writeHead(404).end();
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify({ documentType: '01', documentNumber: holder.number, name: holder.name }));
    });
  });
  await new Promise<void>((done) => insurance.listen(0, '127.0.0.1', done));
  platform = await testPlatform({
    env: { HUTONG_INSURANCE_URL: `http://127.0.0.1:${(insurance.address() as AddressInfo).port}/decode` },
  });
  hospital = await platform.hospital('500112H01');
  other = await platform.hospital('500106H02');
  await admit(hospital, 'MR0001', holder);
  await admit(other, 'MR0001', stranger);
  await admit(hospital, 'MR0002', child);
  await admit(hospital, 'MR0003', elder);
  await platform.settled();
  await platform.refreshDemo();
  doctor = await platform.staff('clinician');
  me = await platform.staff('resident');
}, 240_000);
afterAll(async () => {
  await platform?.close();
  insurance?.close();
});

describe('our own code', () => {
  test('is issued to the resident, scanned once, and names who showed it and what may be done', async () => {
    const { body } = await codes({ count: 3 });
    expect(body.codes).toHaveLength(3);
    for (const { from, until } of body.codes) expect(Date.parse(until) - Date.parse(from)).toBe(60_000);
    const scanned = await scan(body.codes[0]?.text as string);
    expect(scanned.status).toBe(200);
    expect(scanned.body).toMatchObject({ kind: 'own', resident: { name: '周*远', sex: 'male' }, presentedBy: null });
    expect(scanned.body.permitted).toContain('open-record');
    expect(JSON.stringify(scanned.body)).not.toContain(holder.number);
  });

  test('is good for one use: replayed it is refused, and of many scans at one instant exactly one wins', async () => {
    const text = await fresh();
    const answers = await Promise.all(
      Array.from({ length: 24 }, (_, n) => scan(text, n % 2 === 0 ? doctor : hospital.fetch)),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ body }) => body.code === 'HT-CODE-002')).toHaveLength(23);
    expect((await scan(text)).body).toMatchObject({ code: 'HT-CODE-002', returnCode: '3001' });
    const nonce = parseOwnCode(text)?.code.nonce as Buffer;
    expect(nonce).toHaveLength(12);
    const { rows } = await platform.pool.query(
      `select count(*) filter (where refusal is null) as taken, count(*) filter (where refusal = 'HT-CODE-002') as refused
       from health_code.scan where at > now() - interval '1 minute' and kind = 'own'`,
    );
    expect(rows[0].refused).toBeGreaterThanOrEqual(24);
  });

  test('fetched ahead is refused before its minute', async () => {
    const { body } = await codes({ count: 2 });
    expect((await scan(body.codes[1]?.text as string)).body).toMatchObject({ code: 'HT-CODE-006', returnCode: '3002' });
  });

  test('expired, forged, spliced, of another issuer and unreadable texts each have their own refusal', async () => {
    const { ownCodeBytes, ownCodeText } = await import('./own-code.ts');
    const { demoKeyFile } = await import('./key-store.ts');
    const file = demoKeyFile(testSecret);
    const sign = (bytes: Uint8Array) => nodeCrypto.sm2Sign(bytes, file.signing[0] as string);
    const parsed = parseOwnCode(await fresh()) as NonNullable<ReturnType<typeof parseOwnCode>>;
    const old = ownCodeBytes({ ...parsed.code, from: parsed.code.from - 61 });
    expect((await scan(ownCodeText(old, sign(old)))).body).toMatchObject({ code: 'HT-CODE-003', returnCode: '3004' });
    const long = ownCodeBytes({ ...parsed.code, life: 3600 });
    expect((await scan(ownCodeText(long, sign(long)))).body.code).toBe('HT-CODE-004');
    const stolen = nodeCrypto.sm2KeyPair();
    expect(
      (await scan(ownCodeText(parsed.bytes, nodeCrypto.sm2Sign(parsed.bytes, stolen.privateKey)))).body,
    ).toMatchObject({ code: 'HT-CODE-004', returnCode: '3003' });
    const second = parseOwnCode(await fresh()) as NonNullable<ReturnType<typeof parseOwnCode>>;
    expect((await scan(ownCodeText(parsed.bytes, second.signature))).body.code).toBe('HT-CODE-004');
    const foreign = ownCodeBytes({ ...parsed.code, issuer: 'elsewhere' });
    expect((await scan(ownCodeText(foreign, sign(foreign)))).body.code).toBe('HT-CODE-011');
    expect((await scan('HT1:NOTACODE')).body.code).toBe('HT-CODE-001');
  });

  test('is checked by a terminal without a network, with the published keys and the signed revocation list', async () => {
    const keys = await get<PublishedKeys>(fetch, `${platform.base}/api/health-code/keys`);
    const list = await get<RevocationList>(fetch, `${platform.base}/api/health-code/revoked`);
    const key = keys.keys.find(({ id }) => id === list.keyId);
    const signed = Buffer.from(`${list.issuer}|${list.issuedAt}|${list.handles.join(',')}`);
    expect(nodeCrypto.sm2Verify(signed, Buffer.from(list.signature, 'hex'), key?.publicKey as string)).toBe(true);
    const text = await fresh();
    const offline = (now = Date.now()) => verifyOffline(text, keys, new Set(list.handles), now, nodeCrypto);
    expect(offline()).toMatchObject({ ok: true, code: { name: '周*远' } });
    expect(offline(Date.now() + 61_000)).toEqual({ ok: false, why: 'expired' });
  });

  test('shown at a counter it opens the record for that institution’s doctors, and a printed one does not', async () => {
    const { id } = await get<MyCode>(me, '/api/my');
    await platform.pool.query('delete from access.presented_code');
    await platform.pool.query(`update identity.source set last_at = now() - interval '1 year'`);
    const read = () => doctor(`/api/residents/${id}`);
    expect((await read()).status).toBe(403);
    const paper = await post<PrintedText>(me, '/api/my/printed');
    expect((await scan(paper.body.text)).body).toMatchObject({ kind: 'printed', permitted: ['identify', 'register'] });
    expect((await read()).status).toBe(403);
    expect((await scan(await fresh())).status).toBe(200);
    const opened = await read();
    expect(opened.status).toBe(200);
    expect(((await opened.json()) as { access: { ground: string } }).access.ground).toBe('presented-code');
    await platform.pool.query('update identity.source set last_at = now()');
  });
});

describe('family, paper and loss', () => {
  test('a parent shows a child’s code and a child an old parent’s; the log says who held it up', async () => {
    const mine = await get<MyCode>(me, '/api/my');
    expect(mine.family.map(({ relation }) => relation).sort()).toEqual(['child', 'parent']);
    const kid = mine.family.find(({ relation }) => relation === 'parent');
    const text = await fresh({ person: kid?.id, count: 1 });
    expect((await scan(text)).body).toMatchObject({
      kind: 'proxy',
      resident: { name: '周*满' },
      presentedBy: { name: '周*远', relation: 'parent' },
    });
    const { items } = await get<{ items: MyScan[] }>(me, '/api/my/scans');
    expect(items[0]).toMatchObject({ kind: 'proxy', person: '周*满', presentedBy: '周*远', refused: null });
  });

  test('nobody shows the code of somebody they do not hold', async () => {
    const { rows } = await platform.pool.query(`select id::text from identity.source where name = '何静'`);
    const id = BigInt.asUintN(64, BigInt(rows[0].id)).toString(36);
    expect(await codes({ person: id })).toMatchObject({ status: 409, body: { code: 'HT-CODE-015' } });
    expect(
      await centre('family/bind', {
        holder: { documentType: '01', documentNumber: holder.number },
        person: { documentType: '01', documentNumber: stranger.number },
        relation: 'parent',
      }),
    ).toMatchObject({ status: 409, body: { code: 'HT-CODE-015', returnCode: '5002' } });
  });

  test('once a bond is ended, even a code fetched before is refused', async () => {
    const bond = {
      holder: { documentType: '01', documentNumber: holder.number },
      person: { documentType: '01', documentNumber: elder.number },
    };
    const old = (await get<MyCode>(me, '/api/my')).family.find(({ relation }) => relation === 'child');
    const text = await fresh({ person: old?.id, count: 1 });
    expect((await centre('family/unbind', bond)).status).toBe(200);
    expect((await scan(text)).body.code).toBe('HT-CODE-015');
    expect((await centre('family/bind', { ...bond, relation: 'child' })).status).toBe(200);
    const listed = await centre<{ items: unknown[] }>('family/list', bond.holder);
    expect(listed.body.items).toHaveLength(2);
  });

  test('a lost phone or a photographed static code: everything shown until now is void', async () => {
    const card = await centre('register', { documentType: '01', documentNumber: holder.number, name: holder.name });
    expect(card.body).toMatchObject({ returnCode: '0000', state: 1 });
    const { text: still } = (await centre('code', { cardId: card.body.cardId, kind: 'static' })).body;
    expect((await scan(still)).body).toMatchObject({ kind: 'static', permitted: ['identify', 'register'] });
    const paper = (await post<PrintedText>(me, '/api/my/printed')).body;
    const live = await fresh();
    expect((await post(me, '/api/my/lost')).status).toBe(200);
    expect((await scan(live)).body).toMatchObject({ code: 'HT-CODE-007', returnCode: '3006' });
    expect((await scan(paper.text)).body.code).toBe('HT-CODE-007');
    expect((await scan(still)).body).toMatchObject({ code: 'HT-CODE-008', returnCode: '3007' });
    const list = await get<RevocationList>(fetch, `${platform.base}/api/health-code/revoked`);
    expect(list.handles).toContain(paper.serial);
    expect((await scan(await fresh())).status).toBe(200);
    const { items } = await get<{ items: MyScan[] }>(me, '/api/my/scans');
    expect(items.map(({ refused }) => refused?.code ?? null)).toContain('HT-CODE-008');
  });
});

describe('the card centre', () => {
  test('registers once for a document, however many windows ask at the same instant', async () => {
    const who = person(21, '1971-02-03', '赵大川');
    const given = { documentType: '01', documentNumber: who.number, name: who.name, phone: '13800000021' };
    const answers = await Promise.all(Array.from({ length: 8 }, () => centre('register', given)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    for (const { status, body } of answers)
      if (status !== 200) expect(body).toMatchObject({ code: 'HT-CODE-014', returnCode: '2004', cardState: 1 });
    const { rows } = await platform.pool.query(
      `select count(*) as n from health_code.card c join health_code.card_name n on n.card = c.id where c.made_by like 'client %' and c.state = 1`,
    );
    expect(rows[0].n).toBeGreaterThan(0);
    expect((await centre('query', { documentType: '01', documentNumber: who.number })).body.state).toBe(1);
  });

  test('a dynamic code is verified once, with the whole identity for the system that registers', async () => {
    const { text } = (await centre('code', { documentType: '01', documentNumber: holder.number, kind: 'dynamic' }))
      .body;
    const verified = await centre<{ identity: object } & ScanAnswer>('verify', { code: text, step: '010103' });
    expect(verified.body).toMatchObject({
      returnCode: '0000',
      kind: 'dynamic',
      cardState: 1,
      identity: { name: holder.name, documentNumber: holder.number },
    });
    expect((await centre('verify', { code: text })).body).toMatchObject({ code: 'HT-CODE-002', returnCode: '3001' });
  });

  test('a time block spliced onto another card, forged or too far ahead is refused', async () => {
    const theirs = await centre('register', {
      documentType: '01',
      documentNumber: stranger.number,
      name: stranger.name,
    });
    const mine = (await centre('code', { documentType: '01', documentNumber: holder.number, kind: 'dynamic' })).body;
    const block = mine.text.split(':')[2] as string;
    expect((await scan(`${theirs.body.cardId}:0:${block}`)).body).toMatchObject({
      code: 'HT-CODE-005',
      returnCode: '3005',
    });
    expect((await scan(`${mine.cardId}:0:${'0'.repeat(32)}`)).body.code).toBe('HT-CODE-004');
    const { sealValidity } = await import('@hutong/china');
    const { demoKeyFile } = await import('./key-store.ts');
    const root = demoKeyFile(testSecret).protectRootKey;
    const at = (ms: number) => `${mine.cardId}:0:${sealValidity(new Date(Date.now() + ms), root)}`;
    expect((await scan(at(3_600_000))).body.code).toBe('HT-CODE-006');
    expect((await scan(at(-5_000))).body.code).toBe('HT-CODE-003');
    expect((await scan(`${mine.text.slice(0, mine.text.lastIndexOf(':'))}:elsewhere`)).body.code).toBe('HT-CODE-011');
    expect((await scan(`${'F'.repeat(64)}:1`)).body.code).toBe('HT-CODE-010');
  });

  test('a corrected name gives a new card id; the code printed under the old one goes on resolving', async () => {
    const who = person(23, '1962-07-08', '钱美玉');
    const first = (await centre('register', { documentType: '01', documentNumber: who.number, name: who.name })).body;
    const before = (await centre('code', { cardId: first.cardId, kind: 'static' })).body.text;
    const changed = (await centre('change', { cardId: first.cardId, name: '钱美钰' })).body;
    expect(changed.cardId).not.toBe(first.cardId);
    expect((await scan(before)).body).toMatchObject({ kind: 'static' });
    expect((await scan(`${changed.cardId}:1`)).body).toMatchObject({ kind: 'static' });
    const wrong = { cardId: changed.cardId, documentType: '01', documentNumber: holder.number };
    expect((await centre('cancel', wrong)).body).toMatchObject({ code: 'HT-CODE-017', returnCode: '4001' });
    expect((await centre('cancel', { ...wrong, documentNumber: who.number })).body).toMatchObject({ state: 0 });
    expect((await scan(before)).body).toMatchObject({ code: 'HT-CODE-009', cardState: 0 });
    const again = await centre('register', { documentType: '01', documentNumber: who.number, name: '钱美钰' });
    expect(again.body.state).toBe(1);
  });

  test('a name that contradicts the number waits for review by somebody else', async () => {
    const given = { documentType: '01', documentNumber: elder.number, name: '完全不同' };
    const doubtful = await centre('register', given);
    expect(doubtful.body.state).toBe(2);
    const { cardId } = doubtful.body;
    expect((await centre('code', { cardId, kind: 'static' })).body).toMatchObject({
      code: 'HT-CODE-009',
      cardState: 2,
    });
    expect((await centre('review', { cardId, outcome: 'approve' })).body).toMatchObject({ code: 'HT-CODE-020' });
    expect((await centre('review', { cardId, outcome: 'reject' }, doctor)).body).toMatchObject({ state: 3 });
  });

  test('up to a hundred are registered at once, one answer each; whoever waits for review stands in the list of the institution', async () => {
    const born = '1966-07-08';
    const numberOf = (sequence: number): string =>
      makeResidentNumber({ areaCode: '500999', birthDate: born, sequence });
    const people = [
      { documentType: '01', documentNumber: numberOf(301), name: '秦一' },
      { documentType: '01', documentNumber: '500999196613080011', name: '秦二' },
      { documentType: '01', documentNumber: child.number, name: '不是这个人' },
    ];
    const { body } = await centre<CardBatchAnswer>('register-batch', { people });
    expect(body.items).toMatchObject([{ state: 1 }, { code: 'HT-CODE-016' }, { state: 2 }]);
    const again = await centre<CardBatchAnswer>('register-batch', { people: people.slice(0, 1) });
    expect(again.body.items).toMatchObject([{ code: 'HT-CODE-014', returnCode: '2004' }]);
    const list = await get<WaitingCards>(doctor, '/api/card-centre/waiting');
    const mine = list.items.find(({ cardId }) => cardId === (body.items[2] as { cardId: string }).cardId);
    expect(mine).toMatchObject({ name: expect.stringContaining('*'), mayReview: true });
    expect(mine?.knownAs.length).toBeGreaterThan(0);
    expect(JSON.stringify(list)).not.toContain(child.number);
    const elsewhere = (await (await other.fetch('/api/card-centre/waiting')).json()) as WaitingCards;
    expect(elsewhere.items).toEqual([]);
    const reviewed = await centre('review', { cardId: mine?.cardId, outcome: 'reject' }, doctor);
    expect(reviewed.body.state).toBe(3);
    expect((await get<WaitingCards>(doctor, '/api/card-centre/waiting')).items).not.toContainEqual(mine);
  });

  test('impossible documents are refused, an unknown one is state 5', async () => {
    for (const documentNumber of ['500999198502300011', '12345', `${holder.number.slice(0, 17)}#`])
      expect(await centre('register', { documentType: '01', documentNumber, name: '某人' })).toMatchObject({
        status: 422,
        body: { code: 'HT-CODE-016', returnCode: '1002' },
      });
    expect(
      (await centre('query', { documentType: '01', documentNumber: person(99, '2001-01-01', 'x').number })).body.state,
    ).toBe(5);
  });

  test('a number whose check digit fits an impossible day is refused and leaves neither card nor scan; full width and a small x are the same number', async () => {
    const state = async () =>
      (
        await platform.pool.query(
          `select (select count(*) from health_code.card) as cards, (select count(*) from health_code.card_name) as names, (select count(*) from health_code.scan) as scans,
             (select count(*) from health_code.spent) as spent, (select count(*) from identity.source) as sources`,
        )
      ).rows[0];
    const before = await state();
    for (const first17 of ['50099919850230001', '50099919851301001', '50099920990101001', '50099919850304000']) {
      const number = first17 + checkDigit(first17);
      expect(await centre('register', { documentType: '01', documentNumber: number, name: '某人' })).toMatchObject({
        status: 422,
        body: { code: 'HT-CODE-016', returnCode: '1002' },
      });
      expect((await scan(number)).body.code).toBe(number.includes('2099') ? 'HT-CODE-010' : 'HT-CODE-001');
    }
    expect(await state()).toEqual(before);
    const sequence = Array.from({ length: 99 }, (_, n) => n + 100).find((n) =>
      person(n, '1977-05-06', '').number.endsWith('X'),
    ) as number;
    const who = person(sequence, '1977-05-06', '郑怀远');
    await admit(hospital, 'MR0077', who);
    const wide = [...who.number].map((digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0)).join('');
    for (const written of [wide, who.number.toLowerCase(), `${wide.slice(0, 17)}ｘ`])
      expect((await scan(written)).body).toMatchObject({ kind: 'document', resident: { name: '郑*远' } });
    const card = await centre('register', { documentType: '01', documentNumber: wide, name: who.name });
    expect(card.body).toMatchObject({ returnCode: '0000', state: 1 });
    const again = { documentType: '01', documentNumber: who.number.toLowerCase(), name: who.name };
    expect((await centre('register', again)).body).toMatchObject({ code: 'HT-CODE-014', cardState: 1 });
  });

  test('a temporary card registers where it was given and only identifies elsewhere', async () => {
    const { text } = (await centre('temporary', { name: '无名氏', sex: 'unknown' })).body;
    expect((await scan(text, hospital.fetch)).body).toMatchObject({
      kind: 'temporary',
      permitted: ['identify', 'register'],
    });
    expect((await scan(text, other.fetch)).body.permitted).toEqual(['identify']);
  });

  test('a reported use stands in the resident’s log', async () => {
    expect(
      (await centre('use', { documentType: '01', documentNumber: holder.number, step: '010103', channel: '02' }))
        .status,
    ).toBe(200);
    const { items } = await get<{ items: MyScan[] }>(me, '/api/my/scans');
    expect(items[0]).toMatchObject({ step: '010103', channel: '02' });
  });

  test('what cards say lies sealed', async () => {
    const { rows } = await platform.pool.query(
      'select c::text as row from health_code.card c union all select n::text from health_code.card_name n',
    );
    for (const { row } of rows) expect(row).not.toMatch(new RegExp(`${holder.number}|13800000021|赵大川`));
  });
});

describe('the resolver', () => {
  test('takes numbers and hospital cards, and a hospital’s card means somebody only there', async () => {
    expect((await scan(holder.number)).body).toMatchObject({ kind: 'document', permitted: ['identify', 'register'] });
    expect((await scan('MR0001', hospital.fetch)).body.resident.name).toBe('周*远');
    expect((await scan('MR0001', other.fetch)).body.resident.name).toBe('何*');
    expect((await scan('MR0002', other.fetch)).body.code).toBe('HT-CODE-010');
    expect((await scan(person(98, '2001-01-01', 'x').number)).body.code).toBe('HT-CODE-010');
  });

  test('asks the configured insurance interface, and says when it has no answer', async () => {
    expect((await scan('1'.repeat(28))).body).toMatchObject({ kind: 'insurance', resident: { name: '周*远' } });
    expect((await scan('1'.repeat(28), hospital.fetch)).body.permitted).toContain('settle');
    expect((await scan('0'.repeat(28))).body.code).toBe('HT-CODE-010');
    expect(await scan('9'.repeat(28))).toMatchObject({ status: 502, body: { code: 'HT-CODE-018' } });
  });

  test('every scan is an event for visit detection and an entry of the audit, in one transaction', async () => {
    const count = async () =>
      (
        await platform.pool.query(
          `select (select count(*) from events.feed where kind = 'code-scanned') as events, (select count(*) from health_code.scan where refusal is null) as scans,
             (select count(*) from audit.entry where ground = 'code-shown' and action = 'read') as looks`,
        )
      ).rows[0];
    const before = await count();
    expect((await scan(await fresh())).status).toBe(200);
    const after = await count();
    expect([after.events - before.events, after.scans - before.scans, after.looks - before.looks]).toEqual([1, 1, 1]);
  });

  test('a scan expects the institution to send something about the person; what never comes is shown without names', async () => {
    const staff = await platform.staff('operator');
    const view = async (): Promise<ExpectedVisits> => {
      await platform.settled();
      return get<ExpectedVisits>(staff, '/api/health-code/expected-visits');
    };
    const own = ({ institutions }: ExpectedVisits, code: string) =>
      institutions.find(({ institution }) => institution.code === code);
    const before = own(await view(), hospital.code);
    expect((await scan(stranger.number, other.fetch)).status).toBe(200);
    expect(own(await view(), other.code)).toMatchObject({ followed: 0, missing: 0 });
    // A day later it is missed; a visit that the hospital then sends answers it.
    await platform.pool.query(
      "update health_code.expected_visit set at = at - interval '25 hours' where institution = (select id from directory.institution where code = $1)",
      [other.code],
    );
    const missed = await view();
    expect(own(missed, other.code)?.missing).toBeGreaterThan(0);
    expect(missed.missing[0]).toMatchObject({
      institution: { code: other.code },
      step: expect.any(String),
      kind: 'document',
    });
    expect(JSON.stringify(missed)).not.toMatch(new RegExp(`${stranger.name}|${stranger.number}`));
    const { id } = (await (
      await other.fetch(`/fhir/Patient?identifier=${encodeURIComponent(`urn:hospital:${other.code}|MR0001`)}`)
    )
      .json()
      .then(({ entry }) => entry[0].resource)) as { id: string };
    const sent = await other.fetch('/fhir/Encounter', {
      method: 'POST',
      headers: { 'content-type': 'application/fhir+json' },
      body: JSON.stringify({
        resourceType: 'Encounter',
        status: 'finished',
        class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' },
        subject: { reference: `Patient/${id}` },
      }),
    });
    expect(sent.status).toBe(201);
    const answered = own(await view(), other.code);
    expect(answered?.missing).toBeLessThan(own(missed, other.code)?.missing as number);
    expect(answered?.followed).toBeGreaterThan(0);
    // Nothing of it touched what the first hospital still owes.
    expect(own(await view(), hospital.code)?.followed).toBe(before?.followed);
    expect((await doctor('/api/health-code/expected-visits')).status).toBe(403);
  });

  test('whoever has no business at a counter does not scan, and a resident sees nobody else', async () => {
    const cdc = await platform.staff('epidemiologist');
    expect((await scan(holder.number, cdc)).status).toBe(403);
    expect((await scan(holder.number, me)).status).toBe(403);
    expect((await post(doctor, '/api/my/codes')).status).toBe(403);
    expect((await me('/api/residents/1')).status).toBe(404);
    const { id } = await get<MyCode>(me, '/api/my');
    expect((await me(`/api/residents/${id}`)).status).toBe(200);
    expect((await me(`/api/residents/${id}/looks`)).status).toBe(200);
    const { rows } = await platform.pool.query(`select resident::text from identity.source where name = '何静'`);
    const theirs = BigInt.asUintN(64, BigInt(rows[0].resident)).toString(36);
    expect((await me(`/api/residents/${theirs}`)).status).toBe(403);
    expect((await me(`/api/residents/${theirs}/looks`)).status).toBe(403);
  });
});
