import { expect, test } from 'vitest';
import { readLists } from '../read-lists.ts';
import { problemsOf } from './check.ts';
import { cardFields } from './fields.ts';

const lists = readLists();
const now = Date.parse('2026-11-20T10:00:00+08:00');
const whole = {
  name: '林晓峰',
  documentKind: '01',
  number: '500999198805121234',
  sex: 'male',
  birthDate: '1988-05-12',
  workplace: '红石路小学',
  phone: '13912345678',
  belongsTo: '1',
  area: '500112',
  address: '红石路2号',
  occupation: '14',
  caseClass: 'clinical',
  onset: '2026-11-18',
  diagnosedAt: '2026-11-19 09:00',
  disease: '麻疹',
  unit: '渝北测试医院',
  doctor: '陈立',
};
const problems = (disease: string, given: Record<string, string>, isUnder14 = false): string[] =>
  problemsOf(cardFields(lists, { disease, isUnder14 }, whole, given), now).map(({ en }) => en);

test('a whole card has no problem', () => {
  expect(problems('influenza', {})).toEqual([]);
});

test.each([
  [
    { onset: '2026-11-19', diagnosedAt: '2026-11-18 09:00' },
    'Onset (carriers: first test): cannot lie after the diagnosis',
  ],
  [{ onset: '2026-11-21', diagnosedAt: '2026-11-21 09:00' }, 'Onset (carriers: first test): cannot lie in the future'],
  [{ birthDate: '2026-11-19' }, 'Date of birth: cannot lie after the onset'],
  [{ deceased: '2026-11-17' }, 'Onset (carriers: first test): cannot lie after the death'],
  [{ onset: '2026-02-30' }, 'Onset (carriers: first test): is to be a day (YYYY-MM-DD)'],
  [{ occupation: '77' }, 'Occupation: is not in the list of codes'],
  [{ phone: 'none' }, 'Telephone: is to be a telephone number, or 无 for none'],
  [{ area: '重庆' }, 'District of the address (code): is to be an area code of 6 digits'],
] as [Record<string, string>, string][])('%j is refused with its reason', (given, reason) => {
  expect(problems('influenza', given)).toContain(reason);
});

test('a child’s card needs the parent’s name, and a card without a document no number', () => {
  expect(problems('influenza', {}, true)).toEqual(['Parent’s name (under 14): is required']);
  expect(
    problemsOf(
      cardFields(lists, { disease: 'influenza', isUnder14: false }, { ...whole, number: null }, { documentKind: '00' }),
      now,
    ),
  ).toEqual([]);
});

test('every annex is there for its diseases and asks for what it requires', () => {
  for (const [disease, annex] of [
    ['hiv-aids', 'std-hiv'],
    ['syphilis', 'std-hiv'],
    ['hepatitis-b', 'hepatitis-b'],
    ['tuberculosis', 'tuberculosis'],
    ['hand-foot-mouth', 'hand-foot-mouth'],
    ['afp', 'afp'],
    ['malaria', 'imported'],
  ] as const) {
    const fields = cardFields(lists, { disease, isUnder14: false }, whole, {});
    const required = fields.filter(({ group, required }) => group === annex && required);
    expect(required.length, disease).toBeGreaterThan(0);
    expect(problems(disease, {})).toHaveLength(
      required.length + fields.filter(({ key, required }) => ['subtype', 'acuteness'].includes(key) && required).length,
    );
  }
});

test('every list of codes that a field names is there', () => {
  for (const row of [...lists.cardFields, ...lists.annexes.flatMap(({ fields }) => fields)])
    if (row.kind === 'choice' || row.kind === 'choices')
      expect(row.choices === 'subtype' || (lists.choices.get(row.choices)?.length ?? 0) > 1, row.key).toBe(true);
});
