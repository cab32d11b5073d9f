import { expect, test } from 'vitest';
import { brokenPromises, runFaults } from './faults/run.ts';

test('nothing acknowledged is lost or taken twice when server and database are killed with -9 under load', async () => {
  const progress: string[] = [];
  const report = await runFaults({
    kills: 4,
    seed: 39,
    connections: 6,
    pauseMs: 150,
    limitMs: 120_000,
    say: (line) => progress.push(line),
  });
  expect(brokenPromises(report), progress.join('\n')).toEqual([]);
  // This seed draws each kind of kill once.
  expect(report.kills).toEqual({ server: 1, 'server at its start': 1, database: 1, both: 1 });
  // The load must have been a load, and the kills must have met messages on their way.
  expect(report.acknowledged).toBeGreaterThan(100);
  expect(report.inDoubt).toBeGreaterThan(0);
  expect(report.record.resources).toBeGreaterThan(100);
});
