import type { BorderIssue } from '../fact.ts';

type Rule = {
  severity: BorderIssue['severity'];
  /** HL7 table 0357, for ERR-3 of the acknowledgement. */
  code: 100 | 101 | 102 | 103 | 200 | 201 | 203 | 204 | 207;
  zh: string;
  en: string;
};

/**
 * Every sentence this room can say, one per rule. `{0}` is a code or a number of the message's own structure; values of
 * a person never go in, so a sentence may be logged and sent back.
 */
export const rules = {
  'hl7v2.charset': {
    severity: 'error',
    code: 102,
    zh: '字节与声明的字符集 {0} 不符，无法读出文字',
    en: 'The bytes are not valid in the declared character set {0}',
  },
  'hl7v2.charset-unknown': {
    severity: 'error',
    code: 103,
    zh: 'MSH-18 声明的字符集不受支持',
    en: 'The character set declared in MSH-18 is not supported',
  },
  'hl7v2.charset-assumed': {
    severity: 'warning',
    code: 103,
    zh: '未声明字符集，按 {0} 读取',
    en: 'No character set was declared; {0} was assumed',
  },
  'hl7v2.not-a-message': {
    severity: 'error',
    code: 100,
    zh: '内容不以 MSH 段开头，不是 HL7 v2 消息',
    en: 'This does not begin with an MSH segment: it is not an HL7 v2 message',
  },
  'hl7v2.delimiters': {
    severity: 'error',
    code: 102,
    zh: 'MSH-1 或 MSH-2 的分隔符无效或重复',
    en: 'The delimiters of MSH-1 and MSH-2 are not valid or not distinct',
  },
  'hl7v2.segment-name': {
    severity: 'error',
    code: 100,
    zh: '第 {0} 行不是有效的段',
    en: 'Line {0} is not a valid segment',
  },
  'hl7v2.limit-exceeded': {
    severity: 'error',
    code: 207,
    zh: '消息超出处理上限（{0}）',
    en: 'The message is beyond a processing limit ({0})',
  },
  'hl7v2.line-break-in-text': {
    severity: 'warning',
    code: 102,
    zh: '文字中含有未转义的换行，已按换行保留',
    en: 'Text holds an unescaped line break; it was kept as a line break',
  },
  'hl7v2.control-characters': {
    severity: 'warning',
    code: 102,
    zh: '文字中含有控制字符，已去除',
    en: 'Text holds control characters; they were removed',
  },
  'hl7v2.batch-count': {
    severity: 'warning',
    code: 102,
    zh: '批次声明的数量与实际不符',
    en: 'The count the batch states differs from what it holds',
  },
  'hl7v2.batch-structure': {
    severity: 'warning',
    code: 100,
    zh: '批次头尾不成对',
    en: 'Batch headers and trailers do not pair up',
  },
  'hl7v2.merge-with-self': {
    severity: 'error',
    code: 207,
    zh: '不能把登记与其自身合并',
    en: 'A registration cannot be merged with itself',
  },
  'hl7v2.required-field-missing': {
    severity: 'error',
    code: 101,
    zh: '必填字段 {0} 为空',
    en: 'The required field {0} is empty',
  },
  'hl7v2.required-segment-missing': {
    severity: 'error',
    code: 100,
    zh: '缺少必需的段 {0}',
    en: 'The required segment {0} is missing',
  },
  'hl7v2.event-not-supported': {
    severity: 'error',
    code: 201,
    zh: '尚不支持消息 {0}；原文已保存，支持后可重放',
    en: 'Message {0} is not supported yet; it is kept and can be replayed',
  },
  'hl7v2.version-not-supported': {
    severity: 'error',
    code: 203,
    zh: '不支持的 HL7 版本',
    en: 'This HL7 version is not supported',
  },
  'hl7v2.version-assumed': {
    severity: 'warning',
    code: 203,
    zh: 'MSH-12 为空或无法识别，按 {0} 读取',
    en: 'MSH-12 is empty or unknown; {0} was assumed',
  },
  'hl7v2.bad-date': {
    severity: 'warning',
    code: 102,
    zh: '日期或时间格式无效，未采用',
    en: 'A date or time is not valid and was not taken',
  },
  'hl7v2.birth-date-future': {
    severity: 'error',
    code: 102,
    zh: '出生日期晚于收到日期',
    en: 'The birth date lies in the future',
  },
  'hl7v2.time-in-future': {
    severity: 'warning',
    code: 102,
    zh: '发送方时间晚于收到时间一天以上，未用于排序',
    en: 'A time of the sender lies more than a day in the future and was not used for ordering',
  },
  'hl7v2.time-missing': {
    severity: 'warning',
    code: 101,
    zh: '消息没有可用的时间，按收到时间排序',
    en: 'The message has no usable time; the time of receipt orders it',
  },
  'hl7v2.resident-number': {
    severity: 'warning',
    code: 102,
    zh: '居民身份号码无效，作为未核实标识保留',
    en: 'The resident number is not valid; it was kept as an unverified identifier',
  },
  'hl7v2.resident-number-disagrees': {
    severity: 'warning',
    code: 102,
    zh: '居民身份号码中的出生日期或性别与本字段不符',
    en: 'The birth date or sex inside the resident number differs from this field',
  },
  'hl7v2.unknown-code': { severity: 'warning', code: 103, zh: '代码不在表 {0} 中', en: 'The code is not in table {0}' },
  'hl7v2.bad-number': {
    severity: 'warning',
    code: 102,
    zh: '数值无法读作数字，按文字保留',
    en: 'A number cannot be read as one; it was kept as text',
  },
  'hl7v2.bad-attachment': {
    severity: 'warning',
    code: 102,
    zh: '附件内容无法解码，未采用',
    en: 'The content of an attachment cannot be decoded and was not taken',
  },
  'hl7v2.attachment-too-large': {
    severity: 'error',
    code: 207,
    zh: '附件超过 {0} 字节的上限',
    en: 'An attachment is larger than the limit of {0} bytes',
  },
  'hl7v2.key-by-content': {
    severity: 'warning',
    code: 204,
    zh: '缺少业务编号，按内容生成键，更正时无法对应原记录',
    en: 'A business number is missing; the key comes from the content, so a correction cannot find this entry',
  },
  'hl7v2.identifier-position': {
    severity: 'warning',
    code: 102,
    zh: 'PID-3 为空，使用 PID-2 的编号',
    en: 'PID-3 is empty; the number in PID-2 was used',
  },
  'hl7v2.partial-support': {
    severity: 'warning',
    code: 201,
    zh: '{0} 只处理了人员和就诊信息，账户部分未处理',
    en: 'Of {0} only the person and the visit were taken, not the account',
  },
  'hl7v2.not-stored': {
    severity: 'error',
    code: 207,
    zh: '平台暂时无法保存消息，请稍后重发',
    en: 'The platform cannot store the message at the moment; send it again later',
  },
} as const satisfies Record<string, Rule>;

export type RuleId = keyof typeof rules;

/** One issue of this room; `detail` fills `{0}` and is cut to code characters, so that no free text slips through. */
export function issue(rule: RuleId, path: string, detail = ''): BorderIssue {
  const { severity, zh, en } = rules[rule];
  const safe = detail.replace(/[^\w^.\-/ ]/g, '').slice(0, 40);
  return { severity, rule, path, zh: zh.replace('{0}', safe), en: en.replace('{0}', safe) };
}

/** Table 0357 code of a rule; 207 (application error) for a rule of another room. */
export function errorCode(rule: string): number {
  return Object.hasOwn(rules, rule) ? rules[rule as RuleId].code : 207;
}
