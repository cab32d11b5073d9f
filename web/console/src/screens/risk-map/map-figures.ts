import type { MapArea, RiskMap } from '@hutong/contract/watch.ts';

/**
 * What a tile says. `gap`: nobody was heard in any week of the window. `few`: so few cases that a rate would be noise. `partial`: some weeks of the
 * window are gaps, so the figure is a lower limit.
 */
export type Figure =
  | { kind: 'gap' }
  | { kind: 'few'; cases: number; partial: boolean }
  | { kind: 'no-population'; cases: number; partial: boolean }
  | { kind: 'value'; cases: number; value: number; partial: boolean };

export function figureOf(area: MapArea, end: number, span: number, show: 'rate' | 'count', fewest: number): Figure {
  const window = area.weeks.slice(Math.max(0, end - span + 1), end + 1);
  const known = window.filter((n) => n !== null);
  if (known.length === 0) return { kind: 'gap' };
  const cases = known.reduce((sum, n) => sum + n, 0);
  const partial = known.length < window.length;
  if (show === 'count') return { kind: 'value', cases, value: cases, partial };
  if (area.population === null) return { kind: 'no-population', cases, partial };
  if (cases > 0 && cases < fewest) return { kind: 'few', cases, partial };
  return { kind: 'value', cases, value: (cases * 100_000) / area.population, partial };
}

/** Four limits between five shades: quintiles of all values above zero over all weeks, so that the slider changes the picture and not its scale. */
export function limitsOf(map: RiskMap, span: number, show: 'rate' | 'count'): number[] {
  const values = map.areas
    .flatMap((area) =>
      area.weeks.map((_, end) => (end + 1 < span ? null : figureOf(area, end, span, show, map.fewest))),
    )
    .flatMap((figure) => (figure?.kind === 'value' && figure.value > 0 ? [figure.value] : []))
    .sort((a, b) => a - b);
  return [0.2, 0.4, 0.6, 0.8].map((p) => values[Math.floor(p * (values.length - 1))] ?? 0);
}

export const shadeOf = (value: number, limits: number[]): number =>
  value <= 0 ? 0 : limits.filter((limit) => value > limit).length;

/** Clusters by letter, the strongest first, the one that looks at space and time before the purely spatial one of the same areas. */
export function lettered(map: RiskMap): { letter: string; cluster: RiskMap['clusters'][0] }[] {
  return map.clusters
    .toSorted((one, other) => one.p - other.p || one.model.localeCompare(other.model))
    .slice(0, 6)
    .map((cluster, index) => ({ letter: 'ABCDEF'[index] ?? '', cluster }));
}
