import { expect, test } from 'vitest';
import { readExample, recordFiles } from '../oracle/examples.ts';
import { checkInvariants } from './check-invariants.ts';
import { validateResource } from './validate-resource.ts';

const broken = (r: unknown): string[] =>
  checkInvariants(r).map((i) => `${i.severity} ${i.diagnostics.split(':')[0]} ${i.expression}`);

test.each<[string, object, string[]]>([
  [
    'a contact without name, telecom, address or organisation',
    { resourceType: 'Patient', contact: [{ name: { text: 'a' } }, { gender: 'male' }] },
    ['error pat-1 Patient.contact[1]'],
  ],
  [
    'a telecom without a system',
    { resourceType: 'Patient', telecom: [{ value: '1' }] },
    ['error cpt-2 Patient.telecom[0]'],
  ],
  [
    'an attachment with data but no type',
    { resourceType: 'Patient', photo: [{ data: 'AAAA' }] },
    ['error att-1 Patient.photo[0]'],
  ],
  [
    'a value beside a component of the same code',
    {
      resourceType: 'Observation',
      status: 'final',
      code: { coding: [{ system: 's', code: 'c' }] },
      valueString: 'x',
      component: [{ code: { coding: [{ system: 's', code: 'c' }] } }],
    },
    ['error obs-7 Observation'],
  ],
  [
    'a constraint inside a bundled resource',
    {
      resourceType: 'Bundle',
      type: 'collection',
      entry: [{ fullUrl: 'urn:uuid:1', resource: { resourceType: 'Patient', contact: [{ gender: 'male' }] } }],
    },
    ['error pat-1 Bundle.entry[0].resource.contact[0]'],
  ],
  [
    'a batch entry without a request',
    { resourceType: 'Bundle', type: 'batch', entry: [{ resource: { resourceType: 'Patient', active: true } }] },
    ['error bdl-3 Bundle'],
  ],
  [
    'a negative duration deep in a dosage',
    {
      resourceType: 'MedicationRequest',
      status: 'active',
      intent: 'order',
      medicationCodeableConcept: { text: 'x' },
      subject: { reference: 'Patient/1' },
      dosageInstruction: [{ timing: { repeat: { duration: -1, durationUnit: 'd' } } }],
    },
    ['error tim-4 MedicationRequest.dosageInstruction[0].timing.repeat'],
  ],
  [
    'a contained resource nothing refers to',
    { resourceType: 'Patient', contained: [{ resourceType: 'Organization', id: 'o', name: 'x' }] },
    ['error dom-3 Patient.contained[0]'],
  ],
])('%s', (_name, resource, expected) => {
  expect(validateResource(resource)).toEqual([]);
  expect(broken(resource)).toEqual(expected);
});

test('the published examples keep the published constraints, and all of these can be evaluated', {
  timeout: 120_000,
}, () => {
  const files = recordFiles();
  const found = files.flatMap((f) =>
    checkInvariants(readExample(f))
      .filter((i) => i.severity === 'error' || i.code === 'exception')
      .map((i) => `${f} ${i.expression} ${i.diagnostics.slice(0, 60)}`),
  );
  expect(files.length).toBeGreaterThan(600);
  expect(found).toEqual([]);
});

test('what is no resource has no constraints to break', () => {
  for (const x of [undefined, null, 1, [], {}, { resourceType: 'Nonsense' }]) expect(checkInvariants(x)).toEqual([]);
});
