import { describe, expect, test } from 'vitest';
import { parseNewbornName } from './newborn.ts';

describe('newborn names', () => {
  test('give the mother, the sex and the place in a multiple birth', () => {
    const table: [string, string, 'male' | 'female' | null, number | null][] = [
      ['李梅之子', '李梅', 'male', null],
      ['李梅之女', '李梅', 'female', null],
      ['李梅 之女', '李梅', 'female', null],
      ['李梅之女(大)', '李梅', 'female', 1],
      ['李梅之女（小）', '李梅', 'female', 2],
      ['李梅之长子', '李梅', 'male', 1],
      ['李梅之次女', '李梅', 'female', 2],
      ['李梅之三子', '李梅', 'male', 3],
      ['李梅之子B', '李梅', 'male', 2],
      ['李梅之子２', '李梅', 'male', 2],
      ['李梅之子（大双）', '李梅', 'male', 1],
      ['李梅之大双', '李梅', null, 1],
      ['李梅小双', '李梅', null, 2],
      ['李梅女婴', '李梅', 'female', null],
      ['李梅之男婴', '李梅', 'male', null],
      ['李梅宝宝', '李梅', null, null],
      ['歐陽娜娜之長子', '欧阳娜娜', 'male', 1],
      ['阿依古丽•买买提之女', '阿依古丽·买买提', 'female', null],
    ];
    for (const [name, mother, sex, order] of table) {
      expect([name, parseNewbornName(name)]).toEqual([name, { mother, sex, order }]);
    }
  });

  test('twins of one mother differ only in their order', () => {
    const [first, second] = [parseNewbornName('李梅之女(大双)'), parseNewbornName('李梅之女(小双)')];
    expect(first?.mother).toBe(second?.mother);
    expect([first?.order, second?.order]).toEqual([1, 2]);
  });

  test('ordinary names are not newborns', () => {
    for (const name of [
      '王羲之',
      '顾炎之',
      '王小双',
      '欧阳小双',
      '张宝宝',
      '张毛毛',
      '李之女',
      '李梅',
      '',
      '之子',
      '李梅之双',
      'Anna',
    ]) {
      expect([name, parseNewbornName(name)]).toEqual([name, null]);
    }
  });
});
