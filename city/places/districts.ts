import { chongqingAreas } from '@hutong/china';
import { Weighted } from '../random.ts';

/**
 * The 38 districts and counties of Chongqing as of 2025-06 (GB/T 2260 codes and names from @hutong/china).
 * `population`: ten thousands of residents, seventh national census (2020-11-01), communique of the Chongqing Bureau of
 * Statistics. `land`: the nine central districts, other districts, counties. `minority`: share of Tujia and Miao.
 */
export type District = {
  code: string;
  zh: string;
  en: string;
  population: number;
  land: 'central' | 'district' | 'county';
  minority: number;
};

type Row = readonly [code: string, population: number, land: District['land'], minority?: number];

const ROWS: readonly Row[] = [
  ['500101', 156.4, 'district'],
  ['500102', 111.5, 'district'],
  ['500103', 58.9, 'central'],
  ['500104', 42.2, 'central'],
  ['500105', 92.6, 'central'],
  ['500106', 147.7, 'central'],
  ['500107', 152.7, 'central'],
  ['500108', 119.8, 'central'],
  ['500109', 83.5, 'central'],
  ['500110', 101.1, 'district'],
  ['500111', 83.5, 'district'],
  ['500112', 219.1, 'central'],
  ['500113', 117.9, 'central'],
  ['500114', 48.7, 'district', 0.73],
  ['500115', 69.3, 'district'],
  ['500116', 136.0, 'district'],
  ['500117', 124.5, 'district'],
  ['500118', 114.9, 'district'],
  ['500119', 57.2, 'district'],
  ['500120', 75.6, 'district'],
  ['500151', 68.6, 'district'],
  ['500152', 68.8, 'district'],
  ['500153', 66.9, 'district'],
  ['500154', 120.3, 'district'],
  ['500155', 64.5, 'district'],
  ['500156', 35.7, 'district', 0.05],
  ['500229', 19.8, 'county'],
  ['500230', 55.7, 'county'],
  ['500231', 65.1, 'county'],
  ['500233', 72.1, 'county'],
  ['500235', 92.9, 'county'],
  ['500236', 74.5, 'county'],
  ['500237', 46.2, 'county'],
  ['500238', 38.9, 'county'],
  ['500240', 38.9, 'county', 0.72],
  ['500241', 49.6, 'county', 0.53],
  ['500242', 60.7, 'county', 0.84],
  ['500243', 53.1, 'county', 0.6],
];

const names = new Map(chongqingAreas('2025-06').map((area) => [area.code, area]));

export const DISTRICTS: readonly District[] = ROWS.map(([code, population, land, minority]) => {
  const area = names.get(code);
  return { code, zh: area?.zh ?? code, en: area?.en ?? code, population, land, minority: minority ?? 0.01 };
});

/** Where the first residents live, so that even a small city has one neighbourhood dense enough for an outbreak. */
export const HOME_DISTRICT = DISTRICTS.find((district) => district.code === '500112')!;

export const districtsByPopulation = new Weighted(
  DISTRICTS.map((district) => [district, district.population] as const),
);

export function districtOf(code: string): District {
  return DISTRICTS.find((district) => district.code === code) ?? HOME_DISTRICT;
}
