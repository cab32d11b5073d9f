import type { Disease, Evidence } from './model.ts';

type Parts = Evidence['parts'];
export type ToRank = {
  rule: 'single-case' | 'statistical';
  channel: string;
  topic: string;
  disease: Disease | null;
  observed: number;
  expected: number | null;
  p: number | null;
  corroborating: number;
};

const round = (points: number): number => Math.round(points * 10) / 10;

/**
 * How urgent a signal is, as a sum whose parts are shown: how grave the disease is, how surprising the count, how large the excess, whether other
 * channels agree, and whether two hours are given. A two-hour clock stands before any count of a class C disease or a syndrome, however large the wave;
 * only the order has a meaning.
 */
export function rank({ rule, channel, topic, disease, observed, expected, p, corroborating }: ToRank): {
  score: number;
  parts: Parts;
} {
  const parts: Parts = [];
  const add = (zh: string, en: string, points: number): void => {
    if (points > 0) parts.push({ zh, en, points: round(points) });
  };
  if (disease?.class === 'A' || disease?.limitHours === 2 || disease?.singleCase)
    add('甲类、按甲类管理或单病例即预警的病种', 'Class A, managed as A, or one case is enough', 40);
  else if (topic === 'severe-pneumonia') add('重症症候群', 'A severe syndrome', 35);
  else if (disease?.class === 'B') add('乙类传染病', 'Class B disease', 20);
  else if (disease?.class === 'C') add('丙类传染病', 'Class C disease', 12);
  else if (channel === 'syndromes') add('临床症候群', 'A clinical syndrome', 10);
  else add('其他部门渠道', 'A channel of another department', 5);
  if (rule === 'single-case') add('两小时时限', 'A two-hour clock', 45);
  if (p !== null)
    add('出乎意料的程度', 'How surprising the count is', Math.min(45, 6 * -Math.log10(Math.max(p, 1e-12))));
  if (expected !== null)
    add(
      '超出预期的倍数',
      'How far above the expected',
      Math.min(15, Math.max(0, 3 * Math.log2(Math.max(observed, 0.5) / Math.max(expected, 0.5)))),
    );
  else add('病例数', 'Number of cases', Math.min(15, 3 * observed));
  add('其他渠道同时升高', 'Other channels rise too', Math.min(15, corroborating * 5));
  return { score: round(parts.reduce((sum, { points }) => sum + points, 0)), parts };
}
