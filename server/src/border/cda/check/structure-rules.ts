import type { BorderIssue } from '../../fact.ts';
import { roots } from '../systems.ts';

/** What must be there. `value: ''` means anything that is no filler. */
export type Need =
  | { element: string; attribute?: string; value?: string }
  | { number: readonly string[] }
  | { section: string; word: string }
  | { statement: readonly string[] }
  /** At least one examined or measured item, in any of the styles that are read. */
  | { items: true }
  | { sections: true };

export type StructureRule = Pick<BorderIssue, 'severity' | 'rule' | 'zh' | 'en'> & {
  kinds?: readonly string[];
  need: Need;
};

const warn = 'warning' as const;
const error = 'error' as const;

/**
 * Structure of WS/T 500-2016 as rules: an error is what makes a fact impossible to name or to correct later, everything else
 * the standard requires is a warning, because an institution's record must not wait for a missing label.
 */
export const structureRules: readonly StructureRule[] = [
  {
    rule: 'cda.document-id',
    severity: error,
    need: { element: 'id', attribute: 'extension' },
    zh: '缺少文档流水号',
    en: 'The document id is missing',
  },
  {
    rule: 'cda.body',
    severity: error,
    need: { sections: true },
    zh: '文档体没有任何章节',
    en: 'The body has no section',
  },
  {
    rule: 'cda.effective-time',
    severity: warn,
    need: { element: 'effectiveTime', attribute: 'value' },
    zh: '缺少文档生成时间，按收到时间排序',
    en: 'The effectiveTime is missing; the time of receipt orders the document',
  },
  {
    rule: 'cda.realm',
    severity: warn,
    need: { element: 'realmCode', attribute: 'code', value: 'CN' },
    zh: 'realmCode 应为 CN',
    en: 'realmCode should be CN',
  },
  {
    rule: 'cda.type-id',
    severity: warn,
    need: { element: 'typeId', attribute: 'extension', value: 'POCD_MT000040' },
    zh: 'typeId 应为 POCD_MT000040',
    en: 'typeId should be POCD_MT000040',
  },
  {
    rule: 'cda.template-id',
    severity: warn,
    need: { element: 'templateId', attribute: 'root' },
    zh: '缺少 templateId',
    en: 'templateId is missing',
  },
  {
    rule: 'cda.language',
    severity: warn,
    need: { element: 'languageCode', attribute: 'code' },
    zh: '缺少语言代码',
    en: 'languageCode is missing',
  },
  {
    rule: 'cda.confidentiality',
    severity: warn,
    need: { element: 'confidentialityCode', attribute: 'code' },
    zh: '缺少保密级别',
    en: 'confidentialityCode is missing',
  },
  {
    rule: 'cda.patient-identity',
    severity: warn,
    need: { number: [roots.resident] },
    zh: '缺少患者身份证号',
    en: 'The identity number of the patient is missing',
  },
  {
    rule: 'cda.patient-name',
    severity: warn,
    need: { element: 'recordTarget/patientRole/patient/name' },
    zh: '缺少患者姓名',
    en: 'The name of the patient is missing',
  },
  {
    rule: 'cda.patient-sex',
    severity: warn,
    need: { element: 'recordTarget/patientRole/patient/administrativeGenderCode', attribute: 'code' },
    zh: '缺少患者性别代码',
    en: 'The sex code of the patient is missing',
  },
  {
    rule: 'cda.author',
    severity: warn,
    need: { element: 'author/assignedAuthor/assignedPerson/name' },
    zh: '缺少文档创作者姓名',
    en: 'The name of the author is missing',
  },
  {
    rule: 'cda.author-time',
    severity: warn,
    need: { element: 'author/time', attribute: 'value' },
    zh: '缺少文档创作时间',
    en: 'The time of the author is missing',
  },
  {
    rule: 'cda.custodian',
    severity: warn,
    need: { element: 'custodian/assignedCustodian/representedCustodianOrganization/id', attribute: 'extension' },
    zh: '缺少保管机构代码',
    en: 'The code of the custodian is missing',
  },

  {
    rule: 'cda.c0002.outpatient-number',
    kinds: ['C0002'],
    severity: warn,
    need: { number: [roots.outpatient] },
    zh: '缺少门（急）诊号',
    en: 'The outpatient number is missing',
  },
  {
    rule: 'cda.c0002.chief-complaint',
    kinds: ['C0002'],
    severity: warn,
    need: { statement: ['DE04.01.119.00'] },
    zh: '缺少主诉',
    en: 'The chief complaint is missing',
  },
  {
    rule: 'cda.c0002.present-illness',
    kinds: ['C0002'],
    severity: warn,
    need: { section: '10164-2', word: '现病史' },
    zh: '缺少现病史章节',
    en: 'The section on the present illness is missing',
  },
  {
    rule: 'cda.c0002.past-illness',
    kinds: ['C0002'],
    severity: warn,
    need: { section: '11348-0', word: '既往史' },
    zh: '缺少既往史章节',
    en: 'The section on past illness is missing',
  },
  {
    rule: 'cda.c0002.physical-examination',
    kinds: ['C0002'],
    severity: warn,
    need: { section: '29545-1', word: '体格检查' },
    zh: '缺少体格检查章节',
    en: 'The section on the physical examination is missing',
  },
  {
    rule: 'cda.c0002.diagnosis',
    kinds: ['C0002'],
    severity: warn,
    need: { statement: ['DE05.01.024.00', 'DE05.01.025.00', 'DE05.10.130.00', 'DE05.10.172.00'] },
    zh: '缺少诊断',
    en: 'There is no diagnosis',
  },

  {
    rule: 'cda.c0004.prescription-number',
    kinds: ['C0004'],
    severity: error,
    need: { number: [roots.prescription] },
    zh: '缺少处方编号，处方无法更正',
    en: 'The prescription number is missing: the prescription could not be corrected',
  },
  {
    rule: 'cda.c0004.medicines',
    kinds: ['C0004'],
    severity: warn,
    need: { section: '10160-0', word: '用药' },
    zh: '缺少用药章节',
    en: 'The section on medicines is missing',
  },
  {
    rule: 'cda.c0004.diagnosis',
    kinds: ['C0004'],
    severity: warn,
    need: { statement: ['DE05.01.024.00'] },
    zh: '缺少诊断代码',
    en: 'The diagnosis code is missing',
  },

  {
    rule: 'cda.c0006.report-number',
    kinds: ['C0006'],
    severity: error,
    need: { number: [roots.examinationReport] },
    zh: '缺少检查报告单号，报告无法更正',
    en: 'The report number is missing: the report could not be corrected',
  },
  {
    rule: 'cda.c0006.item',
    kinds: ['C0006'],
    severity: warn,
    need: { items: true },
    zh: '缺少检查项目代码',
    en: 'The code of the examination is missing',
  },
  {
    rule: 'cda.c0006.result',
    kinds: ['C0006'],
    severity: warn,
    need: { statement: ['DE04.50.131.00', 'DE04.50.132.00'] },
    zh: '缺少检查报告结果（客观所见、主观提示）',
    en: 'Findings and impression are missing',
  },

  {
    rule: 'cda.c0007.report-number',
    kinds: ['C0007'],
    severity: error,
    need: { number: [roots.laboratoryReport] },
    zh: '缺少检验报告单号，报告无法更正',
    en: 'The report number is missing: the report could not be corrected',
  },
  {
    rule: 'cda.c0007.items',
    kinds: ['C0007'],
    severity: warn,
    need: { items: true },
    zh: '没有检验项目',
    en: 'There is no laboratory item',
  },
  {
    rule: 'cda.c0007.results',
    kinds: ['C0007'],
    severity: warn,
    need: { statement: ['DE04.30.015.00', 'DE04.30.017.00', 'DE04.50.130.00'] },
    zh: '没有任何检验结果',
    en: 'There is no result',
  },
  {
    rule: 'cda.c0007.specimen',
    kinds: ['C0007'],
    severity: warn,
    need: { statement: ['DE04.50.134.00'] },
    zh: '缺少标本类别',
    en: 'The type of specimen is missing',
  },
];
