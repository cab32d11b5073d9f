import { expect, test } from 'vitest';
import type { CardAct } from '../model.ts';
import { levelOfReviewer, levelsOf, mayActOnCard, reachOf, reviewDue, standingOf } from './review.ts';

const acts = (...list: [CardAct['act'], CardAct['caseClass']][]): CardAct[] =>
  list.map(([act, caseClass]) => ({ act, caseClass }));
const reported = ['confirm', 'clinical'] as [CardAct['act'], CardAct['caseClass']];
const approved = ['approve', 'clinical'] as [CardAct['act'], CardAct['caseClass']];

test.each([
  ['suspected', [], 'pending', null],
  ['suspected', acts(['confirm', 'suspected']), 'confirmed', 'county'],
  ['confirmed', acts(['confirm', 'suspected']), 'revise', null],
  ['confirmed', acts(['reject', 'suspected']), 'revise', null],
  ['confirmed', acts(['confirm', 'suspected'], ['approve', 'suspected']), 'revise', null],
  ['confirmed', acts(['confirm', 'suspected'], ['confirm', 'confirmed']), 'confirmed', 'county'],
  ['clinical', acts(reported, ['return', 'clinical']), 'returned', null],
  ['clinical', acts(reported, approved), 'county-approved', 'city'],
  ['clinical', acts(reported, approved, approved), 'city-approved', 'province'],
  ['clinical', acts(reported, approved, approved, approved), 'approved', null],
  ['clinical', acts(reported, approved, ['return', 'clinical']), 'returned', null],
  ['clinical', acts(reported, approved, ['return', 'clinical'], reported), 'confirmed', 'county'],
  ['clinical', acts(reported, approved, approved, ['correct', 'clinical']), 'confirmed', 'county'],
  ['clinical', acts(reported, ['duplicate', 'clinical']), 'duplicate', null],
  ['clinical', acts(reported, ['duplicate', 'clinical'], ['undo-duplicate', 'clinical']), 'confirmed', 'county'],
  ['none', acts(reported), 'withdrawn', null],
] as const)('a %s case after %j stands at %s and waits for %s', (caseClass, done, state, level) => {
  expect(standingOf(caseClass, [...done], levelsOf('350102'))).toEqual({ state, level });
});

test('a municipality reviews in two steps, because its city and province are one', () => {
  expect(levelsOf('500112')).toEqual(['county', 'province']);
  expect(standingOf('clinical', acts(reported, approved), levelsOf('500112'))).toEqual({
    state: 'county-approved',
    level: 'province',
  });
  expect(standingOf('clinical', acts(reported, approved, approved), levelsOf('500112')).state).toBe('approved');
});

test('only a reported card is reviewed or corrected and only an open one reported', () => {
  expect(mayActOnCard('pending', 'approve')).toBe(false);
  expect(mayActOnCard('confirmed', 'approve')).toBe(true);
  expect(mayActOnCard('revise', 'confirm')).toBe(true);
  expect(mayActOnCard('approved', 'reject')).toBe(false);
  expect(mayActOnCard('approved', 'correct')).toBe(true);
  expect(mayActOnCard('pending', 'correct')).toBe(false);
  expect(mayActOnCard('duplicate', 'undo-duplicate')).toBe(true);
});

test('a reviewer’s level and reach follow from the area of the own CDC', () => {
  expect([null, '350102', '350100', '350000', '500000', '500100'].map(levelOfReviewer)).toEqual([
    'any',
    'county',
    'city',
    'province',
    'province',
    'province',
  ]);
  expect([null, '350102', '350100', '350000'].map(reachOf)).toEqual(['', '350102', '3501', '35']);
});

test('a review has two hours where the disease has two, otherwise a day', () => {
  expect(reviewDue(2, 0)).toBe(2 * 3_600_000);
  expect(reviewDue(24, 0)).toBe(24 * 3_600_000);
});
