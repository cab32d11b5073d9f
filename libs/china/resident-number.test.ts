import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkDigit } from './check-digit.ts';
import { makeResidentNumber, parseResidentNumber, toNumber15 } from './resident-number.ts';

const TODAY = '2026-11-23';
const reasonOf = (text: string): string => {
  const parsed = parseResidentNumber(text, TODAY);
  return parsed.ok ? 'ok' : parsed.reason;
};

const parts = fc.record({
  areaCode: fc.stringMatching(/^[1-8][0-9]{5}$/).filter((code) => !/^8[123]0000$/.test(code)),
  birthDate: fc
    .date({ min: new Date('1900-01-01'), max: new Date('2026-11-22'), noInvalidDate: true })
    .map((date) => date.toISOString().slice(0, 10)),
  sequence: fc.integer({ min: 1, max: 999 }),
});

describe('an 18-digit resident number', () => {
  test('gives area, birth date, sex and kind', () => {
    expect(parseResidentNumber('11010020171225006X', TODAY)).toEqual({
      ok: true,
      value: {
        number18: '11010020171225006X',
        areaCode: '110100',
        birthDate: '2017-12-25',
        sex: 'female',
        kind: 'mainland',
        from15: false,
      },
    });
  });

  test('is read from full-width digits, spaces and any kind of x', () => {
    for (const text of [
      '１１０１００２０１７１２２５００６Ｘ',
      ' 110100 20171225 006x ',
      '11010020171225006×',
      '11010020171225006Ⅹ',
    ]) {
      expect(reasonOf(text)).toBe('ok');
    }
  });

  test('is refused with the reason that helps the counter', () => {
    expect(reasonOf('')).toBe('empty');
    expect(reasonOf(' \u3000')).toBe('empty');
    expect(reasonOf('1101002017122500')).toBe('length');
    expect(reasonOf('1101002017122500611')).toBe('length');
    expect(reasonOf('1101002017122X0061')).toBe('characters');
    expect(reasonOf('11010020171225OO61')).toBe('characters');
    expect(reasonOf('110100201712250061')).toBe('check-digit');
  });

  test('with a fitting check digit is still refused for a day that does not exist or has not come', () => {
    const forged = (first17: string) => first17 + checkDigit(first17);
    expect(reasonOf(forged('50010320230229001'))).toBe('birth-date-impossible');
    expect(reasonOf(forged('50010319900431001'))).toBe('birth-date-impossible');
    expect(reasonOf(forged('50010319901301001'))).toBe('birth-date-impossible');
    expect(reasonOf(forged('50010319000229001'))).toBe('birth-date-impossible');
    expect(reasonOf(forged('50010317990101001'))).toBe('birth-date-impossible');
    expect(reasonOf(forged('50010320000229001'))).toBe('ok');
    expect(reasonOf(forged('50010320261124001'))).toBe('birth-date-future');
    expect(reasonOf(forged('50010320261123001'))).toBe('ok');
    expect(reasonOf(forged('50010319900101000'))).toBe('sequence-zero');
  });

  test('is never refused for its area: abolished, unknown and reserved codes pass', () => {
    for (const areaCode of ['510202', '500222', '000001', '999999', '500999']) {
      expect(reasonOf(makeResidentNumber({ areaCode, birthDate: '1970-05-06', sequence: 12 }))).toBe('ok');
    }
  });

  test('tells residence permits and foreign permanent residents apart', () => {
    const kind = (areaCode: string) => {
      const parsed = parseResidentNumber(makeResidentNumber({ areaCode, birthDate: '1988-08-08', sequence: 8 }), TODAY);
      return parsed.ok && parsed.value.kind;
    };
    expect(['810000', '820000', '830000'].map(kind)).toEqual(['hmt-residence', 'hmt-residence', 'hmt-residence']);
    expect(kind('911840')).toBe('foreign-permanent');
    expect(kind('810001')).toBe('mainland');
  });

  test('parse(make(parts)) gives the parts back', () => {
    fc.assert(
      fc.property(parts, (given) => {
        const parsed = parseResidentNumber(makeResidentNumber(given), TODAY);
        if (!parsed.ok) throw new Error(parsed.reason);
        const { areaCode, birthDate, number18, sex, from15 } = parsed.value;
        expect({ areaCode, birthDate, sequence: Number(number18.slice(14, 17)) }).toEqual(given);
        expect(sex).toBe(given.sequence % 2 === 1 ? 'male' : 'female');
        expect(from15).toBe(false);
      }),
    );
  });

  test('the check digit catches every single wrong digit', () => {
    fc.assert(
      fc.property(parts, (given) => {
        const number = makeResidentNumber(given);
        for (let place = 0; place < 17; place++) {
          for (const digit of '0123456789') {
            if (digit === number[place]) continue;
            expect(checkDigit(number.slice(0, place) + digit + number.slice(place + 1, 17))).not.toBe(number[17]);
          }
        }
        for (const last of '0123456789X') {
          if (last !== number[17]) expect(reasonOf(number.slice(0, 17) + last)).toBe('check-digit');
        }
      }),
      { numRuns: 20 },
    );
  });

  test('the check digit catches every swap of two different neighbours', () => {
    fc.assert(
      fc.property(parts, fc.integer({ min: 0, max: 16 }), (given, place) => {
        const number = makeResidentNumber(given);
        const [a, b] = [number[place]!, number[place + 1]!];
        fc.pre(a !== b);
        const swapped = number.slice(0, place) + b + a + number.slice(place + 2);
        // An X brought forward is caught before any arithmetic: `checkDigit` takes digits only.
        if (b === 'X') expect(reasonOf(swapped)).toBe('characters');
        else expect(checkDigit(swapped.slice(0, 17))).not.toBe(swapped[17]);
      }),
    );
  });

  test('any text at all is answered, not thrown at', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(typeof parseResidentNumber(text, TODAY).ok).toBe('boolean');
      }),
    );
  });
});

describe('a 15-digit legacy number', () => {
  test('is lengthened with the century 19', () => {
    const parsed = parseResidentNumber('110105491231002', TODAY);
    expect(parsed.ok && parsed.value).toMatchObject({
      number18: '11010519491231002X',
      birthDate: '1949-12-31',
      sex: 'female',
      from15: true,
    });
  });

  test('with a centenarian sequence (996 to 999) belongs to the century 18', () => {
    const born = (number15: string) => {
      const parsed = parseResidentNumber(number15, TODAY);
      return parsed.ok && parsed.value.birthDate;
    };
    expect(born('510202850607996')).toBe('1885-06-07');
    expect(born('510202850607999')).toBe('1885-06-07');
    expect(born('510202850607995')).toBe('1985-06-07');
  });

  test('ending in x or with an impossible day is refused', () => {
    expect(reasonOf('11010549123100X')).toBe('characters');
    expect(reasonOf('110105490230002')).toBe('birth-date-impossible');
    expect(reasonOf('110105491231000')).toBe('sequence-zero');
  });

  test('shortening and lengthening are inverse for everybody born in the 1900s', () => {
    fc.assert(
      fc.property(parts, (given) => {
        const number18 = makeResidentNumber(given);
        const number15 = toNumber15(number18);
        const hadOne = given.birthDate < '2000' && given.sequence < 996;
        expect(number15 !== null).toBe(hadOne);
        if (number15 === null) return;
        const parsed = parseResidentNumber(number15, TODAY);
        expect(parsed.ok && parsed.value.number18).toBe(number18);
      }),
    );
  });
});

describe('making a number', () => {
  test('throws on parts that cannot be one', () => {
    expect(() => makeResidentNumber({ areaCode: '50010', birthDate: '1990-01-01', sequence: 1 })).toThrow(RangeError);
    expect(() => makeResidentNumber({ areaCode: '500103', birthDate: '1990-02-30', sequence: 1 })).toThrow(RangeError);
    expect(() => makeResidentNumber({ areaCode: '500103', birthDate: '1990-02-20', sequence: 0 })).toThrow(RangeError);
    expect(() => makeResidentNumber({ areaCode: '500103', birthDate: '1990-02-20', sequence: 1000 })).toThrow(
      RangeError,
    );
  });
});
