import type { Trace } from '@hutong/contract/console.ts';

export type Step = Trace['steps'][number];
export type StationKind = Exclude<Step['kind'], 'held'>;

/** The way of a message, in the order in which the platform promises it. */
export const stationKinds = [
  'sent',
  'stored',
  'acknowledged',
  'translated',
  'resident-found',
  'record-written',
  'event-published',
  'read-by-service',
] as const satisfies readonly StationKind[];

export type Station = { kind: StationKind | 'held'; step: Step | null; state: 'passed' | 'here' | 'pending' };

/** The stations with what is known so far; a held message ends at the station where it was held. */
export function stationsOf(steps: readonly Step[]): Station[] {
  const held = steps.find((step) => step.kind === 'held') ?? null;
  const passed = stationKinds.filter((kind) => steps.some((step) => step.kind === kind));
  const kinds: (StationKind | 'held')[] = held ? [...passed, 'held'] : [...stationKinds];
  const last = steps.at(-1)?.kind;
  return kinds.map((kind) => {
    const step = steps.find((known) => known.kind === kind) ?? null;
    return { kind, step, state: step ? (kind === last ? 'here' : 'passed') : 'pending' };
  });
}

/** How far along the line the message stands, 0 to 1. */
export function progressOf(stations: readonly Station[]): number {
  const at = stations.findLastIndex((station) => station.step !== null);
  return at < 0 || stations.length < 2 ? 0 : at / (stations.length - 1);
}
