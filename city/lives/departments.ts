/** Departments of a hospital by the national list of diagnostic subjects (诊疗科目名录). */
export type Department = { code: string; zh: string; en: string };

const d = (code: string, zh: string, en: string): Department => ({ code, zh, en });
export const DEPARTMENTS = {
  general: d('50', '全科医疗科', 'General practice'),
  internal: d('03', '内科', 'Internal medicine'),
  respiratory: d('0301', '呼吸内科', 'Respiratory medicine'),
  digestive: d('0302', '消化内科', 'Gastroenterology'),
  neurology: d('0303', '神经内科', 'Neurology'),
  cardiology: d('0304', '心血管内科', 'Cardiology'),
  nephrology: d('0306', '肾病学', 'Nephrology'),
  endocrine: d('0307', '内分泌科', 'Endocrinology'),
  surgery: d('04', '外科', 'Surgery'),
  orthopaedics: d('0403', '骨科', 'Orthopaedics'),
  obstetrics: d('05', '妇产科', 'Obstetrics and gynaecology'),
  paediatrics: d('07', '儿科', 'Paediatrics'),
  eye: d('10', '眼科', 'Ophthalmology'),
  ent: d('11', '耳鼻咽喉科', 'Otolaryngology'),
  skin: d('13', '皮肤科', 'Dermatology'),
  infection: d('16', '感染性疾病科', 'Infectious diseases'),
  fever: d('1601', '发热门诊', 'Fever clinic'),
  enteric: d('1602', '肠道门诊', 'Enteric clinic'),
  emergency: d('20', '急诊医学科', 'Emergency medicine'),
  tcm: d('5001', '中医科', 'Chinese medicine'),
  prevention: d('01', '预防保健科', 'Preventive care'),
} as const;
