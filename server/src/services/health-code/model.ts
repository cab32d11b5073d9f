import type { CardState, CareStep, Channel, CodeKind, Permit, Relation } from '@hutong/contract/health-code.ts';

/** Longest life of a code that is shown live, in seconds; and how far two clocks of ours may differ. */
export const liveSeconds = 60;
export const skewSeconds = 2;
/** Codes that can be fetched ahead, one a minute: as long the app goes on without a network. */
export const codesAhead = 15;
export const printedDays = 730;
export const temporaryDays = 30;
/** Nobody holds the codes of more than five others (as the provincial apps have it). */
export const mostHeld = 5;

/** What a card says; lies sealed. */
export type CardIdentity = { documentType: string; documentNumber: string; name: string; phone: string | null };

export type Card = {
  id: string;
  subject: bigint;
  state: CardState;
  institution: number;
  madeBy: string;
  version: number;
  identity: CardIdentity;
};

/** Where and for what a code is scanned. */
export type Scene = { step: CareStep; channel: Channel; terminal: string | null };

export type Scanner = { role: string; kind: 'staff' | 'client' | 'resident'; institution: number | null };

/** One row of the log that the resident sees. */
export type ScanRow = {
  at: Date;
  subject: bigint;
  presentedBy: bigint | null;
  institution: number | null;
  agent: string;
  kind: CodeKind;
  scene: Scene;
  refusal: string | null;
  permitted: Permit[];
};

export type ProxyRow = { holder: bigint; subject: bigint; relation: Relation; since: Date };
