/** Scores a detector on simulated replicates: false alarms, outbreaks found, and how soon. */
import type { ScoredMethod } from './methods.ts';
import { isRefusal } from './series.ts';
import { NOUFAILY_SCENARIOS, SERIES_LENGTH, simulateReplicate, TEST_START } from './simulate.ts';

/** Result over all scenarios. */
export type Score = {
  name: string;
  /** Alarm weeks / test weeks of series without a current outbreak (past ones included). */
  falsePositiveRate: number;
  /** Outbreaks with at least one alarm between their first and last week / outbreaks with a case. */
  probabilityOfDetection: number;
  /** Weeks from the first case to the first alarm, mean over found outbreaks. */
  weeksToDetection: number;
  outbreaks: number;
  testWeeks: number;
};

/** Runs one method over `replicates` of each of the 42 scenarios. Replicate r of scenario s has its own random stream, the same for all methods. */
export function scoreMethod(method: ScoredMethod, replicates: number, seed: number): Score {
  const range = { from: TEST_START, to: SERIES_LENGTH };
  let alarms = 0;
  let weeks = 0;
  let outbreaks = 0;
  let found = 0;
  let delay = 0;
  for (let s = 0; s < NOUFAILY_SCENARIOS.length; s++) {
    for (let r = 0; r < replicates; r++) {
      const { quiet, outbreak, current } = simulateReplicate(NOUFAILY_SCENARIOS[s]!, seed, s * 100_000 + r);
      const calm = method.run(quiet, range);
      // The two series differ in the outbreak alone, so only its weeks are worth a second run.
      const ill =
        current.size === 0
          ? null
          : method.run(outbreak, { from: method.remembers ? TEST_START : current.first, to: current.last + 1 });
      if (isRefusal(calm) || (ill && isRefusal(ill))) continue;
      for (const a of calm.alarm) alarms += a;
      weeks += calm.alarm.length;
      if (!ill) continue;
      outbreaks++;
      for (let t = current.first; t <= current.last; t++) {
        if (ill.alarm[t - ill.from] !== 1) continue;
        found++;
        delay += t - current.first;
        break;
      }
    }
  }
  return {
    name: method.name,
    falsePositiveRate: alarms / weeks,
    probabilityOfDetection: found / outbreaks,
    weeksToDetection: delay / found,
    outbreaks,
    testWeeks: weeks,
  };
}
