import { describe, expect, test } from 'vitest';
import { isLoincCode, readTerminologyData, shippedTerminology, terminologyFrom, whoCode } from './index.ts';

const ICD = 'http://hl7.org/fhir/sid/icd-10';
const LOINC = 'http://loinc.org';
const terminology = shippedTerminology();
const data = readTerminologyData();

describe('codes by day', () => {
  test('dengue moved from A90 to A97 with the 2016 edition', () => {
    expect(terminology.validate(ICD, 'A90', '2015-06-01').ok).toBe(true);
    expect(terminology.validate(ICD, 'A90', '2020-06-01')).toEqual({ ok: false, reason: 'retired' });
    expect(terminology.validate(ICD, 'A97', '2015-06-01')).toEqual({ ok: false, reason: 'not-yet-valid' });
    expect(terminology.lookup(ICD, 'A97', '2017-06-01')?.version).toBe('2016');
    expect(terminology.lookup(ICD, 'A97', '2024-06-01')?.version).toBe('2019');
  });

  test('without a day the newest edition that has the code answers', () => {
    expect(terminology.lookup(ICD, 'A90')?.version).toBe('2010');
    expect(terminology.lookup(ICD, 'I10')?.version).toBe('2019');
  });

  test('COVID-19 is unknown before 2020', () => {
    expect(terminology.validate(ICD, 'U07.1', '2019-12-31')).toEqual({ ok: false, reason: 'not-yet-valid' });
    expect(terminology.validate(ICD, 'U07.1', '2020-03-01').ok).toBe(true);
  });

  test('an unknown code and an unknown system are told apart', () => {
    expect(terminology.validate(ICD, 'X99.9')).toEqual({ ok: false, reason: 'unknown-code' });
    expect(terminology.validate('urn:none', '1')).toEqual({ ok: false, reason: 'unknown-system' });
  });

  test('editions stand newest first', () => {
    expect(terminology.editions(ICD).map(({ version }) => version)).toEqual(['2019', '2016', '2010']);
    expect(terminology.editions('urn:none')).toEqual([]);
  });
});

describe('names', () => {
  test('are there in both languages', () => {
    expect(terminology.display(ICD, 'J10.1', 'zh')).toContain('流行性感冒');
    expect(terminology.display(ICD, 'A20', 'en')).toBe('Plague');
    expect(terminology.display('urn:oid:2.16.156.10011.2.3.3.3', '15', 'zh')).toBe('土家族');
    expect(terminology.display('urn:oid:2.16.156.10011.2.4', 'C0007', 'en')).toBe('Laboratory report');
    expect(terminology.display(ICD, 'nothing', 'zh')).toBeUndefined();
  });

  test('are searched by code, Chinese part and English word beginnings', () => {
    expect(terminology.search(ICD, 'j10')[0]?.code).toBe('J10');
    expect(terminology.search(ICD, '登革')[0]?.code).toBe('A90');
    expect(terminology.search(LOINC, 'hemo a1c').map(({ code }) => code)).toContain('4548-4');
    expect(terminology.search(LOINC, '肌酐')[0]?.code).toBe('14682-9');
    expect(terminology.search(ICD, '  ')).toEqual([]);
  });
});

describe('value sets', () => {
  test('cholera and plague are class A, and nothing else', () => {
    const codes = terminology.expand('urn:hutong:value-set:notifiable-a')?.map(({ code }) => code.slice(0, 3));
    expect(new Set(codes)).toEqual(new Set(['A00', 'A20']));
  });

  test('a value set follows the day', () => {
    const on = (day: string): string[] =>
      terminology.expand('urn:hutong:value-set:notifiable', day)!.map(({ code }) => code);
    expect(on('2014-01-01')).toContain('A90');
    expect(on('2014-01-01')).not.toContain('A97');
    expect(on('2024-01-01')).toContain('A97');
    expect(on('2024-01-01')).not.toContain('A90');
  });

  test('codes below a category belong to it', () => {
    expect(terminology.expand('urn:hutong:value-set:diabetes')?.map(({ code }) => code)).toContain('E11.9');
    expect(terminology.expand('urn:none')).toBeUndefined();
  });
});

describe('units', () => {
  test('mass and moles convert with the molecular weight of the analyte', () => {
    const glucose = terminology.convert(100, 'mg/dL', 'mmol/L', '14749-6');
    expect(glucose.ok && glucose.value).toBeCloseTo(5.55, 2);
    const creatinine = terminology.convert(1, 'mg/dl', 'μmol/L', '14682-9');
    expect(creatinine.ok && creatinine.value).toBeCloseTo(88.4, 1);
    const cholesterol = terminology.convert(200, 'mg/dL', 'mmol/L', '14647-2');
    expect(cholesterol.ok && cholesterol.value).toBeCloseTo(5.17, 2);
    const triglyceride = terminology.convert(150, 'mg/dL', 'mmol/L', '14927-8');
    expect(triglyceride.ok && triglyceride.value).toBeCloseTo(1.69, 2);
    const urate = terminology.convert(420, 'umol/L', 'mg/dL', '14933-6');
    expect(urate.ok && urate.value).toBeCloseTo(7.06, 2);
    const bilirubin = terminology.convert(1, 'mg/dL', 'umol/L', '14631-6');
    expect(bilirubin.ok && bilirubin.value).toBeCloseTo(17.1, 1);
    const urea = terminology.convert(6, 'mmol/L', 'mg/dL', '22664-7');
    expect(urea.ok && urea.value).toBeCloseTo(36.03, 2);
  });

  test('haemoglobin in g/dL is ten times less than in g/L', () => {
    expect(terminology.convert(13.5, 'g/dL', 'g/L', '718-7')).toEqual({ ok: true, value: 135 });
  });

  test('what cannot be converted says why', () => {
    expect(terminology.convert(1, 'mg/dL', 'mmol/L')).toEqual({ ok: false, reason: 'molecular-weight-unknown' });
    expect(terminology.convert(1, 'mg', 'mm[Hg]')).toEqual({ ok: false, reason: 'different-kind' });
    expect(terminology.convert(1, '块', 'mg')).toEqual({ ok: false, reason: 'unknown-unit' });
  });

  test('spellings of hospitals become UCUM', () => {
    expect(terminology.unit('10^9/L')).toBe('10*9/L');
    expect(terminology.unit('×10⁹/L')).toBe('10*9/L');
    expect(terminology.unit('℃')).toBe('Cel');
    expect(terminology.unit('次/分')).toBe('/min');
    expect(terminology.unit('mmol/L')).toBe('mmol/L');
    expect(terminology.unit('无')).toBeUndefined();
    expect(terminology.unit('x'.repeat(1000))).toBeUndefined();
  });

  test('every unit in the data is UCUM', () => {
    const units = [...data.units.values(), ...data.concepts.flatMap(({ properties }) => properties.unit ?? [])];
    expect(units.filter((unit) => terminology.unit(unit) !== unit)).toEqual([]);
  });
});

describe('crosswalks', () => {
  test('GB/T 2261.1 leads to FHIR gender', () => {
    const found = terminology.translate('', 'urn:oid:2.16.156.10011.2.3.3.4', '2');
    expect(found.map(({ code }) => code)).toEqual(['female']);
  });

  test('a local code follows the table of its day', () => {
    const map = {
      institution: 'H1',
      sourceSystem: 'urn:x',
      sourceCode: 'GLU',
      targetSystem: LOINC,
      equivalence: 'equivalent' as const,
    };
    const local = terminologyFrom({
      ...data,
      maps: [
        { ...map, targetCode: '15074-8', from: '2020-01-01', to: '2022-12-31' },
        { ...map, targetCode: '14749-6', from: '2023-01-01', unit: 'mmol/L', display: '血糖' },
      ],
    });
    expect(local.translate('H1', 'urn:x', 'GLU', '2021-05-05')[0]?.code).toBe('15074-8');
    expect(local.translate('H1', 'urn:x', 'GLU')[0]).toMatchObject({
      code: '14749-6',
      unit: 'mmol/L',
      display: '血糖',
    });
    expect(local.translate('H1', 'urn:x', 'GLU')[0]?.concept?.zh).toContain('葡萄糖');
    expect(local.translate('H2', 'urn:x', 'GLU')).toEqual([]);
    expect(local.translate('H1', 'urn:x', 'GLU', '2019-01-01')).toEqual([]);
  });
});

describe('the data files', () => {
  test('hold the 56 ethnic groups, 73 document kinds, and only LOINC codes with a right check digit', () => {
    const count = (system: string): number =>
      new Set(data.concepts.filter((one) => one.system === system).map(({ code }) => code)).size;
    expect(count('urn:oid:2.16.156.10011.2.3.3.3')).toBe(56);
    expect(count('urn:oid:2.16.156.10011.2.4')).toBe(73);
    expect(count(ICD)).toBeGreaterThanOrEqual(250);
    expect(count(LOINC)).toBeGreaterThanOrEqual(120);
    expect(data.concepts.filter(({ system, code }) => system === LOINC && !isLoincCode(code))).toEqual([]);
    expect(isLoincCode('14749-5')).toBe(false);
  });

  test('name every code in both languages, once per edition, in the shape of its system', () => {
    const seen = new Set<string>();
    for (const { system, version, code, zh, en } of data.concepts) {
      expect(zh).toMatch(/\S/);
      expect(en).toMatch(/^[\x20-\x7e]+$/);
      expect(seen.has(`${system}|${version}|${code}`)).toBe(false);
      seen.add(`${system}|${version}|${code}`);
      if (system === ICD) expect(whoCode(code)).toBe(code);
    }
  });
});

test('national ICD-10 codes lead to the WHO code above them', () => {
  expect(whoCode('J10.100x001')).toBe('J10.1');
  expect(whoCode('J11.900')).toBe('J11.9');
  expect(whoCode('I10.x00')).toBe('I10');
  expect(whoCode('I10.x00x002')).toBe('I10');
  expect(whoCode('a09.9')).toBe('A09.9');
  expect(whoCode('E11')).toBe('E11');
  expect(whoCode('高血压')).toBeUndefined();
  expect(whoCode('BNW010')).toBeUndefined();
});

describe('hierarchy', () => {
  test('a national ICD-10 code lies below the WHO code it lengthens, carried or not', () => {
    expect(terminology.ancestors(ICD, 'J10.100x001')).toEqual(['J10.100', 'J10.1', 'J10']);
    expect(terminology.ancestors(ICD, 'I10.x00x002')).toEqual(['I10.x00', 'I10']);
    expect(terminology.ancestors(ICD, 'I10')).toEqual([]);
    expect(terminology.ancestors(ICD, 'no code')).toEqual([]);
    expect(terminology.related(ICD, 'A00', 'below')).toEqual(['A00', 'A00.0', 'A00.1', 'A00.9']);
    expect(terminology.related(ICD, 'A00.1', 'above')).toEqual(['A00.1', 'A00']);
  });

  test('other systems say what is above a code in their own column', () => {
    const marriage = 'urn:oid:2.16.156.10011.2.3.3.5';
    expect(terminology.related(marriage, '20', 'below')).toEqual(['20', '21', '22', '23']);
    expect(terminology.ancestors(marriage, '22')).toEqual(['20']);
    expect(terminology.related(LOINC, '2345-7', 'below')).toEqual(['2345-7']);
    expect(terminology.related('urn:none', 'x', 'below')).toBeUndefined();
  });
});
