/**
 * Prints how every method does on the 42 Noufaily scenarios: `node libs/epi/score.ts [--replicates 20] [--seed 2013] [--only text]`.
 */
import { parseArgs } from 'node:util';
import { RECOMMENDED, SCORED_METHODS } from './methods.ts';
import { scoreMethod } from './scoring.ts';

const { values } = parseArgs({
  options: {
    replicates: { type: 'string', default: '20' },
    seed: { type: 'string', default: '2013' },
    only: { type: 'string' },
  },
  // the second half of `npm run epi:score` has options of its own
  strict: false,
});
const replicates = Number(values.replicates);
const methods = SCORED_METHODS.filter(
  (m) => !values.only || m.name.toLowerCase().includes(String(values.only).toLowerCase()),
);

console.log(`42 scenarios × ${replicates} replicates × 49 test weeks, seed ${values.seed}; nominal level 0.01`);
console.log(
  'FPR: alarm weeks without a current outbreak. POD: outbreaks with an alarm while they last. Delay: weeks from the first case.\n',
);
console.log(`${'method'.padEnd(42)}     FPR    POD  delay`);
for (const method of methods) {
  const s = scoreMethod(method, replicates, Number(values.seed));
  console.log(
    `${s.name.padEnd(42)} ${s.falsePositiveRate.toFixed(4)}  ${s.probabilityOfDetection.toFixed(3)}   ${s.weeksToDetection.toFixed(2)}${s.name === RECOMMENDED ? `   (${s.outbreaks} outbreaks)` : ''}`,
  );
}
