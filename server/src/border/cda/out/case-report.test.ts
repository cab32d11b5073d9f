import { expect, test } from 'vitest';
import { checkDocument, parseDocument, translate } from '../index.ts';
import { type CaseReport, writeCaseReport } from './case-report.ts';

const report: CaseReport = {
  id: '500112-2026-abc-2',
  setId: '500112-2026-abc',
  version: 2,
  replaces: '500112-2026-abc-1',
  time: '2026-11-20T10:00:00+08:00',
  institution: { code: '500112H01', name: '渝北测试医院' },
  doctor: '陈立',
  resident: {
    localId: 'M77',
    name: '林晓峰',
    guardian: null,
    number: '500999198805121234',
    documentKind: { code: '01', zh: '居民身份证' },
    sex: 'male',
    birthDate: '1988-05-12',
    age: null,
    phone: '13912345678',
    address: '红石路2号 <3单元>',
    area: '500112',
    workplace: '红石路小学 & 幼儿园',
    occupation: { code: '14', zh: '干部职员' },
    belongsTo: { code: '1', zh: '本县区' },
  },
  kind: 'correction',
  disease: { code: '0302', zh: '乙型病毒性肝炎' },
  diseaseClass: { code: '2', zh: '乙类传染病' },
  subtype: null,
  caseClass: { code: 'confirmed', zh: '确诊病例' },
  acuteness: { code: 'chronic', zh: '慢性' },
  onset: '2026-11-18',
  diagnosedAt: '2026-11-19T09:00:00+08:00',
  deceased: null,
  formerName: null,
  returnReason: null,
  filledAt: '2026-11-20T09:58:00+08:00',
  notes: null,
  annexes: [
    {
      title: '乙型肝炎附卡',
      answers: [{ label: 'HBsAg 阳性时间', value: '', codes: [{ code: '1', zh: '阳性大于6个月' }] }],
    },
  ],
};

test('a report card is an HSDB03.02 document whose structure holds and whose person reads back', () => {
  const text = writeCaseReport(report);
  const document = parseDocument(Buffer.from(text));
  if (Array.isArray(document)) throw new Error(JSON.stringify(document));
  expect(text).toContain('<templateId root="2.16.156.10011.2.1.1.10"/>');
  expect(text).toContain('code="HSDB03.02"');
  expect(checkDocument(document).filter(({ severity }) => severity === 'error')).toEqual([]);
  const { facts, kind } = translate(document, { institution: '500112H01', receivedAt: '2026-11-20T10:01:00+08:00' });
  expect(kind).toBe('HSDB03.02');
  expect(facts.find(({ resource }) => resource.resourceType === 'Patient')?.resource).toMatchObject({
    name: [{ text: '林晓峰' }],
    gender: 'male',
    birthDate: '1988-05-12',
  });
});

test('versions, corrections, dates and annexes stand in it, and text is escaped', () => {
  const text = writeCaseReport(report);
  for (const part of [
    '<setId extension="500112-2026-abc"/>',
    '<versionNumber value="2"/>',
    '<relatedDocument typeCode="RPLC">',
    'displayName="订正报告"',
    'displayName="首次出现症状日期"/>\n',
    'value="20261118"',
    'displayName="阳性大于6个月"',
    '红石路小学 &amp; 幼儿园',
    '红石路2号 &lt;3单元&gt;',
  ])
    expect(text).toContain(part);
  expect(text).not.toContain('死亡日期');
});
