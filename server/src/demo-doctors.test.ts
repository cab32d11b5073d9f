import type { CardField } from '@hutong/contract/surveillance.ts';
import { expect, test } from 'vitest';
import { answersTo } from './demo-doctors.ts';

const field = (key: string, kind: CardField['kind'], more: Partial<CardField> = {}): CardField => ({
  key,
  group: 'card',
  zh: key,
  en: key,
  kind,
  value: null,
  shown: null,
  from: 'nobody',
  required: true,
  choices: [],
  ...more,
});
const card = { age: '9', at: '2026-11-29T16:30:00Z' };

test('a doctor of the demo fills what is required and empty, and leaves alone what the record knows', () => {
  expect(
    answersTo(
      [
        field('name', 'text', { value: '王小明' }),
        field('notes', 'text', { required: false }),
        field('onset', 'day'),
        field('diagnosedAt', 'moment'),
        field('phone', 'phone'),
        field('area', 'area'),
        field('occupation', 'choice', { choices: [{ code: '01', zh: '', en: '' }] }),
        field('subtype', 'choice', { choices: [{ code: '7', zh: '', en: '' }] }),
      ],
      card,
      '500112',
    ),
  ).toEqual({
    onset: '2026-11-30',
    diagnosedAt: '2026-11-30 00:30',
    phone: '无',
    area: '500112',
    occupation: '03',
    subtype: '7',
  });
});

test('without a number somebody has shown no document, whatever kind the record names', () => {
  const fields = [field('documentKind', 'choice', { value: '01' }), field('number', 'document')];
  expect(answersTo(fields, card, '500112')).toEqual({ documentKind: '00' });
});
