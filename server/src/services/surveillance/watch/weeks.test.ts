import { dateOfDay, dayNumber } from '@hutong/epi';
import { expect, test } from 'vitest';
import { comparison, isKnownWeek, readWeek, spanCount, spanTexts, weekName, weekSums } from './weeks.ts';

const at = (day: string): number => dayNumber(day);

test('a week is held against the same days of the week before and of the nearest week a year before', () => {
  const found = comparison(at('2026-11-25'));
  expect(spanTexts(found.now)).toEqual({ from: '2026-11-23', to: '2026-11-25' });
  expect(spanTexts(found.before)).toEqual({ from: '2026-11-16', to: '2026-11-18' });
  expect(spanTexts(found.yearBefore)).toEqual({ from: '2025-11-24', to: '2025-11-26' });
});

test('week 53 has a partner a year before, and the year after it does not drift', () => {
  expect(weekName(at('2026-12-31'))).toEqual({ year: 2026, week: 53, from: '2026-12-28', to: '2027-01-03' });
  expect(spanTexts(comparison(at('2027-01-03')).yearBefore)).toEqual({ from: '2025-12-29', to: '2026-01-04' });
  // 2027-W01 begins on 2027-01-04; a year before by date is 2026-W02, not W01 (which shares no day of the same season's week).
  expect(spanTexts(comparison(at('2027-01-04')).yearBefore).from).toBe('2026-01-05');
  expect(readWeek('2026-W53')).toEqual({ year: 2026, week: 53 });
  expect(readWeek('2025-W53')).toBeNull();
  expect(readWeek('2026-W00')).toBeNull();
});

test('a silent day is left out, a silent week is a gap, a heard week without cases is zero', () => {
  const monday = at('2026-11-16');
  const heard = new Set(['2026-11-16', '2026-11-17', '2026-11-18', '2026-11-19', '2026-11-20'].map(at));
  const count = (day: number): number => (day === monday ? 4 : 0);
  const known = (day: number): boolean => heard.has(day);
  expect(spanCount({ from: monday, to: monday + 6 }, count, known)).toEqual({ n: 4, known: 5, days: 7 });
  expect(spanCount({ from: monday + 7, to: monday + 8 }, count, known)).toEqual({ n: null, known: 0, days: 2 });
  expect(weekSums([monday - 7, monday, monday + 7], monday + 13, count, known)).toEqual([null, 4, null]);
  expect(weekSums([monday], monday + 6, () => 0, known)).toEqual([0]);
  expect([4, 5].map((days) => isKnownWeek(days, 7))).toEqual([false, true]);
  expect(isKnownWeek(0, 1)).toBe(false);
  expect(dateOfDay(monday)).toBe('2026-11-16');
});
