import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';

const run = promisify(execFile);
const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'linkage-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const linkage = (...args: string[]) => run(process.execPath, [here('./cli.ts'), ...args]);
const data = here('./fixtures/febrl/dataset1.csv');

it('de-duplicates a file, scores itself against the truth and keeps a model that works again', async () => {
  const [out, model, report] = ['clusters.csv', 'model.json', 'report.json'].map((name) => join(folder, name));
  const first = await linkage(
    'dedupe',
    data,
    '--out',
    out!,
    '--save-model',
    model!,
    '--report',
    report!,
    '--true-links',
    here('./fixtures/febrl/dataset1_links.csv'),
  );
  expect(first.stdout).toMatch(/links +precision 1\.0+ +recall (0\.99[89]|1\.)/);
  const lines = readFileSync(out!, 'utf8').trim().split('\n');
  expect(lines[0]).toBe('cluster_id,record_id');
  expect(lines).toHaveLength(1001);
  expect(new Set(lines.slice(1).map((line) => line.split(',')[0])).size).toBe(500);
  const { run: told } = JSON.parse(readFileSync(report!, 'utf8'));
  expect(told.recall.byScan.recall).toBeGreaterThan(0.99);
  expect(told.skippedPairs).toBe(0);
  const again = join(folder, 'again.csv');
  await linkage('dedupe', data, '--out', again, '--model', model!);
  expect(readFileSync(again, 'utf8')).toBe(readFileSync(out!, 'utf8'));
}, 120_000);

it('lists every question, the likeliest first, and marks those that people have no time for', async () => {
  const out = join(folder, 'questions.csv');
  const poor = 'soc_sec_id,date_of_birth,given_name,street_number';
  const { stderr } = await linkage('dedupe', data, '--exclude', poor, '--questions', out, '--capacity', '0.002');
  const [head, ...rows] = readFileSync(out, 'utf8').trim().split('\n');
  expect(head).toBe('id_a,id_b,weight,probability,reason,asked');
  const weights = rows.map((row) => Number(row.split(',')[2]));
  expect(weights).toEqual(weights.toSorted((a, b) => b - a));
  expect(rows.map((row) => row.at(-1)).join('')).toMatch(/^110+$/);
  expect(stderr).toContain(`questions to people: 2, left unasked ${rows.length - 2},`);
}, 120_000);

it('links two files one to one', async () => {
  const [head, ...rows] = readFileSync(data, 'utf8').trim().split('\n');
  const [a, b, out] = ['a.csv', 'b.csv', 'links.csv'].map((name) => join(folder, name));
  writeFileSync(a!, [head, ...rows.filter((row) => row.includes('-org'))].join('\n'));
  writeFileSync(b!, [head, ...rows.filter((row) => row.includes('-dup'))].join('\n'));
  await linkage('link', a!, b!, '--one-to-one', '--out', out!);
  const links = readFileSync(out!, 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(','));
  const right = links.filter(([x, y]) => x!.replace('-org', '') === y!.replace('-dup-0', ''));
  expect(right.length).toBe(links.length);
  expect(right.length).toBeGreaterThanOrEqual(499);
}, 120_000);

it('answers wrong use with the usage and code 2, a broken model with its reason', async () => {
  await expect(linkage('merge', data)).rejects.toMatchObject({ code: 2 });
  const broken = join(folder, 'broken.json');
  writeFileSync(broken, '{}');
  await expect(linkage('dedupe', data, '--model', broken)).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining('not-a-model'),
  });
}, 60_000);
