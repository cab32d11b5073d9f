import { describe, expect, it } from 'vitest';
import type { Resource } from '../fact.ts';
import { factsOf, msh, only, paths, rulesOf, send } from './fixtures/send.ts';

const PID = 'PID|1||P1^^^HIS^MR||张三||19800102|M';
const oru = (
  lines: string,
  obr = 'OBR|1|O1|R1|CBC^血常规|||20261101083000|||||||||||||||20261101090000||LAB|F',
): string => `${msh('ORU^R01', 'L1', '20261101100000')}\n${PID}\n${obr}\n${lines}`;
const one = (line: string): Resource => only(send(oru(line)), 'Observation');

describe('the value types of OBX', () => {
  it.each([
    ['OBX|1|NM|A||12.5|g/L', { valueQuantity: { value: 12.5, unit: 'g/L' } }],
    [
      'OBX|1|NM|A||<0.1|mmol/L^^UCUM',
      {
        valueQuantity: {
          value: 0.1,
          comparator: '<',
          unit: 'mmol/L',
          system: 'http://unitsofmeasure.org',
          code: 'mmol/L',
        },
      },
    ],
    ['OBX|1|NM|A||＞1000|U', { valueQuantity: { value: 1000, comparator: '>', unit: 'U' } }],
    ['OBX|1|SN|A||>^100|U', { valueQuantity: { value: 100, comparator: '>', unit: 'U' } }],
    ['OBX|1|SN|A||^1^:^128', { valueRatio: { numerator: { value: 1 }, denominator: { value: 128 } } }],
    ['OBX|1|SN|A||^3^-^5|U', { valueRange: { low: { value: 3, unit: 'U' }, high: { value: 5, unit: 'U' } } }],
    ['OBX|1|SN|A||^2^+', { valueString: '2+' }],
    ['OBX|1|ST|A||阴性 ^ 未见', { valueString: '阴性 ^ 未见' }],
    ['OBX|1|TX|A||first~second', { valueString: 'first\nsecond' }],
    ['OBX|1|FT|A||a\\.br\\b', { valueString: 'a\nb' }],
    ['OBX|1|CWE|A||POS^阳性^L', { valueCodeableConcept: { coding: [{ code: 'POS', display: '阳性' }] } }],
    ['OBX|1|DT|A||20261101', { valueDateTime: '2026-11-01' }],
    ['OBX|1|DTM|A||202611011005', { valueDateTime: '2026-11-01T10:05:00+08:00' }],
    ['OBX|1|TM|A||1005', { valueTime: '10:05:00' }],
    ['OBX|1|DR|A||20261101^20261102', { valuePeriod: { start: '2026-11-01', end: '2026-11-02' } }],
    ['OBX|1|XCN|A||1^李^四', { valueString: '1 李 四' }],
    ['OBX|1|NM|A||60~120|U', { component: [{ valueQuantity: { value: 60 } }, { valueQuantity: { value: 120 } }] }],
  ])('%s', (line, expected) => {
    expect(one(`${line}${'|'.repeat(Math.max(0, 11 - line.split('|').length + 1))}F`)).toMatchObject({
      ...expected,
      status: 'final',
    });
  });

  it('keeps a number that is none as text, with a warning', () => {
    const translation = send(oru('OBX|1|NM|A||溶血|g/L|||||F'));
    expect(only(translation, 'Observation').valueString).toBe('溶血');
    expect(rulesOf(translation)).toEqual(['hl7v2.bad-number OBX-5']);
  });

  it('puts documents and pointers into the report', () => {
    const data = Buffer.from('%PDF-1.7').toString('base64');
    const translation = send(
      oru(
        `OBX|1|ED|PDF^报告||^application^PDF^Base64^${data}||||||F\nOBX|2|RP|IMG^影像||https://pacs.example/1^^image^JPEG||||||F`,
      ),
    );
    expect(only(translation, 'DiagnosticReport').presentedForm).toEqual([
      { contentType: 'application/pdf', data, title: '报告' },
      { contentType: 'image/jpeg', url: 'https://pacs.example/1', title: '影像' },
    ]);
    expect(factsOf(translation, 'Observation')).toEqual([]);
  });

  it('refuses no report because of an attachment that cannot be decoded, and counts it', () => {
    const translation = send(oru('OBX|1|ED|PDF||^application^PDF^Base64^***||||||F'));
    expect(rulesOf(translation)).toEqual(['hl7v2.bad-attachment OBX-5']);
    expect(paths(translation)).toContain('OBX-5');
  });
});

describe('a line of a report', () => {
  const line = one(
    'OBX|1|NM|718-7^血红蛋白^LN^HGB^HGB^L|1|98|g/L|110-150|L~↓|||C|||20261101080000||D7^李^四|||20261101085500',
  );

  it('has code, range, flags, time and who observed', () => {
    expect(line).toMatchObject({
      code: {
        coding: [
          { system: 'http://loinc.org', code: '718-7' },
          { system: 'urn:hutong:institution:50010301:codes', code: 'HGB' },
        ],
      },
      referenceRange: [{ low: { value: 110, unit: 'g/L' }, high: { value: 150 }, text: '110-150' }],
      status: 'corrected',
      effectiveDateTime: '2026-11-01T08:00:00+08:00',
      issued: '2026-11-01T08:55:00+08:00',
      performer: [{ reference: 'key:Practitioner|D7', display: '李四' }],
      category: [{ coding: [{ code: 'laboratory' }] }],
    });
    expect((line.interpretation as { coding: { code: string }[] }[]).map((flag) => flag.coding[0]!.code)).toEqual([
      'L',
      'L',
    ]);
  });

  it('without a time of its own has the one of the report', () => {
    expect(one('OBX|1|NM|A||1|||||F')).toMatchObject({
      effectiveDateTime: '2026-11-01T08:30:00+08:00',
      issued: '2026-11-01T09:00:00+08:00',
    });
  });

  it('has a key of report, code and sub-id, and a number when both repeat', () => {
    const translation = send(
      oru('OBX|1|NM|A|1|1|||||F\nOBX|2|NM|A|2|1|||||F\nOBX|3|NM|A|1|1|||||F\nOBX|4|ST|只有文字||x|||||F'),
    );
    const keys = factsOf(translation, 'Observation').map((fact) => fact.key);
    expect(keys.slice(0, 3)).toEqual(['R1|CBC|A|1', 'R1|CBC|A|2', 'R1|CBC|A|1|2']);
    expect(new Set(keys).size).toBe(4);
  });

  it('keeps its notes', () => {
    expect(one('OBX|1|NM|A||1|||||F\nNTE|1||标本溶血').note).toEqual([{ text: '标本溶血' }]);
  });
});

describe('a report', () => {
  it('is told apart from another panel of the same tube', () => {
    const second =
      'OBR|2|O1|R1|CRP^C反应蛋白|||20261101083000|||||||||||||||20261101090000||LAB|F\nOBX|1|NM|CRP||5|||||F';
    const keys = factsOf(send(oru(`OBX|1|NM|WBC||5|||||F\n${second}`)), 'DiagnosticReport').map((fact) => fact.key);
    expect(keys).toEqual(['R1|CBC', 'R1|CRP']);
  });

  it('knows its order, its specimen and its results', () => {
    const translation = send(
      oru('OBX|1|NM|A||1|||||F\nSPM|1|T1&HIS^S1&LIS||BLD^血^L|||||||||||||20261101080000|20261101081000'),
    );
    expect(only(translation, 'DiagnosticReport')).toMatchObject({
      status: 'final',
      basedOn: [{ reference: 'key:ServiceRequest|O1' }],
      specimen: [{ reference: 'key:Specimen|LIS|S1' }],
      result: [{ reference: 'key:Observation|R1|CBC|A' }],
    });
    expect(only(translation, 'Specimen')).toMatchObject({
      type: { coding: [{ code: 'BLD' }] },
      collection: { collectedDateTime: '2026-11-01T08:00:00+08:00' },
    });
  });

  it('of a laboratory that sends no SPM has the specimen of OBR-15', () => {
    const obr = [
      'OBR',
      '1',
      'O1',
      'R1',
      'CBC^血常规',
      '',
      '',
      '20261101083000',
      '',
      '',
      '',
      '',
      '',
      '',
      '20261101081000',
      'BLD&全血',
    ];
    const translation = send(oru('OBX|1|NM|A||1|||||F', obr.join('|')));
    expect(only(translation, 'Specimen')).toMatchObject({
      type: { coding: [{ code: 'BLD', display: '全血' }] },
      receivedTime: '2026-11-01T08:10:00+08:00',
    });
    expect(only(translation, 'DiagnosticReport').specimen).toEqual([{ reference: 'key:Specimen|R1|CBC|specimen' }]);
  });

  it('without any number has a key from its content, and says so', () => {
    const translation = send(oru('OBX|1|NM|A||1|||||F', 'OBR|1|||CBC^血常规|||20261101083000'));
    expect(rulesOf(translation)).toContain('hl7v2.key-by-content OBR-3');
    expect(factsOf(translation, 'DiagnosticReport')[0]!.key).toMatch(/^content\|[0-9a-f]{20}$/);
  });

  it('of several people in one message goes to each of them', () => {
    const second =
      'PID|2||P2^^^HIS^MR||李四\nOBR|1|O2|R2|CBC^血常规|||20261101083000|||||||||||||||||LAB|F\nOBX|1|NM|WBC||7|||||F';
    const translation = send(oru(`OBX|1|NM|WBC||5|||||F\n${second}`));
    const told = factsOf(translation, 'Observation').map(({ key, person, resource }) => [
      key,
      person!.localId,
      resource.subject,
    ]);
    expect(told).toEqual([
      ['R1|CBC|WBC', 'P1', { reference: 'key:Patient|HIS|P1' }],
      ['R2|CBC|WBC', 'P2', { reference: 'key:Patient|HIS|P2' }],
    ]);
  });

  it('of imaging has its impression as conclusion', () => {
    const translation = send(
      oru(
        'OBX|1|TX|19005-8^影像诊断^LN||右肺下叶炎症||||||F',
        'OBR|1|O1|R1|CT1^胸部CT|||20261101083000|||||||||||||||||RAD|F',
      ),
    );
    expect(only(translation, 'DiagnosticReport').conclusion).toBe('右肺下叶炎症');
    expect(only(translation, 'Observation')).toMatchObject({ category: [{ coding: [{ code: 'imaging' }] }] });
  });
});
