import type { ChannelHealth, SignalDetail, SignalInbox } from '@hutong/contract/surveillance.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { departmentToken } from '../../../test/department.ts';
import { type TestPlatform, testPlatform } from '../../../test/platform.ts';
import { MllpClient } from '../../border/hl7v2/index.ts';
import { openDirectory } from '../../core/directory/index.ts';
import { dayOf } from './decide.ts';
import type { DetectionRun } from './detection.ts';
import { startDetection } from './jobs.ts';
import { readLists } from './read-lists.ts';
import { countWindows } from './tables/windows.ts';
import { visit } from './test-messages.ts';

let platform: TestPlatform;
let mllp: MllpClient;
type Fetch = (path: string, init?: RequestInit) => Promise<Response>;
let administrator: Fetch;
let epidemiologist: Fetch;
let education: (contentType: string, body: string, agreement?: string) => Promise<Response>;
const dayMs = 86_400_000;
const now = Date.now();
const back = (days: number): string => dayOf(now - days * dayMs);
const run = async (): Promise<DetectionRun> => {
  const job = startDetection(
    { pool: platform.pool, directory: await openDirectory(platform.pool), lists: readLists() },
    (error: unknown) => {
      throw error;
    },
  );
  const done = await job.runNow(new Date());
  await job.stop();
  return done as DetectionRun;
};
const json = async <T>(response: Response): Promise<T> => (await response.json()) as T;
const agree = (body: object): Promise<Response> =>
  administrator('/api/surveillance/agreements', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
const csv = (lines: [string, string, string, number][]): string =>
  ['topic,area,day,value', ...lines.map((line) => line.join(','))].join('\n');

beforeAll(async () => {
  platform = await testPlatform();
  await platform.hospital('500106H01', { area: '500106' });
  await platform.refreshDemo();
  mllp = new MllpClient({ host: '127.0.0.1', port: platform.mllpPort, pipeline: 8 });
  administrator = await platform.staff('administrator');
  epidemiologist = await platform.staff('epidemiologist');
  const token = await departmentToken(platform, 'education');
  education = (contentType, body, agreement = '') =>
    fetch(`${platform.base}/api/surveillance/counts?agreement=${agreement}`, {
      method: 'POST',
      headers: { 'content-type': contentType, authorization: `Bearer ${token}` },
      body,
    });
});
afterAll(async () => {
  mllp?.close();
  await platform?.close();
});

test('a department may only send what a data agreement covers, and a wrong line stops the whole file', async () => {
  expect((await education('text/csv', csv([['absence-ill', '500112', back(1), 5]]), 'EDU-1')).status).toBe(403);
  expect(
    (
      await agree({
        id: 'EDU-1',
        client: 'education',
        channel: 'school-absence',
        purpose: '学生因病缺勤监测',
        validFrom: back(400),
      })
    ).status,
  ).toBe(201);
  expect(
    (await agree({ id: 'EDU-9', client: 'education', channel: 'cases', purpose: '越权渠道', validFrom: back(400) }))
      .status,
  ).toBe(400);
  const wrong = await education(
    'text/csv',
    csv([
      ['absence-ill', '500112', back(1), 5],
      ['no-such-topic', '500112', back(1), 5],
      ['absence-ill', '500222', back(1), 5],
    ]),
    'EDU-1',
  );
  expect(wrong.status).toBe(400);
  expect((await json<{ problems: { line: number }[] }>(wrong)).problems.map(({ line }) => line)).toEqual([2, 3]);
  expect(await countWindows(platform.pool, { from: back(30), to: back(0), institutions: [] }, new Date())).toEqual([]);
});

test('the same file again changes nothing, a revision keeps what was known before', async () => {
  const file = csv([
    ['absence-fever', '500107', back(3), 7],
    ['absence-fever', '500107', back(2), 6],
  ]);
  expect(await json(await education('text/csv', file, 'EDU-1'))).toMatchObject({
    created: 2,
    revised: 0,
    unchanged: 0,
  });
  const known = new Date();
  expect(await json(await education('text/csv', file, 'EDU-1'))).toMatchObject({
    created: 0,
    revised: 0,
    unchanged: 2,
  });
  expect(
    await json(
      await education(
        'application/json',
        JSON.stringify({
          agreement: 'EDU-1',
          items: [{ topic: 'absence-fever', area: '500107', day: back(3), value: 9 }],
        }),
      ),
    ),
  ).toMatchObject({ created: 0, revised: 1 });
  const value = async (at: Date): Promise<number[]> =>
    (await countWindows(platform.pool, { from: back(3), to: back(3), institutions: [] }, at)).map(({ n }) => n);
  // The district's own, and the region's.
  expect([await value(known), await value(new Date())]).toEqual([
    [7, 7],
    [9, 9],
  ]);
});

test('an excess at one district’s schools is raised once, explained, and not raised again', async () => {
  const lines: [string, string, string, number][] = [];
  for (let days = 69; days >= 0; days--)
    // The third district fell silent ten days ago: a gap, no fall and no alarm.
    for (const area of ['500112', '500105', '500108'])
      if (area !== '500108' || days > 10)
        lines.push([
          'absence-vomiting',
          area,
          back(days),
          area === '500112' && days < 4 ? 30 : 3 + ((days * 7 + Number(area)) % 4),
        ]);
  expect((await education('text/csv', csv(lines), 'EDU-1')).status).toBe(201);
  const first = await run();
  expect(first.raised).toEqual([`school-absence.absence-vomiting.500112.${back(0)}`]);
  const second = await run();
  expect(second).toMatchObject({ raised: [], renewed: first.raised });
  const signal = await json<SignalDetail>(await epidemiologist(`/api/surveillance/signals/${first.raised[0]}`));
  expect(signal).toMatchObject({
    rule: 'statistical',
    area: { zh: '渝北区' },
    method: 'ears-c2',
    baselineWindows: 7,
    state: 'passed',
  });
  expect(signal.observed).toBeGreaterThan(signal.bound as number);
  expect(signal.reason.zh).toMatch(/渝北区近 7 天“因呕吐腹泻缺勤”（学校与托幼机构缺勤）1\d\d/);
  expect(signal.series.at(-1)).toMatchObject({ to: back(0), count: signal.observed });
  const channels = await json<{ items: ChannelHealth[] }>(await epidemiologist('/api/surveillance/channels'));
  expect(channels.items).toHaveLength(11);
  expect(channels.items.find(({ code }) => code === 'school-absence')).toMatchObject({
    state: 'healthy',
    completeness: 1,
    agreements: 1,
  });
  expect(channels.items.find(({ code }) => code === 'hotline')).toMatchObject({ state: 'never', completeness: null });
});

test('measles in one district is found from the visits alone and ranked before the schools', async () => {
  const at = (days: number): number => now - days * dayMs - 3_600_000;
  const sent: Promise<Buffer>[] = [];
  for (let days = 48; days >= 0; days--)
    sent.push(
      mllp.send(visit({ facility: 'FAC-500106H01', id: `N${days}`, at: at(days), area: '500106' }, 'I10^原发性高血压')),
    );
  // Seven children, not one: the index would link namesakes of one telephone.
  const names = ['赵一鸣', '钱思远', '孙雨桐', '李沐阳', '周子墨', '吴佳怡', '郑浩然'];
  for (const [n, name] of names.entries())
    sent.push(
      mllp.send(
        visit(
          {
            facility: 'FAC-500106H01',
            id: `M${n}`,
            at: at(n % 5),
            area: '500106',
            birth: `201${n}0${n + 1}1${n}`,
            name,
          },
          'B05.9^麻疹',
        ),
      ),
    );
  expect((await Promise.all(sent)).every((answer) => answer.includes('MSA|AA'))).toBe(true);
  await platform.settled();
  const found = await run();
  // The first of them was a signal at once; what the counts say joins it instead of standing beside it.
  expect(found.renewed).toContainEqual(expect.stringMatching(/^case\.measles\.500106\./));
  expect(found.raised).toEqual([]);
  const { items } = await json<SignalInbox>(await epidemiologist('/api/surveillance/signals?state=open'));
  expect(items[0]).toMatchObject({ topic: { code: 'measles' }, observed: 7, area: { zh: '沙坪坝区' } });
  expect(items.filter(({ topic }) => ['measles', 'rash'].includes(topic.code))).toHaveLength(1);
  const detail = await json<SignalDetail>(await epidemiologist(`/api/surveillance/signals/${items[0]?.id}`));
  expect(detail.cases).toHaveLength(7);
  expect(detail.corroborating.map(({ channel }) => channel.en)).toContain('Clinical syndromes');
});
