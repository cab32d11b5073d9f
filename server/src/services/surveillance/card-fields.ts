import type { CardField } from '@hutong/contract/surveillance.ts';
import type { CaseClass } from './model.ts';

type Json = Record<string, unknown>;
export type CardFacts = {
  name: string | null;
  number: string | null;
  sex: string | null;
  birthDate: string | null;
  phone: string | null;
  address: string | null;
  area: { code: string; zh: string };
  deceased: string | null;
  patients: Json[];
  doctor: string | null;
  institution: string;
  homeArea: string | null;
  institutionArea: string;
  onset: string | null;
  at: number;
  caseClass: CaseClass;
  disease: { zh: string; en: string };
  isUnder14: boolean;
};

const list = (value: unknown): Json[] => (Array.isArray(value) ? (value as Json[]) : []);
const firstText = (concept: unknown): string | null => {
  const { text, coding } = (concept ?? {}) as { text?: string; coding?: { display?: string }[] };
  return text ?? coding?.[0]?.display ?? null;
};
const local = (at: number): string => new Date(at + 8 * 3_600_000).toISOString().slice(0, 16).replace('T', ' ');
const classWords: Record<CaseClass, string> = {
  suspected: '疑似病例',
  clinical: '临床诊断病例',
  confirmed: '确诊病例',
  'positive-test': '阳性检测',
  none: '',
};
const sexWords: Record<string, string> = { male: '男', female: '女' };

/** 病人属于: where the resident lives against where the reporting unit stands, by the first digits of the area code (GB/T 2260). */
function belongsTo(home: string | null, unit: string): string | null {
  if (!home) return null;
  if (home === unit) return '本县区';
  if (home.slice(0, 4) === unit.slice(0, 4) || (home.slice(0, 2) === unit.slice(0, 2) && /^(11|12|31|50)/.test(home)))
    return '本市其他县区';
  return home.slice(0, 2) === unit.slice(0, 2) ? '本省其他地市' : '其他省';
}

/**
 * The report card of the 2026 norm, filled as far as the record knows; `given` is what the doctor filled in or corrected. Required ones that are
 * empty are for the doctor: nothing is guessed.
 */
export function cardFields(facts: CardFacts, given: Record<string, string>): CardField[] {
  const contact = facts.patients.flatMap(({ contact: contacts }) => list(contacts))[0];
  const guardian =
    (contact?.name as { text?: string; family?: string } | undefined)?.text ??
    (contact?.name as { family?: string } | undefined)?.family ??
    null;
  const extension = (end: string): string | null => {
    const found = facts.patients
      .flatMap((patient) => list(patient.extension))
      .find(({ url }) => String(url).endsWith(end));
    return found ? ((found.valueString as string | undefined) ?? firstText(found.valueCodeableConcept)) : null;
  };
  const rows: [key: string, zh: string, en: string, value: string | null, required: boolean][] = [
    ['name', '患者姓名', 'Name', facts.name, true],
    ['guardian', '患儿家长姓名', 'Parent’s name (under 14)', guardian, facts.isUnder14],
    ['number', '有效证件号', 'Identity number', facts.number, true],
    ['sex', '性别', 'Sex', facts.sex && (sexWords[facts.sex] ?? facts.sex), true],
    ['birthDate', '出生日期', 'Date of birth', facts.birthDate, true],
    ['workplace', '工作单位（学校、班级）', 'Workplace, or school and class', extension('workplace'), true],
    ['phone', '联系电话', 'Telephone', facts.phone, true],
    ['belongsTo', '病人属于', 'Belongs to', belongsTo(facts.homeArea, facts.institutionArea), true],
    ['address', '现住址', 'Present address', facts.address, true],
    [
      'area',
      '现住址区县',
      'District of the address',
      facts.homeArea ? `${facts.area.zh}（${facts.area.code}）` : null,
      true,
    ],
    ['occupation', '人群分类', 'Occupation', extension('occupation'), true],
    ['caseClass', '病例分类', 'Case class', classWords[facts.caseClass] || null, true],
    ['acuteness', '急性/慢性（乙肝、血吸虫病等）', 'Acute or chronic (hepatitis B, schistosomiasis)', null, false],
    ['onset', '发病日期', 'Onset', facts.onset, true],
    ['diagnosedAt', '诊断时间', 'Diagnosed at', local(facts.at), true],
    ['deceased', '死亡日期', 'Date of death', facts.deceased, false],
    ['disease', '疾病名称', 'Disease', facts.disease.zh, true],
    ['unit', '报告单位', 'Reporting unit', facts.institution, true],
    ['doctor', '填卡医生', 'Reporting doctor', facts.doctor, true],
    ['notes', '备注', 'Notes', null, false],
  ];
  return rows.map(([key, zh, en, value, required]) => ({
    key,
    zh,
    en,
    required,
    value: given[key] ?? value,
    from: given[key] !== undefined ? 'doctor' : value !== null && value !== '' ? 'record' : 'nobody',
  }));
}
