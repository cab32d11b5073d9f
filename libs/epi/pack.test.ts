/** The library as an outside epidemiologist installs it: JavaScript and declarations below node_modules, run by a plain Node in a folder of its own. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import * as epi from './index.ts';

const home = mkdtempSync(join(tmpdir(), 'hutong-epi-'));
const installed = join(home, 'node_modules/@hutong/epi');
afterAll(() => rmSync(home, { recursive: true, force: true }));
const node = (...words: string[]) =>
  spawnSync(process.execPath, words, { cwd: home, encoding: 'utf8', env: { PATH: process.env.PATH } });

it('is packed, imported by name, says the same as its source, and starts its worker threads', () => {
  mkdirSync(installed, { recursive: true });
  const packed = node(join(import.meta.dirname, '../../scripts/pack-epi.ts'), installed);
  expect(packed.stderr + packed.stdout).toContain('npm publish');
  writeFileSync(
    join(home, 'try.mjs'),
    `import * as epi from '@hutong/epi';
     import { poissonScanParallel } from '@hutong/epi/parallel';
     const weeks = Float64Array.from({ length: 300 }, (_, week) => (week === 299 ? 30 : 4 + Math.round(3 * Math.sin(week / 8.3)) + (week * 7) % 3));
     const found = epi.seasonalRegression(weeks, 52, { range: { from: 299, to: 300 } });
     const line = Float64Array.of(0, 1, 2, 3, 4);
     const scan = await poissonScanParallel(Float64Array.of(1, 9, 8, 1, 1), Float64Array.of(1, 1, 1, 1, 1), { x: line, y: line }, { replications: 99 }, 2);
     console.log(JSON.stringify({ doors: Object.keys(epi).sort(), alarm: found.alarm[0], bound: found.bound[0], zone: scan.clusters[0].areas, refusal: epi.ears(new Float64Array(0)) }));`,
  );
  const run = node('try.mjs');
  expect(run.stderr).toBe('');
  const said = JSON.parse(run.stdout) as {
    doors: string[];
    alarm: number;
    bound: number;
    zone: number[];
    refusal: object;
  };
  expect(said.doors).toEqual(Object.keys(epi).sort());
  expect([said.alarm, said.bound > 4 && said.bound < 30]).toEqual([1, true]);
  expect(said.zone.toSorted()).toEqual([1, 2]);
  expect(said.refusal).toMatchObject({ kind: 'not-enough-history' });
  const [, example = ''] = /```js\n([\s\S]*?)```/.exec(readFileSync(join(installed, 'README.md'), 'utf8')) ?? [];
  writeFileSync(join(home, 'example.mjs'), example);
  const [alarm, expected, bound, p] = node('example.mjs').stdout.split(/\s+/).map(Number) as [
    number,
    number,
    number,
    number,
  ];
  expect(alarm).toBe(1);
  expect(expected).toBeCloseTo(14, 0);
  expect(bound).toBeGreaterThan(expected);
  expect(p).toBeLessThan(0.001);
  expect(readFileSync(join(installed, 'index.d.ts'), 'utf8')).toContain('farringtonFlexible');
  expect(JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'))).not.toHaveProperty('dependencies');
}, 60_000);
