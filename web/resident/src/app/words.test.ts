import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { en, zh } from './words.ts';

const source = join(import.meta.dirname, '..');
const screens = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.tsx?$/.test(file) && !file.includes('.test.') && !file.endsWith('words.ts'))
  .map((file) => ({ file, text: readFileSync(join(source, file), 'utf8') }));
const withoutComments = (text: string): string => text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
const blanks = (text: string): string[] =>
  [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name as string).sort();

test('both languages say the same things with the same blanks, and English has no Chinese in it', () => {
  expect(Object.keys(en).sort()).toEqual(Object.keys(zh).sort());
  for (const key of Object.keys(zh) as (keyof typeof zh)[]) {
    expect(blanks(en[key]), key).toEqual(blanks(zh[key]));
    expect(en[key], key).not.toMatch(/\p{Script=Han}/u);
  }
});

test('no text is written into a screen, and none of the dictionary is never said', () => {
  for (const { file, text } of screens)
    expect(
      withoutComments(text)
        .replaceAll('中文', '')
        .match(/\p{Script=Han}+/u)?.[0],
      file,
    ).toBeUndefined();
  const said = screens.map(({ text }) => text).join('\n');
  const silent = Object.keys(zh).filter(
    (key) =>
      !said.includes(`'${key}'`) && !(key.includes('.') && said.includes(`\`${key.slice(0, key.indexOf('.'))}.\${`)),
  );
  expect(silent.filter((key) => !['code', 'record', 'traces', 'more'].includes(key))).toEqual([]);
});
