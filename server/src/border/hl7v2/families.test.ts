import { describe, expect, it } from 'vitest';
import { factsOf, msh, only, send } from './fixtures/send.ts';

const PID = 'PID|1||P1^^^HIS^MR||张三||19800102|M';
const message = (kind: string, lines: string, at = '20261101100000'): string =>
  `${msh(kind, 'X1', at)}\n${PID}\n${lines}`;

describe('orders', () => {
  const order = (control: string, at: string): string =>
    message(
      'ORM^O01',
      `ORC|${control}|O1^HIS||||||||||D1^李^医生\nOBR|1|O1^HIS||CT1^胸部CT|S|||||||||||||||||||RAD\nDG1|1||J18.9^肺炎^I10|||W\nNTE|1||请急诊完成`,
      at,
    );

  it('become requests that a later cancellation revokes under the same key', () => {
    const [placed] = factsOf(send(order('NW', '20261101100000')), 'ServiceRequest');
    const [revoked] = factsOf(send(order('CA', '20261101110000')), 'ServiceRequest');
    expect(placed).toMatchObject({
      key: 'HIS|O1',
      resource: {
        status: 'active',
        intent: 'order',
        priority: 'stat',
        requester: { display: '李医生' },
        note: [{ text: '请急诊完成' }],
      },
    });
    expect(revoked).toMatchObject({ key: 'HIS|O1', resource: { status: 'revoked' } });
    expect(revoked!.stamp > placed!.stamp).toBe(true);
  });

  it('told again by a report never override the order itself', () => {
    const report = send(message('ORU^R01', 'OBR|1|O1^HIS|R1|CT1^胸部CT|||||||||||||||||||||F\nOBX|1|TX|A||x||||||F'));
    const [again] = factsOf(report, 'ServiceRequest');
    expect(again!.key).toBe('HIS|O1');
    expect(again!.stamp < factsOf(send(order('NW', '20261101100000')), 'ServiceRequest')[0]!.stamp).toBe(true);
  });
});

describe('medicines', () => {
  it('are prescribed and dispensed', () => {
    const rde = message(
      'RDE^O11',
      'ORC|NW|RX1|||||||20261101093000|||D1^李^医生\nTQ1|1||TID||||20261101|20261107\nRXE||86^阿莫西林^L|0.5||g||饭后服用|||21|粒|0||||RX1\nRXR|PO^口服',
    );
    expect(only(send(rde), 'MedicationRequest')).toMatchObject({
      status: 'active',
      medicationCodeableConcept: { coding: [{ code: '86', display: '阿莫西林' }] },
      dosageInstruction: [
        {
          text: '饭后服用',
          route: { coding: [{ code: 'PO' }] },
          doseAndRate: [{ doseQuantity: { value: 0.5, unit: 'g' } }],
          timing: { code: { text: 'TID' } },
        },
      ],
      dispenseRequest: { quantity: { value: 21, unit: '粒' }, numberOfRepeatsAllowed: 0 },
    });
    const rds = send(message('RDS^O13', 'ORC|RE|RX1\nRXD|1|86^阿莫西林^L|20261101100000|21|粒||RX1'));
    expect(only(rds, 'MedicationDispense')).toMatchObject({
      status: 'completed',
      quantity: { value: 21 },
      authorizingPrescription: [{ reference: 'key:MedicationRequest|RX1' }],
    });
  });
});

describe('vaccinations', () => {
  const vxu = (rxa: string, obx = ''): string =>
    message('VXU^V04', `ORC|RE||F1^IZ\n${rxa}\nRXR|IM^肌注|LA^左臂${obx ? `\n${obx}` : ''}`);
  const given = 'RXA|0|1|20261101||08^乙型肝炎疫苗^CVX|0.5|mL^^UCUM||00|N1^王^护士|||||LOT1|20271231|MF^厂家|||CP|A';

  it('have dose, lot, route and number of the dose', () => {
    expect(only(send(vxu(given, 'OBX|1|NM|30973-2^剂次^LN||2||||||F')), 'Immunization')).toMatchObject({
      status: 'completed',
      primarySource: true,
      occurrenceDateTime: '2026-11-01',
      lotNumber: 'LOT1',
      expirationDate: '2027-12-31',
      doseQuantity: { value: 0.5, code: 'mL' },
      protocolApplied: [{ doseNumberPositiveInt: 2 }],
      manufacturer: { display: '厂家' },
    });
  });

  it('refused are not done, deleted are in error', () => {
    expect(only(send(vxu(given.replace('CP|A', 'RE|A'))), 'Immunization').status).toBe('not-done');
    expect(only(send(vxu(given.replace('CP|A', 'CP|D'))), 'Immunization').status).toBe('entered-in-error');
  });
});

describe('documents', () => {
  const mdm = (event: string, number: string, parent = '', body = ''): string =>
    message(
      `MDM^${event}`,
      `TXA|1|OP|TX|20261101090000|||20261101093000||||||${number}|${parent}||||AU${body ? `\n${body}` : ''}`.replace(
        `||||||${number}`,
        `|||||${number}`,
      ),
    );

  it('have their text as an attachment', () => {
    const document = only(
      send(mdm('T02', 'D1', '', 'OBX|1|TX|手术记录||第一行||||||F\nOBX|2|TX|手术记录||第二行||||||F')),
      'DocumentReference',
    );
    expect(document).toMatchObject({ status: 'current', docStatus: 'final' });
    const [content] = document.content as { attachment: { data: string } }[];
    expect(Buffer.from(content!.attachment.data, 'base64').toString()).toBe('第一行\n第二行');
  });

  it('replace others by key', () => {
    const [fact] = factsOf(send(mdm('T10', 'D2', 'D1', 'OBX|1|TX|手术记录||新||||||F')), 'DocumentReference');
    expect(fact).toMatchObject({
      key: 'D2',
      resource: { relatesTo: [{ code: 'replaces', target: { reference: 'key:DocumentReference|D1' } }] },
    });
  });
});

describe('appointments', () => {
  const siu = (event: string, status = 'Booked', at = '20261101100000'): string =>
    message(
      `SIU^${event}`,
      `SCH|A1|F1||||||FOLLOWUP|30|min|||||||||||||||${status}\nTQ1|1||||||20261105090000|20261105093000\nRGS|1\nAIS|1||CONSULT^复诊\nAIP|1||D1^李^医生\nAIL|1||诊室3`,
      at,
    );

  it.each([
    ['S12', 'booked'],
    ['S15', 'cancelled'],
    ['S17', 'entered-in-error'],
    ['S26', 'noshow'],
  ])('%s is %s', (event, status) => {
    const [fact] = factsOf(send(siu(event)), 'Appointment');
    expect(fact).toMatchObject({
      key: 'F1',
      resource: { status, start: '2026-11-05T09:00:00+08:00', end: '2026-11-05T09:30:00+08:00', minutesDuration: 30 },
    });
    expect(fact!.resource.participant).toHaveLength(3);
  });

  it('shared by several people are one for each of them', () => {
    const shared = send(siu('S12').replace('\nRGS', '\nPID|2||P2^^^HIS^MR||李四\nRGS'));
    expect(factsOf(shared, 'Appointment').map(({ key, person }) => [key, person!.localId])).toEqual([
      ['F1|HIS|P1', 'P1'],
      ['F1|HIS|P2', 'P2'],
    ]);
  });

  it('without a time are proposals', () => {
    expect(only(send(message('SIU^S12', 'SCH|A1|F1\nRGS|1\nAIS|1||C')), 'Appointment')).toMatchObject({
      status: 'proposed',
    });
  });
});

describe('problems and referrals', () => {
  it('a problem is added, resolved and deleted under one key', () => {
    const ppr = (event: string, action: string, rest = ''): string =>
      message(`PPR^${event}`, `PRB|${action}|20261101100000|E11.9^2型糖尿病^I10|PR1${rest}`);
    const facts = [ppr('PC1', 'AD'), ppr('PC2', 'UP', '|||||20261120'), ppr('PC3', 'DE')].map(
      (text) => factsOf(send(text), 'Condition')[0]!,
    );
    expect(new Set(facts.map((fact) => fact.key))).toEqual(new Set(['problem|PR1']));
    expect(facts.map(({ resource }) => [resource.clinicalStatus, resource.verificationStatus])).toMatchObject([
      [{ coding: [{ code: 'active' }] }, { coding: [{ code: 'confirmed' }] }],
      [{ coding: [{ code: 'resolved' }] }, { coding: [{ code: 'confirmed' }] }],
      [undefined, { coding: [{ code: 'entered-in-error' }] }],
    ]);
  });

  it('a referral names who refers and to whom', () => {
    const referral = only(
      send(
        message(
          'REF^I12',
          'RF1|A|R|心内科^心内科|||RF9|20261101\nPRD|RP|李^医生||^^^社区中心\nPRD|RT|王^主任||^^^市一医院',
        ),
      ),
      'ServiceRequest',
    );
    expect(referral).toMatchObject({
      status: 'active',
      requester: { display: '李医生, 社区中心' },
      performer: [{ display: '王主任, 市一医院' }],
    });
  });
});
