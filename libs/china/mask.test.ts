import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { maskName, maskNumber, maskPhone } from './mask.ts';

describe('masking', () => {
  test('a document number keeps four places in front and two behind', () => {
    expect(maskNumber('500101199001011234')).toBe('5001************34');
    expect(maskNumber('5001011990010112')).toBe('5001**********12');
    expect(maskNumber('H1234567')).toBe('H******7');
    expect(maskNumber('123')).toBe('***');
  });

  test('a mobile number keeps three and four, another one its last four', () => {
    expect(maskPhone('13812345678')).toBe('138****5678');
    expect(maskPhone('023-63851234')).toBe('********1234');
    expect(maskPhone('12345')).toBe('*****');
  });

  test('a name keeps the surname, and the last character of three and more', () => {
    expect(['张三', '张小明', '欧阳明日', '阿依古丽·买买提', '王'].map(maskName)).toEqual([
      '张*',
      '张*明',
      '欧**日',
      '阿******提',
      '*',
    ]);
    expect(maskName('John  Smith')).toBe('J*** S****');
    expect(maskName('')).toBe('');
  });

  test('a masked number of ten places and more shows at most six of them', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[0-9X]{10,24}$/), (number) => {
        const masked = maskNumber(number);
        expect(masked).toHaveLength(number.length);
        expect(masked.replaceAll('*', '')).toHaveLength(6);
      }),
    );
  });
});
