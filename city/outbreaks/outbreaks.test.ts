import { describe, expect, it } from 'vitest';
import { generateCity, planCity } from '../generate-city.ts';
import type { Visit } from '../lives/visit.ts';
import { readOptions } from '../options.ts';
import { residentAt } from '../people/households.ts';
import { schoolAt } from '../people/resident.ts';
import { ageAt, isoDate, parseDay } from '../time.ts';
import type { OutbreakKind } from './orders.ts';
import { type Infection, OutbreakPlan } from './plan.ts';

const SIZE = 1_000;
const city = readOptions({
  until: '2026-11-23',
  size: SIZE,
  days: 90,
  dirt: 0,
  outbreaks: ['influenza', 'norovirus', 'measles', 'pneumonia'],
});
const plan = new OutbreakPlan(city.seed, city.size, city.outbreaks);

const cases = (kind: OutbreakKind): { resident: number; infection: Infection }[] =>
  Array.from({ length: SIZE }, (_, number) => number).flatMap((resident) =>
    plan
      .infectionsOf(residentAt(1, resident))
      .filter((one) => one.kind === kind)
      .map((infection) => ({ resident, infection })),
  );

const visits = new Map<string, Visit>([...planCity(city)].map((message) => [message.visit.id, message.visit]));
const visitsOf = (kind: OutbreakKind): Visit[] => [...visits.values()].filter((visit) => visit.outbreak?.kind === kind);

describe('an outbreak', () => {
  it('of norovirus comes from one school within three days of one lunch', () => {
    const first = cases('norovirus').filter(({ infection }) => infection.generation === 0);
    const start = city.outbreaks.find((order) => order.kind === 'norovirus')!.startDay;
    const schools = new Set(
      first.map(
        ({ resident }) => schoolAt(residentAt(1, resident), ageAt(residentAt(1, resident).birthDay, start))?.code,
      ),
    );
    expect(schools.size).toBe(1);
    expect(first.length).toBeGreaterThanOrEqual(8);
    expect(first.every(({ infection }) => infection.onsetDay - start >= 1 && infection.onsetDay - start <= 2)).toBe(
      true,
    );
  });

  it('of measles is a chain: one import, then cases a serial interval later whose source is a case', () => {
    const chain = cases('measles');
    const index = chain.filter(({ infection }) => infection.generation === 0);
    expect(index).toHaveLength(1);
    expect(chain.length).toBeGreaterThanOrEqual(5);
    const onset = new Map(chain.map(({ resident, infection }) => [resident, infection.onsetDay]));
    for (const { infection } of chain) {
      if (infection.source === null) continue;
      const interval = infection.onsetDay - onset.get(infection.source)!;
      expect(interval).toBeGreaterThanOrEqual(6);
      expect(interval).toBeLessThanOrEqual(17);
    }
  });

  it('of influenza rises and falls and takes children more than adults', () => {
    const wave = cases('influenza');
    const rate = (wanted: (age: number) => boolean): number => {
      const all = Array.from({ length: SIZE }, (_, number) => residentAt(1, number)).filter((one) =>
        wanted(ageAt(one.birthDay, city.lastDay)),
      );
      return (
        wave.filter(({ resident }) => wanted(ageAt(residentAt(1, resident).birthDay, city.lastDay))).length / all.length
      );
    };
    expect(wave.length).toBeGreaterThan(60);
    expect(rate((age) => age >= 3 && age < 18)).toBeGreaterThan(rate((age) => age >= 18) * 1.4);
    const start = city.outbreaks.find((order) => order.kind === 'influenza')!.startDay;
    const thirds = [0, 1, 2].map(
      (third) => wave.filter(({ infection }) => Math.floor((infection.onsetDay - start) / 18) === third).length,
    );
    expect(thirds[1]!).toBeGreaterThan(thirds[0]!);
    expect(thirds[1]!).toBeGreaterThan(thirds[2]!);
  });

  it('of unexplained pneumonia has white lungs, few lymphocytes and no pathogen', () => {
    const seen = visitsOf('pneumonia');
    expect(seen.length).toBeGreaterThanOrEqual(5);
    for (const visit of seen) {
      expect(visit.imaging[0]?.study.impression).toContain('磨玻璃');
      const results = visit.labs.flatMap((lab) => lab.results);
      expect(results.filter((result) => result.positive === true)).toEqual([]);
      expect(results.find((result) => result.analyte.id === 'lymphn')!.value!).toBeLessThan(1.3);
    }
  });

  it('shows in the laboratory what the truth says is confirmed', () => {
    for (const [kind, id] of [
      ['influenza', 'flua'],
      ['norovirus', 'noro2'],
      ['measles', 'measles'],
    ] as const) {
      const seen = visitsOf(kind);
      expect(seen.length, kind).toBeGreaterThan(3);
      for (const visit of seen) {
        const result = visit.labs.flatMap((lab) => lab.results).find((one) => one.analyte.id === id);
        if (!result) continue;
        const positive = result.positive ?? result.value! > result.high!;
        expect(positive).toBe(visit.outbreak!.confirmed);
      }
    }
  });

  it('is absent unless it is switched on, and starts where and when it is told', async () => {
    for await (const message of generateCity({ until: '2026-11-23', size: 500, days: 30 }))
      expect(message.truth.outbreak).toBe(null);
    const order = readOptions({
      until: '2026-11-23',
      size: 20_000,
      outbreaks: [{ kind: 'measles', start: '2026-10-01', area: '500101' }],
    });
    const elsewhere = new OutbreakPlan(1, 20_000, order.outbreaks);
    const areas = [...elsewhere.listed.keys()].map((number) => residentAt(1, number).address.area);
    expect(new Set(areas)).toEqual(new Set(['500101']));
    expect(Math.min(...[...elsewhere.listed.values()].flat().map((one) => one.onsetDay))).toBe(parseDay('2026-10-01'));
    expect(isoDate(order.outbreaks[0]!.startDay)).toBe('2026-10-01');
  });
});
