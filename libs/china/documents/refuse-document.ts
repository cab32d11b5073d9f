import type { Refused } from '../parsed.ts';
import type { ResidentNumberReason } from '../resident-number.ts';
import { DOCUMENT_NAMES, type DocumentType } from './document-types.ts';
import type { DocumentReason } from './document-value.ts';

/** How each number looks, so that a refusal tells the counter what is expected. */
const FORMATS: Readonly<Partial<Record<DocumentType, readonly [zh: string, en: string]>>> = {
  passport: ['5 至 20 位字母或数字，至少一位数字', '5 to 20 letters or digits, at least one digit'],
  'officer-card': ['3 至 24 个字符，至少一位数字', '3 to 24 characters, at least one digit'],
  'driving-licence': ['公民身份号码或 12 位档案编号', 'a resident number or the 12-digit file number'],
  'hm-travel-permit': [
    'H 或 M 加 8 位数字（可再加 2 位换证次数）',
    'H or M and 8 digits (2 more for the count of issues)',
  ],
  'tw-travel-permit': ['8 位数字（可再加 2 位签发次数）', '8 digits (2 more for the count of issues)'],
  'foreign-permanent-id': [
    '以 9 开头的 18 位号码，或 3 位字母加 12 位数字',
    '18 places beginning with 9, or 3 letters and 12 digits',
  ],
  'birth-certificate': ['1 位字母加 9 位数字', 'one letter and 9 digits'],
  'health-record': ['17 位数字', '17 digits'],
  other: ['3 至 40 个字符，至少一位数字', '3 to 40 characters, at least one digit'],
};

type OwnReason = Exclude<DocumentReason, Exclude<ResidentNumberReason, 'empty'>>;

export function refuseDocument(reason: OwnReason, type: DocumentType | null): Refused<DocumentReason> {
  const name = type === null ? { zh: '', en: '' } : DOCUMENT_NAMES[type];
  const format = (type !== null && FORMATS[type]) || ['', ''];
  const texts: Record<OwnReason, readonly [string, string]> = {
    empty: ['未填写证件号码', 'No number was given'],
    format: [`${name.zh}号码格式不符，应为${format[0]}`, `${name.en}: expected ${format[1]}`],
    'sequence-impossible': [`${name.zh}的顺序号为零，从未发放`, `${name.en}: the sequence zero was never issued`],
    'not-this-document': [`该号码不是${name.zh}的号码`, `This is not the number of a ${name.en}`],
    'document-type-unknown': ['证件类型代码未知', 'Unknown document type code'],
  };
  const [zh, en] = texts[reason];
  return { ok: false, reason, zh, en };
}
