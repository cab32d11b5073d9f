import { foldName, isSurnameRewrite, looksAlike, parseResidentNumber, readingKeys } from '@hutong/china';
import { describe, expect, it } from 'vitest';
import { planCity } from '../generate-city.ts';
import { readOptions } from '../options.ts';
import { residentAt } from '../people/households.ts';
import { cityInstitutions } from '../places/institutions.ts';
import { Random } from '../random.ts';
import { dayFrom } from '../time.ts';
import { varyName } from './name-variants.ts';
import { ratesAt } from './rates.ts';
import { identityAt, type SourceIdentity } from './source-identity.ts';

const DAY = dayFrom(2026, 1, 2);
const institution = cityInstitutions({ seed: 1, size: 1_000 })[1]!;

function registrations(dirt: number, size = 30_000): SourceIdentity[] {
  const city = readOptions({ until: '2026-11-23', size, dirt });
  return Array.from({ length: size }, (_, number) => residentAt(1, number))
    .filter((one) => one.birthDay < DAY - 60 && one.idNumber !== null)
    .map((one) => identityAt(city, one, institution, DAY));
}

describe('dirty registrations', () => {
  const half = registrations(0.5);
  const rate = (kind: string): number =>
    half.filter((one) => (one.dirt as readonly string[]).includes(kind)).length / half.length;

  it('come at the default rates of real life when the dial stands at one half', () => {
    for (const [kind, wanted, off] of [
      ['missing-number', 0.12, 0.01],
      ['mistyped-number', 0.0176, 0.004],
      ['name-variant', 0.08, 0.012],
      ['wrong-birth-date', 0.05, 0.006],
      ['other-phone', 0.25, 0.012],
      ['other-address', 0.2, 0.012],
    ] as const) {
      expect(Math.abs(rate(kind) - wanted), kind).toBeLessThan(off);
    }
    // Somebody who lives alone has nobody to go to the desk for them.
    expect(rate('parents-number')).toBeGreaterThan(0.008);
    expect(rate('parents-number')).toBeLessThan(0.02);
  });

  it('follow the dial in proportion, and are clean at zero', () => {
    expect(registrations(0, 3_000).every((one) => one.dirt.length === 0)).toBe(true);
    const full = ratesAt(1);
    expect(full['name-variant']).toBeCloseTo(2 * ratesAt(0.5)['name-variant'], 10);
  });

  it('have mistyped numbers of which half pass the check digit', () => {
    const typed = half.filter((one) => one.dirt.includes('mistyped-number'));
    const valid = typed.filter((one) => parseResidentNumber(one.number!, '2026-11-23').ok);
    expect(typed.length).toBeGreaterThan(300);
    expect(typed.every((one) => one.number !== one.resident.idNumber)).toBe(true);
    expect(Math.abs(valid.length / typed.length - 0.5)).toBeLessThan(0.08);
    expect(valid.every((one) => one.dirt.includes('checksum-valid'))).toBe(true);
  });

  it('say the truth wherever they claim no dirt', () => {
    for (const one of half) {
      const { dirt, resident } = one;
      const has = (kind: SourceIdentity['dirt'][number]): boolean => dirt.includes(kind);
      if (!has('name-variant')) expect(one.name).toBe(resident.name);
      else expect(one.name).not.toBe(resident.name);
      if (!has('wrong-birth-date')) expect(one.birthDate).toBe(resident.birthDate);
      else expect(one.birthDate).not.toBe(resident.birthDate);
      if (!has('missing-number') && !has('mistyped-number') && !has('parents-number') && !has('number-15'))
        expect(one.number).toBe(resident.idNumber);
      if (has('parents-number'))
        expect(resident.members.map((member) => residentAt(1, member).idNumber)).toContain(one.number);
    }
  });

  it('give every resident a local number of their own', () => {
    expect(new Set(half.map((one) => one.localId)).size).toBe(half.length);
  });

  it('write names otherwise as the kind of mistake says', () => {
    const kinds = new Set<string>();
    const names = [
      '张伟',
      '欧阳静怡',
      '肖红梅',
      '李若汐',
      '陈国强',
      '买买提·玉素甫',
      '刘洋',
      '王大海',
      '付未来',
      '周天',
    ];
    for (const [row, name] of names.entries()) {
      for (let turn = 0; turn < 60; turn++) {
        const variant = varyName(new Random(1, 'test', turn, row), name);
        if (!variant) continue;
        kinds.add(variant.kind);
        const [before, after] = [[...foldName(name).text], [...foldName(variant.name).text]];
        const changed = before.findIndex((character, at) => character !== after[at]);
        if (variant.kind === 'homophone')
          expect(
            readingKeys(variant.name, 64).some((key) => readingKeys(name, 64).includes(key)),
            variant.name,
          ).toBe(true);
        if (variant.kind === 'look-alike')
          expect(looksAlike(before[changed]!, after[changed]!), variant.name).toBe(true);
        if (variant.kind === 'variant')
          expect(changed < 0 || isSurnameRewrite(before[0]!, after[0]!), variant.name).toBe(true);
        if (variant.kind === 'dropped-character') expect([...variant.name].length).toBe([...name].length - 1);
        if (variant.kind === 'dot') expect(variant.name.replace(/[•.‧・]/u, '')).toBe(name.replace('·', ''));
      }
    }
    expect(kinds).toEqual(new Set(['homophone', 'look-alike', 'variant', 'dropped-character', 'dot']));
  });
});

describe('dirt of the wire', () => {
  const city = readOptions({ until: '2026-11-23', size: 4_000, days: 60, dirt: 0.5 });
  const sent = [...planCity(city)];
  const share = (kind: string): number => sent.filter((message) => message.dirt.includes(kind)).length / sent.length;

  it('comes near the dial', () => {
    expect(Math.abs(share('duplicate') - 0.03)).toBeLessThan(0.008);
    expect(Math.abs(share('late') - 0.05)).toBeLessThan(0.02);
    expect(Math.abs(share('broken') - 0.01)).toBeLessThan(0.005);
    expect(share('corrected')).toBeGreaterThan(0.004);
    expect(share('out-of-order')).toBeGreaterThan(0.003);
  });

  it('makes late messages leave days after they were written', () => {
    const late = sent.filter((message) => message.dirt.includes('late'));
    expect(late.every((message) => message.at - message.writtenAt >= 86_400_000)).toBe(true);
  });

  it('corrects a report after the report, under another control id', () => {
    const corrections = sent.filter((message) => message.correction);
    expect(corrections.length).toBeGreaterThan(30);
    const known = new Map(sent.map((message) => [`${message.institution.code}${message.controlId}`, message]));
    for (const correction of corrections) {
      const original = known.get(`${correction.institution.code}${correction.controlId.slice(0, -1)}`);
      if (original) expect(correction.at).toBeGreaterThan(original.writtenAt);
    }
  });
});
