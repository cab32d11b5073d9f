/**
 * Prints how the service's detection and ranking do on simulated provinces beside the moving percentile of CIDARS:
 * `node server/src/services/surveillance/score/main.ts [--seeds 3] [--first 1] [--every 1]` (also the second half of `npm run epi:score`).
 */
import { parseArgs } from 'node:util';
import { readLists } from '../read-lists.ts';
import { fewerSignals, mergeScores, scoreOf } from './province-score.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '3' },
    first: { type: 'string', default: '1' },
    every: { type: 'string', default: '1' },
  },
  strict: false,
});
const seeds = Number(values.seeds);
const first = Number(values.first);
const every = Number(values.every);
const lists = readLists();
const share = (value: number): string => `${(100 * value).toFixed(1)} %`;
const scores = [];
for (let seed = first; seed < first + seeds; seed++) {
  const one = scoreOf(seed, every, lists);
  scores.push(one);
  const [own] = one.service;
  process.stderr.write(
    `  province ${seed}: ${one.outbreaks} outbreaks, found ${share(own?.found ?? 0)}, among the first ten ${share(own?.firstTen ?? 0)}\n`,
  );
}
const score = mergeScores(scores);
const line = (name: string, signals: number, found: number, days: number, more = ''): void =>
  console.log(
    `${name.padEnd(34)} ${String(signals).padStart(7)}  ${share(found).padStart(7)}  ${days.toFixed(1).padStart(5)}${more}`,
  );

console.log(
  `\n38 districts × 40 diseases × 5 years, the last one judged every ${every} days; seeds ${first} to ${first + seeds - 1}: ${score.outbreaks} outbreaks, ${score.cells} series, ${score.looks} looks.`,
);
console.log(
  `Both methods see the same counts of districts, as known on the evening of each day, without the diseases of which each case is a signal. An outbreak is found by an alarm
about its disease in its district between its first case and three days after its last. A signal is not raised again within 7 days, by either; nobody answers one within 3 days.
"Fewer" takes the first of our levels that finds at least as many outbreaks as the percentile, so it is not interpolated and never flatters; "2 cases": the percentile with the
least number of cases that the service asks for too.\n`,
);
console.log(`${'method'.padEnd(34)} signals    found   days   fewer signals than the percentile at its sensitivity`);
for (const curve of score.percentiles) {
  const fewer = fewerSignals(curve, score.levels);
  line(
    `moving percentile ${curve.name}`,
    curve.signals,
    curve.found,
    curve.daysToFind,
    fewer
      ? `   ${share(fewer.share)} (${fewer.name}, finds ${share(fewer.found)})`
      : '   its sensitivity is not reached',
  );
}
for (const curve of score.levels) line(`p of the service, ${curve.name}`, curve.signals, curve.found, curve.daysToFind);
for (const curve of score.service)
  line(
    `the service, false-discovery ${curve.name}`,
    curve.signals,
    curve.found,
    curve.daysToFind,
    `   among the first 10 of the inbox: ${share(curve.firstTen)}; open: ${curve.openMedian} (half of the looks), ${curve.openMost} (most)`,
  );
