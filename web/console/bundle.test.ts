import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build, type Manifest } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/** Budgets in kB (1000 bytes) after gzip: what a first visit loads, what one more page may add, and the one heavy chunk, the charts. */
const budget = { firstLoad: 400, page: 150, charts: 200 };

let folder = '';
let manifest: Manifest = {};
const size = (file: string): number => gzipSync(readFileSync(join(folder, file)), { level: 9 }).length / 1000;

/** Files that the browser has to have before the chunk runs: its own, those of its static imports, and their stylesheets. */
function needs(entry: string, known = new Set<string>()): Set<string> {
  const chunk = manifest[entry];
  if (!chunk || known.has(chunk.file)) return known;
  known.add(chunk.file);
  for (const sheet of chunk.css ?? []) known.add(sheet);
  for (const name of chunk.imports ?? []) needs(name, known);
  return known;
}
const total = (files: Iterable<string>): number => [...files].reduce((sum, file) => sum + size(file), 0);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hutong-console-'));
  await build({
    root: import.meta.dirname,
    configFile: join(import.meta.dirname, 'vite.config.ts'),
    logLevel: 'error',
    build: { outDir: folder, emptyOutDir: true },
  });
  manifest = JSON.parse(readFileSync(join(folder, '.vite/manifest.json'), 'utf8')) as Manifest;
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the weight of the console', () => {
  it('keeps a first visit within its budget', () => {
    const files = needs('index.html');
    expect(files.size).toBeGreaterThan(2);
    expect(total(files)).toBeLessThan(budget.firstLoad);
  });

  it('keeps every further page within its budget', () => {
    const first = needs('index.html');
    const pages = Object.entries(manifest).filter(
      ([name, chunk]) => chunk.isDynamicEntry && name.includes('screens/') && !name.includes('-chart'),
    );
    expect(pages.length).toBeGreaterThanOrEqual(8);
    for (const [name] of pages) expect(total(needs(name).difference(first)), name).toBeLessThan(budget.page);
  });

  it('loads the chart library only with a chart', () => {
    const chart = Object.keys(manifest).find((name) => name.endsWith('laboratory-chart.tsx'));
    const record = Object.keys(manifest).find((name) => name.endsWith('record/record.tsx'));
    const own = needs(chart ?? '').difference(needs(record ?? ''));
    expect(total(own)).toBeGreaterThan(50);
    expect(total(own)).toBeLessThan(budget.charts);
  });

  it('ships the Chinese font as subsets that are fetched one by one', () => {
    const fonts = readdirSync(join(folder, 'assets')).filter((file) => file.endsWith('.woff2'));
    expect(fonts.length).toBeGreaterThan(90);
  });
});
