import { isSyntheticArea, parseNewbornName, parseResidentNumber } from '@hutong/china';
import { describe, expect, it } from 'vitest';
import { newbornName } from '../dirt/source-identity.ts';
import { ageAt, dayFrom, isoDate, parseDay } from '../time.ts';
import { residentAt, residentsOfBlock } from './households.ts';
import { birthDayIn, idNumberFor } from './identity-number.ts';
import type { Resident } from './resident.ts';
import { SURNAMES } from './surnames.ts';

const SIZE = 60_000;
const NOW = dayFrom(2026, 11, 23);
const everyone = Array.from({ length: SIZE }, (_, number) => residentAt(1, number));
const alive = everyone.filter((one) => one.birthDay <= NOW && (one.deathDay === null || one.deathDay > NOW));
const share = (list: readonly Resident[], wanted: (one: Resident) => boolean): number =>
  list.filter(wanted).length / list.length;

describe('a resident', () => {
  it('is the same person whoever was asked for before', () => {
    const late = structuredClone(residentAt(9, 55_555));
    for (const number of [0, 99, 100, 7_777_777]) residentAt(9, number);
    expect(residentAt(9, 55_555)).toEqual(late);
    expect(residentsOfBlock(9, 555)[55]).toEqual(late);
    expect(residentAt(10, 55_555)).not.toEqual(late);
  });

  it('has a valid number that tells birth date and sex, in an area that was never issued', () => {
    for (const one of everyone) {
      if (one.idNumber === null) continue;
      const parsed = parseResidentNumber(one.idNumber, '2099-12-31');
      expect(parsed.ok && [parsed.value.birthDate, parsed.value.sex]).toEqual([one.birthDate, one.sex]);
      expect(isSyntheticArea(one.idNumber)).toBe(true);
    }
  });

  it('shares a number with nobody, twins included', () => {
    const numbers = everyone.flatMap((one) => one.idNumber ?? []);
    expect(new Set(numbers).size).toBe(numbers.length);
    // The arithmetic behind it, at the size of a million: all residents of one birthday have places of their own.
    const birthday = Array.from({ length: Math.floor(1_000_000 / 365) }, (_, q) =>
      idNumberFor(q * 365 + 17, birthDayIn(1980, 17), 'male', false),
    );
    expect(new Set(birthday).size).toBe(birthday.length);
  });

  it('has a telephone that no subscriber can have', () => {
    expect(everyone.every((one) => /^129\d{8}$/.test(one.phone))).toBe(true);
  });

  it('lives at a street that is one of ours, in a district of the region', () => {
    expect(new Set(everyone.map((one) => one.address.area)).size).toBe(38);
    expect(everyone.every((one) => one.address.area === one.district.code)).toBe(true);
  });
});

describe('a household', () => {
  it('has mothers and fathers of a possible age, one generation above', () => {
    for (const one of everyone) {
      for (const number of [one.mother, one.father]) {
        if (number === null) continue;
        const parent = residentAt(1, number);
        const gap = ageAt(parent.birthDay, one.birthDay);
        expect(gap).toBeGreaterThanOrEqual(18);
        expect(gap).toBeLessThanOrEqual(50);
        expect(parent.children).toContain(one.number);
        expect(parent.household).toBe(one.household);
      }
    }
  });

  it('has twins born on one day, about one person in a hundred', () => {
    for (const one of everyone) if (one.twin !== null) expect(residentAt(1, one.twin).birthDate).toBe(one.birthDate);
    expect(share(everyone, (one) => one.twin !== null)).toBeCloseTo(0.01, 2);
  });

  it('is as large as the census counted: 2.45 people', () => {
    expect(SIZE / new Set(everyone.map((one) => one.household)).size).toBeCloseTo(2.45, 1);
  });
});

describe('the population', () => {
  it('has the age structure of the seventh census of Chongqing within two points', () => {
    const age = (one: Resident): number => ageAt(one.birthDay, NOW);
    expect(Math.abs(share(alive, (one) => age(one) < 15) - 0.1591)).toBeLessThan(0.02);
    expect(Math.abs(share(alive, (one) => age(one) >= 60) - 0.2187)).toBeLessThan(0.02);
    expect(Math.abs(share(alive, (one) => age(one) >= 65) - 0.1708)).toBeLessThan(0.02);
    expect(Math.abs(share(alive, (one) => one.sex === 'male') - 0.5055)).toBeLessThan(0.015);
  });

  it('has births near 6 and deaths near 8 per thousand and year', () => {
    const year = [parseDay('2026-11-23'), parseDay('2027-11-23')] as const;
    const births = everyone.filter((one) => one.birthDay > year[0] && one.birthDay <= year[1]).length;
    const deaths = alive.filter((one) => one.deathDay !== null && one.deathDay <= year[1]).length;
    expect((births / SIZE) * 1_000).toBeGreaterThan(4.5);
    expect((births / SIZE) * 1_000).toBeLessThan(8.5);
    expect((deaths / SIZE) * 1_000).toBeGreaterThan(6.5);
    expect((deaths / SIZE) * 1_000).toBeLessThan(10.5);
  });

  it('carries surnames in the published shares', () => {
    const han = everyone.filter((one) => one.district.minority < 0.1);
    for (const [surname, percent] of [
      ['王', 7.25],
      ['李', 7.19],
      ['张', 6.83],
    ] as const) {
      expect(Math.abs(share(han, (one) => one.surname === surname) * 100 - percent)).toBeLessThan(0.6);
    }
    const hundred = new Set(SURNAMES.slice(0, 100).map(([surname]) => surname));
    expect(Math.abs(share(han, (one) => hundred.has(one.surname)) - 0.848)).toBeLessThan(0.015);
    expect(SURNAMES.reduce((sum, row) => sum + row[1], 0)).toBeCloseTo(100, 1);
    expect(new Set(SURNAMES.map(([surname]) => surname)).size).toBe(SURNAMES.length);
  });

  it('has compound surnames, dotted names, and Tujia and Miao where they live', () => {
    expect(everyone.some((one) => one.surname === '欧阳')).toBe(true);
    expect(everyone.some((one) => one.name.includes('·'))).toBe(true);
    const youyang = everyone.filter((one) => one.address.area === '500242');
    expect(share(youyang, (one) => one.ethnic.zh === '土家族' || one.ethnic.zh === '苗族')).toBeGreaterThan(0.7);
    expect(
      share(
        everyone.filter((one) => one.address.area === '500103'),
        (one) => one.ethnic.zh === '汉族',
      ),
    ).toBeGreaterThan(0.95);
  });

  it('gives newborns names that say whose child they are', () => {
    const child = everyone.find((one) => one.mother !== null && one.twin === null)!;
    const read = parseNewbornName(newbornName(1, child));
    expect(read?.sex).toBe(child.sex);
    expect(isoDate(child.namedDay) > child.birthDate).toBe(true);
  });
});
