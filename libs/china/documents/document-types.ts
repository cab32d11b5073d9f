/** What kind of paper a number stands on; our own stable words, one per family of numbers. */
export type DocumentType =
  | 'resident-id'
  | 'household-book'
  | 'passport'
  | 'officer-card'
  | 'driving-licence'
  | 'hm-travel-permit'
  | 'tw-travel-permit'
  | 'hmt-residence-permit'
  | 'foreign-permanent-id'
  | 'birth-certificate'
  | 'health-record'
  | 'other';

/** Who wrote the type code: the same two digits mean different papers in different interfaces. */
export type DocumentCodeSource = 'CV02.01.101' | 'qinghai-ecard';

const NATIONAL: Readonly<Record<string, DocumentType>> = {
  '01': 'resident-id',
  '02': 'household-book',
  '03': 'passport',
  '04': 'officer-card',
  '05': 'driving-licence',
  '06': 'hm-travel-permit',
  '07': 'tw-travel-permit',
  '99': 'other',
};

/**
 * Type codes by source. CV02.01.101 is the value domain of WS 364.3 that the national e-health card uses; the Qinghai
 * card centre (interface V1.10) adds 08 for birth certificates and still registers newborns under 99.
 */
export const DOCUMENT_CODES: Readonly<Record<DocumentCodeSource, Readonly<Record<string, DocumentType>>>> = {
  'CV02.01.101': NATIONAL,
  'qinghai-ecard': { ...NATIONAL, '08': 'birth-certificate' },
};

/** Names for screens. */
export const DOCUMENT_NAMES: Readonly<Record<DocumentType, { zh: string; en: string }>> = {
  'resident-id': { zh: '居民身份证', en: 'Resident identity card' },
  'household-book': { zh: '居民户口簿', en: 'Household register' },
  passport: { zh: '护照', en: 'Passport' },
  'officer-card': { zh: '军官证', en: 'Military officer card' },
  'driving-licence': { zh: '驾驶证', en: 'Driving licence' },
  'hm-travel-permit': { zh: '港澳居民来往内地通行证', en: 'Mainland travel permit (Hong Kong, Macao)' },
  'tw-travel-permit': { zh: '台湾居民来往大陆通行证', en: 'Mainland travel permit (Taiwan)' },
  'hmt-residence-permit': { zh: '港澳台居民居住证', en: 'Residence permit (Hong Kong, Macao, Taiwan)' },
  'foreign-permanent-id': { zh: '外国人永久居留身份证', en: 'Foreign permanent resident ID card' },
  'birth-certificate': { zh: '出生医学证明', en: 'Birth certificate' },
  'health-record': { zh: '居民健康档案编号', en: 'Resident health record number' },
  other: { zh: '其他法定有效证件', en: 'Other valid document' },
};
