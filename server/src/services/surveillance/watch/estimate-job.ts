import { dateOfDay } from '@hutong/epi';
import type { DetectionDoor } from '../detection.ts';
import { wholeRegion } from '../places.ts';
import { busyDiseases, caseDays, dropEstimatesBefore, saveEstimate } from '../tables/estimates.ts';
import { heardAnywhere } from '../tables/watch-counts.ts';
import { estimateDays, estimateOf, fewestCases } from './estimate.ts';
import { readSerialIntervals } from './serial-intervals.ts';
import { numberOfDay } from './weeks.ts';

const intervals = readSerialIntervals();
/** Between two estimates the server answers whoever waits. */
const breathe = (): Promise<void> => new Promise((done) => setImmediate(done));

/** Works out all diseases that have had enough cases, for the region and for every area that has enough of its own. @returns how many */
export async function makeEstimates(door: DetectionDoor, today: number, at: Date): Promise<number> {
  const [from, to] = [dateOfDay(today - estimateDays + 1), dateOfDay(today)];
  const heard = new Set((await heardAnywhere(door.pool, 'cases', from, to)).map(numberOfDay));
  let made = 0;
  for (const disease of await busyDiseases(door.pool, dateOfDay(today - 55), to, fewestCases)) {
    const rows = (await caseDays(door.pool, disease, from, to)).map(({ area, event, report, n }) => ({
      area,
      event: numberOfDay(event),
      report: numberOfDay(report),
      n,
    }));
    const byArea = Map.groupBy(rows, ({ area }) => area);
    for (const [area, cases] of [[wholeRegion, rows] as const, ...byArea]) {
      if (cases.reduce((sum, { n }) => sum + n, 0) < fewestCases) continue;
      const body = estimateOf(cases, heard, intervals.get(disease) ?? null, today);
      await saveEstimate(door.pool, disease, area, body, at);
      made++;
      await breathe();
    }
  }
  await dropEstimatesBefore(door.pool, at);
  return made;
}
