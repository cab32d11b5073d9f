import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build, type Manifest } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';

/** kB (1000 bytes) after gzip: everything the browser has to have before the code can be shown. */
const budget = 110;

let folder = '';
let manifest: Manifest = {};

const outside = process.env.NODE_ENV;
beforeAll(async () => {
  // Vitest says 'test', with which React's own checks would be weighed too.
  process.env.NODE_ENV = 'production';
  folder = mkdtempSync(join(tmpdir(), 'hutong-resident-'));
  await build({
    root: import.meta.dirname,
    configFile: join(import.meta.dirname, 'vite.config.ts'),
    logLevel: 'error',
    build: { outDir: folder, emptyOutDir: true },
  });
  manifest = JSON.parse(readFileSync(join(folder, '.vite/manifest.json'), 'utf8')) as Manifest;
}, 120_000);
afterAll(() => {
  process.env.NODE_ENV = outside;
  rmSync(folder, { recursive: true, force: true });
});

function needs(entry: string, known = new Set<string>()): Set<string> {
  const chunk = manifest[entry];
  if (!chunk || known.has(chunk.file)) return known;
  known.add(chunk.file);
  for (const sheet of chunk.css ?? []) known.add(sheet);
  for (const name of chunk.imports ?? []) needs(name, known);
  return known;
}
const weight = (file: string): number => gzipSync(readFileSync(join(folder, file)), { level: 9 }).length / 1000;

test('a first visit weighs no more than 110 kB', () => {
  const files = [...needs('index.html'), 'index.html'];
  expect(files.length).toBeGreaterThan(2);
  expect(files.reduce((sum, file) => sum + weight(file), 0)).toBeLessThan(budget);
});

test('the service worker keeps every file of the first visit, and fonts only when they were fetched', () => {
  const worker = readFileSync(join(folder, 'sw.js'), 'utf8');
  for (const file of needs('index.html')) expect(worker).toContain(`/resident/${file}`);
  expect(worker).toContain('"/resident/"');
  expect(worker).not.toContain('.woff2');
  // A file that is not there would keep the worker from being installed.
  const kept = JSON.parse(/const kept = (\[[^\]]*\])/.exec(worker)?.[1] ?? '[]') as string[];
  expect(kept.length).toBeGreaterThan(4);
  for (const path of kept.map((file) => file.replace('/resident/', '')).filter((file) => file !== ''))
    expect(existsSync(join(folder, path)), path).toBe(true);
});
