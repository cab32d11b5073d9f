import { describe, expect, it } from 'vitest';
import { progressOf, type Step, stationKinds, stationsOf } from './stations.ts';

const step = (kind: Step['kind']): Step => ({ kind, at: '2026-11-23T06:00:00Z', zh: '', en: '', milliseconds: 1 });

describe('the stations of a message', () => {
  it('shows the whole line before anything was sent', () => {
    const stations = stationsOf([]);
    expect(stations.map((station) => station.kind)).toEqual([...stationKinds]);
    expect(stations.every((station) => station.state === 'pending')).toBe(true);
    expect(progressOf(stations)).toBe(0);
  });

  it('stands at the latest step and reaches 1 when the last service has read', () => {
    const half = stationsOf([step('sent'), step('stored'), step('acknowledged')]);
    expect(half.find((station) => station.state === 'here')?.kind).toBe('acknowledged');
    expect(progressOf(half)).toBeCloseTo(2 / 7);
    expect(progressOf(stationsOf(stationKinds.map(step)))).toBe(1);
  });

  it('ends the line where a message was held', () => {
    const stations = stationsOf([step('sent'), step('stored'), step('acknowledged'), step('held')]);
    expect(stations.map((station) => station.kind)).toEqual(['sent', 'stored', 'acknowledged', 'held']);
    expect(progressOf(stations)).toBe(1);
  });
});
