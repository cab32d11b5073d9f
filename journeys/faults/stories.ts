import { checkDigit, SYNTHETIC_AREA } from '@hutong/china';

/** One thing that a sender sends, and sends again until it is answered. */
export type Message = {
  protocol: 'hl7v2-mllp' | 'fhir';
  hospital: string;
  /** MSH-10, or X-Request-Id. */
  controlId: string;
  bytes: Buffer;
  /** It has an error on purpose and must be kept beside the record, not in it. */
  held?: boolean;
};

/** A person's messages of one kind in the order in which things happened. FHIR bundles depend on that order, HL7 v2 messages do not. */
export type Story = { hl7: Message[]; fhir: Message[] };

const items = [
  ['718-7', '血红蛋白', 'g/L', 115],
  ['6690-2', '白细胞', '10*9/L', 3],
  ['777-3', '血小板', '10*9/L', 100],
  ['14749-6', '葡萄糖', 'mmol/L', 3],
] as const;
const two = (value: number): string => String(value).padStart(2, '0');

/** A valid number of the area that no real person has. */
function residentNumber(person: number): { number: string; birth: string; sex: 'M' | 'F' } {
  const birth = `19${two(40 + (person % 60))}${two(1 + (person % 12))}${two(1 + (person % 28))}`;
  const first = `${SYNTHETIC_AREA}${birth}${String(1 + (Math.floor(person / 60) % 998)).padStart(3, '0')}`;
  return { number: first + checkDigit(first), birth, sex: Number(first[16]) % 2 ? 'M' : 'F' };
}

/** What happens to the n-th person: registered, tested, corrected, moved, merged; every time lies in October 2025. */
export function storyOf(person: number, hospitals: readonly string[]): Story {
  const own = hospitals[person % hospitals.length] as string;
  const { number, birth, sex } = residentNumber(person);
  const name = `测${String.fromCharCode(0x4e00 + (person % 2000))}${String.fromCharCode(0x5000 + (person % 1500))}`;
  let minutes = (person * 7) % 28_000;
  const clock = (): string => {
    minutes += 11;
    return `${new Date(Date.UTC(2025, 9, 1) + minutes * 60_000).toISOString().slice(0, 19).replace(/[-:T]/g, '')}+0800`;
  };
  const hl7: Message[] = [];
  const send = (hospital: string, kind: string, at: string, segments: string[], held = false): void => {
    const controlId = `F${person}S${hl7.length}`;
    const head = `MSH|^~\\&|HIS|${hospital}|HUTONG|CQ|${at}||${kind}|${controlId}|P|2.5.1||||||UNICODE UTF-8`;
    hl7.push({
      protocol: 'hl7v2-mllp',
      hospital,
      controlId,
      bytes: Buffer.from(`${[head, ...segments].join('\r')}\r`),
      ...(held && { held }),
    });
  };
  const pid = (hospital: string, local: string, street: number): string =>
    `PID|1||${local}^^^${hospital}^MR~${number}^^^^NI||${name}||${birth}|${sex}|||测试路${street}号^^重庆^^400000||1380000${String(person % 10_000).padStart(4, '0')}`;
  const pv1 = (visit: string, ward: string): string =>
    [
      'PV1',
      '1',
      'I',
      `${ward}^^^${own}`,
      '',
      '',
      '',
      `D${person % 40}^李医生`,
      ...Array<string>(11).fill(''),
      visit,
    ].join('|');
  const result = (
    hospital: string,
    local: string,
    order: string,
    at: string,
    drawn: string,
    status: 'P' | 'F' | 'C',
    shift: number,
  ): void =>
    send(hospital, 'ORU^R01^ORU_R01', at, [
      pid(hospital, local, person % 500),
      `ORC|RE|O${order}|R${order}`,
      `OBR|1|O${order}|R${order}|58410-2^血常规^LN|||${drawn}|||||||||||||||${at}||LAB|${status}`,
      ...items.map(
        ([code, label, unit, low], at2) =>
          `OBX|${at2 + 1}|NM|${code}^${label}^LN||${(low + ((person * 7 + at2 * 13 + shift) % 100) / 10).toFixed(1)}|${unit}|${low}-${low * 2}|N|||${status}|||${drawn}`,
      ),
    ]);

  const local = `P${person}`;
  const visit = `V${person}`;
  let at = clock();
  send(own, 'ADT^A01^ADT_A01', at, [
    `EVN|A01|${at}`,
    pid(own, local, person % 500),
    pv1(visit, '内科'),
    'DG1|1||J18.9^肺炎^I10|||A',
  ]);
  const drawn = clock();
  result(own, local, `${person}`, clock(), drawn, 'P', 0);
  result(own, local, `${person}`, clock(), drawn, 'F', 1);
  if (person % 3 === 0) result(own, local, `${person}`, clock(), drawn, 'C', 2);
  at = clock();
  send(own, 'ADT^A08^ADT_A01', at, [`EVN|A08|${at}`, pid(own, local, (person % 500) + 1), pv1(visit, '外科')]);
  if (person % 4 === 0) {
    at = clock();
    send(own, 'ADT^A03^ADT_A03', at, [`EVN|A03|${at}`, pid(own, local, (person % 500) + 1), pv1(visit, '外科')]);
  }
  if (person % 5 === 0) {
    const second = `${local}B`;
    at = clock();
    send(own, 'ADT^A04^ADT_A01', at, [`EVN|A04|${at}`, pid(own, second, person % 500), pv1(`${visit}B`, '急诊')]);
    result(own, second, `${person}B`, clock(), clock(), 'F', 3);
    at = clock();
    send(own, 'ADT^A40^ADT_A39', at, [
      `EVN|A40|${at}`,
      pid(own, local, (person % 500) + 1),
      `MRG|${second}^^^${own}^MR`,
    ]);
  }
  if (person % 6 === 0) {
    const other = hospitals[(person + 1) % hospitals.length] as string;
    result(other, `X${person}`, `${person}X`, clock(), clock(), 'F', 4);
  }
  if (person % 11 === 0) send(own, 'ADT^A08^ADT_A01', clock(), ['EVN|A08'], true);
  return { hl7, fhir: person % 4 === 1 ? bundles(person, own, number, birth, sex, name) : [] };
}

function bundles(
  person: number,
  hospital: string,
  number: string,
  birth: string,
  sex: 'M' | 'F',
  name: string,
): Message[] {
  const birthDate = `${birth.slice(0, 4)}-${birth.slice(4, 6)}-${birth.slice(6)}`;
  const id = `fault-${hospital}-${person}`;
  const patient = (street: number) => ({
    request: { method: 'PUT', url: `Patient/${id}` },
    resource: {
      resourceType: 'Patient',
      id,
      name: [{ text: name }],
      gender: sex === 'M' ? 'male' : 'female',
      birthDate,
      address: [{ text: `测试路${street}号` }],
      identifier: [
        {
          system: `urn:hutong:test:${hospital}`,
          value: `E${person}`,
          type: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0203', code: 'MR' }] },
        },
        { system: 'urn:oid:2.16.156.10011.1.3', value: number },
      ],
    },
  });
  const observation = (entry: object, status: string, value: number) => ({
    ...entry,
    resource: {
      resourceType: 'Observation',
      ...('fullUrl' in entry ? {} : { id: `${id}-glucose` }),
      status,
      subject: { reference: `Patient/${id}` },
      effectiveDateTime: '2025-10-20T08:00:00+08:00',
      code: { coding: [{ system: 'http://loinc.org', code: '14749-6', display: 'Glucose' }] },
      valueQuantity: { value, unit: 'mmol/L', system: 'http://unitsofmeasure.org', code: 'mmol/L' },
    },
  });
  const bundle = (step: number, entry: object[]): Message => ({
    protocol: 'fhir',
    hospital,
    controlId: `fault-${person}-${step}`,
    bytes: Buffer.from(JSON.stringify({ resourceType: 'Bundle', type: 'transaction', entry })),
  });
  const put = { request: { method: 'PUT', url: `Observation/${id}-glucose` } };
  return [
    bundle(0, [
      patient(1),
      observation(put, 'preliminary', 5),
      observation(
        {
          fullUrl: `urn:uuid:00000000-0000-4000-8000-${String(person).padStart(12, '0')}`,
          request: { method: 'POST', url: 'Observation' },
        },
        'final',
        6,
      ),
    ]),
    bundle(1, [observation(put, 'final', 5.5)]),
    bundle(2, [patient(2), observation(put, 'corrected', 5.6)]),
  ];
}
