import { describe, expect, it } from 'vitest';
import { ago, bytes, clock, day, moment, span } from './format.ts';

describe('times and sizes', () => {
  it('shows an instant in Asia/Shanghai whatever zone it was written in', () => {
    expect(moment('2026-11-23T06:05:59Z')).toBe('2026-11-23 14:05');
    expect(moment('2026-11-23T00:30:00-05:00')).toBe('2026-11-23 13:30');
    expect(day('2026-11-23T17:00:00Z')).toBe('2026-11-24');
    expect(clock('2026-11-23T16:00:01Z')).toBe('00:00:01');
  });

  it('leaves a partial date alone, which has no zone to convert', () => {
    expect(moment('1958-03')).toBe('1958-03');
    expect(day('1958-03-02')).toBe('1958-03-02');
    expect(moment('not a date')).toBe('not a date');
  });

  it('tells how long ago in both languages', () => {
    const now = Date.parse('2026-11-23T06:00:00Z');
    expect(ago('2026-11-23T05:57:00Z', now, 'en')).toBe('3 minutes ago');
    expect(ago('2026-11-21T06:00:00Z', now, 'zh-CN')).toBe('前天');
  });

  it('keeps two units of a span at most', () => {
    expect(span(0.4, 'en')).toBe('0.4 sec');
    expect(span(185, 'en')).toBe('3 min 5 sec');
    expect(span(7800, 'en')).toBe('2 hr 10 min');
    expect(span(400_000, 'en')).toBe('4 days');
  });

  it('scales bytes by 1024', () => {
    expect(bytes(512, 'en')).toBe('512 bytes');
    expect(bytes(1536, 'en')).toBe('1.5 kB');
    expect(bytes(3 * 1024 ** 3, 'en')).toBe('3 GB');
  });
});
