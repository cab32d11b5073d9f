import type {
  CaseClass,
  Certainty,
  Disease,
  Episode,
  Finding,
  Lists,
  Reading,
  SignalAct,
  SignalLife,
} from './model.ts';
import { signalReasons } from './model.ts';

type Json = Record<string, unknown>;
type Coding = { system?: string; code?: string; display?: string };
const dayMs = 86_400_000;
const list = (value: unknown): Json[] => (Array.isArray(value) ? (value as Json[]) : []);
const codings = (concept: unknown): Coding[] => list((concept as Json | undefined)?.coding) as Coding[];
const textOf = (concept: unknown): string =>
  [(concept as Json | undefined)?.text, ...codings(concept).map(({ display }) => display)].filter(Boolean).join(' ');
/** Calendar day in Asia/Shanghai. */
export const dayOf = (at: number): string => new Date(at + 8 * 3_600_000).toISOString().slice(0, 10);

const longest = (prefixes: string[], code: string): number =>
  Math.max(-1, ...prefixes.filter((prefix) => code.startsWith(prefix)).map(({ length }) => length));

/** The disease of a diagnosis on a day: the longest ICD-10 prefix of the rows in force; a text (不明原因肺炎) where no code says it. */
export function diseaseOf(diseases: Disease[], icd10: string | null, text: string, day: string): Disease | null {
  const inForce = diseases.filter(({ from, to }) => from <= day && (to === null || day <= to));
  let best: Disease | null = null;
  let length = 0;
  for (const disease of inForce) {
    const found = icd10 === null ? -1 : longest(disease.icd10, icd10);
    if (found > length) [best, length] = [disease, found];
  }
  return best ?? inForce.find((disease) => disease.text?.test(text)) ?? null;
}

const negative = /阴性|未检出|未见|negative|not detected|non-?reactive|^-$|^neg$/i;
const positive = /阳性|检出|positive|detected|reactive|^\+{1,4}$|^pos$/i;
const raised = new Set(['H', 'HH', 'A', 'AA', 'POS', 'DET', 'RR', 'HU', '>']);

/** Whether a result says "positive": its words first, then its flag, then a value above its range. Unsure is not positive. */
export function isPositive(observation: Json): boolean {
  const said = [
    observation.valueString as string | undefined,
    textOf(observation.valueCodeableConcept),
    ...codings(observation.valueCodeableConcept).map(({ code }) => code),
  ].filter((text): text is string => Boolean(text));
  if (said.some((text) => negative.test(text.trim()))) return false;
  if (said.some((text) => positive.test(text.trim()))) return true;
  const flags = list(observation.interpretation)
    .flatMap(codings)
    .map(({ code }) => code ?? '');
  if (flags.some((flag) => flag === 'N' || flag === 'NEG' || flag === 'ND')) return false;
  const quantity = observation.valueQuantity as { value?: number; comparator?: string } | undefined;
  if (flags.some((flag) => raised.has(flag))) return said.length > 0 || quantity !== undefined;
  const high = (list(observation.referenceRange)[0]?.high as { value?: number } | undefined)?.value;
  return quantity?.value !== undefined && high !== undefined && quantity.value > high;
}

/** States of a fact that mean it is not so. */
export const notThere = new Set(['entered-in-error', 'refuted', 'cancelled']);
export const milliseconds = (value: unknown): number | null => {
  const at =
    typeof value === 'string'
      ? Date.parse(/^\d{4}-\d{2}-\d{2}$/.test(value) ? `${value}T00:00:00+08:00` : value)
      : Number.NaN;
  return Number.isNaN(at) ? null : at;
};

export type Times = { occurred: number | null; recorded: number | null; received: number };
/** Hospitals' clocks differ: a fact from after its own arrival happened when it arrived. */
export const eventTime = (first: number | null, times: Times): number =>
  Math.min(first ?? times.occurred ?? times.recorded ?? times.received, times.received);

/** What a Condition, Observation or Encounter means. `loinc` is the standard code of an observation, if there is one. Pure. */
export function readingsOf(resource: Json, times: Times, lists: Lists, loinc: string | null): Reading[] {
  const status = String(codings(resource.verificationStatus)[0]?.code ?? resource.status ?? '');
  const gone = notThere.has(status);
  switch (resource.resourceType) {
    case 'Condition':
      return gone ? [] : fromDiagnosis(resource, status, times, lists);
    case 'Observation':
      return gone ? [] : fromResult(resource, status, times, lists, loinc);
    case 'Encounter': {
      if (gone) return [];
      const text = [...list(resource.reasonCode), ...list(resource.type)].map(textOf).join(' ');
      const at = eventTime(milliseconds((resource.period as Json | undefined)?.start), times);
      return fromText(text, null, at, lists);
    }
    default:
      return [];
  }
}

function fromDiagnosis(resource: Json, status: string, times: Times, lists: Lists): Reading[] {
  const icd10 = codings(resource.code).find(({ system }) => system?.includes('icd-10'))?.code ?? null;
  const text = textOf(resource.code);
  const at = eventTime(milliseconds(resource.recordedDate), times);
  const began = milliseconds(resource.onsetDateTime ?? (resource.onsetPeriod as Json | undefined)?.start);
  // An illness cannot begin after it was diagnosed: such an onset is not believed, the case counts on its day of diagnosis.
  const onset = began !== null && began <= at ? dayOf(began) : null;
  const day = onset ?? dayOf(at);
  const disease = diseaseOf(lists.diseases, icd10, text, dayOf(at));
  const certainty: Certainty =
    status === 'provisional' || status === 'differential' || status === 'unconfirmed' ? 'suspected' : 'clinical';
  const found: Reading[] = disease
    ? [
        {
          channel: 'cases',
          topic: disease.code,
          certainty,
          code: icd10 ?? '',
          zh: disease.zh,
          en: disease.en,
          at,
          onset,
          day,
        },
      ]
    : [];
  return [...found, ...fromText(text, icd10, at, lists)];
}

function fromText(text: string, icd10: string | null, at: number, lists: Lists): Reading[] {
  return lists.syndromes
    .filter((syndrome) => syndrome.text.test(text) || (icd10 !== null && longest(syndrome.icd10, icd10) > 0))
    .map(({ code, zh, en }) => ({
      channel: 'syndromes',
      topic: code,
      certainty: 'clinical',
      code: icd10 ?? '',
      zh,
      en,
      at,
      onset: null,
      day: dayOf(at),
    }));
}

/** Laboratories without LOINC are understood by the item's name; a code that is known but means no disease is left alone. */
function fromResult(resource: Json, status: string, times: Times, lists: Lists, loinc: string | null): Reading[] {
  const name = textOf(resource.code);
  const item = lists.laboratory.find((row) => (loinc === null ? row.text.test(name) : row.loinc === loinc));
  const day = dayOf(eventTime(null, times));
  const disease = lists.diseases.find(
    ({ code, from, to }) => code === item?.disease && from <= day && (to === null || day <= to),
  );
  if (!disease || status === 'registered' || !isPositive(resource)) return [];
  const at = eventTime(milliseconds(resource.issued), times);
  return [
    {
      channel: 'laboratory',
      topic: disease.code,
      certainty: 'positive',
      code: loinc ?? name,
      zh: disease.zh,
      en: disease.en,
      at,
      onset: null,
      day: dayOf(at),
    },
  ];
}

const order = (a: Finding, b: Finding): number => a.at - b.at || (a.key < b.key ? -1 : 1);

/**
 * The strongest thing that is known: a diagnosis with a positive test is confirmed, a suspicion that turned positive too. Hints alone are a question,
 * and none where somebody took a diagnosis back.
 */
export function classOf(findings: Finding[]): CaseClass {
  const live = findings.filter(({ certainty }) => certainty !== 'void' && certainty !== 'hint');
  if (live.length === 0 && findings.length > 0 && findings.every(({ certainty }) => certainty === 'hint'))
    return 'question';
  const tested = live.some(({ certainty }) => certainty === 'positive');
  const diagnosed = live.some(({ certainty }) => certainty === 'clinical' || certainty === 'suspected');
  if (live.length === 0) return 'none';
  if (tested) return diagnosed ? 'confirmed' : 'positive-test';
  return live.some(({ certainty }) => certainty === 'clinical') ? 'clinical' : 'suspected';
}

/** Findings of one resident and disease, whatever their order, as episodes; whoever diagnosed or tested first is the reporting unit. */
export function episodesOf(findings: Finding[], episodeDays: number): Episode[] {
  const groups: Finding[][] = [];
  for (const finding of findings.toSorted(order)) {
    const last = groups.at(-1);
    if (last && finding.at - (last.at(-1) as Finding).at <= episodeDays * dayMs) last.push(finding);
    else groups.push([finding]);
  }
  return groups.map((group) => {
    const said = group.filter(({ certainty }) => certainty !== 'hint');
    const live = said.filter(({ certainty }) => certainty !== 'void');
    const first = (live[0] ?? said[0] ?? group[0]) as Finding;
    const onset =
      live
        .map((finding) => finding.onset)
        .filter((day) => day !== null)
        .sort()[0] ?? null;
    return {
      // The law's clock, the card's own key and its reporting unit come from a diagnosis or a result; hints before it are only kept with it.
      anchor: ((said[0] ?? group[0]) as Finding).key,
      keys: group.map(({ key }) => key),
      caseClass: classOf(group),
      at: first.at,
      onset,
      day: onset ?? dayOf(first.at),
      received: Math.min(...(said.length > 0 ? said : group).map(({ received }) => received)),
      institution: first.institution,
      institutions: [...new Set(group.map(({ institution }) => institution))].sort((a, b) => a - b),
    };
  });
}

/** The next state of an alert, or null when the act is out of turn or its reason is not of the list. Three legal steps: verify, suspected event, field investigation. */
export function nextLife({ state, step }: SignalLife, act: SignalAct, reason: string | null): SignalLife | null {
  if (act !== 'acknowledge' && (reason === null || !signalReasons[act].includes(reason))) return null;
  if (act === 'acknowledge') return state === 'passed' ? { state: 'acknowledged', step } : null;
  if (state !== 'acknowledged') return null;
  if (act === 'exclude')
    return step === 'verify' || step === 'suspected' ? { state: 'answered', step: 'closed' } : null;
  if (act === 'suspect') return step === 'verify' ? { state, step: 'suspected' } : null;
  if (act === 'investigate') return step === 'suspected' ? { state, step: 'field' } : null;
  return step === 'field' ? { state: 'answered', step: 'closed' } : null;
}

/** Until when the present step must be done: 2 h to answer a single case, 24 h otherwise (CIDARS); 24 h from suspicion to the field. */
export function dueOf(life: SignalLife, rule: string, formed: number, lastActAt: number): number {
  const hour = 3_600_000;
  if (life.step === 'verify') return formed + (rule === 'single-case' ? 2 : 24) * hour;
  return lastActAt + (life.step === 'suspected' ? 24 : 72) * hour;
}
