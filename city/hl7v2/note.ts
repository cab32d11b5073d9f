import type { Planned } from '../messages/message.ts';
import { doctor, esc, segment, time, visitNumber } from './segments.ts';

/** Course of the visit in a doctor's words, for notes (MDM) and outpatient documents. */
export function noteText(message: Planned): { title: string; code: string; text: string } {
  const { visit } = message;
  const { vitals } = visit;
  const stay = visit.kind === 'inpatient';
  const findings = visit.imaging.map((imaging) => `${imaging.study.zh}：${imaging.study.impression}`).join('');
  const drugs = visit.prescriptions
    .map(({ medicine }) => `${medicine.zh} ${medicine.dose}${medicine.unit} 每日${medicine.times}次`)
    .join('；');
  const text = `主诉：${visit.complaint}。查体：T ${vitals.temperature}℃，P ${vitals.pulse}次/分，R ${vitals.respiration}次/分，BP ${vitals.systolic}/${vitals.diastolic}mmHg，SpO2 ${vitals.spo2}%。${findings}诊断：${visit.diagnoses.map((diagnosis) => diagnosis.zh).join('、') || '无'}。处理：${drugs || '健康指导'}。${visit.died ? '经抢救无效，宣布临床死亡。' : stay ? '病情好转，准予出院，门诊随访。' : '不适随诊。'}`;
  return stay ? { title: '出院小结', code: '18842-5', text } : { title: '门诊病历', code: '34131-3', text };
}

export function note(message: Planned): string[] {
  const { title, code, text } = noteText(message);
  const { visit } = message;
  return [
    segment(
      'TXA',
      1,
      code === '18842-5' ? 'DS' : 'CN',
      'TX',
      time(message, visit.endAt),
      doctor(visit),
      time(message, visit.endAt),
      time(message, visit.endAt),
      '',
      doctor(visit),
      '',
      '',
      `${visitNumber(visit)}N0^${message.institution.applications.his}`,
      '',
      '',
      '',
      '',
      'AU',
      '',
      'AV',
    ),
    segment(
      'OBX',
      1,
      'TX',
      `${code}^${title}^LN`,
      '',
      esc(text),
      '',
      '',
      '',
      '',
      '',
      'F',
      '',
      '',
      time(message, visit.endAt),
    ),
  ];
}
