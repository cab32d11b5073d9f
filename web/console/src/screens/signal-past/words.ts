import { words } from '../../app/language.ts';

export const useSignalPastWords = words(
  'signal-past',
  {
    title: '往年同期',
    none: '没有往年数据可比。',
    picture: '近 {{windows}} 个 7 天窗口与往年同期：最近一个今年 {{now}}，往年 {{least}} 至 {{most}}。数字见下表。',
    note: '灰带是往年同期的最低与最高，线是往年的平均；柱是今年。按星期与日期对齐，53 周的年份不错位。',
    table: '同样的数据，列成表',
    window: '窗口止于',
    thisYear: '今年',
    yearsBack: '{{n}} 年前',
    gap: '缺口',
    others: '同类其他渠道，同一地区',
    other: '近 {{windows}} 个窗口，最近 {{last}}',
  },
  {
    title: 'The same time in earlier years',
    none: 'There are no earlier years to compare with.',
    picture:
      'Last {{windows}} 7-day windows against earlier years: newest {{now}} this year, {{least}} to {{most}} before. The table below has the figures.',
    note: 'The band spans the lowest and highest of earlier years, the line is their mean; the bars are this year. Aligned by weekday and date, so that a year of 53 weeks shifts nothing.',
    table: 'The same figures as a table',
    window: 'Window ends',
    thisYear: 'This year',
    yearsBack: '{{n}} years ago',
    gap: 'gap',
    others: 'Other channels of its kind, same area',
    other: 'last {{windows}} windows, newest {{last}}',
  },
);
