import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { makeResidentNumber } from '../resident-number.ts';
import { DOCUMENT_NAMES, type DocumentType } from './document-types.ts';
import { parseDocument } from './parse-document.ts';
import { parseDocumentNumber } from './parse-number.ts';

const TODAY = '2026-11-23';
const read = (type: DocumentType, text: string) => {
  const parsed = parseDocumentNumber(type, text, TODAY);
  return parsed.ok ? parsed.value : parsed.reason;
};
const citizen = makeResidentNumber({ areaCode: '500103', birthDate: '1990-01-02', sequence: 7 });

describe('document numbers', () => {
  test('a Hong Kong or Macao travel permit drops the count of issues', () => {
    expect(read('hm-travel-permit', 'h1234567802')).toEqual({
      type: 'hm-travel-permit',
      number: 'H12345678',
      region: 'hong-kong',
      issueCount: 2,
    });
    expect(read('hm-travel-permit', 'Ｍ０１２３４５６７')).toMatchObject({ region: 'macao', issueCount: null });
    expect(read('hm-travel-permit', 'X12345678')).toBe('format');
    expect(read('hm-travel-permit', 'H1234567')).toBe('format');
  });

  test('a Taiwan travel permit keeps its eight lasting digits', () => {
    expect(read('tw-travel-permit', '01234567')).toMatchObject({ number: '01234567', issueCount: null });
    expect(read('tw-travel-permit', '0123456703（B）')).toMatchObject({ number: '01234567', issueCount: 3 });
    expect(read('tw-travel-permit', '0123456')).toBe('format');
  });

  test('a residence permit of Hong Kong, Macao or Taiwan is a citizen-style number of its own areas', () => {
    const permit = makeResidentNumber({ areaCode: '830000', birthDate: '1975-03-04', sequence: 15 });
    expect(read('hmt-residence-permit', permit)).toMatchObject({ number: permit, resident: { kind: 'hmt-residence' } });
    expect(read('hmt-residence-permit', citizen)).toBe('not-this-document');
  });

  test('a foreign permanent resident is read in both layouts', () => {
    const card = makeResidentNumber({ areaCode: '950840', birthDate: '1980-10-11', sequence: 2 });
    expect(read('foreign-permanent-id', card)).toMatchObject({
      layout: '2023',
      placeCode: '50',
      countryNumeric: '840',
      resident: { sex: 'female', birthDate: '1980-10-11' },
    });
    expect(read('foreign-permanent-id', 'usa500080101101')).toMatchObject({ layout: '2004', countryAlpha3: 'USA' });
    expect(read('foreign-permanent-id', `${card.slice(0, 17)}${card.endsWith('1') ? '2' : '1'}`)).toBe('check-digit');
    expect(read('foreign-permanent-id', citizen)).toBe('format');
  });

  test('a birth certificate has a letter and nine digits', () => {
    expect(read('birth-certificate', 'p500123456')).toMatchObject({
      number: 'P500123456',
      series: 'P',
      serial: '500123456',
    });
    expect(read('birth-certificate', 'P50012345')).toBe('format');
  });

  test('a health-record number names area, township, village and sequence', () => {
    expect(read('health-record', '500103-001-002-00042')).toMatchObject({
      number: '50010300100200042',
      areaCode: '500103',
      townshipCode: '500103001',
      villageCode: '500103001002',
      sequence: 42,
    });
    expect(read('health-record', '50010300100200000')).toBe('sequence-impossible');
    expect(read('health-record', '5001030010020004')).toBe('format');
  });

  test('passports and officer cards are bounded, not guessed', () => {
    expect(read('passport', 'e-1234 5678')).toMatchObject({ type: 'passport', number: 'E12345678' });
    expect(read('passport', 'ABCDEFG')).toBe('format');
    expect(read('passport', '1234')).toBe('format');
    expect(read('officer-card', '军字第2001988号')).toMatchObject({ number: '军字第2001988号' });
    expect(read('officer-card', '军字第号')).toBe('format');
  });

  test('a driving licence is a citizen number or a twelve-digit file number', () => {
    expect(read('driving-licence', citizen)).toMatchObject({ resident: { birthDate: '1990-01-02' } });
    expect(read('driving-licence', '500100123456')).toMatchObject({ resident: null });
    expect(read('driving-licence', '5001001234')).toBe('format');
  });
});

describe('type codes', () => {
  test('are read by the table of their source', () => {
    expect(parseDocument('01', citizen, TODAY)).toMatchObject({ ok: true, value: { type: 'resident-id' } });
    expect(parseDocument('1', citizen, TODAY)).toMatchObject({ ok: true });
    expect(parseDocument('02', citizen, TODAY)).toMatchObject({ ok: true, value: { type: 'household-book' } });
    expect(parseDocument('08', 'P500123456', TODAY)).toMatchObject({ ok: false, reason: 'document-type-unknown' });
    expect(parseDocument('08', 'P500123456', TODAY, 'qinghai-ecard')).toMatchObject({
      ok: true,
      value: { type: 'birth-certificate' },
    });
    expect(parseDocument('__proto__', 'x', TODAY)).toMatchObject({ ok: false, reason: 'document-type-unknown' });
  });

  test('"other" recognises the papers that hide behind it', () => {
    expect(parseDocument('99', 'P500123456', TODAY)).toMatchObject({ value: { type: 'birth-certificate' } });
    expect(parseDocument('99', citizen, TODAY)).toMatchObject({ value: { type: 'resident-id' } });
    expect(parseDocument('99', '社会保障卡123', TODAY)).toMatchObject({
      value: { type: 'other', number: '社会保障卡123' },
    });
    expect(parseDocument('99', '', TODAY)).toMatchObject({ ok: false, reason: 'empty' });
  });

  test('every refusal speaks both languages and never repeats the number', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...(Object.keys(DOCUMENT_NAMES) as DocumentType[])),
        fc.stringMatching(/^[0-9A-Za-z]{4,22}$/),
        (type, text) => {
          const parsed = parseDocumentNumber(type, text, TODAY);
          if (parsed.ok) return;
          expect(parsed.zh).not.toBe('');
          expect(parsed.en).not.toBe('');
          expect(`${parsed.zh}${parsed.en}`).not.toContain(text);
        },
      ),
    );
  });

  test('reading a read number again changes nothing', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...(Object.keys(DOCUMENT_NAMES) as DocumentType[])),
        fc.stringMatching(/^[HMP]?[0-9]{5,12}$/),
        (type, text) => {
          const once = parseDocumentNumber(type, text, TODAY);
          if (!once.ok) return;
          expect(parseDocumentNumber(type, once.value.number, TODAY)).toMatchObject({
            value: { number: once.value.number },
          });
        },
      ),
    );
  });
});
