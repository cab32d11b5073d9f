import { expect, test } from 'vitest';
import { resourceTypes } from '../resource-types.ts';
import { extractSearchValues } from '../search/extract.ts';
import { searchParameters } from '../search/parameters.ts';
import { exampleFiles, readExample, sampleFiles } from './examples.ts';
import { asSet, expectedValues } from './expected.ts';
import { randomResource } from './random-resource.ts';
import { compare } from './run.ts';

const covered = new Set<string>();

function note(resource: Record<string, unknown>): void {
  for (const v of extractSearchValues(resource)) covered.add(`${resource.resourceType}.${v.param}`);
}

// HUTONG_FULL=1 takes all 5,306; three quarters of them are value sets, code systems and search parameters.
const files = process.env.HUTONG_FULL === '1' ? exampleFiles() : sampleFiles(12);

test('generated extraction equals the interpreter on the published examples of every type', {
  timeout: 180_000,
}, () => {
  expect(files.length).toBeGreaterThan(600);
  const different = files.map(compare).filter((d) => d !== undefined);
  expect(different).toEqual([]);
  for (const file of files) note(readExample(file));
});

test('generated extraction equals the interpreter on random resources of every type', { timeout: 180_000 }, () => {
  const different: unknown[] = [];
  for (const type of resourceTypes) {
    for (let seed = 0; seed < 12; seed++) {
      const resource = randomResource(type, seed * 1009 + 3, 0.25 + seed / 16);
      note(resource);
      const actual = asSet(extractSearchValues(resource));
      const expected = asSet(expectedValues(structuredClone(resource)));
      if (actual.join() !== expected.join()) different.push({ type, seed });
    }
  }
  expect(different).toEqual([]);
});

test('no standard search parameter of any type is left without a value found', { timeout: 180_000 }, () => {
  const open = (type: (typeof resourceTypes)[number]): string[] =>
    [...searchParameters(type).values()]
      .filter((p) => p.expression !== '' && !covered.has(`${type}.${p.code}`))
      .map((p) => p.code);
  const never: string[] = [];
  for (const type of resourceTypes) {
    // Rare combinations (a phone among telecoms of one element) need more tries; each try is compared as well.
    for (let seed = 1; seed < 400 && open(type).length > 0; seed++) {
      const resource = randomResource(type, seed * 7919, 0.9);
      note(resource);
      expect(asSet(extractSearchValues(resource))).toEqual(asSet(expectedValues(structuredClone(resource))));
    }
    never.push(...open(type).map((code) => `${type}.${code}`));
  }
  expect(never).toEqual([]);
});
