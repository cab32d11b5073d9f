import { expect, test } from 'vitest';
import { applyFhirPathPatch } from './fhirpath-patch.ts';

type Part = { name: string; [member: string]: unknown };
const operation = (type: string, path: string, ...more: Part[]): object => ({
  name: 'operation',
  part: [{ name: 'type', valueCode: type }, { name: 'path', valueString: path }, ...more],
});
const named = (name: string): Part => ({ name: 'name', valueString: name });
const value = (member: string, given: unknown): Part => ({ name: 'value', [member]: given });
const at = (name: string, place: number): Part => ({ name, valueInteger: place });
const patched = (resource: object, ...operations: object[]) =>
  applyFhirPathPatch(resource, { resourceType: 'Parameters', parameter: operations });
const done = (resource: object, ...operations: object[]): object => {
  const outcome = patched(resource, ...operations);
  if (!outcome.ok) throw new Error(outcome.error.en);
  return outcome.value;
};
const refused = (resource: object, ...operations: object[]): string => {
  const outcome = patched(resource, ...operations);
  if (outcome.ok) throw new Error('it was not refused');
  return `${outcome.error.index}: ${outcome.error.en}`;
};
const ids = (...values: string[]): object => ({
  resourceType: 'Patient',
  identifier: values.map((one) => ({ system: 'http://example.org', value: one })),
});

// The situations are those of HL7's own list (fhir-test-cases, r4/patch), with data of this project.
test('a primitive is added, replaced and deleted, at the top and nested', () => {
  const born = { resourceType: 'Patient', birthDate: '1920-01-01' };
  const contact = { resourceType: 'Patient', contact: [{ name: { text: 'a' }, gender: 'male' }] };
  expect(done(born)).toEqual(born);
  expect(done(born, operation('replace', 'Patient.birthDate', value('valueDate', '1930-01-01')))).toEqual({
    resourceType: 'Patient',
    birthDate: '1930-01-01',
  });
  expect(done(born, operation('delete', 'Patient.birthDate'))).toEqual({ resourceType: 'Patient' });
  expect(
    done({ resourceType: 'Patient' }, operation('add', 'Patient', named('birthDate'), value('valueDate', '1930'))),
  ).toEqual({ resourceType: 'Patient', birthDate: '1930' });
  expect(done(contact, operation('replace', 'Patient.contact[0].name.text', value('valueString', 'b')))).toMatchObject({
    contact: [{ name: { text: 'b' }, gender: 'male' }],
  });
  expect(done(contact, operation('delete', 'Patient.contact[0].name.text'))).toEqual({
    resourceType: 'Patient',
    contact: [{ gender: 'male' }],
  });
  expect(done(contact, operation('delete', 'Patient.contact[0]'))).toEqual({ resourceType: 'Patient' });
});

test('complex and anonymous values are put where the type says', () => {
  const empty = { resourceType: 'Patient' };
  expect(
    done(empty, operation('add', 'Patient', named('maritalStatus'), value('valueCodeableConcept', { text: 'm' }))),
  ).toEqual({ ...empty, maritalStatus: { text: 'm' } });
  const anonymous: Part = {
    name: 'value',
    part: [
      { name: 'name', valueHumanName: { text: 'a' } },
      { name: 'telecom', valueContactPoint: { value: '1' } },
      { name: 'telecom', valueContactPoint: { value: '2' } },
    ],
  };
  expect(done(empty, operation('add', 'Patient', named('contact'), anonymous))).toEqual({
    ...empty,
    contact: [{ name: { text: 'a' }, telecom: [{ value: '1' }, { value: '2' }] }],
  });
  const component: Part = {
    name: 'value',
    part: [
      { name: 'code', valueCodeableConcept: { text: 'c' } },
      { name: 'value', valueQuantity: { value: 5 } },
    ],
  };
  expect(done({ resourceType: 'Observation' }, operation('add', 'Observation', named('component'), component))).toEqual(
    { resourceType: 'Observation', component: [{ code: { text: 'c' }, valueQuantity: { value: 5 } }] },
  );
});

test('a list is added to, inserted into, reordered and deleted from', () => {
  const third = value('valueIdentifier', { system: 'http://example.org', value: '3' });
  expect(done(ids('1', '2'), operation('insert', 'Patient.identifier', at('index', 2), third))).toEqual(
    ids('1', '2', '3'),
  );
  expect(done(ids('1', '2'), operation('insert', 'Patient.identifier', at('index', 0), third))).toEqual(
    ids('3', '1', '2'),
  );
  expect(done({ resourceType: 'Patient' }, operation('insert', 'Patient.identifier', at('index', 0), third))).toEqual(
    ids('3'),
  );
  expect(done(ids('1', '2'), operation('add', 'Patient', named('identifier'), third))).toEqual(ids('1', '2', '3'));
  expect(done(ids('1', '2', '3'), operation('delete', "Patient.identifier.where(value='2')"))).toEqual(ids('1', '3'));
  const move = (source: number, destination: number): object =>
    operation('move', 'Patient.identifier', at('source', source), at('destination', destination));
  expect(done(ids('1', '2', '3', '4'), move(3, 0), move(3, 1), move(3, 2))).toEqual(ids('4', '3', '2', '1'));
  expect(done(ids('1', '2', '3', '4'), move(0, 3))).toEqual(ids('2', '3', '4', '1'));
  expect(done(ids('1', '2'), operation('replace', 'Patient.identifier[0].value', value('valueString', '9')))).toEqual(
    ids('9', '2'),
  );
});

test('a choice changes its member with the type of the value', () => {
  const observation = { resourceType: 'Observation', valueString: 'high' };
  expect(done(observation, operation('replace', 'Observation.value', value('valueQuantity', { value: 9 })))).toEqual({
    resourceType: 'Observation',
    valueQuantity: { value: 9 },
  });
  expect(refused(observation, operation('replace', 'Observation.value', value('valueAddress', {})))).toMatch(
    /does not take/,
  );
  expect(refused(observation, operation('add', 'Observation', named('value'), value('valueInteger', 1)))).toMatch(
    /has a value already/,
  );
});

test('what primitives have beside them stays in step', () => {
  const names = {
    resourceType: 'Patient',
    name: [{ given: ['a', null, 'c'], _given: [null, { id: 'x' }, null] }],
    birthDate: '1980',
    _birthDate: { id: 'b' },
  };
  expect(done(names, operation('delete', 'Patient.birthDate'))).not.toHaveProperty('_birthDate');
  expect(done(names, operation('delete', 'Patient.name[0].given[0]'))).toMatchObject({
    name: [{ given: [null, 'c'], _given: [{ id: 'x' }, null] }],
  });
  expect(
    done(names, operation('insert', 'Patient.name[0].given', at('index', 1), value('valueString', 'b'))),
  ).toMatchObject({ name: [{ given: ['a', 'b', null, 'c'], _given: [null, null, { id: 'x' }, null] }] });
  expect(
    done(
      names,
      operation('add', 'Patient.birthDate', named('extension'), {
        name: 'value',
        part: [],
        valueExtension: { url: 'http://x.example/e', valueCode: 'y' },
      }),
    ),
  ).toMatchObject({ _birthDate: { id: 'b', extension: [{ url: 'http://x.example/e', valueCode: 'y' }] } });
});

test('what leads nowhere, to several, or computes, is refused with its place, and nothing is done', () => {
  const two = ids('1', '2');
  const before = structuredClone(two);
  const ok = operation('replace', 'Patient.identifier[0].value', value('valueString', '9'));
  expect(refused(two, ok, operation('replace', 'Patient.birthDate', value('valueDate', '1930')))).toBe(
    '1: The path leads to nothing',
  );
  expect(two).toEqual(before);
  expect(refused(two, operation('delete', 'Patient.identifier'))).toMatch(/more than one/);
  expect(refused(two, operation('delete', 'Patient'))).toMatch(/whole resource/);
  expect(refused(two, operation('delete', '1 + 1'))).toMatch(/does not lead/);
  expect(refused(two, operation('delete', "Patient.identifier.value.replaceMatches('(a+)+$', '')"))).toMatch(
    /function replaceMatches/,
  );
  expect(refused(two, operation('delete', 'Patient.identifier['))).toMatch(/evaluated/);
  expect(refused(two, operation('add', 'Patient', named('__proto__'), value('valueString', 'x')))).toMatch(
    /has no element/,
  );
  expect(refused(two, operation('copy', 'Patient.identifier'))).toMatch(/not one of/);
  expect(refused(two, { name: 'operation' })).toMatch(/must be named operation/);
  expect(refused(two, operation('insert', 'Patient.identifier', at('index', 3), value('valueIdentifier', {})))).toMatch(
    /beyond the list/,
  );
  expect(
    refused(two, operation('move', "Patient.identifier.where(value='1')", at('source', 0), at('destination', 0))),
  ).toMatch(/one whole list/);
});
