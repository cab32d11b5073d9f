import type { BorderIssue } from '../fact.ts';

type Rule = Pick<BorderIssue, 'severity' | 'zh' | 'en'>;

/** Sentences of this room that do not depend on the kind of document; `{0}` is a code, a number or a word of XML itself. */
export const rules = {
  'cda.charset': {
    severity: 'error',
    zh: '字节与字符集 {0} 不符，无法读出文字',
    en: 'The bytes are not valid in the character set {0}',
  },
  'cda.charset-unknown': {
    severity: 'error',
    zh: 'XML 声明的字符集不受支持',
    en: 'The character set of the XML declaration is not supported',
  },
  'cda.doctype-refused': {
    severity: 'error',
    zh: '文档含有 DOCTYPE，为防实体攻击一律拒收',
    en: 'The document has a DOCTYPE; all are refused because entities can be used for attacks',
  },
  'cda.entity-refused': {
    severity: 'error',
    zh: '文档引用了 XML 预定义之外的实体',
    en: 'The document refers to an entity that XML does not predefine',
  },
  'cda.not-well-formed': {
    severity: 'error',
    zh: '不是格式良好的 XML（{0}）',
    en: 'This is not well-formed XML ({0})',
  },
  'cda.limit-exceeded': {
    severity: 'error',
    zh: '文档超出处理上限（{0}）',
    en: 'The document is beyond a processing limit ({0})',
  },
  'cda.not-a-document': {
    severity: 'error',
    zh: '根元素不是 ClinicalDocument',
    en: 'The root element is not ClinicalDocument',
  },
  'cda.namespace': {
    severity: 'warning',
    zh: '根元素不在命名空间 urn:hl7-org:v3 中',
    en: 'The root element is not in the namespace urn:hl7-org:v3',
  },
  'cda.kind-unknown': {
    severity: 'error',
    zh: '无法识别文档类型，code 与 templateId 均不是 WS/T 500 或 WS/T 483 的文档',
    en: 'The kind of document cannot be told: neither code nor templateId is of WS/T 500 or WS/T 483',
  },
  'cda.kind-mismatch': {
    severity: 'warning',
    zh: 'templateId 与文档类型 {0} 不符',
    en: 'The templateId does not belong to document kind {0}',
  },
  'cda.kind-not-mapped': {
    severity: 'warning',
    zh: '文档类型 {0} 只保存原文和目录，条目尚未转换',
    en: 'Of document kind {0} only the text and its index entry were taken; entries are not translated yet',
  },
  'cda.person-missing': {
    severity: 'error',
    zh: '没有可用的患者编号（门急诊号、住院号、健康卡号、健康档案号、身份证号）',
    en: 'There is no usable patient number (outpatient, inpatient, health card, health record or identity number)',
  },
  'cda.resident-number': {
    severity: 'warning',
    zh: '居民身份号码无效，作为未核实标识保留',
    en: 'The resident number is not valid; it was kept as an unverified identifier',
  },
  'cda.birth-date-future': { severity: 'error', zh: '出生日期晚于收到日期', en: 'The birth date lies in the future' },
  'cda.bad-time': {
    severity: 'warning',
    zh: '日期或时间格式无效，未采用',
    en: 'A date or time is not valid and was not taken',
  },
  'cda.time-in-future': {
    severity: 'warning',
    zh: '文档生成时间晚于收到时间一天以上，按收到时间排序',
    en: 'The effectiveTime lies more than a day in the future; the time of receipt orders it',
  },
  'cda.bad-number': {
    severity: 'warning',
    zh: '定量结果无法读作数字，按文字保留',
    en: 'A quantitative result cannot be read as a number; it was kept as text',
  },
  'cda.unknown-unit': {
    severity: 'warning',
    zh: '计量单位不是 UCUM 单位，按原文保留',
    en: 'A unit is not one of UCUM; it was kept as written',
  },
  'cda.unknown-code': { severity: 'warning', zh: '代码不在值域 {0} 中', en: 'The code is not in value set {0}' },
  'cda.institution-mismatch': {
    severity: 'warning',
    zh: '文档保管机构与发送机构不是同一代码',
    en: 'The custodian of the document is not the institution that sent it',
  },
} as const satisfies Record<string, Rule>;

export type RuleId = keyof typeof rules;

/** `detail` is cut to code characters, so that no text of a person slips into a sentence. */
export function issue(rule: RuleId, path: string, detail = ''): BorderIssue {
  const { severity, zh, en } = rules[rule];
  const safe = detail.replace(/[^\w.\-/ ]/g, '').slice(0, 60);
  return { severity, rule, path, zh: zh.replace('{0}', safe), en: en.replace('{0}', safe) };
}
