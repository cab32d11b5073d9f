import { normalUpper, seeded } from '@hutong/epi';
import { expect, test } from 'vitest';
import { circleSignals } from './circles.ts';
import { discover, type Judged } from './discover.ts';
import { withRest } from './gather.ts';
import { judge } from './judge.ts';
import type { Topic } from './model.ts';
import { wholeRegion } from './places.ts';
import { readLists } from './read-lists.ts';

const lists = readLists();
const topicOf = (channel: string, code: string): Topic =>
  lists.topics.find((row) => row.channel === channel && row.code === code) as Topic;
const judgedAs = (topic: Topic, area: string, p: number, observed = 9): Judged => ({
  topic,
  area,
  measure: 'count',
  counts: Float64Array.of(3, 3, 3, 3, observed),
  judged: {
    observed,
    expected: 3,
    bound: 8,
    p,
    alarm: p < 0.01,
    method: 'ears-c1',
    baselineWindows: 4,
    expectations: new Float64Array(0),
    bounds: Float64Array.of(8),
  },
});
const respiratory = [
  topicOf('syndromes', 'influenza-like'),
  topicOf('medicine-sales', 'cough-cold'),
  topicOf('school-absence', 'absence-fever'),
];
const areas = Array.from({ length: 38 }, (_, index) => String(500_101 + index));
const rate = 0.05;

test('channels that rise and fall together do not alarm more often than the rate that is held', () => {
  const random = seeded(11);
  const runs = 600;
  let false_ = 0;
  let fused = 0;
  for (let run = 0; run < runs; run++) {
    const judged = areas.flatMap((area) => {
      // Weather and holidays are common to all channels of a place: correlation 0.6 without any outbreak.
      const common = Math.sqrt(0.6) * random.normal();
      return respiratory.map((topic) => judgedAs(topic, area, normalUpper(common + Math.sqrt(0.4) * random.normal())));
    });
    const found = discover(judged, lists, new Set(), rate);
    if (found.length > 0) false_++;
    if (found.some(({ together }) => together)) fused++;
  }
  // Without any outbreak every discovery is false. Three channels and the fused look hold 5 % each; four standard errors of 600 runs are 0.036.
  expect(fused / runs).toBeLessThan(rate + 0.036);
  expect(false_ / runs).toBeLessThan(4 * rate + 0.036);
});

test('what is weak in each channel is found together, and says so', () => {
  const quiet = areas.flatMap((area, index) =>
    respiratory.map((topic, at) => judgedAs(topic, area, 0.1 + 0.8 * (((index * 3 + at) % 38) / 38))),
  );
  const weak = quiet.map((one) => (one.area === '500112' ? { ...one, judged: { ...one.judged, p: 0.0015 } } : one));
  const alone = weak.map((one) =>
    one.area === '500112' && one.topic.channel !== 'syndromes' ? { ...one, judged: { ...one.judged, p: 0.5 } } : one,
  );
  expect(discover(alone, lists, new Set(), rate)).toEqual([]);
  const found = discover(
    weak.map((one) => (one.area === '500112' ? { ...one, judged: { ...one.judged, p: 0.0012 } } : one)),
    lists,
    new Set(),
    rate,
  );
  expect(found).toHaveLength(1);
  expect(found[0]).toMatchObject({ area: '500112', together: true });
  expect(found[0]?.corroborating).toHaveLength(2);
});

test('one event is one signal: tests, syndromes and schools stand behind the disease, and behind one that is open already', () => {
  const here = '500112';
  const event = [
    judgedAs(topicOf('cases', 'infectious-diarrhoea'), here, 1e-9, 20),
    judgedAs(topicOf('laboratory', 'infectious-diarrhoea'), here, 1e-6, 8),
    judgedAs(topicOf('syndromes', 'diarrhoea'), here, 1e-8, 20),
    judgedAs(topicOf('school-absence', 'absence-vomiting'), here, 1e-8, 40),
  ];
  const [only, ...others] = discover(event, lists);
  expect(others).toEqual([]);
  expect(only?.topic).toMatchObject({ channel: 'cases', code: 'infectious-diarrhoea' });
  expect(only?.corroborating.map(({ channel }) => channel)).toEqual(['laboratory', 'syndromes', 'school-absence']);
  expect(discover(event.slice(2), lists)).toHaveLength(1);
  expect(discover(event.slice(2), lists, new Set([`enteric\t${here}`]))).toEqual([]);
});

test('a season that takes the whole region is one signal of the region, not one of each district', () => {
  const random = seeded(4);
  const topic = topicOf('cases', 'influenza');
  const weeks = 190;
  const local = areas.map((area) => ({
    topic,
    area,
    measure: 'count' as const,
    counts: Float64Array.from({ length: weeks }, (_, week) =>
      random.poisson(12 * (week >= weeks - 2 ? 4 : 1) * Math.exp(0.6 * Math.cos((2 * Math.PI * week) / 52))),
    ),
  }));
  const whole = Float64Array.from({ length: weeks }, (_, week) =>
    local.reduce((sum, { counts }) => sum + (counts[week] as number), 0),
  );
  const judged = withRest([...local, { topic, area: wholeRegion, measure: 'count', counts: whole }]).map((series) => ({
    ...series,
    judged: judge(series.counts, 'count', 1, series.rest) as NonNullable<ReturnType<typeof judge>>,
  }));
  expect(discover(judged, lists).map(({ area }) => area)).toEqual([wholeRegion]);
  expect(judged.filter(({ judged: { method } }) => method === 'relative-excess')).toHaveLength(38);
});

test('neighbours that are each a little too high are a circle, unless one of them has a signal', () => {
  const cluster = {
    model: 'space-time-permutation' as const,
    centre: '500112',
    areas: ['500112', '500105'],
    from: '2026-03-01',
    to: '2026-03-07',
    cases: 14,
    expected: 4.2,
    relativeRisk: 14 / 4.2,
    p: 0.001,
    recurrenceDays: 1000,
    radiusKm: 18,
  };
  const scans = [{ topic: 'mumps', clusters: [cluster, { ...cluster, areas: ['500112'] }] }];
  const [circle, ...others] = circleSignals(scans, new Set(), lists);
  expect(others).toEqual([]);
  expect(circle).toMatchObject({ topic: 'mumps', centre: '500112' });
  expect(circle?.evidence.zh).toContain('渝北区、江北区相邻成片');
  expect(circleSignals(scans, new Set(['mumps 500105']), lists)).toEqual([]);
  expect(
    circleSignals([{ topic: 'mumps', clusters: [{ ...cluster, recurrenceDays: 100 }] }], new Set(), lists),
  ).toEqual([]);
});
