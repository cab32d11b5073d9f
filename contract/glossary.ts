/** One word per idea. `en` is the identifier everywhere in the code; `never` are words that mean the same and are not used. */
export type Term = { en: string; zh: string; means: string; never?: string[] };

export const glossary: Term[] = [
  {
    en: 'resident',
    zh: '居民',
    means: 'A person whose record this is, known by one index over all institutions',
    never: ['patient (outside FHIR and HL7 v2)', 'client', 'person'],
  },
  {
    en: 'source identity',
    zh: '来源身份',
    means: 'A resident as one institution knows them: its own number; points to the resident',
  },
  {
    en: 'pair',
    zh: '疑似重复',
    means: 'Two source identities that may be one person and wait for somebody to decide',
  },
  {
    en: 'act',
    zh: '身份决定',
    means: 'A decision about who is who: link, separate, merge, split, unlink; kept for ever and undone at any time',
  },
  {
    en: 'institution',
    zh: '医疗卫生机构',
    means: 'A hospital, health centre, laboratory or CDC that sends or reads',
    never: ['organisation (outside FHIR)', 'tenant'],
  },
  {
    en: 'area',
    zh: '行政区划',
    means: 'A district, county or township by its GB/T 2260 code',
    never: ['region', 'zone'],
  },
  { en: 'record', zh: '健康档案', means: 'Everything known about one resident, as FHIR R4 resources' },
  { en: 'fact', zh: '临床事实', means: 'One resource with a business key, before it is stored' },
  { en: 'message', zh: '消息', means: 'What an institution sent, byte for byte' },
  {
    en: 'held',
    zh: '待处理',
    means: 'A message that is kept and acknowledged with an error, and can be repaired and replayed',
  },
  { en: 'signal', zh: '信号', means: 'A statistical finding; nobody has looked at it yet' },
  { en: 'alert', zh: '预警', means: 'A signal that a human must answer' },
  { en: 'emergency', zh: '突发公共卫生事件', means: 'A public-health emergency' },
  { en: 'event', zh: '事件', means: 'Something that happened in the platform, in the feed', never: ['emergency'] },
  {
    en: 'ground',
    zh: '查看依据',
    means: 'Why somebody may open a record: care relationship, public health, break-glass',
  },
  { en: 'care event', zh: '服务活动', means: 'One visit, result, prescription … on the resident’s time-line' },
];
