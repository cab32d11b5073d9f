import type { Planned } from '../messages/message.ts';
import { compactTime } from '../time.ts';
import { diagnosisEntry } from './diagnosis.ts';
import { laboratory } from './laboratory.ts';
import { OID, observe, pq, section, st, tag, x } from './xml.ts';

export function body(message: Planned): string {
  const sections =
    message.kind === 'C0002'
      ? outpatient(message)
      : message.kind === 'C0006'
        ? examination(message)
        : laboratory(message);
  return tag('component', {}, tag('structuredBody', {}, sections.join('\n')));
}

/** C0002: complaint, present illness, vital signs, diagnoses, medicines, plan. */
function outpatient(message: Planned): string[] {
  const { visit } = message;
  const at = compactTime(visit.at);
  const { vitals } = visit;
  const signs = [
    observe('DE04.10.186.00', '体温（℃）', pq(vitals.temperature, 'Cel'), at),
    observe('DE04.10.118.00', '脉率（次/min）', pq(vitals.pulse, '/min'), at),
    observe('DE04.10.082.00', '呼吸频率（次/min）', pq(vitals.respiration, '/min'), at),
    observe('DE04.10.174.00', '收缩压（mmHg）', pq(vitals.systolic, 'mm[Hg]'), at),
    observe('DE04.10.176.00', '舒张压（mmHg）', pq(vitals.diastolic, 'mm[Hg]'), at),
  ];
  const allergies = visit.allergies.map((allergy) => allergy.zh).join('、');
  return [
    section(
      '10154-3',
      OID.loinc,
      'CHIEF COMPLAINT',
      [observe('DE04.01.119.00', '主诉', st(visit.complaint))],
      visit.complaint,
    ),
    section('10164-2', OID.loinc, 'HISTORY OF PRESENT ILLNESS', [
      observe('DE02.10.071.00', '现病史', st(`${visit.complaint}，精神、食欲一般，大小便如常。`)),
    ]),
    section('48765-2', OID.loinc, 'Allergies, adverse reactions, alerts', [
      tag(
        'act',
        { classCode: 'ACT', moodCode: 'EVN' },
        `<code nullFlavor="NA"/>${tag('entryRelationship', { typeCode: 'SUBJ' }, observe('DE02.10.023.00', '过敏史标志', tag('value', { 'xsi:type': 'BL', value: String(allergies !== '') }), ''))}`,
      ),
      ...(allergies ? [observe('DE02.10.022.00', '过敏史', st(allergies))] : []),
    ]),
    section('11348-0', OID.loinc, 'HISTORY OF PAST ILLNESS', [
      observe('DE02.10.099.00', '既往史', st(pastIllness(message))),
    ]),
    section('29545-1', OID.loinc, 'PHYSICAL EXAMINATION', [
      observe('DE04.10.258.00', '体格检查', st(vitals.temperature > 37.3 ? '急性病容，咽部充血' : '神志清，精神可')),
    ]),
    section('8716-3', OID.loinc, 'VITAL SIGNS', signs),
    section(
      '29548-5',
      OID.loinc,
      'Diagnosis',
      visit.diagnoses.map((diagnosis) => diagnosisEntry(message, diagnosis)),
      visit.diagnoses.map((diagnosis) => diagnosis.zh).join('、'),
    ),
    section(
      '46209-3',
      OID.loinc,
      'Provider Orders',
      visit.prescriptions.map(({ medicine }) => medicineEntry(medicine, at)),
    ),
    section('18776-5', OID.loinc, 'TREATMENT PLAN', [
      observe('DE06.00.159.00', '治疗计划', st('按医嘱用药，不适随诊。')),
    ]),
  ];
}

function medicineEntry(medicine: Planned['visit']['prescriptions'][number]['medicine'], at: string): string {
  const material = tag(
    'manufacturedProduct',
    {},
    tag('manufacturedLabeledDrug', {}, `${tag('code', {})}<name>${x(`${medicine.zh} ${medicine.strength}`)}</name>`),
  );
  const extra = [
    observe('DE06.00.136.00', '药物使用总剂量', pq(medicine.dose * medicine.times * medicine.days, medicine.unit)),
    observe('DE08.50.010.00', '处方有效天数', pq(medicine.days, 'd')),
  ]
    .map((entry) => tag('entryRelationship', { typeCode: 'COMP' }, entry))
    .join('');
  return tag(
    'substanceAdministration',
    { classCode: 'SBADM', moodCode: 'EVN' },
    `<text/>${tag('effectiveTime', { value: at })}${tag('routeCode', { code: medicine.route.code, displayName: medicine.route.zh })}${tag('doseQuantity', { value: medicine.dose, unit: medicine.unit })}${tag('rateQuantity', { value: medicine.times, unit: '/d' })}${tag('consumable', {}, material)}${extra}`,
  );
}

/** C0006: what was examined, what was seen, what it means. */
function examination(message: Planned): string[] {
  const { study, at, reportedAt } = message.imaging!;
  const { visit } = message;
  return [
    section(
      '29548-5',
      OID.loinc,
      'Diagnosis',
      visit.diagnoses.map((diagnosis) => diagnosisEntry(message, diagnosis)),
    ),
    section('10154-3', OID.loinc, 'CHIEF COMPLAINT', [observe('DE04.01.119.00', '主诉', st(visit.complaint))]),
    section(
      'DE02.10.027.00',
      OID.element,
      '检查报告',
      [
        observe(
          'DE04.30.019.00',
          '检查类别',
          st(study.modality === 'US' ? '超声' : study.modality === 'CT' ? 'CT' : 'X线'),
          compactTime(at),
        ),
        observe('DE04.30.020.00', '检查项目', st(study.zh)),
        observe('DE04.50.131.00', '检查报告结果-客观所见', st(study.findings)),
        observe('DE04.50.132.00', '检查报告结果-主观提示', st(study.impression), compactTime(reportedAt)),
        observe('DE08.10.026.00', '检查报告科室', st('医学影像科')),
        observe('DE08.10.013.00', '检查报告机构名称', st(message.institution.nameZh)),
      ],
      `${study.findings}${study.impression}`,
    ),
  ];
}

/** Chronic diseases among the diagnoses of today are what the patient brought along. */
function pastIllness(message: Planned): string {
  const chronic = message.visit.diagnoses.filter((diagnosis) => /^(I10|E11|J44)/.test(diagnosis.icd10));
  return chronic.length > 0 ? `有${chronic.map((diagnosis) => diagnosis.zh).join('、')}病史` : '既往体健';
}
