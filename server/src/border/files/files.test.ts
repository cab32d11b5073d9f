import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { validateResource } from '@hutong/fhir';
import fc from 'fast-check';
import iconv from 'iconv-lite';
import { describe, expect, test } from 'vitest';
import type { Translation } from '../fact.ts';
import {
  type CsvItem,
  type CsvOptions,
  checkHeader,
  type Mapping,
  readCsv,
  readMapping,
  sniff,
  translateRow,
} from './index.ts';

const fixture = (name: string): Buffer => readFileSync(join(import.meta.dirname, 'fixtures', name));
const options = { institution: 'H1', receivedAt: '2026-03-02T00:00:00.000Z' };

function mapping(name: string): Mapping {
  const found = readMapping(JSON.parse(readFileSync(join(import.meta.dirname, 'mappings', `${name}.json`), 'utf8')));
  if (!found.ok) throw new Error(JSON.stringify(found.issues));
  return found.mapping;
}

function* pieces(bytes: Uint8Array, size: number): Generator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size);
}

async function items(bytes: Uint8Array, size = 7, csv: CsvOptions = {}): Promise<CsvItem[]> {
  const found: CsvItem[] = [];
  for await (const item of readCsv(pieces(bytes, size), csv)) found.push(item);
  return found;
}

async function translated(file: string, name: string): Promise<Translation[]> {
  const rows = await items(fixture(file));
  return rows.flatMap((item) => (item.kind === 'row' ? [translateRow(mapping(name), item, options)] : []));
}

const cells = (list: CsvItem[]): string[][] =>
  list.flatMap((item) => (item.kind === 'row' ? [Object.values(item.values)] : []));

describe('sniffing', () => {
  test.each([
    ['a.json', '{"resourceType":"Bundle"}', 'fhir-json'],
    [undefined, '{\n "id": "1",\n "resourceType" : "Patient"}', 'fhir-json'],
    [undefined, '{"resourceType":"Patient"}\n{"resourceType":"Patient"}\n', 'fhir-ndjson'],
    ['x.ndjson', '{"resourceType":"Patient","text":"', 'fhir-ndjson'],
    ['settings.txt', '{"a":1}', 'unknown'],
    [undefined, 'MSH|^~\\&|A|B\rPID|1\r', 'hl7v2'],
    [undefined, '\x0bMSH|^~\\&|A|B\rPID|1\r\x1c\r', 'hl7v2'],
    [undefined, 'MSH|^~\\&|A|B\rPID|1\rMSH|^~\\&|A|B\r', 'hl7v2-batch'],
    [undefined, 'FHS|^~\\&|A\rBHS|', 'hl7v2-batch'],
    [undefined, '<?xml version="1.0"?>\n<!-- x --><ClinicalDocument xmlns="urn:hl7-org:v3">', 'cda'],
    ['a.xml', '<html><body/>', 'unknown'],
    ['visits.csv', '患者编号,姓名\n1,2', 'csv'],
    ['noname', 'a,b\n1,2\n', 'csv'],
    ['noname', 'just words\nand more', 'unknown'],
    ['a.png', '\x89PNG,\r\n\x1a\n,', 'unknown'],
    ['a.csv', '', 'unknown'],
  ])('%s beginning %j is %s', (name, text, kind) => {
    expect(sniff(name, Buffer.from(text, 'utf8'))).toBe(kind);
  });

  test('knows gzip by its first bytes and CDA in UTF-16', () => {
    expect(sniff('a.json', Buffer.from([0x1f, 0x8b, 8]))).toBe('gzip');
    expect(sniff(undefined, Buffer.from('\ufeff<ClinicalDocument/>', 'utf16le'))).toBe('cda');
    expect(
      sniff(
        undefined,
        iconv.encode('<?xml version="1.0" encoding="GB18030"?><ClinicalDocument title="检验"/>', 'gb18030'),
      ),
    ).toBe('cda');
  });

  test('never throws on any bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => typeof sniff(undefined, bytes) === 'string'));
  });
});

describe('tables', () => {
  test('any table written by RFC 4180 reads back, in pieces of any size', async () => {
    const cell = fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', '\r', '测', '𠮷', '1', ';') });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(cell, { minLength: 3, maxLength: 3 }), { maxLength: 6 }),
        fc.integer({ min: 1, max: 30 }),
        async (rows, size) => {
          const quote = (text: string): string => `"${text.replaceAll('"', '""')}"`;
          const text = [['a', 'b', 'c'], ...rows].map((row) => row.map(quote).join(',')).join('\r\n');
          const kept = rows.filter((row) => row.some((one) => one !== ''));
          expect(cells(await items(Buffer.from(text), size))).toEqual(kept.map((row) => row.map((one) => one.trim())));
        },
      ),
      { numRuns: 150 },
    );
  });

  test('GB18030 is told from UTF-8 behind a long run of ASCII', async () => {
    const ascii = `a,b\n${'1,2\n'.repeat(50)}`;
    const bytes = Buffer.concat([Buffer.from(ascii), iconv.encode('重庆,渝\n', 'gb18030')]);
    for (const size of [1, 3, 64, 10_000]) expect(cells(await items(bytes, size)).at(-1)).toEqual(['重庆', '渝']);
  });

  test('bytes of neither charset end the reading with one issue', async () => {
    const bytes = Buffer.concat([Buffer.from('a,b\n重庆,2\n'), Buffer.from([0xff, 0xff, 0x0a])]);
    const last = (await items(bytes, 4)).at(-1);
    expect(last).toMatchObject({ kind: 'issue', issue: { rule: 'files.charset' } });
  });

  test('a broken row is an issue at its line and the next rows are read', async () => {
    const found = await items(Buffer.from('a,b\n1,2\n"x"y,2\n3,4,5\n5,6\n'));
    expect(found.map((item) => (item.kind === 'issue' ? `${item.line} ${item.issue.rule}` : item.kind))).toEqual([
      'header',
      'row',
      '3 files.quote',
      '4 files.column-count',
      'row',
    ]);
    expect(found.at(-1)).toMatchObject({ row: 4, line: 5 });
  });

  test('a forgotten quote costs one line, not the rest of the file', async () => {
    const text = `a,b\n"open,2\n${'1,2\n'.repeat(100)}`;
    const found = await items(Buffer.from(text), 50, { limits: { record: 200, columns: 10, broken: 5 } });
    expect(found.filter(({ kind }) => kind === 'row')).toHaveLength(100);
    expect(found.filter((item) => item.kind === 'issue' && item.issue.rule === 'files.record-too-long')).toHaveLength(
      1,
    );
  });

  test.each([
    ['no other quote follows', 'a,b\n"open,2\n1,2\n3,4\n', 2, 'files.quote-open'],
    ['a later cell has quotes', 'a,b\n"open,2\n1,2\n"3",4\n5,6\n', 3, 'files.quote'],
  ])('so it is in a short file (%s)', async (_, text, rows, rule) => {
    const found = await items(Buffer.from(text));
    expect(found.filter(({ kind }) => kind === 'row')).toHaveLength(rows);
    expect(found.filter(({ kind }) => kind === 'issue')).toMatchObject([{ line: 2, issue: { rule } }]);
  });

  test('an endless line is given up without being kept', async () => {
    function* endless(): Generator<Uint8Array> {
      yield Buffer.from('a,b\n');
      for (let i = 0; i < 2000; i++) yield Buffer.from('x'.repeat(1000));
    }
    const found: CsvItem[] = [];
    for await (const item of readCsv(endless(), { limits: { record: 10_000, columns: 10, broken: 3 } }))
      found.push(item);
    expect(found.at(-1)).toMatchObject({ issue: { rule: 'files.too-many-broken' } });
  });

  test('an open quote at the end and a header with the same column twice are refused', async () => {
    expect((await items(Buffer.from('a,b\n"1,2'))).at(-1)).toMatchObject({ issue: { rule: 'files.quote-open' } });
    expect(await items(Buffer.from('a,a\n1,2\n'))).toMatchObject([{ kind: 'issue', issue: { rule: 'files.header' } }]);
  });
});

describe('laboratory results', () => {
  test('rows become facts with keys that do not depend on the file', async () => {
    const [first, second] = await translated('lab-results.csv', 'lab-results');
    expect(first!.kind).toBe('csv:lab-results');
    expect(first!.facts.map(({ resource, key }) => `${resource.resourceType} ${key}`)).toEqual([
      'Patient P0001',
      'DiagnosticReport R20260301001',
      'Observation R20260301001|GLU',
    ]);
    expect(first!.facts[0]!.person).toEqual({ authority: '', localId: 'P0001' });
    expect(first!.facts[0]!.stamp).toBe('2026-03-01T02:30:00.000Z');
    expect(first!.facts[2]!.resource).toMatchObject({
      valueQuantity: { value: 7.2, unit: 'mmol/L', system: 'http://unitsofmeasure.org', code: 'mmol/L' },
      interpretation: [{ coding: [{ code: 'H' }] }],
      subject: { reference: 'key:Patient|P0001' },
      effectiveDateTime: '2026-03-01T08:10:00+08:00',
    });
    expect(second!.facts[2]!.resource).toMatchObject({ valueQuantity: { unit: 'μmol/L', code: 'umol/L' } });
  });

  test('texts, comparators and a wrong identity number are kept for what they are', async () => {
    const rows = await translated('lab-results.csv', 'lab-results');
    expect(rows[2]!.facts[2]!.resource).toMatchObject({
      valueString: '阴性',
      interpretation: [{ coding: [{ code: 'NEG' }] }],
    });
    expect(rows[2]!.facts[0]!.resource.name).toEqual([{ text: '测试,乙' }]);
    expect(rows[3]!.facts[2]!.resource).toMatchObject({
      valueQuantity: { value: 0.5, comparator: '<', code: '10*9/L' },
    });
    expect(rows[3]!.facts[2]!.resource.interpretation).toBeUndefined();
    expect(rows[3]!.issues.map(({ rule }) => rule)).toEqual(['files.resident-number', 'files.unknown-code']);
    expect(JSON.stringify(rows[3]!.facts[0])).toContain('resident-number-unverified');
  });

  test('an empty result is an error that names row and column and no value', async () => {
    const row = (await translated('lab-results.csv', 'lab-results'))[4]!;
    expect(row.issues).toMatchObject([
      { severity: 'error', rule: 'files.required', path: 'row 5 (line 6), column 结果' },
    ]);
  });

  test('a column without a place is counted', async () => {
    const rows = await translated('lab-results.csv', 'lab-results');
    expect(rows[0]!.unmapped).toEqual([{ path: '打印次数', count: 1 }]);
    expect(rows[3]!.unmapped).toEqual([
      { path: '提示', count: 1 },
      { path: '打印次数', count: 1 },
    ]);
  });
});

describe('outpatient visits', () => {
  test('rows in GB18030 become visits and diagnoses', async () => {
    const [first, second, third] = await translated('outpatient-visits.csv', 'outpatient-visits');
    expect(first!.facts.map(({ resource, key }) => `${resource.resourceType} ${key}`)).toEqual([
      'Patient P0001',
      'Encounter V20260301001',
      'Condition V20260301001|J11.1',
    ]);
    expect(first!.facts[1]!.resource).toMatchObject({
      class: { code: 'AMB' },
      period: { start: '2026-03-01T08:05:00+08:00' },
      reasonCode: [{ text: '发热1天,\n伴咽痛' }],
    });
    expect(second!.facts[0]!.resource.telecom).toBeUndefined();
    expect(third!.issues.map(({ rule }) => rule)).toEqual(['files.birth-date-future']);
    expect(third!.facts.map(({ resource }) => resource.resourceType)).toEqual(['Encounter']);
  });
});

test('every resource of both fixtures is valid FHIR', async () => {
  const all = [
    ...(await translated('lab-results.csv', 'lab-results')),
    ...(await translated('outpatient-visits.csv', 'outpatient-visits')),
  ];
  const problems = all.flatMap(({ facts }) =>
    facts.flatMap(({ resource }) => validateResource(resource).filter(({ severity }) => severity === 'error')),
  );
  expect(problems).toEqual([]);
});

describe('mappings', () => {
  test('a wrong mapping is refused with every place that is wrong', () => {
    const wrong = {
      ...mapping('lab-results'),
      id: 'Lab Results',
      colour: 1,
      facts: [{ resourceType: 'patient', elements: { 'a..b': { column: '' }, ok: { column: 'x', as: 'nothing' } } }],
    };
    const found = readMapping(wrong);
    expect(found.ok ? [] : found.issues.map(({ path }) => path)).toEqual([
      '$',
      '$.id',
      '$.facts[0].resourceType',
      '$.facts[0].key',
      '$.facts[0].elements',
      "$.facts[0].elements['a..b'].column",
      "$.facts[0].elements['ok'].as",
    ]);
    expect(readMapping(null).ok).toBe(false);
    expect(readMapping([]).ok).toBe(false);
  });

  test('a header that lacks a required column is named', () => {
    expect(checkHeader(mapping('lab-results'), ['病历号', '报告单号', '项目代码', '结果'])).toMatchObject([
      { rule: 'files.column-missing', en: 'The file lacks column 报告时间, which the mapping needs' },
    ]);
  });

  test('dates that do not exist are errors, and Excel serial days are read when the mapping says so', () => {
    const base: Mapping = {
      id: 'x',
      version: 1,
      zh: 'x',
      en: 'x',
      stamp: { column: 't', as: 'dateTime', formats: ['yyyy-MM-dd'] },
      person: { localId: { column: 'p' } },
      facts: [
        {
          resourceType: 'Patient',
          elements: { birthDate: { column: 'b', as: 'date', formats: ['yyyyMMdd', 'excel'] } },
        },
      ],
    };
    const run = (b: string): Translation =>
      translateRow(base, { row: 1, line: 2, values: { t: '2026-01-01', p: '1', b } }, options);
    expect(run('20260230').issues.map(({ rule }) => rule)).toEqual(['files.bad-date']);
    expect(run('31118').facts[0]!.resource.birthDate).toBe('1985-03-12');
    expect(run('19850312').facts[0]!.resource.birthDate).toBe('1985-03-12');
  });

  test('a time of the sender in the far future gives way to the time of receipt', () => {
    const found = translateRow(
      mapping('outpatient-visits'),
      {
        row: 1,
        line: 2,
        values: { 就诊时间: '2030-01-01 00:00:00', 患者编号: 'P', 姓名: 'x', 就诊流水号: 'V', 就诊类型: '门诊' },
      },
      options,
    );
    expect(found.facts[0]!.stamp).toBe(options.receivedAt);
    expect(found.issues.map(({ rule }) => rule)).toEqual(['files.time-in-future']);
  });
});
