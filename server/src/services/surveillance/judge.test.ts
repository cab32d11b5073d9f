import { expect, test } from 'vitest';
import { stateOf } from './channels.ts';
import { judge } from './judge.ts';
import { rank } from './rank.ts';
import { readLists } from './read-lists.ts';
import { readSubmission } from './submission.ts';

const series = (...counts: number[]): Float64Array => Float64Array.from(counts);

test('eight cases after weeks without any are an alarm with a small p, two are not', () => {
  expect(judge(series(0, 0, 1, 0, 0, 0, 0, 8), 'count')).toMatchObject({
    alarm: true,
    method: 'ears-c1',
    baselineWindows: 7,
    observed: 8,
  });
  expect(judge(series(0, 0, 1, 0, 0, 0, 0, 8), 'count')?.p).toBeLessThan(1e-6);
  expect(judge(series(0, 0, 1, 0, 0, 0, 0, 2), 'count')?.alarm).toBe(false);
});

test('an ordinary week is quiet', () => {
  const found = judge(series(21, 18, 25, 19, 22, 20, 24, 23), 'count');
  expect(found?.alarm).toBe(false);
  expect(found?.p).toBeGreaterThan(0.2);
});

test('too short a history, and a window in which the channel was silent, are not judged', () => {
  expect(judge(series(5, 4, 6, 40), 'count')).toBeNull();
  expect(judge(series(5, 4, 6, 5, 4, 5, 6, Number.NaN), 'count')).toBeNull();
});

test('two years of history are judged by the recommended method, in season and out', () => {
  const wave = (week: number): number =>
    Math.round(20 + 15 * Math.cos((2 * Math.PI * week) / 52) + (((week * 7) % 5) - 2));
  const years = Float64Array.from({ length: 160 }, (_, week) => wave(week));
  const peak = years.slice(0, 157);
  expect(judge(peak, 'count')).toMatchObject({ method: 'seasonal-regression', alarm: false });
  const outbreak = years.slice(0, 131);
  outbreak[130] = 40;
  expect(judge(outbreak, 'count')).toMatchObject({ method: 'seasonal-regression', alarm: true });
});

test.each([
  ['2026-03-09', 1, 'healthy'],
  ['2026-03-07', 1, 'late'],
  ['2026-03-01', 1, 'silent'],
  [null, 1, 'never'],
  ['2026-03-02', 7, 'healthy'],
  ['2026-02-25', 7, 'late'],
] as const)('a channel last heard on %s with a cadence of %s days is %s', (last, cadence, state) => {
  expect(stateOf(last, '2026-03-10', cadence)).toBe(state);
});

test('one case of novel influenza ranks before a surprising excess of influenza, and that before calls to the hotline', () => {
  const disease = (code: string) => readLists().diseases.find((row) => row.code === code) ?? null;
  const scores = [
    rank({
      rule: 'single-case',
      channel: 'cases',
      topic: 'novel-influenza',
      disease: disease('novel-influenza'),
      observed: 1,
      expected: null,
      p: null,
      corroborating: 0,
    }),
    rank({
      rule: 'statistical',
      channel: 'cases',
      topic: 'influenza',
      disease: disease('influenza'),
      observed: 40,
      expected: 10,
      p: 1e-5,
      corroborating: 1,
    }),
    rank({
      rule: 'statistical',
      channel: 'hotline',
      topic: 'fever-calls',
      disease: null,
      observed: 40,
      expected: 20,
      p: 1e-3,
      corroborating: 0,
    }),
  ];
  expect(scores.map(({ score }) => score)).toEqual(scores.map(({ score }) => score).toSorted((a, b) => b - a));
  for (const { score, parts } of scores)
    expect(parts.reduce((sum, { points }) => sum + points, 0)).toBeCloseTo(score, 6);
});

test('a submission names every line that is wrong, and takes CSV and JSON alike', () => {
  const csv = readSubmission(
    Buffer.from('\uFEFFday,area,topic,value\n2026-03-01,500112,absence-ill,12\n'),
    'text/csv',
    'A-1',
    '2026-03-10',
  );
  expect(csv).toEqual({
    agreement: 'A-1',
    items: [{ topic: 'absence-ill', area: '500112', day: '2026-03-01', value: 12 }],
    problems: [],
  });
  expect(
    readSubmission(
      Buffer.from(JSON.stringify({ agreement: 'A-1', items: csv.items })),
      'application/json',
      '',
      '2026-03-10',
    ),
  ).toEqual(csv);
  const bad = readSubmission(
    Buffer.from(
      'topic,area,day,value\nx,500112,2026-03-01,-1\nx,500112,2026-03-01,\nx,5001,2026-13-01,1\nx,500112,2026-04-01,1\n',
    ),
    'text/csv',
    'A-1',
    '2026-03-10',
  );
  expect(bad.problems.map(({ line, en }) => `${line} ${en}`)).toEqual([
    '1 the value is missing or negative',
    '2 the value is missing or negative',
    '2 stands twice in this file',
    '3 the day is not valid',
    '3 an area code has 6 digits',
    '4 the day lies in the future',
  ]);
});
