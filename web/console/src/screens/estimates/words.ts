import { words } from '../../app/language.ts';

export const useEstimateWords = words(
  'estimates',
  {
    title: '再生数、实时估计与短期预测',
    lead: '后台按病种和地区计算，每个数都带区间；算不出的，说明为什么。',
    list: '各病种各地区',
    none: '还没有估计',
    noneHint: '近 8 周至少 20 例的病种和地区会自动计算，最迟次日凌晨。',
    disease: '病种',
    area: '地区',
    cases: '近 8 周病例',
    rt: '再生数（95 % 区间）',
    asOf: '截至 {{day}}',
    open: '查看',
    madeAt: '计算于 {{at}}',
    meansUp: '{{day}} 前 7 天里，平均一个病例传给 {{median}} 人（95 % 区间 {{low}}–{{high}}）：几乎可以肯定在扩散。',
    meansDown: '{{day}} 前 7 天里，平均一个病例传给 {{median}} 人（95 % 区间 {{low}}–{{high}}）：几乎可以肯定在消退。',
    meansOpen:
      '{{day}} 前 7 天里，平均一个病例传给 {{median}} 人（95 % 区间 {{low}}–{{high}}）：区间跨过 1，扩散还是消退尚不能断定。',
    rtChart: '再生数 Rt',
    rtPicture: '{{from}} 至 {{to}} 的再生数，最近为 {{median}}（{{low}}–{{high}}）。数字见下表。',
    rtNote:
      'Cori 法，7 天窗口，代间距均值 {{mean}} 天、标准差 {{sd}} 天（{{source}}）。窗口内不足 12 例不给数；尚未报来的病例会使区间变宽。',
    nowcastChart: '按发病日的病例：已知与估计',
    nowcastPicture:
      '{{from}} 至 {{to}} 每日病例。今天已知 {{known}} 例，估计最终 {{median}}（{{low}}–{{high}}）。数字见下表。',
    nowcastNote:
      '深色是已经收到的；浅色是估计还会报来的，竖线是 95 % 区间。依据以往从发病到收到的延迟（Höhle 与 an der Heiden 2014，病例很多时用 Lawless 1994）。',
    excluded: '有 {{count}} 例发病日晚于报告日，未用于估计。',
    forecastChart: '今后 14 天',
    forecastPicture: '今后 14 天的预测：{{day}} 中位数 {{median}}（95 % 区间 {{low}}–{{high}}）。数字见下表。',
    forecastNote:
      '假定再生数保持最近的值不变（更新方程，400 条路径）。它说的是“什么都不变会怎样”，不是目标，也不超过两周。',
    day: '日期',
    known: '已知',
    estimated: '估计（95 % 区间）',
    complete: '已知比例',
    forecast: '预测（95 % 区间）',
    half: '50 % 区间',
    table: '同样的数据，列成表',
    cannot: '不能给出：',
  },
  {
    title: 'Reproduction number, nowcast, forecast',
    lead: 'Worked out by jobs per disease and area; every figure has its interval, and what cannot be computed says why.',
    list: 'Diseases and areas',
    none: 'No estimates yet',
    noneHint:
      'Diseases and areas with 20 cases in 8 weeks are estimated by themselves, at the latest after the next night.',
    disease: 'Disease',
    area: 'Area',
    cases: 'Cases in 8 weeks',
    rt: 'Rt (95 % interval)',
    asOf: 'as of {{day}}',
    open: 'Show',
    madeAt: 'computed {{at}}',
    meansUp:
      'In the 7 days before {{day}} one case passed it on to {{median}} others on average (95 % interval {{low}} to {{high}}): it is almost certainly spreading.',
    meansDown:
      'In the 7 days before {{day}} one case passed it on to {{median}} others on average (95 % interval {{low}} to {{high}}): it is almost certainly receding.',
    meansOpen:
      'In the 7 days before {{day}} one case passed it on to {{median}} others on average (95 % interval {{low}} to {{high}}): the interval holds 1, so it cannot be said whether it spreads or recedes.',
    rtChart: 'Reproduction number Rt',
    rtPicture:
      'Reproduction number from {{from}} to {{to}}, newest {{median}} ({{low}} to {{high}}). The table below has the figures.',
    rtNote:
      'Cori’s method, 7-day windows, serial interval of mean {{mean}} and standard deviation {{sd}} days ({{source}}). Windows with fewer than 12 cases give none; cases not yet reported widen the interval.',
    nowcastChart: 'Cases by onset: known and estimated',
    nowcastPicture:
      'Daily cases from {{from}} to {{to}}. Today {{known}} are known, {{median}} expected in the end ({{low}} to {{high}}). The table below has the figures.',
    nowcastNote:
      'Dark: received. Light: estimated to be still on their way; the line is the 95 % interval. From past delays between onset and receipt (Höhle and an der Heiden 2014; Lawless 1994 for large counts).',
    excluded: '{{count}} cases had their onset after the report and were left out.',
    forecastChart: 'The next 14 days',
    forecastPicture:
      'Forecast of 14 days: on {{day}} a median of {{median}} (95 % interval {{low}} to {{high}}). The table below has the figures.',
    forecastNote:
      'The reproduction number is held at its newest value (renewal equation, 400 paths). It says what happens if nothing changes; it is no target, and goes no further than two weeks.',
    day: 'Day',
    known: 'Known',
    estimated: 'Estimated (95 % interval)',
    complete: 'Share known',
    forecast: 'Forecast (95 % interval)',
    half: '50 % interval',
    table: 'The same figures as a table',
    cannot: 'Not given:',
  },
);
