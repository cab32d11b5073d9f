import type { Advice, Draft, ProductAct, ProductKind, ProductState, RiskLevel, SignalFacts } from './model.ts';

const levelWords: Record<RiskLevel, string> = { low: '低', medium: '中', high: '高', 'very-high': '极高' };
const stepWords: Record<string, string> = {
  verify: '正在核实',
  suspected: '核实为疑似事件',
  field: '正在现场调查',
  closed: '已处置完毕',
};
const day = (text: string): string => {
  const [year, month, date] = text.split('-').map(Number);
  return `${year}年${month}月${date}日`;
};

/** The level that the facts suggest; a person decides on it before anything is issued. */
export function suggestedLevel({ observed, expected, step }: SignalFacts): RiskLevel {
  if (step === 'field') return 'high';
  const times = expected === null ? observed : observed / Math.max(0.5, expected);
  return step === 'suspected' || times >= 4 ? 'medium' : 'low';
}

const situation = (facts: SignalFacts): string =>
  `${day(facts.from)}至${day(facts.to)}，${facts.area}监测到${facts.topic}${facts.observed}例${
    facts.expected === null ? '' : `，高于同期预期水平（${Math.round(facts.expected * 10) / 10}例）`
  }，目前${stepWords[facts.step] ?? '正在处置'}。`;

/** A first draft of one product from the signal's facts. It gives figures and places, and no person. */
export function draftOf(kind: ProductKind, facts: SignalFacts, advice: Advice): Draft {
  const level = suggestedLevel(facts);
  const sign = `\n\n${day(facts.today)}`;
  if (kind === 'public-notice')
    return {
      title: `关于${facts.area}${facts.topic}的公众健康风险提示`,
      audience: '公众',
      level,
      body: `${situation(facts)}\n\n请广大居民注意：\n${advice.public}\n\n请以疾控机构发布的信息为准，不信谣、不传谣。${sign}`,
    };
  if (kind === 'department-notice')
    return {
      title: `关于${facts.area}${facts.topic}的预警通报`,
      audience: `${facts.area}人民政府，有关部门，各医疗卫生机构`,
      level,
      body: `一、情况\n${situation(facts)}涉及报告单位${facts.institutions}家。${facts.reason}\n\n二、风险研判\n经研判，当前风险等级为${levelWords[level]}。\n\n三、工作要求\n${advice.departments}\n\n请于收到后24小时内反馈落实情况。${sign}`,
    };
  return {
    title: `关于${facts.area}${facts.topic}疫情处置的决策建议`,
    audience: '市疾病预防控制局，市卫生健康委员会',
    level,
    body: `一、基本情况\n${situation(facts)}\n\n二、研判依据\n${facts.reason}\n\n三、风险等级\n${levelWords[level]}风险。\n\n四、建议措施\n1. ${advice.departments}\n2. 视调查结果决定是否调整响应级别，并向公众发布健康风险提示。\n3. 由属地每日报告进展，专家组48小时内复核。${sign}`,
  };
}

/** The next state of a product, or null when the act is out of turn. Nobody signs what they have drafted themselves. */
export function nextProduct(state: ProductState, act: ProductAct): ProductState | null {
  switch (act) {
    case 'edit':
      return state === 'draft' || state === 'returned' ? 'draft' : null;
    case 'submit':
      return state === 'draft' || state === 'returned' ? 'submitted' : null;
    case 'sign':
      return state === 'submitted' ? 'issued' : null;
    case 'return':
      return state === 'submitted' ? 'returned' : null;
    case 'withdraw':
      return state === 'issued' ? 'withdrawn' : null;
  }
}
export const signerActs: ReadonlySet<ProductAct> = new Set(['sign', 'return', 'withdraw']);

const series: Record<ProductKind, string> = {
  'public-notice': '疾控风提',
  'department-notice': '疾控预通',
  'decision-advice': '疾控决建',
};
/** 发文字号: series, year in brackets, number in the year. */
export const numberOf = (kind: ProductKind, year: number, n: number): string => `${series[kind]}〔${year}〕${n}号`;
