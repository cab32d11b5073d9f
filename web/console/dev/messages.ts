import type { InboxItem, InboxMessage, InboxState, UnmappedRow } from '@hutong/contract/console.ts';
import { chance, institutions, short } from './places.ts';

const hl7 = [
  'MSH|^~\\&|LIS|CQ0001|HUTONG|CQ|20261123135902+0800||ORU^R01^ORU_R01|LIS20261123000417|P|2.5.1|||AL|NE|CHN|UNICODE UTF-8',
  'PID|1||00482913^^^CQ0001^MR~000000195803021234^^^CN^NI||李^秀英^^^^^L||19580230|F|||渝中区解放碑街道^^重庆^^400010^CHN||^PRN^PH^^^^13800000000',
  'PV1|1|O|内分泌科^^^CQ0001||||D0087^王^建国|||||||||||V20261123-0417',
  'ORC|RE|ORD-88123|LAB-552190||CM',
  'OBR|1|ORD-88123|LAB-552190|HBA1C^糖化血红蛋白^L|||20261123084500|||||||||D0087^王^建国||||||20261123135840||CH|F',
  'OBX|1|NM|4548-4^糖化血红蛋白^LN||8.4|%|4.0-6.0|H|||F|||20261123134000',
  'OBX|2|NM|2345-7^葡萄糖^LN||九点八|mmol/L|3.9-6.1|H|||F|||20261123134000',
  'OBX|3|NM|2093-3^总胆固醇^LN||5.1|mmol/L|<5.2|N|||F|||20261123134000',
  'ZLB|1|样本溶血|轻度',
].join('\r');

const fhir =
  '{"resourceType":"Bundle","type":"transaction","entry":[{"fullUrl":"urn:uuid:1","resource":{"resourceType":"Patient","identifier":[{"system":"urn:oid:2.16.156.10011.1.3","value":"000000195803021234"}],"name":[{"text":"李秀英"}],"gender":"F"},"request":{"method":"POST","url":"Patient"}},{"resource":{"resourceType":"Observation","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"4548-4"}]},"subject":{"reference":"urn:uuid:9"},"valueQuantity":{"value":8.40,"unit":"%"}},"request":{"method":"POST","url":"Observation"}}]}';
const cda =
  '<?xml version="1.0" encoding="UTF-8"?><ClinicalDocument xmlns="urn:hl7-org:v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><realmCode code="CN"/><typeId root="2.16.840.1.113883.1.3" extension="POCD_MT000040"/><templateId root="2.16.156.10011.2.1.1.27"/><id root="2.16.156.10011.1.1" extension="RN1234567890"/><code code="C0007" codeSystem="2.16.156.10011.2.4"/><title>检验报告</title><effectiveTime value="20261123135902"/><recordTarget typeCode="RCT"><patientRole><id root="2.16.156.10011.1.11" extension="E10000000"/><id root="2.16.156.10011.1.3" extension="000000195803021234"/><patient><name>李秀英</name><administrativeGenderCode code="9" codeSystem="2.16.156.10011.2.3.3.4"/></patient></patientRole></recordTarget></ClinicalDocument>';

const rules = [
  { rule: 'hl7v2.birth-date-future', zh: '出生日期晚于收到日期', en: 'The birth date lies in the future' },
  { rule: 'hl7v2.required-field-missing', zh: '必填字段 PID-3 为空', en: 'The required field PID-3 is empty' },
  {
    rule: 'hl7v2.event-not-supported',
    zh: '尚不支持消息 BAR^P01；原文已保存，支持后可重放',
    en: 'Message BAR^P01 is not supported yet; it is kept and can be replayed',
  },
  { rule: 'intake.unknown-sender', zh: '发送方未在机构目录登记', en: 'The sender is not registered in the directory' },
] as const;
const kinds = ['ORU^R01', 'ADT^A01', 'ADT^A08', 'Bundle', 'C0007', 'ORM^O01', 'VXU^V04'] as const;
const random = chance(11);
const start = Date.parse('2026-11-23T05:59:04Z');

export const inbox: InboxItem[] = Array.from({ length: 180 }, (_, index): InboxItem => {
  const kind = kinds[index % kinds.length]!;
  const protocol = kind === 'Bundle' ? 'fhir' : kind === 'C0007' ? 'cda' : 'hl7v2-mllp';
  const state: InboxState =
    index % 5 === 0
      ? 'held'
      : index % 13 === 0
        ? 'refused'
        : index % 31 === 0
          ? 'dismissed'
          : index < 3
            ? 'waiting'
            : 'done';
  const rule = state === 'held' ? rules[index % 3]! : state === 'refused' ? rules[3] : null;
  const institution = state === 'refused' ? null : short(institutions[(index * 3) % institutions.length]!);
  const at = start - index * 47_000 - Math.round(random() * 20_000);
  return {
    id: `m${9000 - index}`,
    receivedAt: new Date(at).toISOString(),
    sentAt: new Date(at - 2_000).toISOString(),
    institution,
    sender: institution ? `LIS|${institution.code.slice(-6)}` : 'HIS|X-UNKNOWN',
    protocol,
    kind,
    controlId: `LIS202611230${String(417 - index).padStart(5, '0')}`,
    bytes: 900 + Math.round(random() * 4000),
    state,
    rule: rule?.rule ?? null,
    zh: rule?.zh ?? null,
    en: rule?.en ?? null,
    tries: state === 'held' ? 2 : 1,
  };
});

export const ruleCounts = () =>
  rules
    .map((rule) => ({
      ...rule,
      count: inbox.filter((item) => item.rule === rule.rule && (item.state === 'held' || item.state === 'refused'))
        .length,
    }))
    .filter((rule) => rule.count > 0)
    .toSorted((a, b) => b.count - a.count);
export const counts = (): Record<InboxState, number> => {
  const found: Record<InboxState, number> = { waiting: 0, done: 0, held: 0, refused: 0, replayed: 0, dismissed: 0 };
  for (const item of inbox) found[item.state] += 1;
  return found;
};

export function messageOf(item: InboxItem): InboxMessage {
  const raw = item.protocol === 'fhir' ? fhir : item.protocol === 'cda' ? cda : hl7;
  const failing = item.state === 'held' || item.state === 'refused';
  const issues: InboxMessage['issues'] = !failing
    ? []
    : item.protocol === 'fhir'
      ? [
          {
            severity: 'error',
            rule: 'fhir.reference',
            path: 'Bundle.entry[1].resource.subject.reference',
            zh: '引用的条目不在包内',
            en: 'The referenced entry is not in the bundle',
          },
          {
            severity: 'error',
            rule: 'fhir.code-invalid',
            path: 'Bundle.entry[0].resource.gender',
            zh: '性别代码不在值集中',
            en: 'The gender code is not in the value set',
          },
        ]
      : item.protocol === 'cda'
        ? [
            {
              severity: 'error',
              rule: 'cda.code',
              path: '/ClinicalDocument/recordTarget/patientRole/patient/administrativeGenderCode/@code',
              zh: '性别代码不在表中',
              en: 'The gender code is not in the table',
            },
          ]
        : [
            { severity: 'error', rule: item.rule ?? '', path: 'PID-7', zh: item.zh ?? '', en: item.en ?? '' },
            {
              severity: 'warning',
              rule: 'hl7v2.bad-number',
              path: 'OBX[2]-5',
              zh: '数值无法读作数字，按文字保留',
              en: 'A number cannot be read as one; it was kept as text',
            },
            {
              severity: 'warning',
              rule: 'hl7v2.time-missing',
              path: 'EVN-2',
              zh: '消息没有可用的时间，按收到时间排序',
              en: 'The message has no usable time; the time of receipt orders it',
            },
          ];
  return {
    ...item,
    raw,
    charset: 'UTF-8',
    rawSm3: '66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0',
    acknowledgement:
      item.protocol === 'hl7v2-mllp'
        ? `MSH|^~\\&|HUTONG|CQ|LIS|CQ0001|20261123135903+0800||ACK^R01^ACK|A1|P|2.5.1\rMSA|${failing ? 'AE' : 'AA'}|${item.controlId}${failing ? '\rERR||PID^1^7|102^Data type error^HL70357|E|||出生日期晚于收到日期' : ''}`
        : '{"resourceType":"OperationOutcome"}',
    issues,
    unmapped:
      item.protocol === 'hl7v2-mllp'
        ? [
            { path: 'ZLB-2', count: 1 },
            { path: 'ZLB-3', count: 1 },
          ]
        : [],
    written:
      item.state === 'done' || item.state === 'replayed'
        ? [
            { resourceType: 'Patient', id: '01J9', version: 3 },
            { resourceType: 'DiagnosticReport', id: '01JA', version: 1 },
            { resourceType: 'Observation', id: '01JB', version: 1 },
          ]
        : [],
    history: [
      { at: item.receivedAt, who: item.sender, what: 'received', zh: '收到并存稳', en: 'Received and stored' },
      {
        at: item.receivedAt,
        who: 'platform',
        what: 'acknowledged',
        zh: failing ? '应答 AE' : '应答 AA',
        en: failing ? 'Acknowledged AE' : 'Acknowledged AA',
      },
      ...(failing
        ? [{ at: item.receivedAt, who: 'platform', what: 'held', zh: '留住待处理', en: 'Held for repair' }]
        : []),
    ],
  };
}

export const unmapped: UnmappedRow[] = [
  'ZLB-2',
  'ZLB-3',
  'PID-23',
  'PV2-3',
  'ZPI-7',
  'OBX-17',
  'NTE-3',
  'IN1-4',
  'component/section[2]/entry',
  'Bundle.entry.resource.extension',
].map((path, index) => ({
  institution: index === 4 ? null : short(institutions[index * 3]!),
  protocol: index === 8 ? 'cda' : index === 9 ? 'fhir' : 'hl7v2-mllp',
  kind: index === 8 ? 'C0002' : index === 9 ? 'Bundle' : kinds[index % 3]!,
  path,
  count: Math.round(4000 / (index + 1) ** 1.4),
  lastAt: new Date(start - index * 3_600_000).toISOString(),
}));
