import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lookAlikes, looksAlike } from './look-alikes.ts';
import { characterReadings, nameReadings, readingKeys, surnameReadings } from './readings.ts';
import { soundClass } from './sound-class.ts';
import { isSurnameRewrite, surnameForms } from './surname-forms.ts';
import { splitName } from './surnames.ts';

describe('splitting a name', () => {
  test('knows compound surnames, folded first', () => {
    expect(splitName('歐陽修')).toEqual({ surname: '欧阳', given: '修', compound: true });
    expect(splitName('尉遲敬德')).toEqual({ surname: '尉迟', given: '敬德', compound: true });
    expect(splitName('张伟')).toEqual({ surname: '张', given: '伟', compound: false });
    expect(splitName('欧阳')).toEqual({ surname: '欧', given: '阳', compound: false });
  });

  test('gives no surname to transliterated and Latin names', () => {
    expect(splitName('阿卜杜拉•买买提')).toEqual({ surname: '', given: '阿卜杜拉·买买提', compound: false });
    expect(splitName('John Smith').surname).toBe('');
    expect(splitName('').given).toBe('');
  });

  test('surname and given name together are the folded name', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'欧陽司馬张偉·?ab'), maxLength: 6 }), (name) => {
        const { surname, given } = splitName(name);
        expect(splitName(surname + given)).toEqual(splitName(name));
      }),
    );
  });
});

describe('toneless readings', () => {
  test('of surnames are those of the surname, and several where families differ', () => {
    const readings: Record<string, string[]> = {
      ...{
        单: ['shan'],
        解: ['xie'],
        仇: ['qiu'],
        查: ['zha'],
        曾: ['zeng'],
        任: ['ren'],
        区: ['ou'],
        朴: ['piao', 'pu'],
      },
      ...{
        尉迟: ['yuchi'],
        万俟: ['moqi'],
        长孙: ['zhangsun'],
        盖: ['ge', 'gai'],
        乐: ['yue', 'le'],
        覃: ['qin', 'tan'],
      },
      ...{ 吕: ['lv'], 劉: ['liu'], 华: ['hua'], 燕: ['yan'], 葛: ['ge'], 冯: ['feng'] },
    };
    for (const [surname, expected] of Object.entries(readings))
      expect([surname, surnameReadings(surname)]).toEqual([surname, expected]);
  });

  test('of characters are sets, most usual first', () => {
    expect(characterReadings('行')).toEqual(['xing', 'hang', 'heng']);
    expect(characterReadings('䶮')).toEqual(['yan']);
    expect(characterReadings('偉')).toEqual(['wei']);
    expect(characterReadings('?')).toEqual([]);
  });

  test('of whole names mix surname and given readings', () => {
    expect(nameReadings('单行')).toEqual({ surname: ['shan'], given: [['xing', 'hang', 'heng']] });
    expect(nameReadings('刘YAN')).toEqual({ surname: ['liu'], given: [['yan']] });
    expect(nameReadings('刘?')).toEqual({ surname: ['liu'], given: [[]] });
    expect(readingKeys('刘䶮')).toEqual(['liu:yan']);
    expect(readingKeys('刘YAN')).toEqual(readingKeys('刘䶮'));
    expect(readingKeys('覃乐', 3)).toEqual(['qin:le', 'tan:le', 'qin:yue']);
    expect(readingKeys('')).toEqual([]);
  });

  test('homophones share a key, and no name has more keys than asked for', () => {
    expect(readingKeys('张伟')).toEqual(readingKeys('章炜'));
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...'行乐长单覃都?'), maxLength: 6 }),
        fc.integer({ min: 1, max: 9 }),
        (name, most) => {
          const keys = readingKeys(name, most);
          expect(keys.length).toBeLessThanOrEqual(most);
          expect(new Set(keys).size).toBe(keys.length);
        },
      ),
    );
  });

  test('sound classes join what Chongqing ears and keyboards join, and only that', () => {
    const same = [
      ['zhang', 'zang'],
      ['nan', 'lan'],
      ['hu', 'fu'],
      ['hui', 'fei'],
      ['ming', 'min'],
      ['zheng', 'zen'],
      ['nv', 'lv'],
    ] as const;
    for (const [a, b] of same) expect(soundClass(a)).toBe(soundClass(b));
    const apart = [
      ['li', 'yi'],
      ['wang', 'huang'],
      ['zhang', 'zhan'],
      ['ren', 'len'],
      ['xu', 'xi'],
    ] as const;
    for (const [a, b] of apart) expect(soundClass(a)).not.toBe(soundClass(b));
  });
});

describe('surnames written in two ways', () => {
  test('are a level of likeness, never equality', () => {
    for (const [a, b] of [
      ['肖', '蕭'],
      ['付', '傅'],
      ['闫', '閻'],
      ['邱', '丘'],
      ['代', '戴'],
    ] as const) {
      expect([isSurnameRewrite(a, b), isSurnameRewrite(b, a), isSurnameRewrite(a, a)]).toEqual([true, true, false]);
      expect(surnameForms(a)).toHaveLength(2);
    }
    expect(isSurnameRewrite('张', '章')).toBe(false);
    expect(surnameForms('王')).toEqual(['王']);
  });
});

describe('look-alikes', () => {
  test('are symmetric and never a character itself', () => {
    expect(looksAlike('晴', '睛')).toBe(true);
    expect(looksAlike('晴', '清')).toBe(false);
    for (const character of '未己干大侯洗杨') {
      expect(lookAlikes(character).length).toBeGreaterThan(0);
      for (const other of lookAlikes(character)) {
        expect(other).not.toBe(character);
        expect(looksAlike(other, character)).toBe(true);
      }
    }
  });
});
