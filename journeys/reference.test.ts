import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { referencePages } from '../scripts/make-reference.ts';

const root = join(import.meta.dirname, '..');

test.each(Object.keys(referencePages))(
  'docs/reference/%s says what the code says (node scripts/make-reference.ts writes it)',
  (name) => {
    expect(readFileSync(join(root, 'docs/reference', name), 'utf8')).toBe(referencePages[name]);
  },
);

test('every link of the front pages leads somewhere', () => {
  const pages = [
    'README.md',
    'README.zh-CN.md',
    'ARCHITECTURE.md',
    'CONTRIBUTING.md',
    ...readdirSync(join(root, 'docs/decisions')).map((name) => `docs/decisions/${name}`),
  ];
  const broken = pages.flatMap((page) =>
    [...readFileSync(join(root, page), 'utf8').matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)]
      .map(([, link]) => link as string)
      .filter((link) => !/^https?:/.test(link) && !existsSync(join(root, dirname(page), link)))
      .map((link) => `${page}: ${link}`),
  );
  expect(broken).toEqual([]);
});
