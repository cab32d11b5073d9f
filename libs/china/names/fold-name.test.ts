import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { foldCharacter } from './fold-character.ts';
import { foldName } from './fold-name.ts';
import { namesAgree } from './names-agree.ts';
import { VARIANTS } from './variants.ts';

const keyOf = (name: string): string => foldName(name).key;
const anyName = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.string({
    unit: fc.constantFrom(...'張張伟偉·•・.．?？*□Xx 　-aÉ﨑⻢⾺喆\uE863\uF000,、。()\u0301\u200B'),
    maxLength: 10,
  }),
);

describe('folding a name', () => {
  test('joins traditional, variant, compatibility and radical characters with the standard one', () => {
    const pairs = [
      ['張偉', '张伟'],
      ['淩凃彜髙眞甯喆堃祐衞', '凌涂彝高真宁哲坤佑卫'],
      ['⾺超', '马超'],
      ['⻢超', '马超'],
      ['\uF9E1明', '李明'],
      ['劉\uE863', '刘䶮'],
      ['鍾錦', '钟锦'],
      ['锺锦', '钟锦'],
      ['峯', '峰'],
    ] as const;
    for (const [written, standard] of pairs) expect(keyOf(written)).toBe(keyOf(standard));
  });

  test('leaves apart what names keep apart', () => {
    expect(keyOf('李乾')).not.toBe(keyOf('李干'));
    expect(keyOf('肖华')).not.toBe(keyOf('萧华'));
    expect(keyOf('张伟')).not.toBe(keyOf('张炜'));
  });

  test('joins every middle dot, spaced or not, and a dot left out', () => {
    const dots = ['·', '•', '・', '‧', '⋅', '∙', '･', '．', '.', '。', ' · ', '●'];
    for (const dot of dots) {
      expect(foldName(`阿卜杜拉${dot}买买提`)).toMatchObject({ text: '阿卜杜拉·买买提', key: '阿卜杜拉买买提' });
    }
    expect(keyOf('阿卜杜拉买买提')).toBe('阿卜杜拉买买提');
  });

  test('turns every mark of a lost character into one question mark', () => {
    for (const mark of ['?', '？', '??', '*', '＊', '□', '■', '〓', '\uFFFD', '\uF123', '#']) {
      expect(foldName(`刘${mark}华`)).toMatchObject({ key: '刘?华', hasWildcard: true });
    }
    expect(foldName('张X明').key).toBe('张?明');
    expect(foldName('刘德华').hasWildcard).toBe(false);
  });

  test('folds case, accents, width and spaces of Latin names', () => {
    expect(foldName('  José  GARCÍA-López ')).toMatchObject({
      text: 'JOSE GARCIA-LOPEZ',
      key: 'JOSEGARCIALOPEZ',
      script: 'latin',
    });
    expect(keyOf('ＪＯＨＮ')).toBe('JOHN');
    expect(keyOf('O’Brien')).toBe(keyOf("O'Brien"));
  });

  test('names the script', () => {
    expect(['王芳', 'Wang', '刘YAN', 'Мария', '', '  ·'].map((name) => foldName(name).script)).toEqual([
      ...['han', 'latin', 'mixed', 'other', 'empty', 'empty'],
    ]);
  });

  test('is idempotent on any text', () => {
    fc.assert(
      fc.property(anyName, (name) => {
        const once = foldName(name);
        expect(foldName(once.text)).toEqual(once);
      }),
      { numRuns: 3000 },
    );
  });

  test('of every variant in the table meets its standard character', () => {
    for (const [variant, standard] of VARIANTS) {
      expect([variant, foldCharacter(variant)]).toEqual([variant, foldCharacter(standard)]);
    }
  });

  test('of one character is idempotent over the whole of Han', () => {
    const unstable: string[] = [];
    for (let point = 0x2e80; point < 0x323b0; point++) {
      if (point >= 0xd800 && point < 0xe000) continue;
      const folded = foldCharacter(String.fromCodePoint(point));
      if (foldCharacter(folded) !== folded) unstable.push(folded);
    }
    expect(unstable).toEqual([]);
  });
});

describe('names with lost characters', () => {
  test('agree when a mark can stand for what the other has', () => {
    expect(namesAgree('刘?', '刘䶮')).toBe(true);
    expect(namesAgree('?小明', '张小明')).toBe(true);
    expect(namesAgree('刘?', '刘德华')).toBe(true);
    expect(namesAgree('刘?华', '刘德?')).toBe(true);
    expect(namesAgree('刘?华', '刘德明')).toBe(false);
    expect(namesAgree('刘?', '刘')).toBe(false);
    expect(namesAgree('刘华', '刘德华')).toBe(false);
  });

  test('agreement is symmetric, and any part of a name can be lost', () => {
    const short = fc.string({ unit: fc.constantFrom(...'甲乙?'), maxLength: 6 });
    fc.assert(
      fc.property(short, short, (a, b) => {
        expect(namesAgree(a, b)).toBe(namesAgree(b, a));
      }),
    );
    const whole = fc.string({ unit: fc.constantFrom(...'甲乙丙'), minLength: 2, maxLength: 6 });
    fc.assert(
      fc.property(whole, fc.nat(), fc.nat(), (name, x, y) => {
        const from = x % name.length;
        const to = from + 1 + (y % (name.length - from));
        expect(namesAgree(`${name.slice(0, from)}?${name.slice(to)}`, name)).toBe(true);
      }),
    );
  });
});
