import { expect, test } from 'vitest';
import { readLists } from '../read-lists.ts';
import { fewerSignals, scoreOf } from './province-score.ts';

test('on a simulated province the service finds as many outbreaks as the moving percentile with far fewer signals, and shows them first', () => {
  const score = scoreOf(1, 14, readLists());
  expect(score.outbreaks).toBeGreaterThan(60);
  expect(score.cells).toBe(39 * 40);
  for (const percentile of score.percentiles.filter(({ name }) => name === 'P80' || name === 'P90'))
    expect(fewerSignals(percentile, score.levels)?.share, percentile.name).toBeGreaterThan(0.5);
  const [service] = score.service;
  // Looking once in a fortnight misses what is over by then; of what is found nearly all stands among the first ten.
  expect(service?.firstTen).toBeGreaterThan(0.9 * (service?.found ?? 1));
});
