import { describe, expect, test } from 'vitest';
import { type FixtureName, fixtureBytes, parsed } from '../cda-fixtures.ts';
import { checkDocument, structureRules } from '../index.ts';

const rulesOf = (text: string): string[] => checkDocument(parsed(text)).map(({ rule }) => rule);
const source = (name: FixtureName): string => fixtureBytes(name).toString('utf8');

test('the fixtures keep every rule of their kind', () => {
  for (const name of [
    'c0002-outpatient',
    'c0004-prescription',
    'c0006-examination',
    'c0007-laboratory',
    'c0053-discharge',
  ] as const)
    expect(rulesOf(source(name))).toEqual([]);
});

describe('a document without', () => {
  test.each<[what: string, fixture: FixtureName, cut: RegExp, rule: string]>([
    ['its number', 'c0007-laboratory', /<id root="2.16.156.10011.1.1" [^>]*>/, 'cda.document-id'],
    ['a time', 'c0007-laboratory', /<effectiveTime value="20260228102000"\/>/, 'cda.effective-time'],
    ['realm', 'c0007-laboratory', /<realmCode[^>]*>/, 'cda.realm'],
    ['type id', 'c0007-laboratory', /<typeId[^>]*>/, 'cda.type-id'],
    ['template id', 'c0007-laboratory', /<templateId[^>]*>/, 'cda.template-id'],
    ['language', 'c0007-laboratory', /<languageCode[^>]*>/, 'cda.language'],
    ['confidentiality', 'c0007-laboratory', /<confidentialityCode[^>]*>/, 'cda.confidentiality'],
    ['identity number', 'c0007-laboratory', /<id root="2.16.156.10011.1.3"[^>]*>/, 'cda.patient-identity'],
    ['name', 'c0007-laboratory', /<name>测试乙<\/name>/, 'cda.patient-name'],
    ['sex', 'c0007-laboratory', /<administrativeGenderCode[^>]*>/, 'cda.patient-sex'],
    ['author', 'c0007-laboratory', /<name>示例检验医师<\/name>/, 'cda.author'],
    ['author time', 'c0007-laboratory', /<time value="20260228101000"\/>/, 'cda.author-time'],
    ['custodian', 'c0007-laboratory', /<custodian[\s\S]*?<\/custodian>/, 'cda.custodian'],
    ['report number', 'c0007-laboratory', /<id root="2.16.156.10011.1.33"[^>]*>/, 'cda.c0007.report-number'],
    ['specimen', 'c0007-laboratory', /<value xsi:type="ST">静脉血<\/value>/, 'cda.c0007.specimen'],
    ['outpatient number', 'c0002-outpatient', /<id root="2.16.156.10011.1.11"[^>]*>/, 'cda.c0002.outpatient-number'],
    ['chief complaint', 'c0002-outpatient', /<value xsi:type="ST">发热、咳嗽1天<\/value>/, 'cda.c0002.chief-complaint'],
    ['present illness', 'c0002-outpatient', /<code code="10164-2"[^>]*>/, 'cda.c0002.present-illness'],
    ['past illness', 'c0002-outpatient', /<code code="11348-0"[^>]*>/, 'cda.c0002.past-illness'],
    ['physical examination', 'c0002-outpatient', /<code code="29545-1"[^>]*>/, 'cda.c0002.physical-examination'],
    [
      'prescription number',
      'c0004-prescription',
      /<id root="2.16.156.10011.1.20"[^>]*>/,
      'cda.c0004.prescription-number',
    ],
    ['medicines', 'c0004-prescription', /<code code="10160-0"[^>]*>/, 'cda.c0004.medicines'],
    [
      'examination report number',
      'c0006-examination',
      /<id root="2.16.156.10011.1.32"[^>]*>/,
      'cda.c0006.report-number',
    ],
  ])('%s (%s) breaks one rule', (_, fixture, cut, rule) => {
    const text = source(fixture);
    expect(text).toMatch(cut);
    expect(rulesOf(text.replace(cut, ''))).toEqual([rule]);
  });

  test('a body has nothing at all', () => {
    const bare = source('c0007-laboratory').replace(/<structuredBody>[\s\S]*<\/structuredBody>/, '<structuredBody/>');
    expect(rulesOf(bare)).toEqual(['cda.body', 'cda.c0007.items', 'cda.c0007.results', 'cda.c0007.specimen']);
  });
});

test('paths lead to the deepest place there is', () => {
  const text = source('c0007-laboratory').replace(/<custodian[\s\S]*?<\/custodian>/, '<custodian typeCode="CST"/>');
  expect(checkDocument(parsed(text)).map(({ path }) => path)).toEqual([
    '/ClinicalDocument/custodian/assignedCustodian/representedCustodianOrganization/id/@extension',
  ]);
});

test('rule ids are one of a kind and speak both languages', () => {
  expect(new Set(structureRules.map(({ rule }) => rule)).size).toBe(structureRules.length);
  for (const { zh, en } of structureRules)
    expect([/\p{Script=Han}|CN|POCD|template/u.test(zh), /^[\x20-\x7e]+$/.test(en)]).toEqual([true, true]);
});
