import type { CardState } from './cards.ts';
import type { Words } from './words.ts';

export type ContactState = 'watching' | 'completed' | 'lost' | 'became-case';
/** A contact in lists: name masked. `days` are the days to follow up, each with what was found or nothing yet. */
export type Contact = {
  id: string;
  card: string;
  disease: { code: string } & Words;
  name: string;
  relation: string;
  setting: string;
  lastExposure: string;
  until: string;
  state: ContactState;
  becameCard: string | null;
  days: { day: string; result: ContactResult | null; temperature: number | null }[];
  dueToday: boolean;
  missedDays: number;
};
export type ContactResult = 'well' | 'symptoms' | 'not-reached';
export type ContactPage = { items: Contact[]; dueToday: number; missed: number; total: number };
export type ContactPerson = { name: string; phone: string | null; number: string | null; address: string | null };

/** A transmission chain as a forest: every case that is linked to the one asked for, by who infected whom. */
export type ChainCase = {
  id: string;
  parent: string | null;
  basis: ChainBasis | null;
  sex: string;
  age: number | null;
  area: Words;
  day: string;
  caseClass: string;
  state: CardState;
  contacts: number;
};
export type ChainBasis = 'contact' | 'same-place' | 'genome' | 'presumed';
export type Chain = { disease: { code: string } & Words; root: string; cases: ChainCase[] };

export type KeyKind = 'person' | 'place' | 'thing';
export type TaskView = {
  id: string;
  title: string;
  due: string;
  state: 'open' | 'done' | 'cancelled';
  overdue: boolean;
  result: string | null;
  doneAt: string | null;
  doneBy: string | null;
};
/** A key person (name masked), place or thing (重点人物事) and its follow-up tasks. */
export type KeyItem = {
  id: string;
  kind: KeyKind;
  category: string;
  label: string;
  area: { code: string } & Words;
  reason: string;
  card: string | null;
  signal: string | null;
  source: string;
  state: 'open' | 'closed';
  createdAt: string;
  tasks: TaskView[];
};
export type KeyItemPage = {
  items: KeyItem[];
  total: number;
  open: number;
  overdue: number;
  categories: Record<KeyKind, (Words & { code: string })[]>;
};
