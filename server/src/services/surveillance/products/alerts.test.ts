import { createDecipheriv, createECDH, hkdfSync, randomBytes, randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type {
  DeliveryView,
  ExchangePage,
  HookMade,
  HookPage,
  KeyItemPage,
  ProductDetail,
  ProductPage,
  SignalInbox,
} from '@hutong/contract/surveillance.ts';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestPlatform, testPlatform } from '../../../../test/platform.ts';
import { MllpClient } from '../../../border/hl7v2/index.ts';
import { registerPlatformClient } from '../../../gateway/login/platform-clients.ts';
import { signatureOf } from '../notify/sender.ts';
import { visit } from '../test-messages.ts';

type Fetch = (path: string, init?: RequestInit) => Promise<Response>;
type Received = { path: string; headers: Record<string, string>; body: Buffer };
let platform: TestPlatform;
let cdc: Fetch;
let commission: Fetch;
let doctor: Fetch;
let receiver: Server;
let origin = '';
let answer = 204;
const received: Received[] = [];
const hour = 3_600_000;
const day = (at: number): string => new Date(at + 8 * hour).toISOString().slice(0, 10);

const json = async <T>(response: Response): Promise<T> => {
  expect(response.status, await response.clone().text()).toBeLessThan(300);
  return (await response.json()) as T;
};
const get = async <T>(as: Fetch, path: string): Promise<T> => json<T>(await as(`/api/surveillance${path}`));
const post = (as: Fetch, path: string, body: object): Promise<Response> =>
  as(`/api/surveillance${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

beforeAll(async () => {
  receiver = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received.push({
        path: request.url ?? '',
        headers: request.headers as Record<string, string>,
        body: Buffer.concat(chunks),
      });
      response.writeHead(answer, answer === 302 ? { location: 'http://127.0.0.1:1/elsewhere' } : {}).end();
    });
  });
  await new Promise<void>((done) => receiver.listen(0, '127.0.0.1', done));
  origin = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
  platform = await testPlatform({ env: { HUTONG_EGRESS: origin } });
  await platform.hospital('500112H01', { tier: 3 });
  await platform.refreshDemo();
  [cdc, commission, doctor] = [
    await platform.staff('epidemiologist'),
    await platform.staff('administrator'),
    await platform.staff('clinician'),
  ];
});
afterAll(async () => {
  receiver?.close();
  await platform?.close();
});

const sendCase = async (id: string, diagnosis: string, hoursAgo: number): Promise<void> => {
  const mllp = new MllpClient({ host: '127.0.0.1', port: platform.mllpPort });
  const sent = await mllp.send(
    visit({ facility: 'FAC-500112H01', id, at: Date.now() - hoursAgo * hour, birth: `19${id}0512` }, diagnosis),
  );
  expect(sent.toString()).toContain('MSA|AA');
  await platform.settled();
  mllp.close();
};

test('a webhook outside the operator’s list is refused; a listed one is told of a signal, signed, and again after a failure', async () => {
  for (const url of [
    'https://evil.example/x',
    `${origin}@evil.example/x`,
    `http://127.0.0.1:1/x`,
    'file:///etc/passwd',
  ])
    expect((await post(commission, '/hooks', { name: 'x', url, events: ['signal-formed'] })).status, url).toBe(400);
  expect((await post(cdc, '/hooks', { name: 'x', url: origin, events: ['signal-formed'] })).status).toBe(403);
  const hook = await json<HookMade>(
    await post(commission, '/hooks', {
      name: '应急平台',
      url: `${origin}/hook`,
      events: ['signal-formed', 'product-issued', 'card-missed'],
      area: '5001',
    }),
  );
  answer = 500;
  await sendCase('88', 'J09^人感染新亚型流感', 1);
  await platform.surveillanceChores(new Date());
  expect(received).toHaveLength(1);
  const { items: first } = await get<{ items: DeliveryView[] }>(commission, `/hooks/${hook.id}/deliveries`);
  expect(first).toMatchObject([{ event: 'signal-formed', state: 'waiting', tries: 1, status: '500' }]);
  answer = 302;
  await platform.surveillanceChores(new Date(Date.now() + 10_000));
  answer = 204;
  await platform.surveillanceChores(new Date(Date.now() + 120_000));
  const { items: then } = await get<{ items: DeliveryView[] }>(commission, `/hooks/${hook.id}/deliveries`);
  expect(then).toMatchObject([{ state: 'done', tries: 3, status: '204' }]);
  const last = received.at(-1) as Received;
  const [, time = ''] = /t=(\d+)/.exec(last.headers['hutong-signature'] ?? '') ?? [];
  expect(last.headers['hutong-signature']).toBe(signatureOf(hook.secret, Number(time), last.body.toString()));
  expect(JSON.parse(last.body.toString())).toMatchObject({
    event: 'signal-formed',
    area: '500112',
    path: expect.stringMatching(/^\/signals\//),
  });
  expect(last.body.toString()).not.toContain('林晓峰');
  expect(new Set(received.map(({ headers }) => headers['hutong-delivery'])).size).toBe(1);
  const { rows } = await platform.pool.query('select secret from surveillance.hook');
  expect((rows[0].secret as Buffer).toString()).not.toContain(hook.secret);
});

test('a doctor’s browser is told of a missed report by an encrypted push that only it can read', async () => {
  const browser = createECDH('prime256v1');
  browser.generateKeys();
  const auth = randomBytes(16);
  const subscription = {
    endpoint: `${origin}/push/abc`,
    keys: { p256dh: browser.getPublicKey('base64url'), auth: auth.toString('base64url') },
  };
  expect((await post(doctor, '/push/subscribe', { ...subscription, endpoint: 'https://evil.example/p' })).status).toBe(
    400,
  );
  await json(await post(doctor, '/push/subscribe', subscription));
  await sendCase('77', 'B26.9^流行性腮腺炎', 25);
  await platform.surveillanceChores(new Date());
  const push = received.find(({ path }) => path === '/push/abc') as Received;
  expect(push.headers).toMatchObject({ 'content-encoding': 'aes128gcm', ttl: '86400' });
  expect(push.headers.authorization).toMatch(/^vapid t=.+, k=/);
  const [salt, sender] = [push.body.subarray(0, 16), push.body.subarray(21, 86)];
  const derive = (secret: Buffer, with_: Buffer, info: Buffer | string, length: number): Buffer =>
    Buffer.from(hkdfSync('sha256', secret, with_, info, length));
  const input = derive(
    browser.computeSecret(sender),
    auth,
    Buffer.concat([Buffer.from('WebPush: info\0'), browser.getPublicKey(), sender]),
    32,
  );
  const decipher = createDecipheriv(
    'aes-128-gcm',
    derive(input, salt, 'Content-Encoding: aes128gcm\0', 16),
    derive(input, salt, 'Content-Encoding: nonce\0', 12),
  );
  const sealed = push.body.subarray(86);
  decipher.setAuthTag(sealed.subarray(-16));
  const plain = Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()]);
  expect(JSON.parse(plain.subarray(0, -1).toString())).toMatchObject({
    event: 'card-missed',
    title: { zh: '流行性腮腺炎超时未报，请核对报告卡' },
  });
});

test('the three products are drafted, edited, signed by another hand under a number, and told; the drafter cannot sign', async () => {
  const { items } = await get<SignalInbox>(cdc, '/signals');
  const signal = items.find(({ topic }) => topic.code === 'novel-influenza')?.id as string;
  expect((await post(commission, '/products', { signal, kind: 'public-notice' })).status).toBe(403);
  const made: ProductDetail[] = [];
  for (const kind of ['public-notice', 'department-notice', 'decision-advice'])
    made.push(await json<ProductDetail>(await post(cdc, '/products', { signal, kind })));
  expect(made.map(({ title }) => title)).toEqual([
    '关于渝北区人感染新亚型流感的公众健康风险提示',
    '关于渝北区人感染新亚型流感的预警通报',
    '关于渝北区人感染新亚型流感疫情处置的决策建议',
  ]);
  const product = made[1] as ProductDetail;
  const path = `/products/${product.id}`;
  const edited = await json<ProductDetail>(
    await post(cdc, `${path}/edit`, {
      title: product.title,
      body: `${product.body}\n附：流调报告`,
      audience: '渝北区',
      level: 'high',
      version: 1,
    }),
  );
  expect(
    (await post(cdc, `${path}/edit`, { title: 'x', body: 'y', audience: 'z', level: 'low', version: 1 })).status,
  ).toBe(412);
  expect((await post(cdc, `${path}/sign`, { version: edited.version })).status).toBe(403);
  expect((await post(commission, `${path}/sign`, { version: edited.version })).status).toBe(400);
  const submitted = await json<ProductDetail>(await post(cdc, `${path}/submit`, { version: edited.version }));
  expect(submitted.may).toEqual([]);
  expect((await get<ProductPage>(commission, '/products')).toSign).toBe(1);
  const issued = await json<ProductDetail>(await post(commission, `${path}/sign`, { version: submitted.version }));
  expect(issued).toMatchObject({
    state: 'issued',
    number: `疾控预通〔${day(Date.now()).slice(0, 4)}〕1号`,
    signedBy: '卫健委 何静',
    level: 'high',
  });
  expect(issued.acts.map(({ act }) => act)).toEqual(['draft', 'edit', 'submit', 'sign']);
  await platform.surveillanceChores(new Date());
  expect(received.some(({ body }) => body.toString().includes('已签发'))).toBe(true);
  const { rows } = await platform.pool.query(
    "select count(*) as n from audit.entry where what like 'product %' and action in ('create', 'update')",
  );
  // The edit that came too late is noted as well.
  expect(rows[0].n).toBe(3 + 4);
});

test('customs sends people under an agreement, field by field; they are sealed, taken over, and what goes out is trimmed and noted', async () => {
  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
  await registerPlatformClient(platform.pool, {
    clientId: 'customs',
    jwks: { keys: [{ ...(await exportJWK(publicKey)), kid: 'k', alg: 'ES256', use: 'sig' }] },
    permissions: ['surveillance.submit'],
  });
  const assertion = await new SignJWT({})
    .setProtectedHeader({ alg: 'ES256', kid: 'k' })
    .setIssuer('customs')
    .setSubject('customs')
    .setAudience(`${platform.base}/oidc`)
    .setJti(randomUUID())
    .setIssuedAt()
    .setExpirationTime('2m')
    .sign(privateKey);
  const { access_token: token } = (await (
    await fetch(`${platform.base}/oidc/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: assertion,
      }),
    })
  ).json()) as { access_token: string };
  const customs: Fetch = (path, init = {}) =>
    fetch(`${platform.base}${path}`, { ...init, headers: { ...init.headers, authorization: `Bearer ${token}` } });
  const send = (csv: string): Promise<Response> =>
    customs('/api/surveillance/exchange/in?agreement=HG-2026-1&kind=person', {
      method: 'POST',
      headers: { 'content-type': 'text/csv' },
      body: csv,
    });
  const head = 'key,name,phone,area,day,reason,transport';
  const row = `E1,欧阳静,13800001234,500112,${day(Date.now())},入境发热,3U8888`;
  expect((await send(`${head}\n${row}`)).status).toBe(403);
  const agreement = {
    id: 'HG-2026-1',
    client: 'customs',
    department: '重庆海关',
    direction: 'both',
    kinds: ['person', 'place', 'event'],
    fields: ['name', 'phone', 'transport'],
    purpose: '入境人员健康监测',
    validFrom: '2026-01-01',
  };
  expect((await post(commission, '/exchange/agreements', { ...agreement, fields: ['salary'] })).status).toBe(400);
  await json(await post(commission, '/exchange/agreements', agreement));
  expect(await json(await send(`${head}\n${row}`))).toEqual({ created: 1, revised: 0, unchanged: 0 });
  expect(await json(await send(`${head}\n${row}`))).toEqual({ created: 0, revised: 0, unchanged: 1 });
  const refused = await send(`${head},number\n${row},500999199001011234`);
  expect(refused.status).toBe(400);
  expect(await refused.text()).toContain('number is not part of the agreement');
  const { rows } = await platform.pool.query('select sealed, shown from surveillance.exchanged');
  expect(rows[0].shown).toEqual({ reason: '入境发热', transport: '3U8888' });
  expect((rows[0].sealed as Buffer).toString()).not.toContain('欧阳静');
  const page = await get<ExchangePage>(cdc, '/exchange');
  expect(page.rows).toMatchObject([{ department: '重庆海关', label: '欧*静', state: 'new' }]);
  expect(page.log).toHaveLength(2);
  const settle = `/exchange/${page.rows[0]?.id}/settle`;
  expect((await post(cdc, settle, { state: 'taken' })).status).toBe(400);
  await json(await post(cdc, settle, { state: 'taken', title: '健康随访', due: day(Date.now()) }));
  expect((await post(cdc, settle, { state: 'dismissed' })).status).toBe(400);
  expect(await get<KeyItemPage>(cdc, '/key-items')).toMatchObject({
    items: [{ source: 'exchange', label: '欧*静', tasks: [{ title: '健康随访' }] }],
  });
  await json(
    await post(cdc, '/key-items', {
      kind: 'person',
      category: 'contact',
      name: '何清扬',
      number: '500999199001011234',
      phone: '13900000000',
      area: '500112',
      reason: '密接',
      title: '布控',
      due: day(Date.now()),
    }),
  );
  const out = await json<{ items: Record<string, string>[]; purpose: string }>(
    await customs('/api/surveillance/exchange/out?agreement=HG-2026-1&kind=person'),
  );
  expect(out.purpose).toBe('入境人员健康监测');
  expect(out.items).toEqual([
    {
      key: expect.any(String),
      name: '何清扬',
      phone: '13900000000',
      area: '500112',
      day: day(Date.now()),
      reason: '密接',
    },
  ]);
  const text = await (
    await customs('/api/surveillance/exchange/out?agreement=HG-2026-1&kind=person', { headers: { accept: 'text/csv' } })
  ).text();
  expect(text).toContain('何清扬');
  const noted = await platform.pool.query(
    "select count(*) as n from audit.entry where what like 'exchange out person %' and action = 'export'",
  );
  expect(noted.rows[0].n).toBe(4);
  expect((await get<HookPage>(commission, '/hooks')).allowed).toEqual([origin]);
});
