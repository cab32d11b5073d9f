/** Answers of `/api/surveillance`. Times are ISO 8601, days `YYYY-MM-DD` in Asia/Shanghai; every name comes in both languages. */
export type Words = { zh: string; en: string };

export type SignalState = 'passed' | 'acknowledged' | 'answered';
export type SignalStep = 'verify' | 'suspected' | 'field' | 'closed';
export type SignalAct = 'acknowledge' | 'exclude' | 'suspect' | 'investigate' | 'answer';

export type SignalSummary = {
  id: string;
  rule: 'single-case' | 'statistical';
  channel: { code: string } & Words;
  topic: { code: string } & Words;
  area: { code: string } & Words;
  from: string;
  to: string;
  formedAt: string;
  dueAt: string;
  overdue: boolean;
  reason: Words;
  observed: number;
  expected: number | null;
  bound: number | null;
  score: number;
  parts: (Words & { points: number })[];
  state: SignalState;
  step: SignalStep;
  version: number;
};
export type SignalInbox = { items: SignalSummary[]; total: number; open: number; overdue: number };

/** A contributing case without a name: enough to judge the signal; the card says more, and opening it is recorded. */
export type SignalCase = {
  card: string;
  sex: string;
  age: string;
  area: Words;
  day: string;
  caseClass: string;
  state: CardState;
  institution: { nameZh: string; nameEn: string };
};
export type SignalDetail = SignalSummary & {
  method: string;
  p: number | null;
  baselineWindows: number;
  series: { to: string; count: number | null; bound: number | null }[];
  corroborating: { channel: Words; topic: Words; p: number }[];
  cases: SignalCase[];
  acts: { act: string; reason: string | null; note: string | null; who: string; role: string; at: string }[];
  may: { act: SignalAct; reasons: string[] }[];
};

export type CardState = 'pending' | 'confirmed' | 'rejected' | 'returned' | 'approved' | 'revise' | 'withdrawn';
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
  institution: { nameZh: string; nameEn: string };
};
export type CardPage = { items: CardSummary[]; total: number; open: number; overdue: number };
/** A field of the report card. `from`: the record filled it, the doctor did, or nobody yet. */
export type CardField = Words & {
  key: string;
  value: string | null;
  from: 'record' | 'doctor' | 'nobody';
  required: boolean;
  code?: string;
};
export type CardDetail = CardSummary & {
  limitHours: number;
  fields: CardField[];
  facts: (Words & {
    channel: string;
    code: string;
    certainty: string;
    at: string;
    receivedAt: string;
    institution: { nameZh: string; nameEn: string };
  })[];
  acts: {
    act: string;
    reason: string | null;
    note: string | null;
    who: string;
    role: string;
    at: string;
    caseClass: string;
  }[];
  may: { confirm: boolean; reject: boolean; review: boolean };
  rejectReasons: string[];
  returnReasons: string[];
  resident: string;
};

export type ChannelState = 'healthy' | 'late' | 'silent' | 'never';
export type ChannelHealth = {
  code: string;
  kind: 'record' | 'outside';
  department: Words;
  cadenceDays: number;
  state: ChannelState;
  lastAt: string | null;
  lastDay: string | null;
  delayMedianHours: number | null;
  delayP90Hours: number | null;
  /** Expected against heard, institution-days (record) or days (outside) of the last 28; null when nothing is expected yet. */
  completeness: number | null;
  silentInstitutions: number;
  days: { day: string; n: number | null }[];
  agreements: number;
} & Words;
