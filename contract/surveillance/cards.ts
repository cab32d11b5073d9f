import type { Words } from './words.ts';

/**
 * `confirmed` waits for the county's review, `county-approved` for the city's, `city-approved` for the province's; `approved` has passed all.
 * `question`: a drug or a text hints at the disease, nobody has diagnosed it; no clock runs. `revise`: a reported suspicion has turned positive. `duplicate`: the CDC has marked it as the same case as another card.
 */
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
type InstitutionName = { nameZh: string; nameEn: string };

export type CardSummary = {
  id: string;
  disease: { code: string; class: string } & Words;
  name: string;
  sex: string;
  age: string;
  area: Words;
  caseClass: string;
  state: CardState;
  at: string;
  receivedAt: string;
  dueAt: string;
  overdue: boolean;
  institution: InstitutionName;
  /** Who reviews next and until when; null while nothing waits for a review. */
  review: { level: ReviewLevel; dueAt: string; overdue: boolean } | null;
  pushedBack: boolean;
};
export type CardPage = { items: CardSummary[]; total: number; open: number; overdue: number };

export type CardChoice = Words & { code: string };
export type CardFieldKind =
  | 'text'
  | 'choice'
  | 'choices'
  | 'day'
  | 'moment'
  | 'number'
  | 'phone'
  | 'document'
  | 'area'
  | 'shown';
/**
 * A field of the report card or of one of its annexes (`group`: 'card' or the annex's code). `value` is a code for a choice (codes joined by
 * commas for `choices`), a day, a moment `YYYY-MM-DD HH:mm`, or text; `shown` is what to read. `from`: the record filled it, the doctor did, or nobody yet.
 */
export type CardField = Words & {
  key: string;
  group: string;
  kind: CardFieldKind;
  value: string | null;
  shown: Words | null;
  from: 'record' | 'doctor' | 'nobody';
  required: boolean;
  choices: CardChoice[];
};
export type CardProblem = Words & { key: string };
export type CardActView = {
  act: string;
  reason: string | null;
  note: string | null;
  who: string;
  role: string;
  at: string;
  caseClass: string;
  level: ReviewLevel | null;
  /** What this act changed: the field, before and after. */
  changes: (Words & { key: string; before: string; after: string })[];
};
/** Another card that may be the same case: same disease, same name and birth date, another record of the resident. */
export type CardTwin = { id: string; state: CardState; day: string; institution: InstitutionName };

export type CardDetail = CardSummary & {
  limitHours: number;
  number: string;
  /** Initial report, or a correction of one. */
  kind: 'initial' | 'correction';
  /** Every institution that diagnosed or tested: one resident's disease is one card. */
  institutions: InstitutionName[];
  annexes: (Words & { code: string })[];
  fields: CardField[];
  /** What the platform did not believe or could not place, in plain words. */
  warnings: Words[];
  facts: (Words & {
    channel: string;
    code: string;
    certainty: string;
    at: string;
    receivedAt: string;
    institution: InstitutionName;
  })[];
  acts: CardActView[];
  levels: ReviewLevel[];
  pushBacks: { step: number; at: string; seenAt: string | null }[];
  twins: CardTwin[];
  may: { confirm: boolean; reject: boolean; correct: boolean; review: boolean; duplicate: boolean; undo: boolean };
  rejectReasons: string[];
  returnReasons: string[];
  correctReasons: string[];
  resident: string;
};

/** GET /api/surveillance/missed: notifiable findings whose card was not reported in time, and how timely each institution is. */
export type MissedReport = CardSummary & {
  hoursLate: number;
  pushes: number;
  lastPushAt: string | null;
  seen: boolean;
};
export type Timeliness = InstitutionName & { cards: number; inTime: number; late: number; missed: number };
export type MissedPage = { items: MissedReport[]; total: number; timeliness: Timeliness[] };
