import type { ScanCluster } from '@hutong/contract/watch.ts';
import { dateOfDay, isRefusal } from '@hutong/epi';
import { permutationScanParallel, poissonScanParallel } from '@hutong/epi/parallel';
import type { DetectionDoor } from '../detection.ts';
import { busyDiseases, dropScansBefore, saveScan } from '../tables/estimates.ts';
import { populationsOn } from '../tables/population.ts';
import { areaDays } from '../tables/watch-counts.ts';
import { inKilometres, readTiles, type Tile } from './tiles.ts';
import { numberOfDay } from './weeks.ts';

const tiles = readTiles();
/** 90 days of history, windows of at most two weeks, zones of at most half of the cases (Kulldorff et al. 2005). */
const historyDays = 90;
const maxWindow = 14;
const spatialDays = 28;
const fewestCases = 10;
const replications = 999;
/** Shown on the map: what chance makes less than once in 20 looks. */
const shownP = 0.05;

/** Largest distance from the centre to a member of the zone. */
function radiusOf(places: Tile[], centre: number, members: number[]): number {
  const middle = inKilometres(places[centre] as Tile);
  const distance = (member: number): number => {
    const { x, y } = inKilometres(places[member] as Tile);
    return Math.hypot(x - middle.x, y - middle.y);
  };
  return Math.round(Math.max(...members.map(distance)));
}

/** Scans every disease that has had cases lately. The random stream of a day is its own number: the same day gives the same p. */
export async function makeScans(door: DetectionDoor, today: number, at: Date): Promise<number> {
  const month = dateOfDay(today).slice(0, 7);
  const places = tiles.filter(({ until }) => until === null || month < until);
  const index = new Map(places.map(({ area }, position) => [area, position]));
  const points = places.map(inKilometres);
  const where = { x: Float64Array.from(points, ({ x }) => x), y: Float64Array.from(points, ({ y }) => y) };
  const populations = await populationsOn(door.pool, dateOfDay(today));
  // The spatial model knows only areas with residents: without a denominator nothing is expected there.
  const peopled = places.flatMap(({ area }, place) => {
    const n = populations.get(area)?.n ?? 0;
    return n > 0 ? [{ place, n }] : [];
  });
  const peopledWhere = {
    x: Float64Array.from(peopled, ({ place }) => where.x[place] as number),
    y: Float64Array.from(peopled, ({ place }) => where.y[place] as number),
  };
  const from = today - historyDays + 1;
  let made = 0;
  for (const topic of await busyDiseases(
    door.pool,
    dateOfDay(today - spatialDays + 1),
    dateOfDay(today),
    fewestCases,
  )) {
    const cases = new Float64Array(places.length * historyDays);
    const recent = new Float64Array(places.length);
    for (const { area, day, n } of await areaDays(door.pool, 'cases', topic, dateOfDay(from), dateOfDay(today))) {
      const place = index.get(area);
      if (place === undefined) continue;
      const at = numberOfDay(day) - from;
      cases[at * places.length + place] = n;
      if (at >= historyDays - spatialDays) recent[place] = (recent[place] as number) + n;
    }
    const spaceTime = await permutationScanParallel(
      { areas: places.length, units: historyDays, cases },
      where,
      { maxWindow, replications, seed: today, clusters: 3 },
      1,
    );
    const named = (members: number[]): string[] => members.map((member) => (places[member] as Tile).area);
    if (!isRefusal(spaceTime))
      await saveScan(
        door.pool,
        topic,
        'space-time-permutation',
        spaceTime.clusters
          .filter(({ p, cases: found, expected }) => p <= shownP && found > expected)
          .map(
            (found): ScanCluster => ({
              model: 'space-time-permutation',
              centre: (places[found.centre] as Tile).area,
              areas: named(found.areas),
              from: dateOfDay(today - found.window + 1),
              to: dateOfDay(today),
              cases: found.cases,
              expected: found.expected,
              relativeRisk: found.cases / found.expected,
              p: found.p,
              recurrenceDays: found.recurrenceInterval,
              radiusKm: radiusOf(places, found.centre, found.areas),
            }),
          ),
        at,
      );
    const seen = Float64Array.from(peopled, ({ place }) => recent[place] as number);
    const spatial =
      peopled.length > 1 && seen.some((n) => n > 0)
        ? await poissonScanParallel(
            seen,
            Float64Array.from(peopled, ({ n }) => n),
            peopledWhere,
            { replications, seed: today, clusters: 3 },
            1,
          )
        : null;
    if (spatial && !isRefusal(spatial)) {
      const members = (list: number[]): number[] => list.map((member) => peopled[member]?.place ?? 0);
      await saveScan(
        door.pool,
        topic,
        'spatial-poisson',
        spatial.clusters
          .filter(({ p, cases: found, expected }) => p <= shownP && found > expected)
          .map(
            (found): ScanCluster => ({
              model: 'spatial-poisson',
              centre: named(members([found.centre]))[0] as string,
              areas: named(members(found.areas)),
              from: dateOfDay(today - spatialDays + 1),
              to: dateOfDay(today),
              cases: found.cases,
              expected: found.expected,
              relativeRisk: found.relativeRisk,
              p: found.p,
              recurrenceDays: null,
              radiusKm: radiusOf(places, members([found.centre])[0] as number, members(found.areas)),
            }),
          ),
        at,
      );
    }
    made++;
  }
  await dropScansBefore(door.pool, at);
  return made;
}
