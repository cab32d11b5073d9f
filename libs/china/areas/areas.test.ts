import { describe, expect, test } from 'vitest';
import { areaAt, areaFullName, areaHistory, chongqingAreas } from './areas.ts';
import { PROVINCES } from './provinces.ts';
import { isSyntheticArea, SYNTHETIC_AREA, SYNTHETIC_AREAS } from './synthetic.ts';

describe('area codes at a date', () => {
  test('one code means different places in different years', () => {
    expect(areaAt('500110', '2005-06-01')?.area.zh).toBe('万盛区');
    expect(areaAt('500110', '2015-06-01')?.area.zh).toBe('綦江区');
    expect(areaAt('500101', '1998-01-01')?.area.en).toBe('Wanxian District');
  });

  test('codes of Chongqing from the time inside Sichuan are known with their names of that time', () => {
    expect(areaFullName('510202', '1985-01-01')).toBe('四川省重庆市市中区');
    expect(areaFullName('510202', '1996-01-01')).toBe('四川省重庆市渝中区');
    expect(areaFullName('512222', '1985-01-01')).toBe('四川省万县地区开县');
    expect(areaFullName('511221', '1995-01-01')).toBe('四川省万县市开县');
    expect(areaFullName('513524', '1990-01-01')).toBe('四川省黔江地区酉阳土家族苗族自治县');
    expect(areaFullName('500103', '2020-01-01')).toBe('重庆市渝中区');
    expect(areaFullName('500000', '2020-01-01')).toBe('重庆市');
  });

  test('a date outside the listing gives the nearest period and says so', () => {
    expect(areaAt('500222', '2020-01-01')).toMatchObject({ listed: false, area: { zh: '綦江县', until: '2011-12' } });
    expect(areaAt('500116', '1970-01-01')).toMatchObject({ listed: false, area: { zh: '江津区', from: '2006-12' } });
    expect(areaAt('500103', '2020-01-01')?.listed).toBe(true);
  });

  test('a code that no edition lists is answered with null and an empty history', () => {
    expect(areaAt('500777', '2020-01-01')).toBeNull();
    expect(areaFullName('500777', '2020-01-01')).toBeNull();
    expect(areaHistory('not a code')).toEqual([]);
  });

  test('periods of one code follow each other without overlap', () => {
    for (const code of ['500101', '500110', '510202', '510216', '469031', '440602']) {
      const periods = areaHistory(code);
      for (const [index, period] of periods.entries()) {
        const next = periods[index + 1];
        if (next) expect(period.until !== null && next.from !== null && period.until <= next.from).toBe(true);
      }
    }
  });
});

describe('Chongqing', () => {
  test('has 38 districts and counties from the end of 2016 to October 2025, all with an English name', () => {
    for (const date of ['2017-01-01', '2025-10-31']) expect(chongqingAreas(date)).toHaveLength(38);
    expect(chongqingAreas('2020-01-01').filter((area) => area.en === null)).toEqual([]);
  });

  test('no longer lists Jiangbei and Yubei after November 2025', () => {
    const gone = chongqingAreas('2025-10-31').filter((area) => !chongqingAreas('2025-12-01').includes(area));
    expect(gone.map((area) => area.code)).toEqual(['500105', '500112']);
  });
});

describe('provinces', () => {
  test('agree with the table of editions in code and name', () => {
    for (const { code, zh, en } of PROVINCES) {
      expect(areaAt(code, '2020-12-01')).toMatchObject({ listed: true, area: { zh, en } });
    }
    expect(PROVINCES).toHaveLength(34);
  });
});

describe('synthetic areas', () => {
  test('were never issued: no edition lists anything near them', () => {
    expect(SYNTHETIC_AREAS).toContain(SYNTHETIC_AREA);
    for (const code of SYNTHETIC_AREAS) {
      expect(areaAt(code, '2026-01-01')).toMatchObject({ listed: true, area: { synthetic: true } });
    }
    for (let county = 900; county < 990; county++) expect(areaHistory(`500${county}`)).toEqual([]);
  });

  test('are told from a whole number', () => {
    expect(isSyntheticArea('500999199001020071')).toBe(true);
    expect(isSyntheticArea('500103199001020071')).toBe(false);
  });
});
