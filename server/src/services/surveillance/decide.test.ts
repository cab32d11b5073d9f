import { describe, expect, test } from 'vitest';
import { classOf, diseaseOf, dueOf, episodesOf, isPositive, nextLife, readingsOf } from './decide.ts';
import type { Certainty, Finding } from './model.ts';
import { readLists } from './read-lists.ts';

const lists = readLists();
const hour = 3_600_000;
const day = 24 * hour;
const noon = Date.parse('2026-03-10T12:00:00+08:00');

describe('the list of diseases', () => {
  test('holds the 40 notifiable diseases: 2 of class A, 27 of B, 11 of C', () => {
    const inForce = lists.diseases.filter(
      ({ parent, to, class: group }) => parent === null && to === null && 'ABC'.includes(group),
    );
    expect([
      inForce.length,
      ...['A', 'B', 'C'].map((group) => inForce.filter((disease) => disease.class === group).length),
    ]).toEqual([40, 2, 27, 11]);
  });

  test.each([
    ['J10.1', '', '2026-03-01', 'influenza'],
    ['J09', '', '2026-03-01', 'novel-influenza'],
    ['J09', '', '2025-08-31', 'avian-influenza'],
    ['J09', '', '2013-01-01', undefined],
    ['A22.1', '', '2026-03-01', 'anthrax-pulmonary'],
    ['A22.0', '', '2026-03-01', 'anthrax'],
    ['B18.1', '', '2026-03-01', 'hepatitis-b'],
    ['B19.9', '', '2026-03-01', 'viral-hepatitis'],
    ['A08.1', '', '2026-03-01', 'infectious-diarrhoea'],
    ['I10', '', '2026-03-01', undefined],
    ['J12.9', '病毒性肺炎，病原待查', '2026-03-01', 'unexplained-pneumonia'],
    [null, '不明原因肺炎', '2026-03-01', 'unexplained-pneumonia'],
    ['J18.9', '肺炎', '2026-03-01', undefined],
  ])('%s %s on %s is %s', (icd10, text, on, code) => {
    expect(diseaseOf(lists.diseases, icd10, text, on)?.code).toBe(code);
  });
});

test.each([
  [{ valueString: '阳性' }, true],
  [{ valueString: '阴性' }, false],
  [{ valueString: '未检出' }, false],
  [{ valueString: '检出' }, true],
  [{ valueString: '弱阳性(+)' }, true],
  [{ valueString: 'Not detected' }, false],
  [{ valueString: '++' }, true],
  [{ valueString: '阴性', interpretation: [{ coding: [{ code: 'A' }] }] }, false],
  [{ valueCodeableConcept: { coding: [{ code: '260373001', display: 'Detected' }] } }, true],
  [{ valueQuantity: { value: 45 }, referenceRange: [{ high: { value: 11 } }] }, true],
  [{ valueQuantity: { value: 3 }, referenceRange: [{ high: { value: 11 } }] }, false],
  [{ valueQuantity: { value: 45 }, interpretation: [{ coding: [{ code: 'N' }] }] }, false],
  [{ interpretation: [{ coding: [{ code: 'A' }] }] }, false],
  [{}, false],
])('the result %j is positive: %s', (observation, positive) => {
  expect(isPositive(observation)).toBe(positive);
});

const condition = (more: object): Record<string, unknown> => ({
  resourceType: 'Condition',
  code: { coding: [{ system: 'http://hl7.org/fhir/sid/icd-10', code: 'B05.9', display: '麻疹' }] },
  recordedDate: '2026-03-10T12:00:00+08:00',
  ...more,
});
const times = { occurred: noon, recorded: noon, received: noon + hour };

test('a diagnosis is a case on its day of onset and the clock runs from the diagnosis', () => {
  expect(readingsOf(condition({ onsetDateTime: '2026-03-07' }), times, lists, null)).toEqual([
    expect.objectContaining({
      channel: 'cases',
      topic: 'measles',
      certainty: 'clinical',
      at: noon,
      onset: '2026-03-07',
      day: '2026-03-07',
    }),
    expect.objectContaining({ channel: 'syndromes', topic: 'rash', day: '2026-03-10' }),
  ]);
});

test('an onset after the diagnosis is not believed, and a clock that runs ahead is set back to the arrival', () => {
  expect(readingsOf(condition({ onsetDateTime: '2026-03-12' }), times, lists, null)[0]).toMatchObject({
    onset: null,
    day: '2026-03-10',
  });
  expect(readingsOf(condition({ recordedDate: '2026-03-12T12:00:00+08:00' }), times, lists, null)[0]).toMatchObject({
    at: noon + hour,
  });
});

test('a refuted or mistaken diagnosis says nothing', () => {
  for (const code of ['refuted', 'entered-in-error'])
    expect(readingsOf(condition({ verificationStatus: { coding: [{ code }] } }), times, lists, null)).toEqual([]);
});

test('a complaint of fever and cough is two syndromes, and no case', () => {
  expect(
    readingsOf(
      {
        resourceType: 'Encounter',
        status: 'finished',
        reasonCode: [{ text: '发热、咳嗽、全身酸痛1天' }],
        period: { start: '2026-03-10T11:00:00+08:00' },
      },
      times,
      lists,
      null,
    ).map(({ channel, topic }) => `${channel} ${topic}`),
  ).toEqual(['syndromes fever', 'syndromes influenza-like']);
});

const finding = (key: number, certainty: Certainty, at: number, institution = 1): Finding => ({
  key: BigInt(key),
  channel: certainty === 'positive' ? 'laboratory' : 'cases',
  certainty,
  institution,
  at,
  onset: null,
  received: at,
});

test.each([
  [['suspected'], 'suspected'],
  [['clinical'], 'clinical'],
  [['positive'], 'positive-test'],
  [['suspected', 'positive'], 'confirmed'],
  [['clinical', 'positive'], 'confirmed'],
  [['void'], 'none'],
  [['void', 'suspected'], 'suspected'],
] as [Certainty[], string][])('%j is a case of class %s', (certainties, expected) => {
  expect(classOf(certainties.map((certainty, index) => finding(index, certainty, noon)))).toBe(expected);
});

test('findings in any order are the same episodes: near ones join, far ones do not, the first to diagnose reports', () => {
  const all = [
    finding(3, 'clinical', noon + 40 * day, 2),
    finding(1, 'suspected', noon, 2),
    finding(2, 'positive', noon + 5 * day, 1),
  ];
  const episodes = episodesOf(all, 30);
  expect(episodes).toMatchObject([
    { anchor: 1n, keys: [1n, 2n], caseClass: 'confirmed', institution: 2, institutions: [1, 2] },
    { anchor: 3n, keys: [3n], caseClass: 'clinical' },
  ]);
  expect(episodesOf(all.toReversed(), 30)).toEqual(episodes);
});

test.each([
  ['passed', 'verify', 'acknowledge', null, 'acknowledged verify'],
  ['passed', 'verify', 'suspect', 'severe-case', null],
  ['acknowledged', 'verify', 'suspect', 'severe-case', 'acknowledged suspected'],
  ['acknowledged', 'verify', 'suspect', null, null],
  ['acknowledged', 'verify', 'suspect', 'team-sent', null],
  ['acknowledged', 'verify', 'exclude', 'data-error', 'answered closed'],
  ['acknowledged', 'verify', 'answer', 'no-outbreak-found', null],
  ['acknowledged', 'suspected', 'investigate', 'team-sent', 'acknowledged field'],
  ['acknowledged', 'field', 'answer', 'outbreak-controlled', 'answered closed'],
  ['acknowledged', 'field', 'exclude', 'data-error', null],
  ['answered', 'closed', 'acknowledge', null, null],
] as const)('an alert that is %s at %s, on %s (%s), becomes %s', (state, step, act, reason, next) => {
  const life = nextLife({ state, step }, act, reason);
  expect(life && `${life.state} ${life.step}`).toBe(next);
});

test('a single case is to be verified within 2 hours, a count within 24, the field follows within 24 of the suspicion', () => {
  expect(dueOf({ state: 'passed', step: 'verify' }, 'single-case', noon, noon)).toBe(noon + 2 * hour);
  expect(dueOf({ state: 'passed', step: 'verify' }, 'statistical', noon, noon)).toBe(noon + 24 * hour);
  expect(dueOf({ state: 'acknowledged', step: 'suspected' }, 'statistical', noon, noon + 5 * hour)).toBe(
    noon + 29 * hour,
  );
});

test('a positive result is understood by its LOINC, or by its name where the laboratory has a code of its own', () => {
  const observation = (display: string, valueString: string): Record<string, unknown> => ({
    resourceType: 'Observation',
    status: 'final',
    code: { coding: [{ system: 'urn:local', code: 'JY352', display }] },
    valueString,
  });
  const topics = (display: string, value: string, loinc: string | null): string[] =>
    readingsOf(observation(display, value), times, lists, loinc).map(({ topic }) => topic);
  expect(topics('甲型流感病毒抗原', '阳性', null)).toEqual(['influenza']);
  expect(topics('甲型流感病毒抗原', '阴性', null)).toEqual([]);
  expect(topics('诺如病毒GII型核酸', '阳性', null)).toEqual(['infectious-diarrhoea']);
  expect(topics('肺炎支原体IgM抗体', '阳性', null)).toEqual([]);
  expect(topics('甲型流感病毒抗原', '阳性', '5256-3')).toEqual([]);
  expect(topics('x', '阳性', '7962-4')).toEqual(['measles']);
});
