import { describe, expect, it } from 'vitest';
import { ANALYTES } from '../lives/analytes.ts';
import { DISTRICTS } from './districts.ts';
import { cityInstitutions } from './institutions.ts';
import { codeTable, localLabCode } from './local-codes.ts';

const small = cityInstitutions({ seed: 1, size: 1_000 });
const large = cityInstitutions({ seed: 1, size: 1_000_000 });

describe('the region', () => {
  it('has the 38 districts and counties with the people the census counted', () => {
    expect(DISTRICTS).toHaveLength(38);
    expect(DISTRICTS.every((district) => /^[一-龥]+$/.test(district.zh) && /^[A-Z]/.test(district.en))).toBe(true);
    // Whole city: 3,205.42 ten thousands.
    expect(DISTRICTS.reduce((sum, district) => sum + district.population, 0)).toBeCloseTo(3205.4, -0.5);
  });

  it('has in every district a CDC, a hospital and primary care', () => {
    for (const district of DISTRICTS) {
      const kinds = small.filter((one) => one.area === district.code).map((one) => one.kind);
      expect(kinds).toContain('cdc');
      expect(kinds).toContain('hospital');
      expect(kinds.some((kind) => kind === 'community' || kind === 'township')).toBe(true);
    }
  });

  it('keeps every institution when the city grows', () => {
    const byCode = new Map(large.map((one) => [one.code, one]));
    for (const one of small) expect(byCode.get(one.code)).toEqual(one);
    expect(large.length).toBeGreaterThan(small.length * 1.5);
    expect(byCode.size).toBe(large.length);
  });

  it('speaks every protocol, version, charset and habit somewhere', () => {
    expect(new Set(small.map((one) => one.protocol))).toEqual(new Set(['hl7v2-mllp', 'hl7v2-http', 'fhir', 'cda']));
    const hl7 = large.filter((one) => one.protocol.startsWith('hl7v2'));
    expect(new Set(hl7.map((one) => one.quirks.charset))).toEqual(new Set(['UTF-8', 'GB18030', 'GBK']));
    expect(new Set(hl7.map((one) => one.quirks.version))).toEqual(new Set(['2.3.1', '2.4', '2.5.1', '2.8']));
    expect(new Set(hl7.map((one) => one.quirks.idField)).size).toBe(3);
    expect(new Set(large.map((one) => one.quirks.labCodes)).size).toBe(3);
    expect(new Set(large.map((one) => one.tier))).toEqual(new Set([1, 2, 3]));
  });

  it('has local codes that are unique in their table and lead to a standard code', () => {
    for (let vendor = 0; vendor < 5; vendor++) {
      const codes = Object.values(ANALYTES).map((analyte) => localLabCode(vendor, analyte));
      expect(new Set(codes).size).toBe(codes.length);
    }
    const rows = codeTable(small[1]!);
    expect(rows.every((row) => (row.system === 'loinc' ? /^\d+-\d$/ : /^[A-Z]\d{2}/).test(row.standard))).toBe(true);
  });
});
