import { createHash } from 'node:crypto';
import { systems } from '@hutong/contract/systems.ts';
import type { Planned } from '../messages/message.ts';
import { linesOf } from '../messages/show-result.ts';
import { localDiagnosisCode, localLabCode } from '../places/local-codes.ts';
import { isoTime } from '../time.ts';
import { type Json, localSystem, noted } from './parts.ts';
import { patient } from './patient.ts';

type Entry = {
  fullUrl: string;
  resource: Json;
  request: { method: 'POST' | 'PUT'; url: string; ifNoneExist?: string };
};

/** One FHIR R4 transaction bundle: references inside it are urn:uuid, every resource has an identifier. */
export function encodeBundle(message: Planned): Buffer {
  const bundle = new BundleWriter(message);
  if (message.kind === 'bundle:visit') visit(bundle);
  else if (message.kind === 'bundle:results') results(bundle);
  else imaging(bundle);
  return Buffer.from(JSON.stringify(bundle.finish()), 'utf8');
}

class BundleWriter {
  message: Planned;
  entries: Entry[] = [];
  patient: string;
  encounter: string;

  constructor(message: Planned) {
    this.message = message;
    // Conditional create: the same registration again is the same Patient. Only when it has changed is it updated.
    this.patient = this.conditional(
      'Patient',
      message.renewed === true,
      patient(message),
      message.identity.localId,
      localSystem(message),
    );
    // An admission is told as open first, then as finished: the end updates, everything before only creates.
    const ended =
      message.kind === 'bundle:visit' && message.visit.kind === 'inpatient' && message.writtenAt >= message.visit.endAt;
    this.encounter = this.conditional(
      'Encounter',
      ended,
      encounter(message, this.subject()),
      this.key('E'),
      `${localSystem(message)}:visit`,
    );
  }

  subject(): Json {
    return { reference: this.patient };
  }

  key(part: string): string {
    return `${this.message.visit.id.replaceAll('.', '-')}-${part}`.toLowerCase();
  }

  conditional(type: 'Patient' | 'Encounter', update: boolean, resource: Json, value: string, system: string): string {
    const fullUrl = this.url(type);
    const condition = `identifier=${encodeURIComponent(`${system}|${value}`)}`;
    const request = update
      ? { method: 'PUT' as const, url: `${type}?${condition}` }
      : { method: 'POST' as const, url: type, ifNoneExist: condition };
    this.entries.push({ fullUrl, resource, request });
    return fullUrl;
  }

  /** Update by an id of the sender's own, so that a correction is a second version and not a second result. */
  put(type: string, part: string, resource: Json): string {
    const value = this.key(part);
    const id = `${this.message.institution.code}-${value}`.toLowerCase();
    const fullUrl = this.url(part);
    const identifier = [{ system: `${localSystem(this.message)}:${type.toLowerCase()}`, value }];
    this.entries.push({
      fullUrl,
      resource: { resourceType: type, id, identifier, ...resource },
      request: { method: 'PUT', url: `${type}/${id}` },
    });
    return fullUrl;
  }

  url(name: string): string {
    const hex = createHash('sha256')
      .update(`${this.message.institution.code}/${this.message.controlId}/${name}`)
      .digest('hex');
    return `urn:uuid:${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  }

  finish(): Json {
    const { message } = this;
    if (message.broken === 'bad-reference') {
      const last = this.entries[this.entries.length - 1]!;
      last.resource = { ...last.resource, subject: { reference: 'urn:uuid:00000000-0000-4000-8000-000000000000' } };
    }
    return {
      resourceType: 'Bundle',
      identifier: { system: `${localSystem(message)}:message`, value: message.controlId },
      type: 'transaction',
      timestamp: isoTime(message.writtenAt),
      entry: this.entries,
    };
  }
}

const CLASS = {
  outpatient: ['AMB', 'ambulatory'],
  emergency: ['EMER', 'emergency'],
  inpatient: ['IMP', 'inpatient encounter'],
  'check-up': ['AMB', 'ambulatory'],
  immunization: ['AMB', 'ambulatory'],
} as const;

function encounter(message: Planned, subject: Json): Json {
  const { visit, institution } = message;
  const [code, display] = CLASS[visit.kind];
  const open = visit.kind === 'inpatient' && message.writtenAt < visit.endAt;
  const resource: Json = {
    resourceType: 'Encounter',
    identifier: [{ system: `${localSystem(message)}:visit`, value: `${visit.id.replaceAll('.', '-')}-e` }],
    status: open ? 'in-progress' : 'finished',
    class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code, display },
    type: [{ text: visit.kind === 'check-up' ? '健康体检' : visit.department.zh }],
    serviceType: {
      coding: [
        { system: 'urn:oid:2.16.156.10011.2.3.2.62', code: visit.department.code, display: visit.department.zh },
      ],
      text: visit.department.zh,
    },
    subject,
    participant: [
      { individual: { identifier: { system: systems.staff, value: visit.doctor.code }, display: visit.doctor.name } },
    ],
    period: { start: isoTime(visit.at), ...(open ? {} : { end: isoTime(visit.endAt) }) },
    reasonCode: [{ text: visit.complaint }],
    serviceProvider: {
      identifier: { system: systems.institution, value: institution.code },
      display: institution.nameZh,
    },
  };
  if (visit.died && !open) {
    resource.hospitalization = {
      dischargeDisposition: {
        coding: [
          { system: 'http://terminology.hl7.org/CodeSystem/discharge-disposition', code: 'exp', display: 'Expired' },
        ],
      },
    };
  }
  return resource;
}

function visit(bundle: BundleWriter): void {
  const { message } = bundle;
  const { visit: it, institution } = message;
  const subject = bundle.subject();
  const link = { subject, encounter: { reference: bundle.encounter } };
  for (const [index, diagnosis] of it.diagnoses.entries()) {
    const local = {
      system: `${localSystem(message)}:codes:diagnosis`,
      code: localDiagnosisCode(institution.quirks.vendor, diagnosis.icd10),
      display: diagnosis.zh,
    };
    const standard = { system: systems.icd10, code: diagnosis.icd10, display: diagnosis.zh };
    const coding =
      institution.quirks.diagnosisCodes === 'icd10'
        ? [standard]
        : institution.quirks.diagnosisCodes === 'both'
          ? [standard, local]
          : [local];
    bundle.put('Condition', `c${index}`, {
      clinicalStatus: {
        coding: [{ system: 'http://terminology.hl7.org/CodeSystem/condition-clinical', code: 'active' }],
      },
      verificationStatus: {
        coding: [{ system: 'http://terminology.hl7.org/CodeSystem/condition-ver-status', code: 'confirmed' }],
      },
      category: [
        {
          coding: [{ system: 'http://terminology.hl7.org/CodeSystem/condition-category', code: 'encounter-diagnosis' }],
        },
      ],
      code: { coding, text: diagnosis.zh },
      ...link,
      recordedDate: isoTime(it.at),
    });
  }
  vitals(bundle, link);
  for (const { medicine, serial } of it.prescriptions) {
    const coded =
      institution.quirks.diagnosisCodes === 'local'
        ? {}
        : { coding: [{ system: 'http://www.whocc.no/atc', code: medicine.atc, display: medicine.en }] };
    bundle.put('MedicationRequest', `p${serial}`, {
      status: 'active',
      intent: 'order',
      medicationCodeableConcept: { ...coded, text: `${medicine.zh} ${medicine.strength}` },
      ...link,
      authoredOn: isoTime(it.at),
      requester: { identifier: { system: systems.staff, value: it.doctor.code }, display: it.doctor.name },
      dosageInstruction: [
        {
          text: `每次${medicine.dose}${medicine.unit}，每日${medicine.times}次，${medicine.route.zh}，共${medicine.days}天`,
          timing: {
            repeat: {
              frequency: medicine.times,
              period: 1,
              periodUnit: 'd',
              boundsDuration: { value: medicine.days, unit: 'd', system: systems.ucum, code: 'd' },
            },
          },
          doseAndRate: [
            { doseQuantity: { value: medicine.dose, unit: medicine.unit, system: systems.ucum, code: medicine.unit } },
          ],
        },
      ],
    });
  }
  for (const [index, allergy] of it.allergies.entries()) {
    bundle.put('AllergyIntolerance', `a${index}`, {
      clinicalStatus: {
        coding: [{ system: 'http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical', code: 'active' }],
      },
      criticality: allergy.severity === 'severe' ? 'high' : 'low',
      code: { text: allergy.zh },
      patient: subject,
      recordedDate: isoTime(it.at),
      reaction: [{ manifestation: [{ text: allergy.reactionZh }], severity: allergy.severity }],
    });
  }
}

function vitals(bundle: BundleWriter, link: Json): void {
  const { visit: it } = bundle.message;
  if (it.department.code === '0403' && it.kind === 'outpatient') return;
  const observe = (part: string, code: string, zh: string, more: Json): void => {
    bundle.put('Observation', part, {
      status: 'final',
      category: [
        { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'vital-signs' }] },
      ],
      code: { coding: [{ system: systems.loinc, code, display: zh }], text: zh },
      ...link,
      effectiveDateTime: isoTime(it.at),
      ...more,
    });
  };
  const quantity = (value: number, unit: string, code: string): Json => ({ value, unit, system: systems.ucum, code });
  observe('vt', '8310-5', '体温', { valueQuantity: quantity(it.vitals.temperature, '℃', 'Cel') });
  const component = (code: string, zh: string, value: number): Json => ({
    code: { coding: [{ system: systems.loinc, code, display: zh }], text: zh },
    valueQuantity: quantity(value, 'mmHg', 'mm[Hg]'),
  });
  observe('vb', '85354-9', '血压', {
    component: [component('8480-6', '收缩压', it.vitals.systolic), component('8462-4', '舒张压', it.vitals.diastolic)],
  });
  observe('vo', '59408-5', '血氧饱和度', { valueQuantity: quantity(it.vitals.spo2, '%', '%') });
}

function results(bundle: BundleWriter): void {
  const { message } = bundle;
  const lab = message.lab!;
  const { quirks } = message.institution;
  const link = { subject: bundle.subject(), encounter: { reference: bundle.encounter } };
  const references = linesOf(message, lab).map(({ shown, corrected }, index) => {
    const local = {
      system: `${localSystem(message)}:codes:lab`,
      code: localLabCode(quirks.vendor, shown.result.analyte),
      display: shown.result.analyte.zh,
    };
    const standard = { system: systems.loinc, code: shown.loinc, display: shown.result.analyte.en };
    const coding = quirks.labCodes === 'loinc' ? [standard] : quirks.labCodes === 'both' ? [standard, local] : [local];
    const quantity = (value: number): Json => ({
      value,
      unit: shown.printed || shown.unit,
      ...(quirks.labCodes === 'local' ? {} : { system: systems.ucum, code: shown.unit }),
    });
    const range = {
      ...(shown.low === null ? {} : { low: quantity(shown.low) }),
      ...(shown.high === null ? {} : { high: quantity(shown.high) }),
      text: shown.range,
    };
    const value =
      shown.number === null
        ? {
            valueCodeableConcept: {
              coding: [
                {
                  system: 'http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation',
                  code: shown.flag === 'A' ? 'POS' : 'NEG',
                },
              ],
              text: shown.text,
            },
          }
        : { valueQuantity: quantity(shown.number), ...(shown.range === '' ? {} : { referenceRange: [range] }) };
    const reference = bundle.put('Observation', `l${lab.serial}-${index}`, {
      status: corrected ? 'corrected' : 'final',
      category: [
        { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'laboratory' }] },
      ],
      code: { coding, text: shown.result.analyte.zh },
      ...link,
      effectiveDateTime: isoTime(lab.collectedAt),
      issued: isoTime(message.correction ? message.writtenAt : lab.reportedAt),
      ...value,
      interpretation: [
        {
          coding: [
            {
              system: 'http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation',
              code: shown.flag === 'A' ? 'POS' : shown.flag,
            },
          ],
        },
      ],
    });
    return { reference };
  });
  bundle.put('DiagnosticReport', `r${lab.serial}`, {
    status: message.correction ? 'corrected' : 'final',
    category: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0074', code: 'LAB' }] }],
    code: {
      ...(lab.panel.loinc ? { coding: [{ system: systems.loinc, code: lab.panel.loinc, display: lab.panel.en }] } : {}),
      text: lab.panel.zh,
    },
    ...link,
    effectiveDateTime: isoTime(lab.collectedAt),
    issued: isoTime(message.correction ? message.writtenAt : lab.reportedAt),
    performer: [performer(message)],
    result: references,
  });
}

function imaging(bundle: BundleWriter): void {
  const { message } = bundle;
  const { study, at, reportedAt, serial } = message.imaging!;
  bundle.put('DiagnosticReport', `i${serial}`, {
    status: 'final',
    category: [
      {
        coding: [
          {
            system: 'http://terminology.hl7.org/CodeSystem/v2-0074',
            code: study.modality === 'CT' ? 'CT' : study.modality === 'US' ? 'OUS' : 'RAD',
          },
        ],
      },
    ],
    code: {
      ...(study.loinc ? { coding: [{ system: systems.loinc, code: study.loinc, display: study.en }] } : {}),
      text: study.zh,
    },
    subject: bundle.subject(),
    encounter: { reference: bundle.encounter },
    effectiveDateTime: isoTime(at),
    issued: isoTime(reportedAt),
    performer: [performer(message)],
    conclusion: study.impression,
    text: noted(`影像所见：${study.findings} 影像诊断：${study.impression}`),
  });
}

function performer(message: Planned): Json {
  return {
    identifier: { system: systems.institution, value: message.institution.code },
    display: message.institution.nameZh,
  };
}
