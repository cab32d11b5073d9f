import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fold } from './fold.ts';

test.each([
  ['Zoé  MÜLLER', 'zoe muller'],
  [' Peter ', 'peter'],
  ['ＡＢ１２', 'ab12'],
  ['王　小明', '王 小明'],
  ['ﾊﾝｸﾞﾙ 한글', 'ハンクル 한글'],
  ['O’Neil', 'o’neil'],
])('"%s" folds to "%s"', (text, expected) => {
  expect(fold(text)).toBe(expected);
});

test('folding twice changes nothing more', () => {
  fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (s) => fold(fold(s)) === fold(s)));
});

test('case never matters in ASCII', () => {
  fc.assert(fc.property(fc.string({ unit: 'grapheme-ascii' }), (s) => fold(s.toUpperCase()) === fold(s.toLowerCase())));
});
