import { makeResidentNumber } from '@hutong/china';
import type { BatchList, BatchView } from '@hutong/contract/batches.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freshDatabase } from '../../../../test/database.ts';
import { type TestPlatform, testPlatform } from '../../../../test/platform.ts';

type Staff = (path: string, init?: RequestInit) => Promise<Response>;
let database: Awaited<ReturnType<typeof freshDatabase>>;
let platform: TestPlatform;
let staff: Staff;

const person = (n: number): string => {
  const birthDate = `19${50 + (n % 40)}-0${1 + (n % 9)}-1${n % 9}`;
  const number = makeResidentNumber({ areaCode: '500999', birthDate, sequence: 1 + ((2 * n) % 998) });
  return `B${n},${number},登记${String.fromCharCode(0x4e00 + n * 7)},男,${birthDate},129${String(n).padStart(8, '0')},某路${n}号,2026/11/20 08:00`;
};
const header = '患者编号,证件号码,姓名,性别,出生日期,电话,现住址,登记时间';
const tableOf = (lines: string[]): string => Buffer.from(`${header}\n${lines.join('\n')}\n`).toString('base64');
const upload = async (content: string, more: object = {}): Promise<{ status: number; body: BatchView }> => {
  const answer = await staff('/api/registration-batches', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ fileName: '登记.csv', content, ...more }),
  });
  return { status: answer.status, body: (await answer.json()) as BatchView };
};
const finished = async ({ id }: BatchView): Promise<BatchView> => {
  for (let tries = 0; tries < 400; tries++) {
    const view = (await (await staff(`/api/registration-batches/${id}`)).json()) as BatchView;
    if (view.state !== 'running') {
      await platform.settled();
      return (await (await staff(`/api/registration-batches/${id}`)).json()) as BatchView;
    }
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error('never finished');
};
const results = async ({ id }: BatchView): Promise<string[][]> => {
  const answer = await staff(`/api/registration-batches/${id}/results.csv`);
  expect(answer.headers.get('content-type')).toContain('text/csv');
  return (await answer.text())
    .trim()
    .split('\r\n')
    .map((line) => line.split(','));
};
const people = async (): Promise<number> =>
  (await platform.pool.query<{ n: number }>("select count(*)::int as n from identity.source where name like '登记%'"))
    .rows[0]?.n ?? 0;

async function open(): Promise<void> {
  platform = await testPlatform({ database: { url: database.url, drop: async () => {} } });
  staff = await platform.staff('integrator');
}

beforeAll(async () => {
  database = await freshDatabase();
  await open();
  await platform.hospital('500112H01');
  await platform.refreshDemo();
}, 240_000);
afterAll(async () => {
  await platform?.close();
  await database?.drop();
});

const lines = Array.from({ length: 40 }, (_, n) => person(n));
lines[7] = 'B7,a,row,that,was,shifted,by,one,cell';
lines[9] = `B9,110101199001011234,,男,1990-01-01,,,2026/11/20 08:00`;

test('a table becomes one message per row, with progress and what became of each', async () => {
  const { items, mapping } = (await (await staff('/api/registration-batches')).json()) as BatchList;
  expect(items).toEqual([]);
  expect(mapping.columns.filter(({ required }) => required).map(({ name }) => name)).toEqual(['患者编号', '姓名']);
  const first = await upload(tableOf(lines));
  expect(first.status).toBe(201);
  const done = await finished(first.body);
  expect(done).toMatchObject({ state: 'done', rows: 40, counts: { done: 38, held: 1, unreadable: 1 } });
  const rows = await results(done);
  expect(rows[0]).toEqual(['row', 'line', 'outcome', 'state', 'resident', 'message', 'rules']);
  expect(rows).toHaveLength(41);
  expect(rows[1]?.slice(0, 4)).toEqual(['1', '2', 'taken', 'done']);
  expect(rows[1]?.[4]).toMatch(/^[0-9a-z]{8,13}$/);
  expect([rows[8]?.[2], rows[8]?.[6]]).toEqual(['unreadable', 'files.column-count']);
  expect([rows[10]?.[3], rows[10]?.[4]]).toEqual(['held', '']);
  expect(rows[10]?.[6]).toContain('files.required');
  expect(await people()).toBe(38);
}, 60_000);

test('the very same file is the same batch; the same rows in another file are the same people', async () => {
  const again = await upload(tableOf(lines));
  expect([again.status, again.body.state]).toEqual([200, 'done']);
  const other = await finished((await upload(tableOf(lines.slice(10)))).body);
  expect(other.counts).toEqual({ done: 30 });
  expect(await people()).toBe(38);
}, 60_000);

test('a batch that was interrupted goes on where it stood, and doubles nothing', async () => {
  const many = Array.from({ length: 600 }, (_, n) => person(1000 + n));
  const { body } = await upload(tableOf(many));
  await platform.stop();
  await open();
  const done = await finished(body);
  expect(done).toMatchObject({ state: 'done', rows: 600 });
  expect((await results(done)).length).toBe(601);
  expect(await people()).toBe(638);
  const { rows } = await platform.pool.query(
    "select count(*)::int as n from intake.message where kind = 'csv:registrations'",
  );
  expect((rows[0] as { n: number }).n).toBe(39 + 30 + 600);
  const { rows: kept } = await platform.pool.query('select count(sealed)::int as n from intake.batch');
  expect((kept[0] as { n: number }).n).toBe(0);
}, 120_000);

test('a table without its columns, a broken mapping and no table at all are refused by name', async () => {
  const headless = await finished((await upload(Buffer.from('姓名,性别\n某某,男\n').toString('base64'))).body);
  expect(headless.state).toBe('unreadable');
  expect((await results(headless))[1]?.[6]).toBe('files.column-missing');
  const broken = await upload(tableOf([person(1)]), { mapping: { id: 'x' } });
  expect([broken.status, (broken.body as unknown as { code: string }).code]).toEqual([422, 'HT-BORDER-001']);
  expect((await upload('')).status).toBe(400);
  const clinician = await platform.staff('clinician');
  expect((await clinician('/api/registration-batches')).status).toBe(403);
});
