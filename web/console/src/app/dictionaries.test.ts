import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { dictionaries } from './language.ts';

const source = join(import.meta.dirname, '..');
const files = readdirSync(source, { recursive: true, encoding: 'utf8' });
const wordFiles = files.filter((file) => /(?:^|[\\/-])words\.ts$/.test(file));
const screenFiles = files.filter(
  (file) => /\.tsx?$/.test(file) && !file.includes('.test.') && !wordFiles.includes(file),
);
/** It speaks for a server that cannot be reached, in the shape of the server's own errors: both languages side by side. */
const bilingual = 'app/api.ts';
const withoutComments = (text: string): string => text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');

beforeAll(async () => {
  for (const file of wordFiles) await import(join(source, file));
});

const placeholders = (text: string): string[] =>
  [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1]!).toSorted();

describe('the dictionaries', () => {
  it('are one per screen and all registered', () => {
    expect(dictionaries.size).toBe(wordFiles.length);
    expect(dictionaries.size).toBeGreaterThanOrEqual(10);
  });

  it('have the same keys and the same blanks in Chinese and English', () => {
    for (const [name, { zh, en }] of dictionaries) {
      expect(Object.keys(en).toSorted(), name).toEqual(Object.keys(zh).toSorted());
      for (const key of Object.keys(zh))
        expect(placeholders(en[key]!), `${name}.${key}`).toEqual(placeholders(zh[key]!));
    }
  });

  it('say nothing in Chinese to an English reader and leave nothing empty', () => {
    for (const [name, { zh, en }] of dictionaries)
      for (const key of Object.keys(zh)) {
        expect(en[key], `${name}.${key}`).not.toMatch(/\p{Script=Han}/u);
        expect(zh[key]!.trim() && en[key]!.trim(), `${name}.${key}`).not.toBe('');
      }
  });

  it('hold every Chinese text of the screens: none is written into a component', () => {
    for (const file of screenFiles.filter((name) => name !== bilingual)) {
      const text = withoutComments(readFileSync(join(source, file), 'utf8')).replaceAll('中文', '');
      expect(text.match(/\p{Script=Han}+/u)?.[0], file).toBeUndefined();
    }
  });

  it('hold no key that no screen says', () => {
    const said = screenFiles.map((file) => readFileSync(join(source, file), 'utf8')).join('\n');
    // Keys of a closed list are said as `state.${state}`, or handed on by a function that names each of them.
    const isSaid = (key: string): boolean =>
      said.includes(`'${key}'`) || (key.includes('.') && said.includes(`\`${key.slice(0, key.indexOf('.'))}.\${`));
    const silent = [...dictionaries].flatMap(([name, { zh }]) =>
      Object.keys(zh)
        .filter((key) => !isSaid(key))
        .map((key) => `${name}.${key}`),
    );
    expect(silent).toEqual([]);
  });
});
