import { expect, test } from 'vitest';
import { classOf, episodesOf, readingsOf } from './decide.ts';
import { hintsOf } from './hints.ts';
import type { Certainty, Finding } from './model.ts';
import { readLists } from './read-lists.ts';

const lists = readLists();
const at = Date.parse('2026-03-10T12:00:00+08:00');
const times = { occurred: at, recorded: at, received: at };
const readings = (resource: Record<string, unknown>, seen = times): ReturnType<typeof readingsOf> => {
  const found = readingsOf(resource, seen, lists, null);
  return [...found, ...hintsOf(resource, seen, lists, found)];
};
const said = (resource: Record<string, unknown>): string[] =>
  readings(resource)
    .filter(({ channel }) => channel !== 'syndromes')
    .map(({ channel, topic, certainty, code }) => `${channel} ${topic} ${certainty} ${code}`);
const drug = (concept: object, more: object = {}): Record<string, unknown> => ({
  resourceType: 'MedicationRequest',
  status: 'active',
  medicationCodeableConcept: concept,
  ...more,
});

test('a drug for hardly any other disease is a hint, by its ATC code or by its name', () => {
  expect(said(drug({ coding: [{ system: 'http://www.whocc.no/atc', code: 'J04AK02', display: 'X' }] }))).toEqual([
    'drugs tuberculosis hint J04AK02',
  ]);
  expect(said(drug({ text: '异烟肼片 0.1g*100片' }))).toEqual(['drugs tuberculosis hint 异烟肼']);
  expect(said({ ...drug({ text: '磷酸奥司他韦胶囊' }), resourceType: 'MedicationDispense' })).toEqual([
    'drugs influenza hint 奥司他韦',
  ]);
});

test('drugs with other uses, drugs before exposure, and drugs that were not given say nothing', () => {
  for (const text of ['硫酸羟氯喹片', '利福平胶囊', '恩曲他滨丙酚替诺福韦片', '狂犬病人免疫球蛋白', '阿莫西林胶囊'])
    expect(said(drug({ text }))).toEqual([]);
  for (const more of [{ status: 'cancelled' }, { status: 'entered-in-error' }, { doNotPerform: true }])
    expect(said(drug({ text: '异烟肼片' }, more))).toEqual([]);
});

test('a list row counts from its first day on', () => {
  const before = Date.parse('2020-01-01T12:00:00+08:00');
  const old = { occurred: before, recorded: before, received: before };
  expect(readings(drug({ text: '异烟肼片' }), old)).toEqual([]);
});

test('words are read in impressions, complaints, diagnoses without a code, notes and documents', () => {
  expect(said({ resourceType: 'DiagnosticReport', status: 'final', conclusion: '考虑继发性肺结核' })).toEqual([
    'texts tuberculosis hint 肺结核',
  ]);
  expect(said({ resourceType: 'Encounter', status: 'finished', reasonCode: [{ text: '水痘2天' }] })).toEqual([
    'texts varicella hint 水痘',
  ]);
  expect(said({ resourceType: 'Condition', code: { text: '麻疹待排' } })).toEqual(['texts measles hint 麻疹']);
  const data = Buffer.from('主诉：咳嗽。诊断：百日咳可能。').toString('base64');
  expect(
    said({
      resourceType: 'DocumentReference',
      status: 'current',
      content: [{ attachment: { contentType: 'text/plain; charset=utf-8', data } }],
    }),
  ).toEqual(['texts pertussis hint 百日咳']);
  const section = (title: string, words: string): object => ({ title, text: { div: `<div><p>${words}</p></div>` } });
  expect(
    said({
      resourceType: 'Composition',
      status: 'final',
      section: [section('既往史', '疟疾'), section('诊断', '登革热')],
    }),
  ).toEqual(['texts dengue hint 登革']);
});

test('a coded diagnosis speaks for itself: its words are no second voice', () => {
  const code = { text: '麻疹', coding: [{ system: 'http://hl7.org/fhir/sid/icd-10', code: 'B05.9' }] };
  expect(said({ resourceType: 'Condition', code })).toEqual(['cases measles clinical B05.9']);
});

test('a report that was taken back, and a denial, say nothing', () => {
  for (const status of ['entered-in-error', 'cancelled'])
    expect(said({ resourceType: 'DiagnosticReport', status, conclusion: '肺结核' })).toEqual([]);
  expect(said({ resourceType: 'DiagnosticReport', status: 'final', conclusion: '未见肺结核征象' })).toEqual([]);
});

const finding = (key: number, certainty: Certainty, when: number): Finding => ({
  key: BigInt(key),
  channel: certainty === 'hint' ? 'drugs' : 'cases',
  certainty,
  institution: key,
  at: when,
  onset: null,
  received: when,
});

test.each([
  [['hint'], 'question'],
  [['hint', 'clinical'], 'clinical'],
  [['hint', 'positive'], 'positive-test'],
  [['hint', 'void'], 'none'],
] as [Certainty[], string][])('%j together are %s', (certainties, expected) => {
  expect(classOf(certainties.map((certainty, index) => finding(index + 1, certainty, at)))).toBe(expected);
});

test('the clock and the reporting unit come from the diagnosis, not from the hint before it', () => {
  const day = 86_400_000;
  const [episode] = episodesOf([finding(1, 'hint', at), finding(2, 'clinical', at + day)], 30);
  expect(episode).toMatchObject({ anchor: 2n, keys: [1n, 2n], at: at + day, institution: 2, institutions: [1, 2] });
});
