import type { CareEvent } from './model.ts';

type Json = Record<string, unknown>;
type Coding = { system?: string; code?: string; display?: string };
type Concept = { coding?: Coding[]; text?: string };

/** A concept in words, and its code when there are no words: codes are always shown with their display. */
export function words(concept: unknown): { zh: string; en: string } | null {
  const { text, coding = [] } = (concept ?? {}) as Concept;
  const displays = [text, ...coding.map(({ display }) => display)].filter((display): display is string =>
    Boolean(display),
  );
  const zh = displays.find((display) => /\p{Script=Han}/u.test(display)) ?? displays[0] ?? coding[0]?.code;
  const en = displays.find((display) => !/\p{Script=Han}/u.test(display)) ?? displays[0] ?? coding[0]?.code;
  return zh && en ? { zh, en } : null;
}

const list = (value: unknown): Json[] =>
  Array.isArray(value) ? (value as Json[]) : value && typeof value === 'object' ? [value as Json] : [];
const firstWords = (value: unknown): { zh: string; en: string } | null =>
  list(value)
    .map(words)
    .find((found) => found !== null) ?? null;

const abnormalFlags = new Set(['H', 'HH', 'L', 'LL', 'A', 'AA', 'HU', 'LU', '>', '<', 'POS']);
/** An interpretation outside normal (HL7 table 0078). */
export const isAbnormal = (observation: Json): boolean =>
  list(observation.interpretation).some(({ coding }) =>
    list(coding).some(({ code }) => abnormalFlags.has(code as string)),
  );

const encounterKinds: Record<string, { kind: CareEvent['kind']; zh: string; en: string }> = {
  AMB: { kind: 'outpatient', zh: '门诊', en: 'Outpatient visit' },
  EMER: { kind: 'emergency', zh: '急诊', en: 'Emergency visit' },
  IMP: { kind: 'inpatient', zh: '住院', en: 'Inpatient stay' },
  ACUTE: { kind: 'inpatient', zh: '住院', en: 'Inpatient stay' },
  NONAC: { kind: 'inpatient', zh: '住院', en: 'Inpatient stay' },
  OBSENC: { kind: 'emergency', zh: '急诊留观', en: 'Emergency observation' },
  PRENC: { kind: 'inpatient', zh: '预住院', en: 'Pre-admission' },
  HH: { kind: 'outpatient', zh: '家庭服务', en: 'Home visit' },
  VR: { kind: 'outpatient', zh: '线上诊疗', en: 'Virtual visit' },
};

const isImaging = (report: Json): boolean =>
  list(report.category).some(({ coding }) =>
    list(coding).some(({ code }) =>
      ['RAD', 'IMG', 'CT', 'MR', 'US', 'XR', 'CUS', 'NMR', 'OUS', 'RX', 'VUS'].includes(code as string),
    ),
  );

/**
 * A resource as one line of the resident's time-line, or null when it does not stand there (cancelled, entered in error, or of another kind).
 * @param results the report's observations, as far as they are stored
 */
export function careEventOf(resource: Json, results: Json[]): CareEvent | null {
  if (resource.status === 'entered-in-error' || resource.status === 'cancelled') return null;
  const make = (
    kind: CareEvent['kind'],
    title: { zh: string; en: string },
    summary: string | null = null,
    abnormal = false,
  ): CareEvent => ({ kind, ...title, summary, abnormal });
  switch (resource.resourceType) {
    case 'Encounter': {
      const known = encounterKinds[(resource.class as Coding | undefined)?.code ?? ''] ?? {
        kind: 'other' as const,
        zh: '就诊',
        en: 'Visit',
      };
      const reason = firstWords(resource.reasonCode) ?? firstWords(resource.type);
      const department =
        list(resource.location)
          .map(({ location }) => (location as { display?: string } | undefined)?.display)
          .find(Boolean) ?? (resource.serviceType ? words(resource.serviceType)?.zh : undefined);
      return make(
        known.kind,
        reason ? { zh: `${known.zh}：${reason.zh}`, en: `${known.en}: ${reason.en}` } : known,
        department ?? null,
      );
    }
    case 'DiagnosticReport': {
      const imaging = isImaging(resource);
      const title =
        words(resource.code) ??
        (imaging ? { zh: '检查报告', en: 'Imaging report' } : { zh: '检验报告', en: 'Laboratory report' });
      const abnormal = results.filter(isAbnormal);
      const summary =
        imaging || resource.conclusion
          ? ((resource.conclusion as string | undefined) ?? null)
          : abnormal.length > 0
            ? abnormal
                .map(({ code }) => words(code)?.zh)
                .filter(Boolean)
                .slice(0, 4)
                .join('、')
            : null;
      return make(imaging ? 'imaging' : 'laboratory', title, summary, abnormal.length > 0);
    }
    case 'MedicationRequest': {
      const title = words(resource.medicationCodeableConcept) ?? {
        zh: (resource.medicationReference as { display?: string } | undefined)?.display ?? '处方',
        en: (resource.medicationReference as { display?: string } | undefined)?.display ?? 'Prescription',
      };
      return make('prescription', title, (list(resource.dosageInstruction)[0]?.text as string | undefined) ?? null);
    }
    case 'Immunization':
      return make('immunization', words(resource.vaccineCode) ?? { zh: '预防接种', en: 'Immunization' });
    case 'Procedure':
      return make('procedure', words(resource.code) ?? { zh: '操作', en: 'Procedure' });
    case 'ImagingStudy':
      return make(
        'imaging',
        firstWords(resource.procedureCode) ?? {
          zh: (resource.description as string | undefined) ?? '影像检查',
          en: (resource.description as string | undefined) ?? 'Imaging study',
        },
      );
    case 'DocumentReference':
    case 'Composition': {
      const title = words(resource.type) ?? { zh: '文书', en: 'Document' };
      return make(
        'document',
        title,
        (resource.description as string | undefined) ?? (resource.title as string | undefined) ?? null,
      );
    }
    case 'Appointment':
      return make(
        'appointment',
        firstWords(resource.serviceType) ?? firstWords(resource.reasonCode) ?? { zh: '预约', en: 'Appointment' },
        (resource.description as string | undefined) ?? null,
      );
    default:
      return null;
  }
}
