import type { Analyte } from '@hutong/contract/console.ts';
import type { Language } from '../../app/language.ts';
import { seriesStyles } from '../../app/theme.ts';

type Point = Analyte['points'][number];
export type LegendEntry = { code: string; name: string; style: (typeof seriesStyles)[number]; points: Point[] };

/** Points oldest first, and one legend entry per institution in the order of its code, so that a symbol keeps its hospital from page to page. */
export function chartSeries(analyte: Analyte, language: Language): { points: Point[]; legend: LegendEntry[] } {
  const points = analyte.points.toSorted((one, other) => Date.parse(one.at) - Date.parse(other.at));
  const codes = [...new Set(points.map((point) => point.institution.code))].toSorted();
  const legend = codes.map((code, index): LegendEntry => {
    const own = points.filter((point) => point.institution.code === code);
    const { nameZh, nameEn } = own[0]!.institution;
    return {
      code,
      name: language === 'en' ? nameEn : nameZh,
      style: seriesStyles[index % seriesStyles.length]!,
      points: own,
    };
  });
  return { points, legend };
}

/** Ends of an axis that leave room around the values and are round numbers: 3.44 would be no place for a label. */
export function roundBounds(least: number, most: number): [number, number] {
  const range = most - least || Math.abs(most) || 1;
  const step = 10 ** Math.floor(Math.log10(range)) / 2;
  const clean = (value: number): number => Number(value.toPrecision(12));
  return [
    clean(Math.floor((least - range * 0.06) / step) * step),
    clean(Math.ceil((most + range * 0.06) / step) * step),
  ];
}
