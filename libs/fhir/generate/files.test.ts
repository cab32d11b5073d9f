import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { generate } from './files.ts';

test('the committed generated files are what the generator writes today', () => {
  const stale = [...generate()].filter(
    ([name, text]) => readFileSync(join(import.meta.dirname, '../generated', name), 'utf8') !== text,
  );
  expect(stale.map(([name]) => name)).toEqual([]);
});
