import iconv from 'iconv-lite';
import type { Planned } from '../messages/message.ts';
import { note } from './note.ts';
import { appointment, appointmentResources, prescriptionOrders, vaccinationOrders } from './orders.ts';
import { imagingReport, laboratoryOrder, laboratoryReport } from './reports.ts';
import { al1, dg1, esc, evn, msh, nk1, pid, pv1, segment } from './segments.ts';

/** One HL7 v2 message: segments end with <CR>, bytes in the charset that MSH-18 names (or, broken, in another). */
export function encodeHl7(message: Planned, seed: number): Buffer {
  const text = `${segmentsOf(message, seed).join('\r')}\r`;
  const { charset } = message.institution.quirks;
  // The classic accident: the interface engine was upgraded and writes the other charset from one day to the next.
  const written = message.broken === 'wrong-charset' ? (charset === 'UTF-8' ? 'GB18030' : 'UTF-8') : charset;
  return iconv.encode(text, written);
}

function segmentsOf(message: Planned, seed: number): string[] {
  const { applications, quirks } = message.institution;
  const person = pid(message, seed);
  const his = msh(message, applications.his);
  const relatives = nk1(message, seed);
  const extra = quirks.sends.zSegments
    ? [segment('ZCQ', 1, '05', '城镇职工基本医疗保险', esc(message.visit.department.zh))]
    : [];
  switch (message.kind) {
    case 'ADT^A01':
    case 'ADT^A04':
    case 'ADT^A08':
      return [his, evn(message), person, ...relatives, pv1(message, false), ...al1(message), ...dg1(message), ...extra];
    case 'ADT^A03':
      return [his, evn(message), person, pv1(message, true), ...dg1(message)];
    case 'ADT^A11':
    case 'ADT^A13':
      return [his, evn(message), person, pv1(message, false)];
    case 'ADT^A28':
    case 'ADT^A31':
      return [his, evn(message), person, ...relatives, segment('PV1', 1, 'N'), ...al1(message)];
    case 'ADT^A40': {
      const gone = message.retired!;
      return [
        his,
        evn(message),
        person,
        segment('MRG', `${gone.localId}^^^${message.institution.code}^MR`, '', '', '', '', '', esc(gone.name)),
      ];
    }
    case 'ORM^O01':
    case 'OML^O21':
      return [his, person, pv1(message, false), ...laboratoryOrder(message, message.lab!)];
    case 'ORU^R01': {
      const laboratory = message.lab !== undefined;
      const head = msh(message, laboratory ? applications.lis : applications.ris);
      return [
        head,
        person,
        pv1(message, false),
        ...(laboratory ? laboratoryReport(message, message.lab!) : imagingReport(message, message.imaging!)),
      ];
    }
    case 'RDE^O11':
      return [his, person, pv1(message, false), ...prescriptionOrders(message)];
    case 'MDM^T02':
      return [his, segment('EVN', 'T02', his.split('|')[6] ?? ''), person, pv1(message, true), ...note(message)];
    case 'SIU^S12':
      return [his, ...appointment(message), person, pv1(message, false), ...appointmentResources(message)];
    case 'VXU^V04':
      return [his, person, ...relatives, ...vaccinationOrders(message)];
    default:
      throw new Error(`${message.kind} is no HL7 v2 message`);
  }
}
