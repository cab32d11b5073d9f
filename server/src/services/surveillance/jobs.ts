import { dayOf } from './decide.ts';
import { type DetectionDoor, type DetectionRun, detect } from './detection.ts';
import { judgedState, noteJudged } from './tables/counts.ts';

const lockNumber = 0x53555256;
const everyMs = 60_000;
const betweenMs = 5 * 60_000;

export type DetectionJob = {
  /** Judges everything now, whatever has changed; null when another server is at it. */
  runNow(now: Date): Promise<DetectionRun | null>;
  stop(): Promise<void>;
};

/**
 * Looks every minute: intraday it works when counts have changed since the last run and five minutes have passed, and once after 02:00 each night
 * (Asia/Shanghai), when the day is complete, in any case. One server at a time.
 */
export function startDetection(door: DetectionDoor, onError: (error: unknown) => void): DetectionJob {
  let running: Promise<unknown> = Promise.resolve();
  const runNow = async (now: Date, nightly: string | null = null): Promise<DetectionRun | null> => {
    // A lock of the session, not of a transaction: a long run must not hold back the readers of the feed.
    const client = await door.pool.connect();
    try {
      const { rows } = await client.query<{ mine: boolean }>('select pg_try_advisory_lock($1) as mine', [lockNumber]);
      if (!rows[0]?.mine) return null;
      try {
        const run = await detect(door, now);
        await noteJudged(client, now, nightly);
        return run;
      } finally {
        await client.query('select pg_advisory_unlock($1)', [lockNumber]);
      }
    } finally {
      client.release();
    }
  };
  const look = async (): Promise<void> => {
    const now = new Date();
    const { changed, judged, nightly } = await judgedState(door.pool);
    const today = dayOf(now.getTime());
    const isNight = nightly !== today && new Date(now.getTime() + 8 * 3_600_000).getUTCHours() >= 2;
    const isNews =
      changed !== null && (judged === null || (changed > judged && now.getTime() - judged.getTime() >= betweenMs));
    if (isNight || isNews) await runNow(now, isNight ? today : null);
  };
  const timer = setInterval(() => {
    running = running.then(look).catch(onError);
  }, everyMs);
  timer.unref();
  return {
    runNow,
    async stop() {
      clearInterval(timer);
      await running;
    },
  };
}
