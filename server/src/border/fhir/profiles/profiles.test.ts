import { checkInvariants, validateResource } from '@hutong/fhir';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Hospital, type TestPlatform, testPlatform } from '../../../../test/platform.ts';
import { idsOf, json, put, type Resource, type Said, send } from '../testing.ts';
import { packageDefinitions, packageExamples } from './read-package.ts';

let platform: TestPlatform;
let hospital: Hospital;
beforeAll(async () => {
  platform = await testPlatform();
  hospital = await platform.hospital('HOSP-1');
});
afterAll(() => platform.close());

const example = (id: string): Resource => structuredClone(packageExamples().find((one) => one.id === id)) as Resource;
const validate = (resource: Resource, query = ''): Promise<Said> =>
  send(hospital, 'POST', `/fhir/${resource.resourceType}/$validate${query}`, resource);
const errors = ({ body }: Said): string[] =>
  body.issue
    .filter(({ severity }: { severity: string }) => severity === 'error')
    .map(
      ({ expression, diagnostics }: { expression: string[]; diagnostics: string }) => `${expression[0]} ${diagnostics}`,
    );

test('every definition of the package is valid FHIR and published', async () => {
  const definitions = packageDefinitions();
  for (const definition of definitions) {
    expect(validateResource(definition), String(definition.id)).toEqual([]);
    const broken = (await checkInvariants(definition)).filter(({ severity }) => severity === 'error');
    expect(broken, String(definition.id)).toEqual([]);
  }
  const found = await json(hospital, '/fhir/StructureDefinition?url:below=urn:hutong:profile:cn-patient');
  expect(idsOf(found)).toEqual(['cn-patient']);
  expect((await json(hospital, '/fhir/NamingSystem/resident-number')).status).toBe(200);
});

test('every example is valid against the profile it names', async () => {
  const examples = packageExamples();
  expect(examples.map(({ id }) => id).sort()).toEqual(['cn-dual-example', 'cn-example', 'cn-tcm-example']);
  for (const one of examples) {
    const answer = await validate(one);
    expect(answer.body.issue, `${one.id} ${answer.text}`).toEqual([
      expect.objectContaining({ severity: 'information' }),
    ]);
  }
});

// biome-ignore lint/suspicious/noExplicitAny: broken on purpose, in any place
type Broken = any;
const variations: [id: string, what: string, breakIt: (resource: Broken) => void, at: string, says: RegExp][] = [
  ['cn-example', 'no identifier', (r) => delete r.identifier, 'Patient.identifier', /at least 1/],
  [
    'cn-example',
    'two resident numbers',
    (r) => r.identifier.push(r.identifier[0]),
    'Patient.identifier',
    /identifier:residentNumber.*at most 1/,
  ],
  [
    'cn-example',
    'a resident number too short',
    (r) => (r.identifier[0].value = '50099919800214'),
    'Patient.identifier[0]',
    /cn-id-1/,
  ],
  [
    'cn-example',
    'a wrong check digit',
    (r) => (r.identifier[0].value = r.identifier[0].value.replace(/.$/, (d: string) => (d === '1' ? '2' : '1'))),
    'Patient.identifier[0]',
    /cn-id-2/,
  ],
  [
    'cn-example',
    'an identifier without value',
    (r) => delete r.identifier[1].value,
    'Patient.identifier[1].value',
    /at least 1/,
  ],
  ['cn-example', 'another birth date', (r) => (r.birthDate = '1981-02-14'), 'Patient', /cn-pat-1/],
  ['cn-example', 'no name', (r) => delete r.name, 'Patient.name', /at least 1/],
  ['cn-example', 'a name in parts only', (r) => delete r.name[0].text, 'Patient.name[0].text', /at least 1/],
  ['cn-example', 'no sex', (r) => delete r.gender, 'Patient.gender', /at least 1/],
  ['cn-example', 'no birth date', (r) => delete r.birthDate, 'Patient.birthDate', /at least 1/],
  [
    'cn-example',
    'an ethnic group that does not exist',
    (r) => (r.extension[0].valueCoding.code = '57'),
    'Patient.extension[0].value',
    /ethnic-groups/,
  ],
  [
    'cn-example',
    'an ethnic group of another system',
    (r) => (r.extension[0].valueCoding.system = 'urn:x'),
    'Patient.extension[0].value.system',
    /must be/,
  ],
  [
    'cn-example',
    'an ethnic group as text',
    (r) => (r.extension[0] = { url: r.extension[0].url, valueString: '土家族' }),
    'Patient.extension[0].value',
    /type must be one of Coding/,
  ],
  [
    'cn-example',
    'two ethnic groups',
    (r) => r.extension.push(r.extension[0]),
    'Patient.extension',
    /ethnicGroup.*at most 1/,
  ],
  [
    'cn-example',
    'a workplace too long',
    (r) => (r.extension[2].valueString = '长'.repeat(71)),
    'Patient.extension[2].value',
    /Longer than 70/,
  ],
  [
    'cn-example',
    'an area code of four digits',
    (r) => (r.address[0].extension[0].valueCoding.code = '5009'),
    'Patient.address[0].extension[0].value',
    /cn-area-1/,
  ],
  [
    'cn-example',
    'a township code of six digits',
    (r) => (r.address[0].extension[1].valueCoding.code = '500999'),
    'Patient.address[0].extension[1].value',
    /cn-town-1/,
  ],
  [
    'cn-example',
    'a township of another county',
    (r) => (r.address[0].extension[1].valueCoding.code = '500998101'),
    'Patient.address[0]',
    /cn-adr-2/,
  ],
  ['cn-example', 'a township without a county', (r) => delete r.address[0].district, 'Patient.address[0]', /cn-adr-1/],
  ['cn-example', 'an address without text', (r) => delete r.address[0].text, 'Patient.address[0].text', /at least 1/],
  [
    'cn-example',
    'a postal code of five digits',
    (r) => (r.address[0].postalCode = '40000'),
    'Patient.address[0].postalCode',
    /cn-adr-3/,
  ],
  ['cn-tcm-example', 'no pattern', (r) => delete r.extension, 'Condition.extension', /at least 1/],
  [
    'cn-tcm-example',
    'a disease for a pattern',
    (r) => (r.extension[0].valueCodeableConcept.coding[0].code = 'A17.07'),
    'Condition.extension[0].value.coding[0].code',
    /cn-tcm-2/,
  ],
  [
    'cn-tcm-example',
    'a pattern for a disease',
    (r) => (r.code.coding[0].code = 'B04.02'),
    'Condition.code.coding[0]',
    /cn-tcm-1/,
  ],
  [
    'cn-tcm-example',
    'a disease of another system',
    (r) => (r.code.coding[0].system = 'urn:x'),
    'Condition.code.coding',
    /coding:disease.*at least 1/,
  ],
  [
    'cn-tcm-example',
    'the category of Western medicine',
    (r) => (r.category[0].coding[0].code = 'western'),
    'Condition.category',
    /category:kind.*at least 1/,
  ],
  ['cn-tcm-example', 'no date', (r) => delete r.recordedDate, 'Condition.recordedDate', /at least 1/],
  [
    'cn-tcm-example',
    'about a group',
    (r) => (r.subject.reference = 'Group/1'),
    'Condition.subject',
    /must lead to Patient/,
  ],
  [
    'cn-dual-example',
    'only the WHO code',
    (r) => r.code.coding.pop(),
    'Condition.code.coding',
    /coding:national.*at least 1/,
  ],
  ['cn-dual-example', 'two categories', (r) => (r.code.coding[1].code = 'I11.900x001'), 'Condition.code', /cn-icd-1/],
  [
    'cn-dual-example',
    'a national code as the WHO one',
    (r) => (r.code.coding[0].code = 'I10.x00'),
    'Condition.code.coding[0]',
    /cn-icd-2/,
  ],
  [
    'cn-dual-example',
    'a WHO code as the national one',
    (r) => (r.code.coding[1].code = 'I10'),
    'Condition.code.coding[1]',
    /cn-icd-3/,
  ],
  ['cn-dual-example', 'no text', (r) => delete r.code.text, 'Condition.code.text', /at least 1/],
];

test('every broken variation is refused at its place', async () => {
  for (const [id, what, breakIt, at, says] of variations) {
    const resource = example(id);
    breakIt(resource);
    const found = errors(await validate(resource));
    expect(
      found.some((one) => one.startsWith(`${at} `) && says.test(one)),
      `${what}: ${found.join(' | ')}`,
    ).toBe(true);
  }
});

test('profiles come by parameter, by Parameters and by meta; what is unknown is said, what is misspelt refused', async () => {
  const { meta: _, ...bare } = example('cn-example') as Resource & { meta: unknown };
  delete (bare as Broken).name;
  expect(errors(await validate(bare))).toEqual([]);
  const profile = 'urn:hutong:profile:cn-patient';
  expect(errors(await validate(bare, `?profile=${profile}`))).toEqual([expect.stringMatching(/^Patient\.name /)]);
  const wrapped = await send(hospital, 'POST', '/fhir/Patient/$validate', {
    resourceType: 'Parameters',
    parameter: [
      { name: 'resource', resource: bare },
      { name: 'profile', valueUri: profile },
      { name: 'mode', valueCode: 'profile' },
    ],
  });
  expect(errors(wrapped)).toEqual([expect.stringMatching(/^Patient\.name /)]);
  expect(errors(await validate(bare, '?profile=urn:nowhere'))).toEqual([expect.stringMatching(/^profile /)]);
  const named = await validate({ ...bare, meta: { profile: ['urn:nowhere'] } });
  expect([named.body.issue[0].severity, named.body.issue[0].expression]).toEqual([
    'warning',
    ['Patient.meta.profile[0]'],
  ]);
  expect((await validate(bare, '?porfile=x')).body.issue[0].expression).toEqual(['porfile']);
  expect((await validate(bare, '?mode=destroy')).status).toBe(400);
  // An institution's own profile works like the platform's.
  await put(hospital, {
    resourceType: 'StructureDefinition',
    id: 'mine',
    url: 'urn:mine',
    name: 'Mine',
    status: 'draft',
    kind: 'resource',
    abstract: false,
    type: 'Patient',
    baseDefinition: profile,
    derivation: 'constraint',
    differential: { element: [{ id: 'Patient.telecom', path: 'Patient.telecom', min: 1 }] },
  });
  expect(errors(await validate(bare, '?profile=urn:mine')).sort()).toEqual([
    expect.stringMatching(/^Patient\.name /),
    expect.stringMatching(/^Patient\.telecom /),
  ]);
});
