import type { BorderIssue } from '../fact.ts';

type Rule = Pick<BorderIssue, 'severity' | 'zh' | 'en'>;

/** Sentences of this room; `{0}` is a word of the format itself. What makes XML unreadable is said in the words of the shared documents. */
export const rules = {
  'registration.interaction-unknown': {
    severity: 'error',
    zh: '根元素不是居民注册服务的交互（{0}）',
    en: 'The root element is no interaction of the registration service ({0})',
  },
  'registration.namespace': {
    severity: 'warning',
    zh: '根元素不在命名空间 urn:hl7-org:v3 中',
    en: 'The root element is not in the namespace urn:hl7-org:v3',
  },
  'registration.required': { severity: 'error', zh: '缺少必需内容：{0}', en: 'Required content is missing: {0}' },
  'registration.person-missing': {
    severity: 'error',
    zh: '没有居民标识：patient/id 与身份证号均缺失',
    en: 'Nobody is named: neither patient/id nor a resident number',
  },
  'registration.merge-with-self': {
    severity: 'error',
    zh: '不能把登记与其自身合并',
    en: 'A registration cannot be merged with itself',
  },
  'registration.resident-number': {
    severity: 'warning',
    zh: '居民身份号码无效，作为未核实标识保留',
    en: 'The resident number is not valid; it was kept as an unverified identifier',
  },
  'registration.bad-time': {
    severity: 'warning',
    zh: '日期或时间格式无效，未采用',
    en: 'A date or time is not valid and was not taken',
  },
  'registration.birth-date-future': {
    severity: 'error',
    zh: '出生日期晚于收到日期',
    en: 'The birth date lies in the future',
  },
  'registration.time-in-future': {
    severity: 'warning',
    zh: '消息时间晚于收到时间一天以上，按收到时间排序',
    en: 'The creationTime lies more than a day in the future; the time of receipt orders it',
  },
  'registration.unknown-code': {
    severity: 'warning',
    zh: '代码不在值域 {0} 中',
    en: 'The code is not in value set {0}',
  },
  'registration.query-insufficient': {
    severity: 'error',
    zh: '查询条件不足以识别一个人',
    en: 'What is asked does not suffice to recognise a person',
  },
  'registration.identifier-unknown': {
    severity: 'error',
    zh: '没有这个标识，或查询方无权知道',
    en: 'The identifier is not known, or not to the sender',
  },
} as const satisfies Record<string, Rule>;

export type RuleId = keyof typeof rules;

export function issue(rule: RuleId, path: string, detail = ''): BorderIssue {
  const { severity, zh, en } = rules[rule];
  const safe = detail.replace(/[^\w.\-/@ ]/g, '').slice(0, 60);
  return { severity, rule, path, zh: zh.replace('{0}', safe), en: en.replace('{0}', safe) };
}
