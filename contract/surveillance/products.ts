import type { Words } from './words.ts';

/** The three products: a risk notice to the public, a notice to departments and areas, advice to those who decide. Texts are issued in Chinese. */
export type ProductKind = 'public-notice' | 'department-notice' | 'decision-advice';
export type ProductState = 'draft' | 'submitted' | 'issued' | 'returned' | 'withdrawn';
export type ProductAct = 'edit' | 'submit' | 'sign' | 'return' | 'withdraw';
export type RiskLevel = 'low' | 'medium' | 'high' | 'very-high';
export type ProductSummary = {
  id: string;
  signal: string;
  kind: ProductKind;
  state: ProductState;
  number: string | null;
  title: string;
  level: RiskLevel;
  topic: Words;
  area: Words;
  draftedBy: string;
  draftedAt: string;
  signedBy: string | null;
  signedAt: string | null;
};
export type ProductDetail = ProductSummary & {
  body: string;
  audience: string;
  validTo: string | null;
  version: number;
  acts: { act: string; note: string | null; who: string; role: string; at: string }[];
  may: ProductAct[];
};
export type ProductPage = { items: ProductSummary[]; total: number; toSign: number };

export type NotifyEvent =
  | 'signal-formed'
  | 'card-missed'
  | 'card-missed-again'
  | 'product-submitted'
  | 'product-issued';
/** A webhook; its secret is shown once, when it is made. */
export type Hook = {
  id: string;
  name: string;
  url: string;
  events: NotifyEvent[];
  area: string | null;
  active: boolean;
  waiting: number;
  failed: number;
  lastStatus: string | null;
  lastAt: string | null;
};
export type HookPage = { items: Hook[]; allowed: string[]; events: NotifyEvent[] };
export type HookMade = Hook & { secret: string };
export type DeliveryView = {
  id: string;
  event: string;
  state: 'waiting' | 'done' | 'failed';
  tries: number;
  status: string | null;
  createdAt: string;
  doneAt: string | null;
};
/** What a subscriber receives, as JSON: kinds, places and times; never a name, number or diagnosis of a person. */
export type Notification = {
  id: string;
  event: NotifyEvent;
  at: string;
  title: Words;
  area: string | null;
  path: string;
};
