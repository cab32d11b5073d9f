import { systems } from '@hutong/contract/systems.ts';
import type { Planned } from '../messages/message.ts';
import { addressText } from '../places/streets.ts';
import { isoTime } from '../time.ts';
import { type Json, localSystem } from './parts.ts';

const TYPE = 'http://terminology.hl7.org/CodeSystem/v2-0203';

export function patient(message: Planned): Json {
  const { identity, visit } = message;
  const { resident } = identity;
  const identifier: Json[] = [
    {
      use: 'usual',
      type: { coding: [{ system: TYPE, code: 'MR' }] },
      system: localSystem(message),
      value: identity.localId,
    },
  ];
  if (identity.number)
    identifier.push({
      use: 'official',
      type: { coding: [{ system: TYPE, code: 'NI' }] },
      system: systems.residentNumber,
      value: identity.number,
    });
  if (identity.passport)
    identifier.push({
      type: { coding: [{ system: TYPE, code: 'PPN' }] },
      system: `${localSystem(message)}:passport`,
      value: identity.passport,
    });
  const split =
    identity.name.startsWith(resident.surname) &&
    identity.name.length > resident.surname.length &&
    !identity.name.includes(' ');
  const dead = visit.died && message.writtenAt >= visit.endAt;
  return {
    resourceType: 'Patient',
    identifier,
    name: [
      {
        use: 'official',
        text: identity.name,
        ...(split ? { family: resident.surname, given: [identity.name.slice(resident.surname.length)] } : {}),
      },
    ],
    telecom: [{ system: 'phone', value: identity.phone, use: 'mobile' }],
    gender: identity.sex,
    birthDate: message.broken === 'future-birth-date' ? '2099-12-31' : identity.birthDate,
    ...(dead ? { deceasedDateTime: isoTime(visit.endAt) } : {}),
    address: [
      {
        use: 'home',
        text: addressText(identity.address),
        state: '重庆市',
        district: identity.address.district,
        line: [`${identity.address.subDistrict}${identity.address.street}${identity.address.door}`],
        country: 'CN',
      },
    ],
    ...(resident.birthOrder === null ? {} : { multipleBirthInteger: resident.birthOrder }),
    managingOrganization: {
      identifier: { system: systems.institution, value: message.institution.code },
      display: message.institution.nameZh,
    },
  };
}
