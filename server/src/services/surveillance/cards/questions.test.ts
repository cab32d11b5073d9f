import type { CardDetail, CardPage } from '@hutong/contract/surveillance.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestPlatform, testPlatform } from '../../../../test/platform.ts';
import { MllpClient } from '../../../border/hl7v2/index.ts';
import { imaging, prescription, type Seen, visit } from '../test-messages.ts';

type Fetch = (path: string, init?: RequestInit) => Promise<Response>;
let platform: TestPlatform;
let mllp: MllpClient;
let doctor: Fetch;
const now = Date.now();
const hour = 3_600_000;
const here = (id: string, at: number, more: Partial<Seen> = {}): Seen => ({
  facility: 'FAC-500112H01',
  id,
  at,
  ...more,
});
const send = async (...messages: Buffer[]): Promise<void> => {
  for (const message of messages) expect((await mllp.send(message)).toString()).toContain('MSA|AA');
  await platform.settled();
};
const page = async (query: string): Promise<CardPage> =>
  (await (await doctor(`/api/surveillance/cards?${query}`)).json()) as CardPage;
const only = async (disease: string): Promise<CardDetail> => {
  const { items } = await page(`disease=${disease}`);
  expect(items).toHaveLength(1);
  return (await (await doctor(`/api/surveillance/cards/${items[0]?.id}`)).json()) as CardDetail;
};
const cells = async (topic: string): Promise<number> => {
  const { rows } = await platform.pool.query<{ n: number }>(
    "select coalesce(sum(n), 0)::int as n from surveillance.cell where channel = 'cases' and topic = $1",
    [topic],
  );
  return rows[0]?.n ?? 0;
};
const post = (path: string, body: object): Promise<Response> =>
  doctor(`/api/surveillance${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

beforeAll(async () => {
  platform = await testPlatform();
  await platform.hospital('500112H01', { tier: 3, nameZh: '渝北测试医院', nameEn: 'Yubei Test Hospital' });
  await platform.refreshDemo();
  mllp = new MllpClient({ host: '127.0.0.1', port: platform.mllpPort });
  doctor = await platform.staff('clinician');
});
afterAll(async () => {
  mllp?.close();
  await platform?.close();
});

test('a drug and an impression open a pre-filled card that asks the doctor; no clock, no count, no signal until somebody says so', async () => {
  await send(prescription(here('Q1', now - 50 * hour), 'J04AC01^异烟肼片^ATC'));
  await send(imaging(here('Q1', now - 49 * hour), '右肺上叶斑片影，考虑继发性肺结核'));
  const card = await only('tuberculosis');
  expect(card).toMatchObject({ state: 'question', caseClass: 'question', overdue: false, name: '林晓峰' });
  expect(card.facts.map(({ channel, code }) => `${channel} ${code}`)).toEqual(['drugs 异烟肼', 'texts 肺结核']);
  expect(card.may).toMatchObject({ confirm: true, reject: true, duplicate: false });
  expect(card.fields.find(({ key }) => key === 'caseClass')).toMatchObject({ value: null, required: true });
  expect(card.fields.find(({ key }) => key === 'diagnosedAt')).toMatchObject({ value: null });
  expect((await page('state=open')).items.map(({ state }) => state)).toEqual(['question']);
  expect(await page('state=missed')).toMatchObject({ items: [], overdue: 0 });
  expect(await cells('tuberculosis')).toBe(0);
});

test('a question answered with no comes back when the disease is diagnosed, and its clock runs from the diagnosis', async () => {
  const { id } = await only('tuberculosis');
  expect((await post(`/cards/${id}/reject`, { reason: 'not-this-disease' })).status).toBe(200);
  expect(await only('tuberculosis')).toMatchObject({ state: 'rejected' });
  const diagnosed = now - 2 * hour;
  await send(visit(here('Q1', diagnosed), 'A16.2^肺结核'));
  const card = await only('tuberculosis');
  expect(card).toMatchObject({ state: 'pending', caseClass: 'clinical', overdue: false });
  expect(Math.abs(Date.parse(card.at) - diagnosed)).toBeLessThan(1_000);
  expect(await cells('tuberculosis')).toBe(1);
});

test('a question answered with yes is a case, diagnosed when it was answered', async () => {
  const other = { name: '孙立民', birth: '19660914', number: '110101196609140017', elsewhere: true };
  await send(prescription(here('Q3', now - 80 * hour, other), 'P01BE03^青蒿琥酯片^ATC'));
  const card = await only('malaria');
  const day = (at: number): string => new Date(at + 8 * hour).toISOString().slice(0, 10);
  const choice = (key: string): string => card.fields.find((field) => field.key === key)?.choices[0]?.code ?? '';
  const missing = card.fields.filter(({ required, value, kind }) => required && value === null && kind !== 'shown');
  const fields = Object.fromEntries(
    missing.map(({ key, kind }) => [key, kind === 'choice' || kind === 'choices' ? choice(key) : '红石路小学']),
  );
  const answered = await post(`/cards/${card.id}/confirm`, {
    fields: {
      ...fields,
      caseClass: 'clinical',
      onset: day(now - 90 * hour),
      diagnosedAt: `${day(now - 24 * hour)} 08:00`,
      documentKind: '00',
    },
  });
  expect(answered.status, await answered.clone().text()).toBe(200);
  const after = await only('malaria');
  expect(after).toMatchObject({ state: 'confirmed', caseClass: 'clinical', overdue: false });
  expect(Date.parse(after.dueAt)).toBeGreaterThan(now + 20 * hour);
  expect(await cells('malaria')).toBe(1);
});

test('a single-case disease that is only written of raises no signal, and a drug against HIV is as restricted as the diagnosis', async () => {
  const other = { name: '周慧敏', birth: '19790203', elsewhere: true };
  await send(
    imaging(here('Q2', now - 3 * hour, other), '肺部病变，肺鼠疫待排'),
    prescription(here('Q2', now - 2 * hour, other), 'J05AJ03^多替拉韦钠片^ATC'),
  );
  expect(await only('plague')).toMatchObject({ state: 'question' });
  const { items } = await page('disease=hiv-aids');
  expect(items.map(({ name, state }) => `${name} ${state}`)).toEqual(['*** question']);
  const { rows } = await platform.pool.query('select 1 from surveillance.signal');
  expect(rows).toEqual([]);
});
