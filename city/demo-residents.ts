import { constitutionOf } from './lives/constitution.ts';
import { visitsOf } from './lives/life.ts';
import { type CityOptions, readOptions } from './options.ts';
import { OutbreakPlan } from './outbreaks/plan.ts';
import { residentAt } from './people/households.ts';
import type { Resident } from './people/resident.ts';
import { cityInstitutions } from './places/institutions.ts';
import { Region } from './places/region.ts';
import { ageAt } from './time.ts';

export type DemoResident = {
  resident: Resident;
  visits: number;
  reports: number;
  institutions: number;
  whyZh: string;
  whyEn: string;
};

/**
 * Residents worth showing: the richest records of the first 2,000 for a chronic patient, a mother, a child and a case of
 * each outbreak that is switched on. Pure: the same options, the same people.
 */
export function demoResidents(options: CityOptions): DemoResident[] {
  const city = readOptions(options);
  const region = new Region(cityInstitutions(city));
  const plan = new OutbreakPlan(city.seed, city.size, city.outbreaks);
  const rows = Array.from({ length: Math.min(city.size, 2_000) }, (_, number) => {
    const resident = residentAt(city.seed, number);
    const visits = visitsOf(city, region, plan, resident);
    const body = constitutionOf(city.seed, resident);
    const reports = visits.reduce((sum, visit) => sum + visit.labs.length + visit.imaging.length, 0);
    return {
      resident,
      visits: visits.length,
      reports,
      institutions: new Set(visits.map((visit) => visit.institution.code)).size,
      age: ageAt(resident.birthDay, city.lastDay),
      chronic: body.diabetes !== null && body.hypertension !== null,
      birth: visits.some((visit) => /\.[pd]\d/.test(visit.id)),
      newborn: visits.some((visit) => visit.id.endsWith('.n0')),
      outbreaks: new Set(visits.flatMap((visit) => (visit.outbreak ? [visit.outbreak.kind] : []))),
    };
  });
  const richest = (wanted: (row: (typeof rows)[number]) => boolean): (typeof rows)[number][] =>
    rows
      .filter(wanted)
      .sort((a, b) => b.institutions * 3 + b.visits + b.reports - (a.institutions * 3 + a.visits + a.reports));
  const found = new Map<number, DemoResident>();
  const show = (row: (typeof rows)[number] | undefined, whyZh: string, whyEn: string): void => {
    if (row && !found.has(row.resident.number))
      found.set(row.resident.number, {
        resident: row.resident,
        visits: row.visits,
        reports: row.reports,
        institutions: row.institutions,
        whyZh,
        whyEn,
      });
  };
  const [first, second, third] = richest((row) => row.chronic);
  show(first, '高血压合并糖尿病，多家医院随访', 'Hypertension and diabetes, followed at several hospitals');
  show(second, '慢性病长期随访', 'Long-term chronic care');
  show(third, '慢性病长期随访', 'Long-term chronic care');
  show(richest((row) => row.birth)[0], '孕产妇', 'Pregnancy and birth');
  show(richest((row) => row.newborn)[0], '新生儿，登记时尚未取名', 'A newborn registered before being named');
  show(richest((row) => row.age < 7 && row.age >= 0)[0], '儿童，预防接种', 'A child with vaccinations');
  for (const { kind } of city.outbreaks)
    show(richest((row) => row.outbreaks.has(kind))[0], `疫情病例：${kind}`, `A case of the outbreak: ${kind}`);
  return [...found.values()];
}
