import type { Words } from './words.ts';

export type ExchangeKind = 'person' | 'place' | 'event';
export type ExchangeDirection = 'in' | 'out' | 'both';
export type ExchangeField = Words & { kind: ExchangeKind; code: string; personal: boolean; required: boolean };
/** What a department may send and receive. Fields that are not named here are refused on the way in and left out on the way out. */
export type ExchangeAgreement = {
  id: string;
  client: string;
  department: string;
  direction: ExchangeDirection;
  kinds: ExchangeKind[];
  fields: string[];
  purpose: string;
  validFrom: string;
  validTo: string | null;
  received: number;
  sent: number;
  lastAt: string | null;
};
export type ExchangeRow = {
  id: string;
  department: string;
  kind: ExchangeKind;
  area: { code: string } & Words;
  day: string | null;
  /** A person's name masked. */
  label: string;
  shown: Record<string, string>;
  state: 'new' | 'taken' | 'dismissed';
  version: number;
  receivedAt: string;
};
export type ExchangeLogRow = {
  at: string;
  agreement: string;
  direction: 'in' | 'out';
  kind: ExchangeKind;
  rows: number;
  created: number;
  revised: number;
  unchanged: number;
  who: string;
};
export type ExchangePage = {
  agreements: ExchangeAgreement[];
  rows: ExchangeRow[];
  log: ExchangeLogRow[];
  fields: ExchangeField[];
};
