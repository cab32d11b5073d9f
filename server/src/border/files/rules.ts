import type { BorderIssue } from '../fact.ts';

/** Every sentence this room can say about a file or a row; `{0}` is a number or a name from the mapping, never a cell. */
export const rules = {
  'files.charset': {
    severity: 'error',
    zh: '字节既不是 UTF-8 也不是 GB18030，此处之后无法读取',
    en: 'The bytes are neither UTF-8 nor GB18030; nothing behind this place can be read',
  },
  'files.record-too-long': {
    severity: 'error',
    zh: '一条记录超过 {0} 个字符，可能引号未闭合',
    en: 'A record is longer than {0} characters; a quote may not be closed',
  },
  'files.too-many-broken': {
    severity: 'error',
    zh: '损坏的记录过多，停止读取',
    en: 'Too many records are broken; reading stopped',
  },
  'files.quote': { severity: 'error', zh: '引号位置不符合 RFC 4180', en: 'A quote stands where RFC 4180 allows none' },
  'files.quote-open': {
    severity: 'error',
    zh: '引号在文件结束前没有闭合',
    en: 'A quote is still open at the end of the file',
  },
  'files.column-count': {
    severity: 'error',
    zh: '列数与标题行不符',
    en: 'The number of columns differs from the header',
  },
  'files.header': {
    severity: 'error',
    zh: '标题行为空或有重复的列名',
    en: 'The header is empty or names a column twice',
  },
  'files.column-missing': {
    severity: 'error',
    zh: '文件缺少映射所需的列 {0}',
    en: 'The file lacks column {0}, which the mapping needs',
  },
  'files.required': { severity: 'error', zh: '列 {0} 为空', en: 'Column {0} is empty' },
  'files.bad-date': {
    severity: 'error',
    zh: '列 {0} 的日期或时间不符合映射给出的格式',
    en: 'The date or time in column {0} has none of the formats of the mapping',
  },
  'files.bad-number': { severity: 'error', zh: '列 {0} 不是数字', en: 'Column {0} is not a number' },
  'files.unknown-code': {
    severity: 'warning',
    zh: '列 {0} 的取值不在映射的代码表中，未采用',
    en: 'The value of column {0} is not in the code table of the mapping and was not taken',
  },
  'files.unknown-unit': {
    severity: 'warning',
    zh: '列 {0} 的计量单位不是 UCUM 单位，按原文保留',
    en: 'The unit in column {0} is not one of UCUM; it was kept as written',
  },
  'files.resident-number': {
    severity: 'warning',
    zh: '列 {0} 的居民身份号码无效，作为未核实标识保留',
    en: 'The resident number in column {0} is not valid; it was kept as an unverified identifier',
  },
  'files.birth-date-future': {
    severity: 'error',
    zh: '列 {0} 的出生日期晚于收到日期',
    en: 'The birth date in column {0} lies in the future',
  },
  'files.time-in-future': {
    severity: 'warning',
    zh: '列 {0} 的时间晚于收到时间一天以上，按收到时间排序',
    en: 'The time in column {0} lies more than a day in the future; the time of receipt orders the row',
  },
  'files.mapping': { severity: 'error', zh: '映射文件无效：{0}', en: 'The mapping is not valid: {0}' },
} as const satisfies Record<string, Pick<BorderIssue, 'severity' | 'zh' | 'en'>>;

export type RuleId = keyof typeof rules;

export function issue(rule: RuleId, path: string, detail = ''): BorderIssue {
  const { severity, zh, en } = rules[rule];
  return { severity, rule, path, zh: zh.replace('{0}', detail), en: en.replace('{0}', detail) };
}
