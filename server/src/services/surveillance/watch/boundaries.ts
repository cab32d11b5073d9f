import { readFileSync, statSync } from 'node:fs';
import { ConfigError } from '../../../kit/config.ts';

/** Outlines per area: polygons of rings of [longitude, latitude], the first ring of each outside, the others holes. */
export type Boundaries = { area: string; polygons: [number, number][][][] }[];

const mostBytes = 32 * 1024 * 1024;
/** About 30 m: finer detail than a screen shows would only make the page heavy. */
const round = (value: number): number => Math.round(value * 3000) / 3000;

type Geometry = { type?: string; coordinates?: unknown };
type Feature = { properties?: Record<string, unknown> | null; geometry?: Geometry | null };

function codeOf({ properties }: Feature): string | null {
  for (const name of ['code', 'adcode', 'area', 'gb']) {
    const found = /(\d{6})$/.exec(String(properties?.[name] ?? ''))?.[1];
    if (found) return found;
  }
  return null;
}

function ring(points: unknown): [number, number][] {
  if (!Array.isArray(points) || points.length < 4) throw new ConfigError('a ring has at least 4 points');
  const out: [number, number][] = [];
  for (const point of points as unknown[]) {
    const [x, y] = Array.isArray(point) ? (point as unknown[]) : [];
    if (typeof x !== 'number' || typeof y !== 'number' || !Number.isFinite(x) || !Number.isFinite(y))
      throw new ConfigError('a point is [longitude, latitude]');
    const next: [number, number] = [round(x), round(y)];
    const last = out.at(-1);
    if (!last || last[0] !== next[0] || last[1] !== next[1]) out.push(next);
  }
  return out;
}

/**
 * Reads the operator's official boundary file: a GeoJSON FeatureCollection in longitude and latitude, each feature with the area's six-digit code as
 * property `code`, `adcode`, `area` or `gb` (its last six digits).
 * @throws ConfigError naming what is wrong with the file
 */
export function readBoundaries(path: string): Boundaries {
  try {
    if (statSync(path).size > mostBytes) throw new ConfigError('it is larger than 32 MB');
    const { type, features } = JSON.parse(readFileSync(path, 'utf8')) as { type?: string; features?: Feature[] };
    if (type !== 'FeatureCollection' || !Array.isArray(features) || features.length === 0)
      throw new ConfigError('it is not a FeatureCollection with features');
    return features.map((feature, index) => {
      const area = codeOf(feature);
      if (!area) throw new ConfigError(`feature ${index} has no six-digit code`);
      const { type: kind, coordinates } = feature.geometry ?? {};
      const polygons = kind === 'Polygon' ? [coordinates] : kind === 'MultiPolygon' ? coordinates : null;
      if (!Array.isArray(polygons)) throw new ConfigError(`feature ${index} is neither Polygon nor MultiPolygon`);
      return { area, polygons: polygons.map((rings: unknown) => (rings as unknown[]).map(ring)) };
    });
  } catch (error) {
    throw new ConfigError(`--boundaries ${path} cannot be used: ${(error as Error).message}`);
  }
}
