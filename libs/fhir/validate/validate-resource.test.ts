import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { exampleFiles, readExample } from '../oracle/examples.ts';
import { spoil } from '../oracle/junk.ts';
import { mutate, mutationNames } from '../oracle/mutations.ts';
import { randomResource, seeded } from '../oracle/random-resource.ts';
import { resourceTypes } from '../resource-types.ts';
import { validateResource } from './validate-resource.ts';

const found = (r: unknown): string[] => validateResource(r).map((i) => `${i.code} ${i.expression}`);
const patient = (members: object): object => ({ resourceType: 'Patient', ...members });

/** HL7's own examples that break HL7's own rules; each was looked at. */
const FLAWED: Record<string, string> = {
  'Bundle-v2-valuesets.json': 'v2 codes that end in a broken no-break space',
  'CodeSystem-v2-0550.json': 'v2 codes that end in a broken no-break space',
  'DeviceMetric-example.json': 'parent refers to a DeviceDefinition',
  'DeviceUseStatement-example.json': 'reasonReference refers to a Procedure',
  'ImplementationGuide-fhir.json': 'no name, no status',
  'MedicationRequest-medrx0301.json': 'dispenseRequest.performer refers to a Practitioner',
  'Observation-clinical-gender.json': 'performer refers to an Encounter',
  'ig-r4.json': 'the same without name and status',
  'Questionnaire-qs1.json': 'items without linkId',
  'SearchParameter-questionnaireresponse-extensions-QuestionnaireResponse-item-subject.json': 'an id of 67 characters',
};

test('of the 5,306 published examples only those with real flaws are refused', { timeout: 120_000 }, () => {
  const refused = exampleFiles().filter((f) => validateResource(readExample(f)).length > 0);
  // Ten SearchParameters on extensions lack the mandatory `base`.
  const others = refused.filter((f) => !/^SearchParameter-(codesystem|valueset)-extensions-/.test(f));
  expect(others.sort()).toEqual(Object.keys(FLAWED).sort());
  expect(refused.length - others.length).toBe(10);
});

test('Synthea bundles are valid, entry by entry and as a whole', () => {
  const folder = join(import.meta.dirname, '../fixtures');
  const bundles = readdirSync(folder).filter((f) => f.endsWith('.json'));
  expect(bundles.length).toBe(2);
  for (const file of bundles)
    expect(validateResource(JSON.parse(readFileSync(join(folder, file), 'utf8')))).toEqual([]);
});

test('well-formed random resources of every type pass', () => {
  const refused = resourceTypes.flatMap((type) =>
    Array.from({ length: 10 }, (_, seed) => ({ type, seed, found: found(randomResource(type, seed * 31 + 5)) })).filter(
      (r) => r.found.length > 0,
    ),
  );
  expect(refused).toEqual([]);
});

test.each(mutationNames)('%s: found at its place in every type', (name) => {
  let applied = 0;
  for (const type of resourceTypes) {
    for (let seed = 0; seed < 4; seed++) {
      const resource = randomResource(type, seed * 131 + 17, 0.5);
      const mutation = mutate(resource, name, seeded(seed + 1));
      if (mutation === undefined) continue;
      applied++;
      const places = validateResource(resource).map((i) => i.expression);
      expect(places, `${type} ${seed} ${mutation.at}`).toContain(mutation.at);
    }
  }
  expect(applied).toBeGreaterThan(100);
});

test('gender "xyz" is refused, in both languages, with the codes that would do', () => {
  expect(validateResource(patient({ gender: 'xyz' }))).toEqual([
    {
      severity: 'error',
      code: 'code-invalid',
      expression: 'Patient.gender',
      diagnostics: '"xyz" is not in the required value set administrative-gender: male, female, other, unknown.',
      zh: '“xyz”不在必须使用的值集 administrative-gender 中: male, female, other, unknown。',
    },
  ]);
});

test.each([
  ['an empty family name', patient({ name: [{ given: ['a'], family: '' }] }), ['value Patient.name[0].family']],
  ['a day that does not exist', patient({ birthDate: '2023-02-30' }), ['value Patient.birthDate']],
  [
    'an instant without seconds',
    patient({ meta: { lastUpdated: '2023-02-03T10:00Z' } }),
    ['value Patient.meta.lastUpdated'],
  ],
  ['a control character', patient({ name: [{ text: 'a\u0000b' }] }), ['value Patient.name[0].text']],
  ['half a surrogate pair', patient({ name: [{ text: 'a\ud800' }] }), ['value Patient.name[0].text']],
  [
    'a period that ends before it starts',
    patient({ name: [{ text: 'a', period: { start: '2024', end: '2023-05' } }] }),
    ['invariant Patient.name[0].period'],
  ],
  [
    'values and extensions of unequal number',
    patient({ name: [{ given: ['a', null], _given: [null] }] }),
    ['value Patient.name[0].given[1]', 'structure Patient.name[0].given'],
  ],
  [
    'an extension with value and extensions',
    patient({ extension: [{ url: 'x', valueCode: 'a', extension: [{ url: 'y', valueCode: 'b' }] }] }),
    ['invariant Patient.extension[0]'],
  ],
  ['an extension with neither', patient({ extension: [{ url: 'x' }] }), ['invariant Patient.extension[0]']],
  ['an object with nothing but an id', patient({ maritalStatus: { id: 'a' } }), ['structure Patient.maritalStatus']],
  [
    'a contained resource that is not there',
    patient({ managingOrganization: { reference: '#o' } }),
    ['invariant Patient.managingOrganization'],
  ],
  [
    'a contained resource of the wrong type',
    patient({
      contained: [{ resourceType: 'Basic', id: 'o', code: { text: 'x' } }],
      managingOrganization: { reference: '#o' },
    }),
    ['value Patient.managingOrganization'],
  ],
  [
    'an invalid contained resource',
    patient({ contained: [{ resourceType: 'Basic', id: 'o' }] }),
    ['required Patient.contained[0].code'],
  ],
  [
    'a contained resource that contains',
    patient({
      contained: [
        { resourceType: 'Basic', code: { text: 'x' }, contained: [{ resourceType: 'Basic', code: { text: 'y' } }] },
      ],
    }),
    ['invariant Patient.contained[0]'],
  ],
  [
    'a concept without a code of the required set',
    {
      resourceType: 'AllergyIntolerance',
      patient: { reference: 'Patient/1' },
      clinicalStatus: { coding: [{ code: 'active' }] },
    },
    ['code-invalid AllergyIntolerance.clinicalStatus'],
  ],
  [
    'a resource in a bundle',
    { resourceType: 'Bundle', type: 'batch', entry: [{ resource: { resourceType: 'Patient', gender: 'x' } }] },
    ['code-invalid Bundle.entry[0].resource.gender'],
  ],
  [
    'a script in the narrative',
    patient({
      text: { status: 'generated', div: '<div xmlns="http://www.w3.org/1999/xhtml"><script>1</script></div>' },
    }),
    ['invariant Patient.text'],
  ],
  [
    'an event handler in the narrative',
    patient({
      text: {
        status: 'generated',
        div: '<div xmlns="http://www.w3.org/1999/xhtml"><img src="#" onerror="x()"/></div>',
      },
    }),
    ['invariant Patient.text'],
  ],
])('%s is refused where it is', (_name, resource, expected) => {
  expect(found(resource)).toEqual(expected);
});

test.each([
  [
    'a birth date known only by extension',
    patient({ _birthDate: { extension: [{ url: 'x', valueCode: 'unknown' }] } }),
  ],
  [
    'a required status replaced by an extension',
    { resourceType: 'Observation', code: { text: 'x' }, _status: { extension: [{ url: 'x', valueCode: 'unknown' }] } },
  ],
  [
    'a null that stands for an extension',
    patient({ name: [{ given: [null, 'b'], _given: [{ extension: [{ url: 'x', valueCode: 'u' }] }, null] }] }),
  ],
  ['a Chinese name with an ideographic space', patient({ name: [{ text: '王　小明' }] })],
  ['a conditional reference', patient({ managingOrganization: { reference: 'Organization?identifier=a|b' } })],
  [
    'a reference to the resource that contains',
    patient({ contained: [{ resourceType: 'Basic', code: { text: 'x' }, subject: { reference: '#' } }] }),
  ],
])('%s is accepted', (_name, resource) => {
  expect(validateResource(resource)).toEqual([]);
});

test.each([
  undefined,
  null,
  0,
  'Patient',
  [],
  {},
  { resourceType: 'Nonsense' },
  { resourceType: ['Patient'] },
  { resourceType: '__proto__' },
])('%j is not a resource', (x) => {
  expect(found(x)).toEqual(['structure ']);
});

test('nesting without end is refused, not followed', () => {
  let extension: object = { url: 'x', valueCode: 'a' };
  for (let i = 0; i < 100_000; i++) extension = { url: 'x', extension: [extension] };
  expect(found(patient({ extension: [extension] })).at(0)).toMatch(
    /^too-costly Patient\.extension\[0\]\.extension\[0\]/,
  );
  const loop: Record<string, unknown> = { url: 'x' };
  loop.extension = [loop, loop];
  expect(found(patient({ extension: [loop] })).length).toBeLessThanOrEqual(100);
});

test('a million mistakes make a hundred findings', () => {
  expect(validateResource(patient({ name: Array.from({ length: 1_000_000 }, () => ({ x: 1 })) }))).toHaveLength(100);
  expect(
    validateResource(
      patient(Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`k${'x'.repeat(1000)}${i}`, i]))),
    ).every((i) => i.diagnostics.length < 200),
  ).toBe(true);
});

test('a getter that throws is a finding, not an exception', () => {
  const evil = patient({});
  Object.defineProperty(evil, 'name', {
    enumerable: true,
    get: () => {
      throw new Error('no');
    },
  });
  expect(found(evil)).toEqual(['exception ']);
});

test('own members named like those of Object.prototype are unknown elements', () => {
  const r: unknown = JSON.parse('{"resourceType":"Patient","__proto__":{"a":1},"constructor":1,"toString":2}');
  expect(found(r)).toEqual([
    'structure Patient.__proto__',
    'structure Patient.constructor',
    'structure Patient.toString',
  ]);
});

/** Findings that are not as findings should be. */
function odd(resource: { resourceType?: unknown }): object[] {
  return validateResource(resource).filter(
    (i) =>
      i.code === 'exception' ||
      !i.expression.startsWith(String(resource.resourceType)) ||
      !i.diagnostics.endsWith('.') ||
      !i.zh.endsWith('。'),
  );
}

test('no misplaced value makes validation throw, and every finding speaks both languages', { timeout: 60_000 }, () => {
  const all: object[] = [];
  for (const type of resourceTypes) {
    for (let seed = 0; seed < 20; seed++) {
      all.push(...odd(spoil(randomResource(type, seed * 57 + 1), seeded(seed), 1 + (seed % 6))));
    }
  }
  expect(all).toEqual([]);
});

test('no JSON whatever makes validation throw', () => {
  fc.assert(
    fc.property(fc.constantFrom(...resourceTypes), fc.object({ maxDepth: 3 }), (resourceType, members) => {
      expect(odd({ ...members, resourceType })).toEqual([]);
    }),
    { numRuns: 200 },
  );
});
