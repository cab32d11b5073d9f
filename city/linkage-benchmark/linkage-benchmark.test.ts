import { parseResidentNumber } from '@hutong/china';
import { describe, expect, it } from 'vitest';
import { benchmarkRecords } from './generate.ts';
import type { BenchmarkKind, BenchmarkRecord } from './person.ts';

const SIZE = 20_000;
const records = [...benchmarkRecords({ seed: 1, size: SIZE })];
const rate = (...kinds: BenchmarkKind[]): number =>
  records.filter((one) => one.dirt.some((kind) => kinds.includes(kind))).length / SIZE;

describe('the linkage benchmark', () => {
  it.each([
    [['missing-number'], 0.125, 0.012],
    [['mistyped-number-valid'], 0.01, 0.003],
    [['mistyped-number-invalid'], 0.01, 0.003],
    [['parents-number', 'agents-number'], 0.02, 0.004],
    [
      ['homophone', 'look-alike', 'variant', 'dropped-character', 'dot', 'strange-character', 'foreign-name'],
      0.08,
      0.008,
    ],
    [['wrong-birth-date'], 0.05, 0.006],
    [['other-phone'], 0.25, 0.012],
    [['other-address'], 0.2, 0.012],
  ] as [BenchmarkKind[], number, number][])('has %j at the share of %f', (kinds, wanted, off) => {
    expect(Math.abs(rate(...kinds) - wanted)).toBeLessThan(off);
  });

  it('has twins, brothers and sisters at one address, newborns without a name and foreigners', () => {
    const people = new Map(records.map((one) => [one.person, one]));
    const all = [...people.values()];
    expect(Math.abs(all.filter((one) => one.twin).length / all.length - 0.01)).toBeLessThan(0.005);
    expect(rate('newborn-unnamed')).toBeGreaterThan(0.001);
    expect(all.filter((one) => /[A-Za-z]{2}/.test(one.name)).length).toBeGreaterThan(10);
  });

  it('says the truth wherever it claims no dirt', () => {
    const clean = records.filter((one) => one.dirt.length === 0);
    const byPerson = new Map<number, BenchmarkRecord>();
    for (const one of clean) {
      const known = byPerson.get(one.person) ?? one;
      byPerson.set(one.person, known);
      expect([one.name, one.birthDate, one.number, one.address]).toEqual([
        known.name,
        known.birthDate,
        known.number,
        known.address,
      ]);
    }
  });

  it('gives every person a number of their own, valid, of an area that was never issued', () => {
    const owners = new Map<string, number>();
    for (const one of records) {
      if (one.dirt.some((kind) => /number|passport/.test(kind))) continue;
      expect(owners.get(one.number) ?? one.person).toBe(one.person);
      owners.set(one.number, one.person);
      if (/^\d{17}/.test(one.number)) expect(parseResidentNumber(one.number, '2026-01-01')).toMatchObject({ ok: true });
    }
  });

  it('is the same for the same seed and another for another, and names records without regard to people', () => {
    const ten = (seed: number) => [...benchmarkRecords({ seed, size: 10 })];
    expect(ten(5)).toEqual(ten(5));
    expect(ten(5)).not.toEqual(ten(6));
    expect(new Set(records.map((one) => one.id)).size).toBe(SIZE);
    expect(records.slice(0, 50).map((one) => one.id)).not.toEqual(
      records
        .slice(0, 50)
        .map((one) => one.id)
        .sort(),
    );
  });

  it('refuses a size or seed that is none', () => {
    expect(() => [...benchmarkRecords({ seed: 1, size: 0 })]).toThrow(RangeError);
    expect(() => [...benchmarkRecords({ seed: 0.5, size: 1 })]).toThrow(RangeError);
  });
});
