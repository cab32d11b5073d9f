import { afterAll, beforeAll, expect, test } from 'vitest';
import { feverCase } from '../city/fever-case.ts';
import type { CardDetail, CardPage, SignalDetail, SignalInbox } from '../contract/surveillance.ts';
import { MllpClient } from '../server/src/border/hl7v2/index.ts';
import { type TestPlatform, testPlatform } from '../server/test/platform.ts';

let platform: TestPlatform;
let mllp: MllpClient;
type Fetch = (path: string, init?: RequestInit) => Promise<Response>;
let epidemiologist: Fetch;
let doctor: Fetch;

const json = async <T>(response: Response): Promise<T> => {
  expect(response.status, await response.clone().text()).toBeLessThan(300);
  return (await response.json()) as T;
};
const post = (as: Fetch, path: string, body: object): Promise<Response> =>
  as(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

async function until<T>(look: () => Promise<T | null>, withinMs: number): Promise<{ found: T; afterMs: number }> {
  const started = Date.now();
  for (;;) {
    const found = await look();
    if (found !== null) return { found, afterMs: Date.now() - started };
    if (Date.now() - started > withinMs) throw new Error(`not there after ${withinMs} ms`);
    await new Promise((done) => setTimeout(done, 100));
  }
}

const stamp = (at: number): string => new Date(at + 8 * 3_600_000).toISOString().replaceAll(/[-:T]/g, '').slice(0, 14);
/** A visit to the fever clinic with one diagnosis, as the hospital's HIS sends it. */
const visit = (facility: string, id: string, diagnosis: string, at: number): Buffer =>
  Buffer.from(
    [
      `MSH|^~\\&|HIS|${facility}|HUTONG|REGION|${stamp(at)}+0800||ADT^A04^ADT_A01|C${id}${at}|P|2.5.1|||||CHN|UNICODE UTF-8`,
      `EVN|A04|${stamp(at)}+0800`,
      `PID|1||${id}^^^${facility}^MR||林晓峰^^^^^^L||19880512|M|||红石路2号^^重庆市^^^CHN^H^^500112||13912345678`,
      `PV1|1|E|1601^^^${facility}||||||||||||||||V${id}^^^${facility}^VN|||||||||||||||||||||||||${stamp(at - 600_000)}+0800`,
      `DG1|1||${diagnosis}^I10|${diagnosis.split('^')[1]}|${stamp(at)}+0800|F`,
    ].join('\r'),
  );

beforeAll(async () => {
  platform = await testPlatform();
  await platform.hospital('500112H91', { tier: 3, nameZh: '渝北测试医院', nameEn: 'Yubei Test Hospital' });
  await platform.refreshDemo();
  mllp = new MllpClient({ host: '127.0.0.1', port: platform.mllpPort });
  epidemiologist = await platform.staff('epidemiologist');
  doctor = await platform.staff('clinician');
});
afterAll(async () => {
  await mllp?.close();
  await platform?.close();
});

test('a fever clinic’s message becomes a report card and an alert within 10 seconds, and a person closes it', async () => {
  const sentAt = Date.now();
  const answer = await mllp.send(visit('FAC-500112H91', 'P1', 'J09^人感染新亚型流感', sentAt - 60_000));
  expect(answer.toString()).toContain('MSA|AA');
  const { found: alert, afterMs } = await until(
    async () =>
      (await json<SignalInbox>(await epidemiologist('/api/surveillance/signals?state=open'))).items.find(
        ({ topic }) => topic.code === 'novel-influenza',
      ) ?? null,
    10_000,
  );
  console.log(`from the message to the inbox: ${Date.now() - sentAt} ms (looking for ${afterMs} ms)`);
  expect(alert).toMatchObject({
    rule: 'single-case',
    area: { code: '500112', zh: '渝北区' },
    state: 'passed',
    step: 'verify',
    overdue: false,
  });
  expect(Date.parse(alert.dueAt) - Date.parse(alert.formedAt)).toBe(2 * 3_600_000);
  expect(alert.reason.zh).toContain('人感染新亚型流感');

  const cards = await json<CardPage>(await doctor('/api/surveillance/cards?state=open'));
  const [card] = cards.items;
  expect(card).toMatchObject({
    disease: { code: 'novel-influenza', class: 'B' },
    state: 'pending',
    caseClass: 'clinical',
    name: expect.stringContaining('林'),
  });
  expect(card?.name).not.toContain('晓峰');
  expect(Date.parse(card?.dueAt as string) - Date.parse(card?.at as string)).toBe(2 * 3_600_000);
  const opened = await json<CardDetail>(await doctor(`/api/surveillance/cards/${card?.id}`));
  expect(opened.fields.find(({ key }) => key === 'name')).toMatchObject({ value: '林晓峰', from: 'record' });
  expect(opened.fields.find(({ key }) => key === 'belongsTo')).toMatchObject({
    value: '1',
    shown: { zh: '本县区' },
  });
  expect(opened.fields.find(({ key }) => key === 'occupation')).toMatchObject({
    value: null,
    from: 'nobody',
    required: true,
  });
  expect(
    await json(
      await post(doctor, `/api/surveillance/cards/${card?.id}/confirm`, {
        fields: {
          occupation: '14',
          workplace: '红石路街道办事处',
          documentKind: '00',
          onset: opened.fields.find(({ key }) => key === 'diagnosedAt')?.value?.slice(0, 10) as string,
          'imported.kind': '3',
        },
      }),
    ),
  ).toEqual({ state: 'confirmed' });
  expect((await post(doctor, `/api/surveillance/cards/${card?.id}/confirm`, {})).status).toBe(400);

  const path = `/api/surveillance/signals/${alert.id}`;
  const step = async (act: string, reason?: string): Promise<SignalDetail> => {
    const { version } = await json<SignalDetail>(await epidemiologist(path));
    return json(await post(epidemiologist, `${path}/act`, { act, version, ...(reason && { reason }) }));
  };
  expect(
    (await post(epidemiologist, `${path}/act`, { act: 'answer', version: 1, reason: 'no-outbreak-found' })).status,
  ).toBe(400);
  expect(await step('acknowledge')).toMatchObject({ state: 'acknowledged', step: 'verify' });
  expect(
    (await post(epidemiologist, `${path}/act`, { act: 'suspect', version: 1, reason: 'severe-case' })).status,
  ).toBe(412);
  expect(await step('suspect', 'severe-case')).toMatchObject({ state: 'acknowledged', step: 'suspected' });
  expect(await step('investigate', 'team-sent')).toMatchObject({ step: 'field' });
  expect(
    await json(await post(epidemiologist, `/api/surveillance/cards/${card?.id}/review`, { outcome: 'approve' })),
  ).toEqual({ state: 'county-approved' });
  expect(
    await json(await post(epidemiologist, `/api/surveillance/cards/${card?.id}/review`, { outcome: 'approve' })),
  ).toEqual({ state: 'approved' });
  expect(await step('answer', 'no-outbreak-found')).toMatchObject({ state: 'answered', step: 'closed' });
  const closed = await json<SignalDetail>(await epidemiologist(path));
  expect(closed.acts.map(({ act }) => act)).toEqual([
    'form',
    'pass',
    'acknowledge',
    'suspect',
    'investigate',
    'answer',
  ]);
  expect(closed.cases).toEqual([expect.objectContaining({ card: card?.id, sex: 'male', state: 'approved' })]);
  expect(JSON.stringify(closed)).not.toContain('林晓峰');

  const { rows } = await platform.pool.query(
    "select count(*) as n from audit.entry where what like 'signal case.novel-influenza%' or what like 'report card confirm%'",
  );
  expect(rows[0].n).toBe(5 + 2);
});

test('the city’s fever case opens a 24-hour card that its positive test confirms, and raises no alarm alone', async () => {
  const messages = feverCase({ at: new Date(Date.now() - 5_000).toISOString() });
  const institution = messages[0]?.institution;
  if (!institution) throw new Error('the city has no fever clinic');
  await platform.hospital(institution.code, {
    area: institution.area,
    senders: [...new Set(Object.values(institution.applications))].map((application) => ({
      protocol: 'hl7v2-mllp' as const,
      application,
      facility: institution.code,
    })),
  });
  // A hospital that asks for the enhanced mode (MSH-15) gets CA.
  for (const message of messages) expect((await mllp.send(message.bytes)).toString()).toMatch(/MSA\|[AC]A/);
  await platform.settled();
  const { items } = await json<CardPage>(await epidemiologist('/api/surveillance/cards?disease=influenza'));
  expect(items).toEqual([
    expect.objectContaining({
      disease: expect.objectContaining({ class: 'C' }),
      caseClass: 'confirmed',
      state: 'pending',
    }),
  ]);
  expect(Date.parse(items[0]?.dueAt as string) - Date.parse(items[0]?.at as string)).toBe(24 * 3_600_000);
  const inbox = await json<SignalInbox>(await epidemiologist('/api/surveillance/signals'));
  expect(inbox.items.filter(({ topic }) => topic.code === 'influenza')).toEqual([]);
});

test('nobody sees another institution’s card or an alert without the permission', async () => {
  expect((await doctor('/api/surveillance/signals')).status).toBe(403);
  const { items } = await json<CardPage>(await epidemiologist('/api/surveillance/cards?disease=influenza'));
  expect(items).toHaveLength(1);
  expect((await doctor(`/api/surveillance/cards/${items[0]?.id}`)).status).toBe(404);
  expect((await post(epidemiologist, `/api/surveillance/cards/${items[0]?.id}/confirm`, {})).status).toBe(403);
});
