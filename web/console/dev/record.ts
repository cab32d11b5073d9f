import type {
  AccessGround,
  Analyte,
  CareEvent,
  CareEventKind,
  Look,
  Resident360,
  ResidentHit,
} from '@hutong/contract/console.ts';
import { chance, institutions, short } from './places.ts';

const now = Date.parse('2026-11-23T06:00:00Z');
const day = 86_400_000;
const iso = (time: number): string => new Date(time).toISOString();
const [hospital, motherChild, tcm, fever, community] = institutions.slice(0, 5).map(short) as [
  CareEvent['institution'],
  CareEvent['institution'],
  CareEvent['institution'],
  CareEvent['institution'],
  CareEvent['institution'],
];
const random = chance(5);

const care: AccessGround = {
  allowed: true,
  ground: 'care-relationship',
  zh: '诊疗关系：本院 12 天前接诊',
  en: 'Care relationship: your hospital saw this resident 12 days ago',
  until: iso(now + 168 * day),
  canBreakGlass: false,
};
const closed: AccessGround = {
  allowed: false,
  ground: 'none',
  zh: '没有诊疗关系',
  en: 'No care relationship',
  until: null,
  canBreakGlass: true,
};
const glass: AccessGround = {
  allowed: true,
  ground: 'break-glass',
  zh: '紧急打开',
  en: 'Emergency access',
  until: iso(now + 4 * 3_600_000),
  canBreakGlass: false,
};
const broken = new Set<string>();
export const groundOf = (id: string): AccessGround => (id === 'r1' ? care : broken.has(id) ? glass : closed);
export const breakGlassOf = (id: string): AccessGround => {
  broken.add(id);
  return glass;
};

export const hits = (): ResidentHit[] =>
  [
    ['r1', '李秀英', 'female', '1958-03-02', '68岁', '000000**********34', '138****0000', '渝中区解放碑街道', 5, 12],
    ['r2', '李秀英', 'female', '1971-08-19', '55岁', '000000**********62', null, '万州区太白街道', 2, 240],
    ['r3', '李秀瑛', 'female', null, '年龄不详', null, '136****2210', null, 1, 800],
  ].map(
    ([id, name, sex, birthDate, age, number, phone, area, count, ago]) =>
      ({
        id,
        name,
        sex,
        birthDate,
        age,
        ageEn: age === '年龄不详' ? 'age unknown' : String(age).replace('岁', ' years'),
        number,
        phone,
        area,
        institutions: count,
        lastEventAt: iso(now - Number(ago) * day),
        access: groundOf(String(id)),
      }) as ResidentHit,
  );

const titles: [CareEventKind, string, string, string | null, CareEvent['institution']][] = [
  ['outpatient', '内分泌科门诊', 'Endocrinology clinic', '2型糖尿病复诊，调整二甲双胍', hospital],
  ['laboratory', '糖化血红蛋白', 'HbA1c', 'HbA1c 8.4 % ↑', hospital],
  ['prescription', '二甲双胍缓释片 0.5 g', 'Metformin XR 0.5 g', '每日 2 次，每次 1 片，30 天', hospital],
  ['exam', '高血压随访', 'Hypertension follow-up', '血压 152/88 mmHg', community],
  ['laboratory', '血脂四项', 'Lipid panel', null, tcm],
  ['imaging', '胸部 DR', 'Chest X-ray', '双肺纹理增多，未见实变', hospital],
  ['emergency', '急诊：胸闷', 'Emergency: chest tightness', '留观 6 小时后离院', fever],
  ['immunization', '流感疫苗', 'Influenza vaccine', '四价，左上臂', community],
  [
    'inpatient',
    '住院：2型糖尿病伴并发症',
    'Inpatient: type 2 diabetes with complications',
    '住院 8 天，好转出院',
    hospital,
  ],
  ['document', '出院小结', 'Discharge summary', null, hospital],
  ['appointment', '眼底检查预约', 'Appointment: fundus examination', null, motherChild],
  ['procedure', '冠状动脉造影', 'Coronary angiography', '未见明显狭窄', hospital],
];

export const events: CareEvent[] = Array.from({ length: 84 }, (_, index): CareEvent => {
  const [kind, zh, en, summary, institution] = titles[index % titles.length]!;
  const at = now - 12 * day - Math.floor(index / 3) * (20 + 20 * random()) * day - (index % 3) * 3_600_000;
  const late = index % 11 === 4 ? 9 * day : 40_000;
  return {
    id: `e${index}`,
    kind,
    at: iso(at),
    recordedAt: iso(at + 600_000),
    receivedAt: iso(at + late),
    zh,
    en,
    institution,
    summary,
    abnormal: index % 12 === 1 || index % 12 === 3,
    source: {
      resourceType: kind === 'laboratory' ? 'DiagnosticReport' : 'Encounter',
      id: `x${index}`,
      version: 1,
      inboxId: 'm8999',
    },
  };
}).toSorted((a, b) => b.at.localeCompare(a.at));

export const counts = (): Resident360['counts'] =>
  titles
    .map(([kind]) => kind)
    .filter((kind, index, all) => all.indexOf(kind) === index)
    .map((kind) => ({ kind, count: events.filter((event) => event.kind === kind).length }));

export const record = (id: string): Resident360 => ({
  id,
  access: groundOf(id),
  banner: {
    name: '李秀英',
    sex: 'female',
    birthDate: '1958-03-02',
    age: '68岁',
    ageEn: '68 years',
    number: '000000**********34',
    phone: '138****0000',
    address: '重庆市渝中区解放碑街道',
    ethnicGroup: '汉族',
    bloodType: 'A 型 RhD 阳性',
    allergies:
      id === 'r1'
        ? [
            { zh: '青霉素', en: 'Penicillin', severity: '严重' },
            { zh: '碘造影剂', en: 'Iodinated contrast', severity: null },
          ]
        : [],
    deceased: null,
  },
  marks: [
    { kind: 'elder', zh: '65 岁及以上老年人', en: 'Aged 65 or over', since: '2023-03-02', source: null },
    {
      kind: 'chronic',
      zh: '高血压',
      en: 'Hypertension',
      since: '2016-05-11',
      source: { resourceType: 'Condition', id: 'c1' },
    },
    {
      kind: 'chronic',
      zh: '2型糖尿病',
      en: 'Type 2 diabetes',
      since: '2019-09-30',
      source: { resourceType: 'Condition', id: 'c2' },
    },
    {
      kind: 'allergy',
      zh: '药物过敏',
      en: 'Drug allergy',
      since: '2012-01-08',
      source: { resourceType: 'AllergyIntolerance', id: 'a1' },
    },
  ],
  identities: [hospital, tcm, fever, community, motherChild].map((institution, index) => ({
    institution,
    localId: `00${482913 + index * 77}`,
    since: iso(now - (index + 1) * 300 * day),
    how: index === 2 ? '姓名、电话、住址一致' : '身份证号一致',
  })),
  problems: [
    {
      code: 'I10',
      zh: '原发性高血压',
      en: 'Essential hypertension',
      since: '2016-05-11',
      status: 'active',
      institution: community.nameZh,
    },
    {
      code: 'E11.9',
      zh: '2型糖尿病',
      en: 'Type 2 diabetes mellitus',
      since: '2019-09-30',
      status: 'active',
      institution: hospital.nameZh,
    },
  ],
  medicines: [
    {
      zh: '二甲双胍缓释片',
      en: 'Metformin XR',
      dose: '0.5 g 每日两次',
      since: '2026-11-11',
      status: 'active',
      institution: hospital.nameZh,
    },
    {
      zh: '氨氯地平片',
      en: 'Amlodipine',
      dose: '5 mg 每日一次',
      since: '2024-02-01',
      status: 'active',
      institution: community.nameZh,
    },
  ],
  counts: counts(),
});

const series = (
  code: string,
  zh: string,
  en: string,
  unit: string,
  low: number | null,
  high: number | null,
  middle: number,
  spread: number,
  count: number,
): Analyte => ({
  code,
  zh,
  en,
  unit,
  low,
  high,
  points: Array.from({ length: count }, (_, index) => {
    const value = Number((middle + (random() - 0.5) * spread * 2).toPrecision(3));
    const institution = [hospital, tcm, community, hospital][index % 4]!;
    return {
      at: iso(now - (12 + (count - index) * 74) * day),
      value,
      flag:
        high !== null && value > high
          ? ('high' as const)
          : low !== null && value < low
            ? ('low' as const)
            : ('normal' as const),
      institution,
      original: institution === tcm ? `${(value * 10).toFixed(0)} ‰` : `${value} ${unit}`,
    };
  }),
});
export const analytes: Analyte[] = [
  series('4548-4', '糖化血红蛋白', 'Haemoglobin A1c', '%', 4, 6, 7.6, 1.2, 14),
  series('2345-7', '空腹葡萄糖', 'Glucose, fasting', 'mmol/L', 3.9, 6.1, 8, 2, 18),
  series('2160-0', '肌酐', 'Creatinine', 'umol/L', 41, 81, 70, 14, 9),
  series('718-7', '血红蛋白', 'Haemoglobin', 'g/L', 115, 150, 118, 10, 7),
  series('2093-3', '总胆固醇', 'Cholesterol', 'mmol/L', null, 5.2, 5.1, 0.9, 8),
];

export const looks: Look[] = Array.from(
  { length: 26 },
  (_, index): Look => ({
    at: iso(now - index * 9 * 3_600_000),
    who: ['陈思远', '王建国', '周流调', '渝中区第一人民医院'][index % 4]!,
    role: ['clinician', 'clinician', 'epidemiologist', 'client'][index % 4]!,
    institution: index % 4 === 2 ? '市疾控中心' : hospital.nameZh,
    action: index % 4 === 3 ? 'create' : 'read',
    what: 'Resident360',
    groundZh: index % 4 === 2 ? '公共卫生职责' : '诊疗关系',
    groundEn: index % 4 === 2 ? 'Public health' : 'Care relationship',
    breakGlass: index === 5,
  }),
);

export const detailOf = (event: CareEvent) => ({
  event,
  resources: [{ resourceType: event.source.resourceType, id: event.source.id, status: 'final' }],
  rows:
    event.kind === 'laboratory'
      ? [
          { labelZh: '糖化血红蛋白', labelEn: 'HbA1c', value: 8.4, unit: '%', range: '4.0–6.0', flag: 'high' },
          {
            labelZh: '空腹葡萄糖',
            labelEn: 'Glucose, fasting',
            value: 9.8,
            unit: 'mmol/L',
            range: '3.9–6.1',
            flag: 'high',
          },
          { labelZh: '血红蛋白', labelEn: 'Haemoglobin', value: 110, unit: 'g/L', range: '115–150', flag: 'low' },
          { labelZh: '总胆固醇', labelEn: 'Cholesterol', value: 5.1, unit: 'mmol/L', range: '<5.2', flag: 'normal' },
        ]
      : [],
  narrative:
    event.kind === 'laboratory'
      ? null
      : (event.summary ??
        '两肺纹理增多、紊乱，未见明确实变影。心影不大。双侧膈面光整，肋膈角锐利。\n印象：双肺未见明显异常。'),
});
