import type { Planned } from '../messages/message.ts';
import { ageAt, compactTime, dayOf, parseDay } from '../time.ts';
import { DOCUMENTS } from './documents.ts';
import { OID, tag, x } from './xml.ts';

export function header(message: Planned): string {
  const kind = message.kind as keyof typeof DOCUMENTS;
  const { zh, template } = DOCUMENTS[kind];
  return [
    tag('realmCode', { code: 'CN' }),
    tag('typeId', { root: '2.16.840.1.113883.1.3', extension: 'POCD_MT000040' }),
    tag('templateId', { root: template }),
    tag('id', { root: OID.document, extension: `${message.institution.code}-${message.controlId}` }),
    tag('code', { code: kind, codeSystem: OID.kind, codeSystemName: '卫生信息共享文档规范编码体系' }),
    tag('title', {}, zh),
    tag('effectiveTime', { value: compactTime(message.writtenAt) }),
    tag('confidentialityCode', {
      code: 'N',
      codeSystem: '2.16.840.1.113883.5.25',
      codeSystemName: 'Confidentiality',
      displayName: '正常访问保密级别',
    }),
    tag('languageCode', { code: 'zh-CN' }),
    tag('setId', {}),
    tag('versionNumber', { value: 1 }),
    recordTarget(message),
    author(message),
    custodian(message),
    authenticator(message),
    encounter(message),
  ].join('\n');
}

function recordTarget(message: Planned): string {
  const { identity, visit } = message;
  const birth = message.broken === 'future-birth-date' ? '20991231' : identity.birthDate.replaceAll('-', '');
  const numbers =
    message.broken === 'no-patient-id' ? '' : tag('id', { root: OID.outpatient, extension: identity.localId });
  // Numbers of the order and of the report stand here in WS/T 500 templates, among the patient's.
  const report = message.lab
    ? tag('id', { root: OID.labReport, extension: `${visit.id}-L${message.lab.serial}` })
    : message.imaging
      ? tag('id', { root: OID.examReport, extension: `${visit.id}-I${message.imaging.serial}` })
      : '';
  const person = [
    identity.number ? tag('id', { root: OID.number, extension: identity.number }) : '',
    tag('name', {}, x(identity.name)),
    tag('administrativeGenderCode', {
      code: identity.sex === 'male' ? '1' : '2',
      codeSystem: OID.sex,
      codeSystemName: '生理性别代码表(GB/T 2261.1)',
      displayName: identity.sex === 'male' ? '男性' : '女性',
    }),
    tag('birthTime', { value: birth }),
    tag('ethnicGroupCode', {
      code: identity.resident.ethnic.code,
      codeSystem: OID.ethnic,
      codeSystemName: '民族类别代码表(GB 3304)',
      displayName: identity.resident.ethnic.zh,
    }),
    tag('age', { unit: '岁', value: Math.max(0, ageAt(parseDay(identity.birthDate), dayOf(visit.at))) }),
  ].join('');
  const { address } = identity;
  const place = tag(
    'addr',
    { use: 'H' },
    `<houseNumber>${x(address.door)}</houseNumber><streetName>${x(address.street)}</streetName><township>${x(address.subDistrict)}</township><county>${x(address.district)}</county><city>重庆市</city><state>重庆市</state>`,
  );
  return tag(
    'recordTarget',
    { typeCode: 'RCT', contextControlCode: 'OP' },
    tag(
      'patientRole',
      { classCode: 'PAT' },
      `${numbers}${report}${place}${tag('telecom', { value: identity.phone })}${tag('patient', { classCode: 'PSN', determinerCode: 'INSTANCE' }, person)}`,
    ),
  );
}

function author(message: Planned): string {
  const { doctor } = message.visit;
  const inner = `${tag('id', { root: OID.staff, extension: doctor.code })}${tag('assignedPerson', {}, tag('name', {}, x(doctor.name)))}`;
  return tag(
    'author',
    { typeCode: 'AUT', contextControlCode: 'OP' },
    `${tag('time', { value: compactTime(message.writtenAt) })}${tag('assignedAuthor', { classCode: 'ASSIGNED' }, inner)}`,
  );
}

function custodian(message: Planned): string {
  const { code, nameZh } = message.institution;
  return tag(
    'custodian',
    { typeCode: 'CST' },
    tag(
      'assignedCustodian',
      { classCode: 'ASSIGNED' },
      tag(
        'representedCustodianOrganization',
        { classCode: 'ORG', determinerCode: 'INSTANCE' },
        `${tag('id', { root: OID.institution, extension: code })}<name>${x(nameZh)}</name>`,
      ),
    ),
  );
}

function authenticator(message: Planned): string {
  const { doctor } = message.visit;
  return tag(
    'legalAuthenticator',
    {},
    `${tag('time', { value: compactTime(message.writtenAt) })}<signatureCode/>${tag('assignedEntity', {}, `${tag('id', { root: OID.staff, extension: doctor.code })}${tag('code', { displayName: '责任医师' })}${tag('assignedPerson', { classCode: 'PSN', determinerCode: 'INSTANCE' }, tag('name', {}, x(doctor.name)))}`)}`,
  );
}

function encounter(message: Planned): string {
  const { visit, institution } = message;
  const org = tag(
    'serviceProviderOrganization',
    { classCode: 'ORG', determinerCode: 'INSTANCE' },
    tag(
      'asOrganizationPartOf',
      { classCode: 'PART' },
      tag(
        'wholeOrganization',
        { classCode: 'ORG', determinerCode: 'INSTANCE' },
        `${tag('id', { root: OID.department, extension: visit.department.code })}<name>${x(visit.department.zh)}</name>${tag('asOrganizationPartOf', { classCode: 'PART' }, tag('wholeOrganization', {}, `${tag('id', { root: OID.institution, extension: institution.code })}<name>${x(institution.nameZh)}</name>`))}`,
      ),
    ),
  );
  const number = tag('id', { root: '2.16.156.10011.1.10', extension: visit.id.replaceAll('.', '-').toUpperCase() });
  return tag(
    'componentOf',
    { typeCode: 'COMP' },
    tag(
      'encompassingEncounter',
      { classCode: 'ENC', moodCode: 'EVN' },
      `${number}${tag('code', { code: visit.kind === 'emergency' ? 'EMER' : visit.kind === 'inpatient' ? 'IMP' : 'AMB', codeSystem: '2.16.840.1.113883.5.4' })}${tag('effectiveTime', {}, tag('low', { value: compactTime(visit.at) }) + tag('high', { value: compactTime(visit.endAt) }))}${tag('location', {}, tag('healthCareFacility', {}, org))}`,
    ),
  );
}
