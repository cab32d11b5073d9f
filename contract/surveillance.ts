/** Answers of `/api/surveillance`. Times are ISO 8601, days `YYYY-MM-DD` in Asia/Shanghai; every name comes in both languages. */
import type { CardState } from './surveillance/cards.ts';
import type { Words } from './surveillance/words.ts';

export type * from './surveillance/cards.ts';
export type * from './surveillance/exchange.ts';
export type * from './surveillance/follow-up.ts';
export type * from './surveillance/line-list.ts';
export type * from './surveillance/products.ts';
export type { Words } from './surveillance/words.ts';

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
  series: { to: string; count: number | null; bound: number | null; expected?: number | null }[];
  corroborating: { channel: Words; topic: Words; p: number }[];
  cases: SignalCase[];
  acts: { act: string; reason: string | null; note: string | null; who: string; role: string; at: string }[];
  may: { act: SignalAct; reasons: string[] }[];
};

export type ChannelState = 'healthy' | 'late' | 'silent' | 'never';
/** One file of counts that a department sent: stored whole (`refused` 0), or refused with its first places that were not valid. */
export type ChannelUpload = {
  id: string;
  at: string;
  agreement: string;
  channel: { code: string } & Words;
  lines: number;
  created: number;
  revised: number;
  unchanged: number;
  /** Lines with the code of an area that was merged or renamed: taken for two years, as a series of its own. */
  former: number;
  refused: number;
  problems: ({ line: number } & Words)[];
};
/** Under which a registered client sends the counts of one outside channel; days, the last one null while it is open. */
export type CountAgreement = {
  id: string;
  client: string;
  channel: string;
  purpose: string;
  validFrom: string;
  validTo: string | null;
};
export type ChannelPage = { items: ChannelHealth[]; uploads: ChannelUpload[] };
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
