import type { IdentityWords, LinkRule, PairReason } from '@hutong/contract/identity.ts';

export const ruleSentences: Readonly<Record<LinkRule, IdentityWords>> = {
  'resident-number': { zh: '居民身份证号一致', en: 'Same valid resident number' },
  'local-id': { zh: '仅本机构编号', en: 'Known by the institution’s own number only' },
  'merged-by-institution': { zh: '机构已合并', en: 'Merged by the institution' },
  probabilistic: { zh: '概率匹配', en: 'Linked by probability' },
  'linked-by-person': { zh: '人工合并', en: 'Linked by a person' },
  'separated-by-person': { zh: '人工判为不同的人', en: 'Held apart by a person' },
  'number-contradicts-birth-date': { zh: '证件号与出生日期矛盾', en: 'The number contradicts the birth date' },
  'number-contradicts-sex': { zh: '证件号与性别矛盾', en: 'The number contradicts the sex' },
  'number-contradicts-name': { zh: '同一证件号，姓名矛盾', en: 'One number, contradicting names' },
  'number-overused': { zh: '该证件号被大量登记使用', en: 'The number stands in too many registrations' },
};

export const pairReasons: Readonly<Record<PairReason, IdentityWords>> = {
  score: { zh: '证据尚不足以自动合并', en: 'Likely, but not enough to link without a person' },
  'number-contradicts-name': { zh: '证件号相同，姓名矛盾', en: 'Same number, contradicting names' },
  'number-contradicts-sex': { zh: '证件号相同，性别矛盾', en: 'Same number, contradicting sex' },
  'number-contradicts-birth-date': { zh: '证件号相同，出生日期矛盾', en: 'Same number, contradicting birth date' },
  'same-birth-other-name': { zh: '新生儿未起名，其余相符', en: 'A newborn without a name; the rest fits' },
  'two-residents-fit': { zh: '与两位居民都相符', en: 'Fits two residents' },
};

/** Reasons that staff may give, for each decision. */
export const decisionReasons: readonly ({ code: string; for: 'link' | 'separate' | 'unsure' } & IdentityWords)[] = [
  { code: 'documents-seen', for: 'link', zh: '已核对证件', en: 'Documents were seen' },
  { code: 'confirmed-by-resident', for: 'link', zh: '本人或家属确认', en: 'The resident or the family confirmed it' },
  { code: 'confirmed-by-institution', for: 'link', zh: '登记机构确认', en: 'The registering institution confirmed it' },
  { code: 'typing-error', for: 'link', zh: '登记笔误', en: 'A slip at registration' },
  { code: 'named-newborn', for: 'link', zh: '新生儿已起名', en: 'The newborn has been named' },
  { code: 'twins', for: 'separate', zh: '双胞胎或多胞胎', en: 'Twins or a multiple birth' },
  { code: 'family', for: 'separate', zh: '同户家属', en: 'Members of one household' },
  { code: 'number-of-relative', for: 'separate', zh: '误用了家属的证件号', en: 'A relative’s number was used' },
  { code: 'different-person', for: 'separate', zh: '核实为不同的人', en: 'Checked: two people' },
  { code: 'needs-documents', for: 'unsure', zh: '需要核对证件', en: 'Documents must be seen' },
  {
    code: 'asked-institution',
    for: 'unsure',
    zh: '已请登记机构核实',
    en: 'The registering institution has been asked',
  },
];

/** Reasons of acts outside the queue: any of the above, and these. */
const actReasons: Readonly<Record<string, IdentityWords>> = {
  'wrong-decision': { zh: '原决定有误', en: 'The decision was wrong' },
  'no-longer-fits': { zh: '更正后不再相符', en: 'No longer fits after a correction' },
  other: { zh: '其他（见备注）', en: 'Other (see the note)' },
};

export const reasonWords = (code: string): IdentityWords | null => {
  const found = decisionReasons.find((reason) => reason.code === code);
  if (found) return { zh: found.zh, en: found.en };
  return Object.hasOwn(actReasons, code) ? (actReasons[code] as IdentityWords) : null;
};
