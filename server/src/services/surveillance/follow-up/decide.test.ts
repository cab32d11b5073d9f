import { expect, test } from 'vitest';
import { followUpDays, makesRing, owedOf } from './decide.ts';

test('a contact is followed up from the day after the exposure to the end of the observation', () => {
  expect(followUpDays('2026-02-26', '2026-03-02')).toEqual(['2026-02-27', '2026-02-28', '2026-03-01', '2026-03-02']);
  expect(followUpDays('2026-03-02', '2026-03-02')).toEqual([]);
});

const contact = { lastExposure: '2026-03-01', until: '2026-03-08', state: 'watching' as const, since: '2026-03-03' };
test('today is due until somebody was reached, past days since the contact was known are missed', () => {
  expect(owedOf(contact, [], '2026-03-05')).toEqual({ dueToday: true, missedDays: 2 });
  expect(
    owedOf(
      contact,
      [
        { day: '2026-03-03', result: 'well' },
        { day: '2026-03-05', result: 'symptoms' },
      ],
      '2026-03-05',
    ),
  ).toEqual({ dueToday: false, missedDays: 1 });
  expect(owedOf(contact, [{ day: '2026-03-05', result: 'not-reached' }], '2026-03-05').dueToday).toBe(true);
  expect(owedOf({ ...contact, state: 'lost' }, [], '2026-03-05')).toEqual({ dueToday: false, missedDays: 0 });
});

test('a link that closes a ring is seen, also over several steps', () => {
  const links = [
    { from: 'a', to: 'b' },
    { from: 'b', to: 'c' },
  ];
  expect(makesRing(links, 'c', 'a')).toBe(true);
  expect(makesRing(links, 'a', 'a')).toBe(true);
  expect(makesRing(links, 'a', 'd')).toBe(false);
});
