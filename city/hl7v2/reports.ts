import type { ImagingReport, LabReport } from '../lives/visit.ts';
import type { Planned } from '../messages/message.ts';
import { linesOf, type Shown } from '../messages/show-result.ts';
import { localLabCode } from '../places/local-codes.ts';
import { MINUTE } from '../time.ts';
import { doctor, esc, segment, time, visitNumber } from './segments.ts';

function labCode(message: Planned, shown: Shown): string {
  const { labCodes, vendor } = message.institution.quirks;
  const { analyte } = shown.result;
  const local = `${esc(localLabCode(vendor, analyte))}^${esc(analyte.zh)}^99LIS`;
  if (labCodes === 'local') return local;
  const standard = `${shown.loinc}^${esc(analyte.en)}^LN`;
  return labCodes === 'loinc' ? standard : `${standard}^${local}`;
}

function panelCode(message: Planned, lab: LabReport): string {
  const local = `${lab.panel.id.toUpperCase()}^${esc(lab.panel.zh)}^99LIS`;
  if (message.institution.quirks.labCodes === 'local' || !lab.panel.loinc) return local;
  return `${lab.panel.loinc}^${esc(lab.panel.en)}^LN^${local}`;
}

export function orderNumbers(
  message: Planned,
  letter: 'L' | 'I' | 'P',
  serial: number,
): { placer: string; filler: string } {
  const base = `${visitNumber(message.visit)}${letter}${serial}`;
  return {
    placer: `${base}^${message.institution.applications.his}`,
    filler: `${base}R^${letter === 'I' ? message.institution.applications.ris : message.institution.applications.lis}`,
  };
}

export function laboratoryOrder(message: Planned, lab: LabReport): string[] {
  const { placer } = orderNumbers(message, 'L', lab.serial);
  const at = time(message, lab.collectedAt - 15 * MINUTE);
  const segments = [
    segment('ORC', 'NW', placer, '', '', 'IP', '', '', '', at, '', '', doctor(message.visit)),
    segment(
      'OBR',
      1,
      placer,
      '',
      panelCode(message, lab),
      '',
      '',
      '',
      '',
      '',
      '',
      '',
      '',
      esc(message.visit.complaint),
      '',
      '',
      doctor(message.visit),
      '',
      '',
      '',
      '',
      '',
      '',
      '',
      'LAB',
    ),
  ];
  if (message.kind === 'OML^O21') segments.push(specimen(message, lab));
  return segments;
}

function specimen(message: Planned, lab: LabReport): string {
  const base = `${visitNumber(message.visit)}S${lab.serial}`;
  return segment(
    'SPM',
    1,
    base,
    '',
    `${lab.panel.specimen.code}^${lab.panel.specimen.zh}^HL70487`,
    '',
    '',
    '',
    '',
    '',
    '',
    '',
    '',
    '',
    '',
    '',
    '',
    time(message, lab.collectedAt),
  );
}

export function laboratoryReport(message: Planned, lab: LabReport): string[] {
  const { placer, filler } = orderNumbers(message, 'L', lab.serial);
  const { quirks } = message.institution;
  const status = message.correction ? 'C' : 'F';
  const old = quirks.version === '2.3.1' || quirks.version === '2.4';
  const lines = linesOf(message, lab);
  const result = (shown: Shown, corrected: boolean, index: number): string => {
    const unit =
      shown.unit === ''
        ? ''
        : quirks.labCodes === 'local'
          ? esc(shown.printed)
          : `${esc(shown.unit)}^${esc(shown.printed)}^UCUM`;
    return segment(
      'OBX',
      index + 1,
      shown.number === null ? 'ST' : 'NM',
      labCode(message, shown),
      '',
      esc(shown.text),
      unit,
      esc(shown.range),
      shown.flag === 'N' ? (quirks.vendor === 1 ? 'N' : '') : shown.flag,
      '',
      '',
      corrected ? 'C' : 'F',
      '',
      '',
      time(message, lab.collectedAt),
      '',
      '',
    );
  };
  const abnormal = lines.filter(({ shown }) => shown.flag !== 'N').length;
  return [
    segment('ORC', 'RE', placer, filler, '', 'CM'),
    segment(
      'OBR',
      1,
      placer,
      filler,
      panelCode(message, lab),
      '',
      '',
      time(message, lab.collectedAt),
      '',
      '',
      '',
      '',
      '',
      esc(message.visit.complaint),
      '',
      old ? `${lab.panel.specimen.code}&${lab.panel.specimen.zh}&HL70070` : '',
      doctor(message.visit),
      '',
      '',
      '',
      '',
      '',
      time(message, message.correction ? message.writtenAt : lab.reportedAt),
      '',
      'LAB',
      status,
    ),
    ...(message.correction
      ? [segment('NTE', 1, 'L', '复核后更正首项结果')]
      : abnormal > 3
        ? [segment('NTE', 1, 'L', '多项异常，请结合临床')]
        : []),
    ...lines.map(({ shown, corrected }, index) => result(shown, corrected, index)),
    ...(old ? [] : [specimen(message, lab)]),
  ];
}

export function imagingReport(message: Planned, imaging: ImagingReport): string[] {
  const { placer, filler } = orderNumbers(message, 'I', imaging.serial);
  const { study } = imaging;
  const section = study.modality === 'CT' ? 'CT' : study.modality === 'US' ? 'OUS' : 'RAD';
  const code = study.loinc
    ? `${study.loinc}^${study.en}^LN^${study.id.toUpperCase()}^${study.zh}^99RIS`
    : `${study.id.toUpperCase()}^${study.zh}^99RIS`;
  const text = (index: number, item: string, value: string): string =>
    segment(
      'OBX',
      index,
      'TX',
      item,
      '',
      esc(value),
      '',
      '',
      index === 2 && study.abnormal ? 'A' : '',
      '',
      '',
      'F',
      '',
      '',
      time(message, imaging.at),
    );
  return [
    segment('ORC', 'RE', placer, filler, '', 'CM'),
    segment(
      'OBR',
      1,
      placer,
      filler,
      code,
      '',
      '',
      time(message, imaging.at),
      '',
      '',
      '',
      '',
      '',
      esc(message.visit.complaint),
      '',
      '',
      doctor(message.visit),
      '',
      '',
      '',
      '',
      '',
      time(message, imaging.reportedAt),
      '',
      section,
      'F',
    ),
    text(1, '59776-5^影像所见^LN', study.findings),
    text(2, '19005-8^影像诊断^LN', study.impression),
  ];
}
