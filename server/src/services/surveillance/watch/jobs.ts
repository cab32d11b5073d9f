import type { Identity } from '../../../core/identity/index.ts';
import { dayOf } from '../decide.ts';
import type { DetectionDoor } from '../detection.ts';
import { judgedState } from '../tables/counts.ts';
import { noteWatched, watchedAt } from '../tables/estimates.ts';
import { makeEstimates } from './estimate-job.ts';
import { countPopulation } from './population.ts';
import { makeScans } from './scan-job.ts';
import { numberOfDay } from './weeks.ts';

const lockNumber = 0x57415443;
const everyMs = 60_000;
/** Estimates need not follow every message: at most four times an hour, and each night in any case. */
const betweenMs = 15 * 60_000;

export type WatchDoor = DetectionDoor & { identity: Pick<Identity, 'countByArea'> };
export type WatchRun = { estimates: number; scans: number; milliseconds: number };
export type WatchJob = {
  /** Counts residents, scans and estimates now; null when another server is at it. */
  runNow(now: Date): Promise<WatchRun | null>;
  stop(): Promise<void>;
};

/** Denominators, scans, nowcasts, reproduction numbers and forecasts, made beside the work. One server at a time. */
export function startWatch(door: WatchDoor, onError: (error: unknown) => void): WatchJob {
  let running: Promise<unknown> = Promise.resolve();
  let stopped = false;
  const runNow = async (now: Date): Promise<WatchRun | null> => {
    const client = await door.pool.connect();
    try {
      const { rows } = await client.query<{ mine: boolean }>('select pg_try_advisory_lock($1) as mine', [lockNumber]);
      if (!rows[0]?.mine) return null;
      try {
        const started = performance.now();
        const day = dayOf(now.getTime());
        const today = numberOfDay(day);
        const counted = await watchedAt(door.pool, 'population');
        if (counted?.day !== day) {
          await countPopulation(door, day, now);
          await noteWatched(door.pool, 'population', now, day);
        }
        const scans = await makeScans(door, today, now);
        const estimates = await makeEstimates(door, today, now);
        await noteWatched(door.pool, 'estimates', now, day);
        return { scans, estimates, milliseconds: Math.round(performance.now() - started) };
      } finally {
        await client.query('select pg_advisory_unlock($1)', [lockNumber]);
      }
    } finally {
      client.release();
    }
  };
  const look = async (): Promise<void> => {
    if (stopped) return;
    const now = new Date();
    const [{ changed }, last] = await Promise.all([judgedState(door.pool), watchedAt(door.pool, 'estimates')]);
    const isNews = changed !== null && (!last || (changed > last.at && now.getTime() - last.at.getTime() >= betweenMs));
    const isNight =
      last !== null && last.day !== dayOf(now.getTime()) && new Date(now.getTime() + 8 * 3_600_000).getUTCHours() >= 2;
    if (isNews || isNight) await runNow(now);
  };
  const timer = setInterval(() => {
    running = running.then(look).catch(onError);
  }, everyMs);
  timer.unref();
  return {
    runNow,
    async stop() {
      stopped = true;
      clearInterval(timer);
      await running;
    },
  };
}
