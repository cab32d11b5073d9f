import { describe, expect, it } from 'vitest';
import { parseClock, parseTime, zoneOf } from './time.ts';

describe('times', () => {
  it.each([
    ['2012', '2012', '2011-12-31T16:00:00.000Z'],
    ['201208', '2012-08', '2012-07-31T16:00:00.000Z'],
    ['20120814', '2012-08-14', '2012-08-13T16:00:00.000Z'],
    ['201208141005', '2012-08-14T10:05:00+08:00', '2012-08-14T02:05:00.000Z'],
    ['20120814100530.25-0500', '2012-08-14T10:05:30.250-05:00', '2012-08-14T15:05:30.250Z'],
    ['2012081410+0000', '2012-08-14T10:00:00+00:00', '2012-08-14T10:00:00.000Z'],
    ['20240229', '2024-02-29', '2024-02-28T16:00:00.000Z'],
  ])('%s is %s', (text, fhir, instant) => {
    expect(parseTime(text)).toMatchObject({ fhir, instant });
  });

  it.each([
    '',
    '20230229',
    '20121301',
    '20120800',
    '2012081425',
    '201208141060',
    '2012-08-14',
    '20040629162900005',
    '20120814+1500',
    '00000000',
  ])('%j is no time', (text) => {
    expect(parseTime(text)).toBeUndefined();
  });

  it('take the zone of the message when they have none', () => {
    expect(parseTime('201208141005', zoneOf('20120814-0500'))?.fhir).toBe('2012-08-14T10:05:00-05:00');
  });

  it('of day only', () => {
    expect(parseClock('0930')).toBe('09:30:00');
    expect(parseClock('2460')).toBeUndefined();
  });
});
