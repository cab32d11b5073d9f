import { systems } from '@hutong/contract/systems.ts';
import type { Resource } from '../../fact.ts';
import { kindOf } from '../kinds.ts';
import { writeTime } from '../read/time.ts';
import { oids } from '../systems.ts';
import { Bag } from './bag.ts';
import { headerNodes } from './header.ts';
import { cluster, section } from './statement.ts';
import { type Node, node, render } from './xml.ts';

/** A code with its Chinese name; `system` an OID where the list has one. */
export type ReportCode = { code: string; zh: string; system?: string };
/** One statement of an annex card: what is asked, and the answer as text or codes. */
export type ReportAnswer = { label: string; value: string; codes?: ReportCode[] };

/** An infectious-disease report card as plain values. Days are `YYYY-MM-DD`, times ISO 8601; null is "not known" and leaves the element out. */
export type CaseReport = {
  /** Number of this version of the document; `setId` is the same for all versions, `version` counts from 1, `replaces` is the version before. */
  id: string;
  setId: string;
  version: number;
  replaces: string | null;
  time: string;
  institution: { code: string; name: string };
  doctor: string | null;
  resident: {
    /** The reporting institution's own number of the resident (门诊号). */
    localId: string | null;
    name: string | null;
    guardian: string | null;
    number: string | null;
    documentKind: ReportCode | null;
    sex: string;
    birthDate: string | null;
    age: string | null;
    phone: string | null;
    address: string | null;
    area: string | null;
    workplace: string | null;
    occupation: ReportCode | null;
    belongsTo: ReportCode | null;
  };
  kind: 'initial' | 'correction';
  disease: ReportCode;
  diseaseClass: ReportCode | null;
  subtype: ReportCode | null;
  caseClass: ReportCode | null;
  acuteness: ReportCode | null;
  onset: string | null;
  diagnosedAt: string | null;
  deceased: string | null;
  formerName: string | null;
  returnReason: string | null;
  filledAt: string | null;
  notes: string | null;
  annexes: { title: string; answers: ReportAnswer[] }[];
};

type Shown = string | ReportCode | null;

/**
 * One statement of the report. The data-element numbers are those that the platform's reference data confirms; the others are named as WS/T 483 names
 * them and carry no number rather than a wrong one.
 */
function statement(label: string, shown: Shown, kind: 'text' | 'time' = 'text', number = ''): Node[] {
  if (shown === null || shown === '') return [];
  const code = node(
    'code',
    number === ''
      ? { displayName: label }
      : { code: number, codeSystem: oids.dataElements, codeSystemName: '卫生信息数据元目录', displayName: label },
  );
  const value =
    typeof shown === 'string'
      ? kind === 'time'
        ? node('value', { 'xsi:type': 'TS', value: writeTime(shown) })
        : node('value', { 'xsi:type': 'ST' }, shown)
      : node('value', {
          'xsi:type': 'CD',
          code: shown.code,
          codeSystem: shown.system,
          displayName: shown.zh,
        });
  return [node('observation', { classCode: 'OBS', moodCode: 'EVN' }, code, value)];
}
const entries = (observations: Node[]): Node[] => observations.map((one) => node('entry', {}, one));

function resources(report: CaseReport): Resource[] {
  const { resident } = report;
  const extension = [
    ...(resident.occupation
      ? [
          {
            url: 'urn:hutong:extension:occupation',
            valueCoding: { code: resident.occupation.code, display: resident.occupation.zh },
          },
        ]
      : []),
    ...(resident.workplace ? [{ url: 'urn:hutong:extension:workplace', valueString: resident.workplace }] : []),
  ];
  return [
    {
      resourceType: 'Patient',
      id: 'resident',
      identifier: [
        ...(resident.number ? [{ system: systems.residentNumber, value: resident.number }] : []),
        ...(resident.localId ? [{ system: systems.outpatientNumber, value: resident.localId }] : []),
      ],
      ...(resident.name && { name: [{ text: resident.name }] }),
      gender: resident.sex,
      ...(resident.birthDate && { birthDate: resident.birthDate }),
      ...(resident.phone && { telecom: [{ value: resident.phone }] }),
      ...(resident.address && { address: [{ text: resident.address }] }),
      ...(extension.length > 0 && { extension }),
    },
    {
      resourceType: 'Composition',
      id: 'report',
      title: '传染病报告',
      ...(report.doctor && { author: [{ display: report.doctor }] }),
      ...(report.replaces && { relatesTo: [{ code: 'replaces', targetIdentifier: { value: report.replaces } }] }),
    },
  ];
}

/** The shared document HSDB03.02 (传染病报告, WS/T 483-2016) of one version of a report card, UTF-8. What is not known is left out. */
export function writeCaseReport(report: CaseReport): string {
  const kind = kindOf('HSDB03.02');
  if (!kind) throw new Error('HSDB03.02 is not in the terminology data');
  const { resident } = report;
  const sections = [
    section(
      '',
      '报告',
      entries([
        ...statement(
          '报卡类别代码',
          report.kind === 'initial' ? { code: '1', zh: '初次报告' } : { code: '2', zh: '订正报告' },
        ),
        ...statement('卡片编号', report.setId),
        ...statement('报告医师姓名', report.doctor),
        ...statement('填报单位名称', report.institution.name),
        ...statement('填报日期', report.filledAt, 'time'),
        ...statement('退卡原因', report.returnReason),
        ...statement('备注', report.notes),
      ]),
    ),
    section(
      '',
      '患者',
      entries([
        ...statement('患儿家长姓名', resident.guardian),
        ...statement('证件类别代码', resident.documentKind),
        ...statement('年龄', resident.age),
        ...statement('传染病患者归属代码', resident.belongsTo),
        ...statement('行政区划代码', resident.area),
        ...statement('传染病患者职业代码', resident.occupation),
      ]),
    ),
    section(
      '29548-5',
      '诊断',
      entries([
        ...statement('传染病类别代码', report.diseaseClass),
        ...statement('传染病名称代码', report.disease),
        ...statement('传染病分型代码', report.subtype),
        ...statement('诊断状态代码', report.caseClass),
        ...statement('传染病发病类别代码', report.acuteness),
        ...statement('首次出现症状日期', report.onset, 'time'),
        ...statement('诊断日期', report.diagnosedAt, 'time', 'DE05.01.058.00'),
        ...statement('死亡日期时间', report.deceased, 'time', 'DE02.01.036.00'),
        ...statement('订正病名', report.formerName),
      ]),
    ),
    ...report.annexes.map(({ title, answers }) =>
      section('', title, [
        cluster(
          answers.flatMap(({ label, value, codes }) =>
            codes ? codes.flatMap((code) => statement(label, code)) : statement(label, value),
          ),
        ),
      ]),
    ),
  ];
  const bag = new Bag(resources(report));
  const document = node(
    'ClinicalDocument',
    { xmlns: 'urn:hl7-org:v3', 'xmlns:xsi': 'http://www.w3.org/2001/XMLSchema-instance' },
    headerNodes(
      kind,
      {
        id: report.id,
        setId: report.setId,
        version: report.version,
        time: report.time,
        institution: report.institution,
        resources: [],
      },
      bag,
    ),
    node('component', {}, node('structuredBody', {}, sections)),
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n${render(document)}\n`;
}
