import { validateResource } from '@hutong/fhir';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freshDatabase } from '../../../../test/database.ts';
import { type Hospital, type TestPlatform, testPlatform } from '../../../../test/platform.ts';
import { setLocalMaps, shippedTerminology } from '../../../core/terminology/index.ts';
import { idsOf, json, put, type Resource, type Said, send } from '../testing.ts';
import { terminologyResources } from './as-fhir.ts';
import { publishDefinitions } from './publish.ts';

const ICD = 'http://hl7.org/fhir/sid/icd-10';
const marriage = 'urn:oid:2.16.156.10011.2.3.3.5';
const set = (name: string): string => `urn:hutong:value-set:${name}`;

let platform: TestPlatform;
let hospital: Hospital;
beforeAll(async () => {
  const database = await freshDatabase();
  await setLocalMaps(
    database.pool,
    [
      {
        institution: 'HOSP-1',
        sourceSystem: 'urn:lis',
        sourceCode: 'GLU',
        targetSystem: 'http://loinc.org',
        targetCode: '2345-7',
        equivalence: 'equivalent',
        from: '2026-01-01',
      },
    ],
    'test',
  );
  platform = await testPlatform({ database });
  hospital = await platform.hospital('HOSP-1');
});
afterAll(() => platform.close());

const ask = (path: string, parameters: Record<string, string>): Promise<Said> =>
  json(hospital, `/fhir/${path}?${new URLSearchParams(parameters)}`);
const post = (path: string, ...parameter: object[]): Promise<Said> =>
  send(hospital, 'POST', `/fhir/${path}`, { resourceType: 'Parameters', parameter });
type Part = { name: string; part?: Part[]; [value: string]: unknown };
const held = ({ body }: Said, name: string): unknown => {
  const found = (body.parameter as Part[]).find((one) => one.name === name);
  return found?.[Object.keys(found).find((key) => key.startsWith('value')) ?? ''];
};
const codes = ({ body }: Said): string[] => (body.expansion.contains ?? []).map(({ code }: { code: string }) => code);

test('what the platform carries is valid FHIR, read and searched like any resource, and published once', async () => {
  const resources = terminologyResources(shippedTerminology());
  for (const resource of resources) expect(validateResource(resource), String(resource.id)).toEqual([]);
  expect(new Set(resources.map(({ resourceType, id }) => `${resourceType}/${id}`)).size).toBe(resources.length);
  const editions = await ask('CodeSystem', { url: ICD, _elements: 'version,status' });
  expect(
    editions.body.entry.map((one: { resource: Resource }) => [one.resource.version, one.resource.status]).sort(),
  ).toEqual([
    ['2010', 'retired'],
    ['2016', 'retired'],
    ['2019', 'active'],
  ]);
  const one = await json(hospital, '/fhir/ValueSet/hutong-hypertension');
  expect(one.body).toMatchObject({ url: set('hypertension'), meta: { versionId: '1' } });
  expect(idsOf(await ask('ConceptMap', { 'source-system': 'urn:oid:2.16.156.10011.2.3.3.4' }))).toContain(
    'hutong-2.16.156.10011.2.3.3.4-to-administrative-gender',
  );
  expect(await publishDefinitions(platform.pool, resources, Date.now())).toBe(0);
  const [first] = resources as [Resource];
  expect(await publishDefinitions(platform.pool, [{ ...first, title: '新' }], Date.now())).toBe(1);
  expect((await json(hospital, `/fhir/CodeSystem/${first.id}`)).body).toMatchObject({
    title: '新',
    meta: { versionId: '2' },
  });
  // Nobody but the platform changes them.
  expect((await put(hospital, { ...one.body, title: 'mine' })).status).toBe(403);
});

test('$expand lists a value set as of a day, in pages, by words in either language', async () => {
  const today = await ask('ValueSet/$expand', { url: set('notifiable') });
  const before = await ask('ValueSet/$expand', { url: set('notifiable'), date: '2015-06-01' });
  expect([codes(today).includes('A97'), codes(today).includes('A90')]).toEqual([true, false]);
  expect([codes(before).includes('A97'), codes(before).includes('A90')]).toEqual([false, true]);
  expect(before.body.expansion.parameter).toContainEqual({ name: 'used-codesystem', valueUri: `${ICD}|2010` });
  expect(today.body.expansion.parameter).toContainEqual({ name: 'used-fragment', valueUri: ICD });
  const expected = shippedTerminology()
    .expand(set('notifiable'), '2015-06-01')
    ?.map(({ code }) => code);
  expect(codes(before).sort()).toEqual(expected?.sort());
  const paged: string[] = [];
  for (let offset = 0; offset < before.body.expansion.total; offset += 25)
    paged.push(
      ...codes(
        await ask('ValueSet/$expand', {
          url: set('notifiable'),
          date: '2015-06-01',
          offset: String(offset),
          count: '25',
        }),
      ),
    );
  expect(paged.sort()).toEqual(expected?.sort());
  expect(codes(await ask('ValueSet/hutong-notifiable-a/$expand', { filter: '鼠疫' }))).toEqual(
    expect.arrayContaining(['A20']),
  );
  expect(codes(await ask('ValueSet/hutong-notifiable-a/$expand', { filter: 'chol' }))).toEqual(
    expect.arrayContaining(['A00']),
  );
  const english = await ask('ValueSet/$expand', {
    url: set('sex'),
    displayLanguage: 'en',
    includeDesignations: 'true',
  });
  expect(english.body.expansion.contains[1]).toMatchObject({
    code: '1',
    display: 'Male',
    designation: [
      { language: 'zh-CN', value: '男性' },
      { language: 'en', value: 'Male' },
    ],
  });
  expect(validateResource(english.body)).toEqual([]);
});

test('$lookup tells names, properties and days, of the edition of a day or a version', async () => {
  const found = await ask('CodeSystem/$lookup', { system: ICD, code: 'A90' });
  expect([held(found, 'version'), held(found, 'name')]).toEqual(['2010', expect.stringContaining('国际统计分类')]);
  const properties = Object.fromEntries(
    (found.body.parameter as Part[])
      .filter(({ name }) => name === 'property')
      .map(({ part = [] }) => [
        part[0]?.valueCode,
        part[1]?.valueString ?? part[1]?.valueDateTime ?? part[1]?.valueCode,
      ]),
  );
  expect(properties).toMatchObject({ to: '2015-12-31', notifiable: 'B' });
  expect((await ask('CodeSystem/$lookup', { system: ICD, code: 'A90', date: '2020-01-01' })).status).toBe(404);
  expect((await ask('CodeSystem/$lookup', { system: ICD, code: 'A90', version: '2019' })).status).toBe(404);
  const child = await post(
    'CodeSystem/$lookup',
    { name: 'coding', valueCoding: { system: marriage, code: '22' } },
    { name: 'displayLanguage', valueCode: 'en' },
  );
  expect(held(child, 'display')).toBe('Remarried');
  expect((await ask('CodeSystem/$lookup', { system: 'urn:none', code: '1' })).body.issue[0].expression).toEqual([
    'system',
  ]);
});

test('$validate-code of systems and sets says why not', async () => {
  const check = async (path: string, parameters: Record<string, string>): Promise<[unknown, unknown]> => {
    const said = await ask(path, parameters);
    expect(said.status, said.text).toBe(200);
    return [held(said, 'result'), held(said, 'message')];
  };
  expect(await check('CodeSystem/$validate-code', { url: ICD, code: 'A97' })).toEqual([true, undefined]);
  expect(await check('CodeSystem/$validate-code', { url: ICD, code: 'A97', date: '2012-01-01' })).toEqual([
    false,
    expect.stringContaining('not valid on 2012-01-01'),
  ]);
  expect(await check('CodeSystem/$validate-code', { url: ICD, code: 'X00.0' })).toEqual([
    false,
    expect.stringContaining('carried here'),
  ]);
  expect(await check('CodeSystem/$validate-code', { url: marriage, code: '24' })).toEqual([
    false,
    expect.stringContaining('does not exist'),
  ]);
  expect(await check('CodeSystem/$validate-code', { url: marriage, code: '20', display: '离婚' })).toEqual([
    false,
    expect.stringContaining('display'),
  ]);
  expect(await check('CodeSystem/hutong-icd-10-2010/$validate-code', { code: 'A90', date: '2014-01-01' })).toEqual([
    true,
    undefined,
  ]);
  expect(await check('ValueSet/$validate-code', { url: set('hypertension'), system: ICD, code: 'I10' })).toEqual([
    true,
    undefined,
  ]);
  // A national code that the platform does not carry lies in the set by its place in ICD-10.
  expect(
    await check('ValueSet/$validate-code', { url: set('hypertension'), system: ICD, code: 'I10.x00x002' }),
  ).toEqual([true, undefined]);
  expect(await check('ValueSet/$validate-code', { url: set('hypertension'), system: ICD, code: 'E11' })).toEqual([
    false,
    expect.stringContaining('not in the value set'),
  ]);
  const concept = await post(
    'ValueSet/$validate-code',
    { name: 'url', valueUri: set('diabetes') },
    {
      name: 'codeableConcept',
      valueCodeableConcept: {
        coding: [
          { system: 'urn:local', code: 'x' },
          { system: ICD, code: 'E11' },
        ],
      },
    },
  );
  expect(held(concept, 'result')).toBe(true);
});

test('$subsumes knows the hierarchy, also of national codes', async () => {
  const relation = async (codeA: string, codeB: string, system = ICD): Promise<unknown> =>
    held(await ask('CodeSystem/$subsumes', { system, codeA, codeB }), 'outcome');
  expect(await relation('A00', 'A00.1')).toBe('subsumes');
  expect(await relation('J10.100x001', 'J10')).toBe('subsumed-by');
  expect(await relation('A00', 'A00')).toBe('equivalent');
  expect(await relation('A00.0', 'A00.1')).toBe('not-subsumed');
  expect(await relation('20', '23', marriage)).toBe('subsumes');
  expect(
    (await ask('CodeSystem/$subsumes', { system: ICD, codeA: 'A00', codeB: 'nonsense' })).body.issue[0].expression,
  ).toEqual(['codeB']);
});

test('$translate uses a map, the standards’ crosswalks, and the caller’s own table as of a day', async () => {
  const sex = { system: 'urn:oid:2.16.156.10011.2.3.3.4', code: '2' };
  const gender = await ask('ConceptMap/$translate', sex);
  expect((gender.body.parameter as Part[])[1]?.part?.[1]?.valueCoding).toMatchObject({ code: 'female' });
  const back = await ask('ConceptMap/hutong-2.16.156.10011.2.3.3.4-to-administrative-gender/$translate', {
    system: 'http://hl7.org/fhir/administrative-gender',
    code: 'female',
    reverse: 'true',
  });
  expect((back.body.parameter as Part[])[1]?.part?.[1]?.valueCoding).toMatchObject({ code: '2' });
  expect(held(await ask('ConceptMap/$translate', { ...sex, code: '7' }), 'result')).toBe(false);
  expect(held(await ask('ConceptMap/$translate', { ...sex, targetsystem: 'urn:none' }), 'result')).toBe(false);
  expect((await ask('ConceptMap/$translate', { ...sex, url: 'urn:none' })).status).toBe(404);
  const glucose = { system: 'urn:lis', code: 'GLU' };
  const local = await ask('ConceptMap/$translate', glucose);
  expect((local.body.parameter as Part[])[1]?.part?.[1]?.valueCoding).toMatchObject({
    code: '2345-7',
    system: 'http://loinc.org',
  });
  expect(held(await ask('ConceptMap/$translate', { ...glucose, date: '2025-12-31' }), 'result')).toBe(false);
  // Another institution's table is not this one's.
  const other = await platform.hospital('HOSP-2');
  const foreign = await json(other, `/fhir/ConceptMap/$translate?${new URLSearchParams(glucose)}`);
  expect(held(foreign, 'result')).toBe(false);
});

test('definitions that institutions store are expanded, validated against and subsumed as well', async () => {
  await put(hospital, {
    resourceType: 'CodeSystem',
    id: 'tea',
    url: 'urn:x:tea',
    status: 'active',
    content: 'complete',
    concept: [
      {
        code: 'green',
        display: '绿茶',
        property: [{ code: 'oxidised', valueBoolean: false }],
        concept: [{ code: 'longjing', display: '龙井' }],
      },
      { code: 'black', display: '红茶', property: [{ code: 'oxidised', valueBoolean: true }] },
    ],
  });
  const teas = (compose: object): Resource => ({
    resourceType: 'ValueSet',
    id: 'teas',
    url: 'urn:x:teas',
    status: 'active',
    compose,
  });
  const expansionOf = async (compose: object): Promise<string[]> => {
    expect((await put(hospital, teas(compose))).status).toBeLessThan(300);
    return codes(await ask('ValueSet/$expand', { url: 'urn:x:teas' }));
  };
  const system = 'urn:x:tea';
  expect(await expansionOf({ include: [{ system }] })).toEqual(['green', 'longjing', 'black']);
  expect(
    await expansionOf({
      include: [{ system, filter: [{ property: 'concept', op: 'descendent-of', value: 'green' }] }],
    }),
  ).toEqual(['longjing']);
  expect(
    await expansionOf({ include: [{ system, filter: [{ property: 'oxidised', op: '=', value: 'true' }] }] }),
  ).toEqual(['black']);
  expect(await expansionOf({ include: [{ system }], exclude: [{ system, concept: [{ code: 'black' }] }] })).toEqual([
    'green',
    'longjing',
  ]);
  expect(
    await expansionOf({
      include: [{ valueSet: [set('sex')] }, { system: 'urn:unknown', concept: [{ code: 'q', display: 'Q' }] }],
    }),
  ).toEqual(['0', '1', '2', '9', 'q']);
  expect(held(await ask('CodeSystem/$subsumes', { system, codeA: 'green', codeB: 'longjing' }), 'outcome')).toBe(
    'subsumes',
  );
  expect(held(await ask('CodeSystem/tea/$validate-code', { code: 'oolong' }), 'result')).toBe(false);
  await put(hospital, teas({ include: [{ system: 'urn:unknown' }] }));
  expect((await ask('ValueSet/$expand', { url: 'urn:x:teas' })).status).toBe(404);
  await put(hospital, teas({ include: [{ system, filter: [{ property: 'code', op: 'regex', value: '(a+)+$' }] }] }));
  expect((await ask('ValueSet/$expand', { url: 'urn:x:teas' })).body.issue[0].code).toBe('not-supported');
  await put(hospital, teas({ include: [{ valueSet: ['urn:x:teas'] }] }));
  expect((await ask('ValueSet/$expand', { url: 'urn:x:teas' })).body.issue[0].code).toBe('too-costly');
});

test('a parameter that an operation does not have, or lacks, is an error with its name', async () => {
  expect((await ask('ValueSet/$expand', { url: set('sex'), fliter: 'x' })).body.issue[0].expression).toEqual([
    'fliter',
  ]);
  expect((await ask('ValueSet/$expand', {})).body.issue[0].expression).toEqual(['url']);
  expect((await ask('ValueSet/$expand', { url: set('none') })).status).toBe(404);
  expect((await ask('ValueSet/$expand', { url: set('sex'), count: '-1' })).body.issue[0].expression).toEqual(['count']);
  expect(
    (await ask('CodeSystem/$lookup', { system: ICD, code: 'A00', date: 'today' })).body.issue[0].expression,
  ).toEqual(['date']);
  expect((await ask('CodeSystem/$lookup', { code: 'A00' })).body.issue[0].expression).toEqual(['code']);
  expect((await send(hospital, 'POST', '/fhir/CodeSystem/$lookup', { resourceType: 'Patient' })).status).toBe(400);
  expect((await fetch(`${platform.base}/fhir/ValueSet/$expand?url=${set('sex')}`)).status).toBe(401);
});
