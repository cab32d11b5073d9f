import { describe, expect, it } from 'vitest';
import { readOptions } from '../options.ts';
import { OutbreakPlan } from '../outbreaks/plan.ts';
import { residentAt } from '../people/households.ts';
import { cityInstitutions } from '../places/institutions.ts';
import { Region } from '../places/region.ts';
import { ageAt, dayOf } from '../time.ts';
import { ANALYTES, PANELS } from './analytes.ts';
import { CONDITIONS } from './conditions.ts';
import { constitutionOf } from './constitution.ts';
import { STUDIES } from './imaging.ts';
import { visitsOf } from './life.ts';
import { MEDICINES } from './medicines.ts';
import type { Visit } from './visit.ts';

const city = readOptions({ until: '2026-11-23', size: 4_000, days: 365, dirt: 0 });
const region = new Region(cityInstitutions(city));
const plan = new OutbreakPlan(city.seed, city.size, []);
const lives = Array.from({ length: city.size }, (_, number) =>
  visitsOf(city, region, plan, residentAt(city.seed, number)),
);
const visits: Visit[] = lives.flat();
const value = (visit: Visit, id: string): number | undefined =>
  visit.labs.flatMap((lab) => lab.results).find((result) => result.analyte.id === id)?.value ?? undefined;
const mean = (values: readonly number[]): number => values.reduce((sum, one) => sum + one, 0) / values.length;

describe('tables', () => {
  it('name only things that exist', () => {
    for (const condition of CONDITIONS) {
      expect(condition.icd10).toMatch(/^[A-Z]\d{2}(\.\d)?$/);
      for (const panel of condition.panels) expect(PANELS[panel]).toBeDefined();
      for (const medicine of condition.medicines) expect(MEDICINES[medicine]).toBeDefined();
      if (condition.imaging) expect(STUDIES[condition.imaging]).toBeDefined();
      for (const id of Object.keys(condition.effects)) expect(ANALYTES[id], id).toBeDefined();
    }
    for (const panel of Object.values(PANELS)) for (const id of panel.items) expect(ANALYTES[id]).toBeDefined();
  });

  it('convert conventional units by their molar mass and back', () => {
    expect(ANALYTES.glu!.conventional!.factor * 5.55).toBeCloseTo(100, 0);
    expect(ANALYTES.crea!.conventional!.factor * 88.4).toBeCloseTo(1, 6);
    expect(ANALYTES.tc!.conventional!.factor * 5.17).toBeCloseTo(200, 0);
  });
});

describe('lives', () => {
  it('come to 6.8 visits a year, as in China in 2023, most by a few', () => {
    const alive = lives.filter((_, number) => residentAt(1, number).birthDay < city.firstDay);
    expect(visits.length / alive.length).toBeGreaterThan(6);
    expect(visits.length / alive.length).toBeLessThan(7.6);
    const counts = alive.map((list) => list.length).sort((a, b) => b - a);
    expect(counts.slice(0, counts.length / 10).reduce((sum, one) => sum + one, 0) / visits.length).toBeGreaterThan(
      0.22,
    );
  });

  it('never go on after death nor begin before birth, and end no earlier than they begin', () => {
    for (const visit of visits) {
      const { deathDay, birthDay } = visit.resident;
      expect(dayOf(visit.at)).toBeGreaterThanOrEqual(birthDay);
      if (deathDay !== null) expect(dayOf(visit.at)).toBeLessThan(deathDay + 4);
      expect(visit.endAt).toBeGreaterThan(visit.at);
      for (const lab of visit.labs) expect(lab.reportedAt).toBeGreaterThan(lab.collectedAt);
    }
  });

  it('have the prevalences of the national surveys', () => {
    const adults = Array.from({ length: 20_000 }, (_, number) => residentAt(1, number)).filter(
      (one) => ageAt(one.birthDay, city.lastDay) >= 18,
    );
    const bodies = adults.map((one) => constitutionOf(1, one));
    const share = (kind: 'hypertension' | 'diabetes'): number =>
      bodies.filter((body) => body[kind] !== null).length / bodies.length;
    expect(Math.abs(share('hypertension') - 0.275)).toBeLessThan(0.04);
    expect(Math.abs(share('diabetes') - 0.119)).toBeLessThan(0.03);
    const older = adults.flatMap((one, index) => (ageAt(one.birthDay, city.lastDay) >= 40 ? [bodies[index]!] : []));
    expect(Math.abs(older.filter((body) => body.copd !== null).length / older.length - 0.137)).toBeLessThan(0.035);
  });

  it('have laboratory values that fit the disease', () => {
    const with_ = (icd10: string, id: string): number[] =>
      visits
        .filter((visit) => visit.diagnoses[0]?.icd10 === icd10 && ageAt(visit.resident.birthDay, dayOf(visit.at)) >= 18)
        .flatMap((visit) => value(visit, id) ?? []);
    expect(mean(with_('J03.9', 'wbc'))).toBeGreaterThan(mean(with_('J06.9', 'wbc')) + 2);
    expect(mean(with_('D50.9', 'hgb'))).toBeLessThan(105);
    expect(mean(with_('M10.9', 'ua'))).toBeGreaterThan(428);
    const sugar = visits
      .filter((visit) => visit.diagnoses.some((one) => one.icd10 === 'E11.9'))
      .flatMap((visit) => value(visit, 'hba1c') ?? []);
    expect(mean(sugar)).toBeGreaterThan(6.8);
  });

  it('keep about nineteen in twenty values of healthy people inside the interval', () => {
    const healthy = visits.filter(
      (visit) => visit.diagnoses[0]?.icd10 === 'Z00.0' && ageAt(visit.resident.birthDay, dayOf(visit.at)) < 50,
    );
    const results = healthy
      .flatMap((visit) => visit.labs.flatMap((lab) => lab.results))
      .filter((result) => result.value !== null);
    const inside = results.filter(
      (result) =>
        (result.low === null || result.value! >= result.low) && (result.high === null || result.value! <= result.high),
    );
    expect(results.length).toBeGreaterThan(1_000);
    expect(inside.length / results.length).toBeGreaterThan(0.92);
    expect(inside.length / results.length).toBeLessThan(0.99);
  });

  it('have mothers who are seen before they give birth, and children who are born where and when they do', () => {
    const births = visits.filter((visit) => visit.id.endsWith('.d0'));
    expect(births.length).toBeGreaterThan(10);
    for (const birth of births) {
      const child = birth.resident.children
        .map((number) => residentAt(1, number))
        .find((one) => one.birthDay === dayOf(birth.at));
      expect(child).toBeDefined();
      const stay = lives[child!.number]?.find((visit) => visit.id.endsWith('.n0'));
      expect(stay?.institution.code).toBe(birth.institution.code);
      if (birth.at - 200 * 86_400_000 > city.now - 365 * 86_400_000)
        expect(lives[birth.resident.number]!.some((visit) => /\.p\d/.test(visit.id) && visit.at < birth.at)).toBe(true);
    }
  });

  it('give vaccines at the ages of the national programme', () => {
    const given = visits.flatMap((visit) =>
      visit.vaccines.map(({ vaccine }) => ({ vaccine, age: ageAt(visit.resident.birthDay, dayOf(visit.at)) })),
    );
    expect(given.length).toBeGreaterThan(200);
    for (const { vaccine, age } of given) {
      if (vaccine.code === '2101') expect(age).toBeGreaterThanOrEqual(64);
      else expect(Math.abs(age - Math.floor(vaccine.month / 12))).toBeLessThanOrEqual(1);
    }
  });
});
