import type { Planned } from '../messages/message.ts';
import { compactTime, HOUR, MINUTE } from '../time.ts';
import { orderNumbers } from './reports.ts';
import { doctor, segment, time, visitNumber } from './segments.ts';

export function prescriptionOrders(message: Planned): string[] {
  return message.visit.prescriptions.flatMap(({ medicine, serial }) => {
    const { placer } = orderNumbers(message, 'P', serial);
    const at = time(message, message.visit.at + HOUR / 3);
    const code =
      message.institution.quirks.diagnosisCodes === 'local'
        ? `YP${medicine.id.slice(0, 6).toUpperCase()}^${medicine.zh}^99YP`
        : `${medicine.atc}^${medicine.zh}^ATC`;
    const often = `Q${Math.round(24 / medicine.times)}H`;
    const timing = `1^${often}^D${medicine.days}^${compactTime(message.visit.at)}`;
    return [
      segment(
        'ORC',
        'NW',
        placer,
        '',
        '',
        'IP',
        '',
        message.institution.quirks.version === '2.3.1' || message.institution.quirks.version === '2.4' ? timing : '',
        '',
        at,
        '',
        '',
        doctor(message.visit),
      ),
      segment(
        'RXE',
        timing,
        code,
        medicine.dose,
        '',
        medicine.unit,
        medicine.form,
        '',
        '',
        '',
        medicine.times * medicine.days,
        '',
        '',
        '',
        '',
        `${visitNumber(message.visit)}P${serial}`,
      ),
      segment('RXR', `${medicine.route.code}^${medicine.route.zh}^HL70162`),
    ];
  });
}

export function vaccinationOrders(message: Planned): string[] {
  return message.visit.vaccines.flatMap(({ vaccine, lot, place }, index) => {
    const { placer, filler } = {
      placer: `${visitNumber(message.visit)}V${index}^IIS`,
      filler: `${visitNumber(message.visit)}V${index}R^IIS`,
    };
    return [
      segment('ORC', 'RE', placer, filler),
      segment(
        'RXA',
        0,
        vaccine.dose,
        time(message, message.visit.at),
        time(message, message.visit.at),
        `${vaccine.cvx}^${vaccine.en}^CVX^${vaccine.code}^${vaccine.zh}^99NIP`,
        1,
        'mL',
        '',
        '00^新接种记录^NIP001',
        doctor(message.visit),
        `^^^${place.code}`,
        '',
        '',
        '',
        lot,
        '',
        '',
        '',
        '',
        'CP',
        'A',
      ),
      segment('RXR', 'IM^肌内注射^HL70162', 'LA^左上臂^HL70163'),
    ];
  });
}

export function appointment(message: Planned): string[] {
  const { visit } = message;
  const start = time(message, visit.at);
  const end = time(message, visit.at + 15 * MINUTE);
  const id = `${visitNumber(visit)}B0^${message.institution.applications.his}`;
  return [
    segment(
      'SCH',
      id,
      id,
      '',
      '',
      '',
      `ROUTINE^常规预约^HL70276`,
      `${visit.department.code}^${visit.department.zh}^99KS`,
      'NORMAL^普通号^HL70277',
      15,
      'min',
      `^^15^${start}^${end}`,
      '',
      '',
      '',
      '',
      doctor(visit),
      '',
      '',
      '',
      doctor(visit),
      '',
      '',
      '',
      '',
      'BOOKED^已预约^HL70278',
    ),
  ];
}

export function appointmentResources(message: Planned): string[] {
  const { visit } = message;
  return [
    segment('RGS', 1, 'A', visit.department.code),
    segment(
      'AIS',
      1,
      'A',
      `${visit.department.code}^${visit.department.zh}^99KS`,
      time(message, visit.at),
      '',
      '',
      15,
      'min',
      '',
      'BOOKED',
    ),
    segment('AIP', 1, 'A', doctor(visit), '', '', time(message, visit.at)),
  ];
}
