import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { validateResource } from '../validate/validate-resource.ts';
import { checkProfile } from './check-profile.ts';
import type { Surroundings } from './slices.ts';
import type { ElementRule, Structure } from './structure.ts';

const around = (structures: Structure[], sets: Record<string, string[]> = {}): Surroundings => ({
  structure: async (url) => structures.find((one) => one.url === url.split('|')[0]),
  async member(valueSet, value) {
    const codes = sets[valueSet];
    const one = value as { code?: string; coding?: { code?: string }[] } | string;
    const given = typeof one === 'string' ? [one] : one.coding ? one.coding.map(({ code }) => code) : [one.code];
    return codes && given.some((code) => codes.includes(code ?? ''));
  },
});
const profile = (type: string, ...element: ElementRule[]): Structure => ({
  url: 'urn:p',
  type,
  differential: { element },
});
const rule = (id: string, more: object = {}): ElementRule => {
  const slice = /:([^.]+)$/.exec(id)?.[1];
  return { id, path: id.replace(/:[^.]+/g, ''), ...(slice !== undefined && { sliceName: slice }), ...more };
};
const findings = async (resource: object, structure: Structure, sets?: Record<string, string[]>): Promise<string[]> =>
  ((await checkProfile(resource as Record<string, unknown>, 'urn:p', around([structure], sets))) ?? []).map(
    ({ severity, code, expression }) => `${severity} ${code} ${expression}`,
  );

const observation = (more: object): object => ({
  resourceType: 'Observation',
  status: 'final',
  code: { text: 'x' },
  ...more,
});

test('cardinalities, fixed values, patterns, lengths and ranges are held, with the place of what breaks them', async () => {
  const structure = profile(
    'Observation',
    rule('Observation.subject', { min: 1 }),
    rule('Observation.note', { max: '0' }),
    rule('Observation.status', { fixedCode: 'final' }),
    rule('Observation.code', { patternCodeableConcept: { coding: [{ system: 'urn:a', code: 'x' }] } }),
    rule('Observation.effective[x]', { min: 1, type: [{ code: 'dateTime' }], maxValueDateTime: '2026-01-01' }),
    rule('Observation.value[x].value', { minValueDecimal: 0 }),
    rule('Observation.component.value[x]', { maxLength: 3 }),
  );
  expect(
    await findings(
      observation({
        code: { coding: [{ system: 'urn:b' }, { system: 'urn:a', code: 'x', display: 'X' }] },
        subject: { display: 's' },
        effectiveDateTime: '2025',
        valueQuantity: { value: 0 },
        component: [{ valueString: '三个字' }],
      }),
      structure,
    ),
  ).toEqual([]);
  expect(
    await findings(
      observation({
        status: 'amended',
        note: [{ text: 'n' }],
        effectivePeriod: { start: '2025' },
        valueQuantity: { value: -1 },
        component: [{ valueString: 'long' }],
      }),
      structure,
    ),
  ).toEqual([
    'error required Observation.subject',
    'error structure Observation.note',
    'error value Observation.status',
    'error value Observation.code',
    'error value Observation.effective',
    'error value Observation.value.value',
    'error value Observation.component[0].value',
  ]);
});

test('slices by value, pattern, exists and type; closed slicing refuses what is of none', async () => {
  const by = (type: string, path: string, rules = 'closed'): object => ({
    slicing: { discriminator: [{ type, path }], rules },
  });
  const values = profile(
    'Patient',
    rule('Patient.identifier', by('value', 'system')),
    rule('Patient.identifier:a', { min: 1, max: '1' }),
    rule('Patient.identifier:a.system', { fixedUri: 'urn:a' }),
    rule('Patient.identifier:b', { max: '1' }),
    rule('Patient.identifier:b.system', { fixedUri: 'urn:b' }),
    rule('Patient.identifier:b.value', { min: 1 }),
  );
  const patient = (...systems: object[]): object => ({ resourceType: 'Patient', identifier: systems });
  expect(await findings(patient({ system: 'urn:a' }, { system: 'urn:b', value: '1' }), values)).toEqual([]);
  expect(
    await findings(patient({ system: 'urn:b' }, { system: 'urn:c' }, { system: 'urn:b', value: '1' }), values),
  ).toEqual([
    'error structure Patient.identifier[1]',
    'error required Patient.identifier',
    'error structure Patient.identifier',
    'error required Patient.identifier[0].value',
  ]);
  const patterns = profile(
    'Observation',
    rule('Observation.component', by('pattern', 'code', 'open')),
    rule('Observation.component:s', { min: 1 }),
    rule('Observation.component:s.code', { patternCodeableConcept: { coding: [{ code: 's' }] } }),
    rule('Observation.component:s.value[x]', { min: 1, type: [{ code: 'Quantity' }] }),
  );
  expect(
    await findings(
      observation({ component: [{ code: { coding: [{ code: 'x' }, { code: 's' }] }, valueString: 'no' }] }),
      patterns,
    ),
  ).toEqual(['error value Observation.component[0].value']);
  const exists = profile(
    'Patient',
    rule('Patient.name', by('exists', 'family')),
    rule('Patient.name:whole', { max: '1' }),
    rule('Patient.name:whole.family', { max: '0' }),
  );
  expect(await findings({ resourceType: 'Patient', name: [{ text: 'a' }, { family: 'b' }] }, exists)).toEqual([
    'error structure Patient.name[1]',
  ]);
  const types = profile(
    'Observation',
    rule('Observation.value[x]', by('type', '$this', 'open')),
    rule('Observation.value[x]:valueQuantity', { type: [{ code: 'Quantity' }] }),
    rule('Observation.value[x]:valueQuantity.code', { min: 1 }),
  );
  expect(await findings(observation({ valueString: 'x' }), types)).toEqual([]);
  expect(await findings(observation({ valueQuantity: { value: 1 } }), types)).toEqual([
    'error required Observation.value.code',
  ]);
});

test('bindings, constraints, extensions with profiles of their own, and reference targets', async () => {
  const structure = profile(
    'Patient',
    rule('Patient', {
      constraint: [
        {
          key: 'p-1',
          severity: 'error',
          human: 'a name or an identifier',
          expression: 'name.exists() or identifier.exists()',
        },
      ],
    }),
    rule('Patient.gender', { binding: { strength: 'required', valueSet: 'urn:two' } }),
    rule('Patient.maritalStatus', { binding: { strength: 'extensible', valueSet: 'urn:two' } }),
    rule('Patient.language', { binding: { strength: 'required', valueSet: 'urn:unknown' } }),
    rule('Patient.contact', {
      constraint: [{ key: 'p-2', severity: 'warning', human: 'a telephone', expression: 'telecom.exists()' }],
    }),
    rule('Patient.extension:e', { min: 1, type: [{ code: 'Extension', profile: ['urn:e'] }] }),
    rule('Patient.generalPractitioner', {
      type: [{ code: 'Reference', targetProfile: ['http://hl7.org/fhir/StructureDefinition/Organization'] }],
    }),
  );
  const extension: Structure = {
    url: 'urn:e',
    type: 'Extension',
    differential: { element: [rule('Extension.value[x]', { min: 1, type: [{ code: 'Coding' }] })] },
  };
  const check = async (resource: object): Promise<string[]> =>
    (
      (await checkProfile(
        { resourceType: 'Patient', ...resource },
        'urn:p',
        around([structure, extension], { 'urn:two': ['male'] }),
      )) ?? []
    ).map(({ severity, code, expression }) => `${severity} ${code} ${expression}`);
  expect(
    await check({
      name: [{ text: 'a' }],
      gender: 'male',
      extension: [{ url: 'urn:e', valueCoding: { code: 'c' } }],
      generalPractitioner: [{ reference: 'Organization/1' }],
    }),
  ).toEqual([]);
  expect(
    (
      await check({
        gender: 'female',
        maritalStatus: { coding: [{ code: 'M' }] },
        language: 'zh',
        contact: [{ name: { text: 'c' } }],
        extension: [{ url: 'urn:e', valueString: 's' }],
        generalPractitioner: [{ reference: 'Practitioner/1' }],
      })
    ).sort(),
  ).toEqual([
    'error code-invalid Patient.gender',
    'error invariant Patient',
    'error value Patient.extension[0].value',
    'error value Patient.generalPractitioner[0]',
    'warning code-invalid Patient.maritalStatus',
    'warning invariant Patient.contact[0]',
    'warning not-found Patient.language',
  ]);
  expect(await check({ name: [{ text: 'a' }] })).toEqual(['error required Patient.extension']);
  expect(await checkProfile({ resourceType: 'Patient' }, 'urn:nowhere', around([]))).toBeUndefined();
  expect((await checkProfile({ resourceType: 'Observation' }, 'urn:p', around([structure])))?.[0]?.code).toBe(
    'invalid',
  );
});

test('the published examples keep the published profiles that they name', async () => {
  const folder = dirname(createRequire(import.meta.url).resolve('hl7.fhir.r4.examples/package.json'));
  const names = readdirSync(folder);
  const structures = names
    .filter((name) => name.startsWith('StructureDefinition-'))
    .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Structure);
  const everyCode: Surroundings = {
    structure: async (url) => structures.find((one) => one.url === url.split('|')[0]),
    member: async () => true,
  };
  let asked = 0;
  const broken: string[] = [];
  for (const name of names.filter((one) =>
    /^(?:Observation|Patient|DiagnosticReport|Condition|Bundle|Questionnaire|ValueSet|Group|ServiceRequest)-/.test(one),
  )) {
    const resource = JSON.parse(readFileSync(join(folder, name), 'utf8')) as { meta?: { profile?: string[] } } & Record<
      string,
      unknown
    >;
    for (const profile of resource.meta?.profile ?? []) {
      if (validateResource(resource).length > 0) continue;
      asked++;
      for (const { severity, expression, diagnostics } of (await checkProfile(resource, profile, everyCode)) ?? [])
        if (severity === 'error') broken.push(`${name} ${expression} ${diagnostics}`);
    }
  }
  expect(asked).toBeGreaterThan(100);
  expect(broken).toEqual([]);
});
