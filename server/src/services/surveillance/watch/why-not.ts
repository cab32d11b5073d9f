import type { Refused } from '@hutong/contract/watch.ts';

/** Why a figure is not given, in words that a reader can act on. */
export const whyNot = {
  'too-few-cases': (cases: number, needed: number): Refused => ({
    reason: 'too-few-cases',
    zh: `近 8 周只有 ${cases} 例，至少要有 ${needed} 例才能估计。`,
    en: `Only ${cases} cases in 8 weeks; at least ${needed} are needed.`,
  }),
  silent: (days: number): Refused => ({
    reason: 'silent',
    zh: `近 14 天中有 ${days} 天没有收到任何机构的数据；缺口不能当作零，因此不作估计。`,
    en: `On ${days} of the last 14 days no institution was heard. A gap is not a zero, so nothing is estimated.`,
  }),
  'no-serial-interval': (): Refused => ({
    reason: 'no-serial-interval',
    zh: '该病没有可用的代间距：它不由人直接传人，或每日曲线看不到传播链。',
    en: 'There is no serial interval for this disease: it does not pass directly between people, or a daily curve does not show its chains.',
  }),
  'window-too-small': (needed: number, days: number): Refused => ({
    reason: 'window-too-small',
    zh: `近 ${days} 天内没有一个 7 天窗口满 ${needed} 例，再生数的区间会宽到没有意义。`,
    en: `In the last ${days} days no 7-day window holds ${needed} cases; the interval of the reproduction number would be too wide to mean anything.`,
  }),
  'short-history': (needed: number, available: number): Refused => ({
    reason: 'short-history',
    zh: `需要 ${needed} 天的数据，现有 ${available} 天。`,
    en: `${needed} days of data are needed, ${available} are there.`,
  }),
  'not-computable': (why: string): Refused => ({
    reason: 'not-computable',
    zh: `无法计算（${why}）。`,
    en: `It cannot be computed (${why}).`,
  }),
};
