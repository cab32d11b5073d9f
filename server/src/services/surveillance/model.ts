import type { DiseaseClass } from '@hutong/contract/watch.ts';

/** One row of the notifiable list, valid from day to day (inclusive). ICD-10 by prefix; `text` finds what has no code of its own. */
export type Disease = {
  code: string;
  zh: string;
  en: string;
  class: DiseaseClass;
  limitHours: number;
  icd10: string[];
  text: RegExp | null;
  /** One case is a signal at once (CIDARS fixed threshold). */
  singleCase: boolean;
  /** One case is a signal when the whole region had none for so many days before: an import, or the disease is back. */
  firstAfterDays: number | null;
  /** Findings of one resident further apart than this are two episodes. */
  episodeDays: number;
  family: string;
  parent: string | null;
  mark: string;
  from: string;
  to: string | null;
};
export type Syndrome = { code: string; zh: string; en: string; family: string; icd10: string[]; text: RegExp };
export type Channel = {
  code: string;
  zh: string;
  en: string;
  kind: 'record' | 'outside';
  measure: 'count' | 'level';
  cadenceDays: number;
  departmentZh: string;
  departmentEn: string;
};
export type Topic = { channel: string; code: string; zh: string; en: string; family: string };
/** A test whose positive result means a disease: by its LOINC, or by the name that a laboratory without LOINC gives it. */
export type LaboratoryItem = { loinc: string; disease: string; text: RegExp };
/** A drug that is given for hardly any other disease: by ATC prefix or name. */
export type DrugHint = {
  disease: string;
  atc: string[];
  text: RegExp;
  zh: string;
  en: string;
  from: string;
  to: string | null;
};
/** Words that may mean a disease where somebody affirms them. */
export type TextHint = { disease: string; text: RegExp; from: string; to: string | null };
export type Lists = {
  drugHints: DrugHint[];
  textHints: TextHint[];
  diseases: Disease[];
  laboratory: LaboratoryItem[];
  syndromes: Syndrome[];
  channels: Channel[];
  topics: Topic[];
  cardFields: FieldRow[];
  /** Named lists of codes: sex, occupation, …; `subtype` differs by disease. */
  choices: Map<string, Choice[]>;
  subtypes: (Choice & { disease: string })[];
  annexes: Annex[];
  /** How long contacts of a disease are watched after the last exposure, in days. */
  observationDays: Map<string, number>;
  keyCategories: (Choice & { kind: string })[];
  /** What each kind of exchange may hold at most. */
  exchangeFields: (Choice & { kind: 'person' | 'place' | 'event'; personal: boolean; required: boolean })[];
  /** Advice by family of diseases, for drafts: to the public, to departments. */
  advice: Map<string, { public: string; departments: string }>;
};
export type Choice = { code: string; zh: string; en: string };
/** A field of the card, as the table says it. `required`: always, no, or a condition by name. */
export type FieldRow = {
  key: string;
  zh: string;
  en: string;
  kind: 'text' | 'choice' | 'choices' | 'day' | 'moment' | 'number' | 'phone' | 'document' | 'area' | 'shown';
  choices: string;
  required: string;
};
/** A card that belongs to some diseases only, beside the main card. */
export type Annex = { code: string; zh: string; en: string; diseases: string[]; fields: FieldRow[] };

/** `hint`: a drug or a word that may mean the disease; nobody has said so. */
export type Certainty = 'suspected' | 'clinical' | 'positive' | 'hint' | 'void';
/** What one resource means for surveillance, before it is known whose it is. Times are epoch milliseconds. */
export type Reading = {
  channel: 'cases' | 'laboratory' | 'syndromes' | 'drugs' | 'texts';
  topic: string;
  certainty: Certainty;
  code: string;
  zh: string;
  en: string;
  at: number;
  onset: string | null;
  day: string;
};

export type Finding = {
  key: bigint;
  channel: string;
  certainty: Certainty;
  institution: number;
  at: number;
  onset: string | null;
  received: number;
};
/** `question`: nothing but hints, for the doctor to answer. */
export type CaseClass = 'question' | 'suspected' | 'clinical' | 'confirmed' | 'carrier' | 'positive-test' | 'none';
export type CardState =
  | 'question'
  | 'pending'
  | 'confirmed'
  | 'county-approved'
  | 'city-approved'
  | 'approved'
  | 'rejected'
  | 'returned'
  | 'revise'
  | 'duplicate'
  | 'withdrawn';
export type ReviewLevel = 'county' | 'city' | 'province';
export type Episode = {
  anchor: bigint;
  keys: bigint[];
  caseClass: CaseClass;
  at: number;
  onset: string | null;
  day: string;
  received: number;
  institution: number;
  institutions: number[];
};
export type CardActName = 'confirm' | 'reject' | 'correct' | 'approve' | 'return' | 'duplicate' | 'undo-duplicate';
export type CardAct = { act: CardActName; caseClass: CaseClass };

export type SignalState = 'passed' | 'acknowledged' | 'answered';
export type SignalStep = 'verify' | 'suspected' | 'field' | 'closed';
export type SignalLife = { state: SignalState; step: SignalStep };
export const signalActs = ['acknowledge', 'exclude', 'suspect', 'investigate', 'answer'] as const;
export type SignalAct = (typeof signalActs)[number];

/** Why a step was taken: a closed list, so that the share of real signals can be counted. */
export const signalReasons: Record<Exclude<SignalAct, 'acknowledge'>, readonly string[]> = {
  exclude: ['expected-season', 'reporting-artefact', 'data-error', 'imported-single', 'known-cluster'],
  suspect: ['excess-confirmed', 'severe-case', 'linked-cases', 'unusual-pathogen'],
  investigate: ['team-sent', 'delegated-to-area'],
  answer: ['outbreak-controlled', 'no-outbreak-found', 'handed-over-as-emergency'],
};
export const cardReasons = {
  reject: ['not-this-disease', 'past-illness', 'test-false-positive', 'entered-wrongly', 'carrier-already-known'],
  return: ['fields-incomplete', 'diagnosis-unclear', 'address-unclear', 'logic-error', 'wrong-unit'],
  correct: ['fields-corrected', 'class-changed', 'diagnosis-changed', 'died'],
} as const;

/** One judged series. `p` is the chance of so many or more without an outbreak; `series` the 7-day windows shown in the picture, oldest first. */
export type Evidence = {
  observed: number;
  expected: number | null;
  bound: number | null;
  p: number | null;
  method: string;
  baselineWindows: number;
  series: { to: string; count: number | null; bound: number | null; expected?: number | null }[];
  corroborating: { channel: string; topic: string; p: number }[];
  /** The areas of a scan circle, centre first; its radius. */
  circle?: { areas: string[]; radiusKm: number };
  zh: string;
  en: string;
  parts: { zh: string; en: string; points: number }[];
};
