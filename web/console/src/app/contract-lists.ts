import type { Connection, InboxState } from '@hutong/contract/console.ts';
import type { Tone } from './theme.ts';

/* The closed lists of the contract in the order in which screens show them, and the tone of each state. */
export const protocols = [
  'hl7v2-mllp',
  'hl7v2-http',
  'fhir',
  'cda',
  'files',
  'registration',
] as const satisfies readonly Connection['protocol'][];
export const inboxStates = [
  'held',
  'waiting',
  'refused',
  'done',
  'replayed',
  'dismissed',
] as const satisfies readonly InboxState[];
export const connectionStates = [
  'failing',
  'quiet',
  'never',
  'healthy',
] as const satisfies readonly Connection['state'][];

export const connectionTones: Record<Connection['state'], Tone> = {
  healthy: 'good',
  quiet: 'warn',
  failing: 'bad',
  never: 'plain',
};
export const inboxTones: Record<InboxState, Tone> = {
  waiting: 'info',
  done: 'good',
  held: 'warn',
  refused: 'bad',
  replayed: 'good',
  dismissed: 'plain',
};

export const sexKey = (sex: string): 'sex.male' | 'sex.female' | 'sex.other' | 'sex.unknown' =>
  sex === 'male' || sex === 'female' || sex === 'other' ? `sex.${sex}` : 'sex.unknown';
export const tierKey = (tier: number): 'tier.1' | 'tier.2' | 'tier.3' =>
  tier === 3 ? 'tier.3' : tier === 2 ? 'tier.2' : 'tier.1';
