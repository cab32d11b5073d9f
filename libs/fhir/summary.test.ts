import { expect, test } from 'vitest';
import { readExample, recordFiles } from './oracle/examples.ts';
import { elementNames, elementsOf, summaryElements, summaryOf } from './summary.ts';
import { validateResource } from './validate/validate-resource.ts';

const patient = {
  resourceType: 'Patient',
  id: 'p',
  text: { status: 'generated', div: '<div xmlns="http://www.w3.org/1999/xhtml">x</div>' },
  active: true,
  _birthDate: { extension: [{ url: 'x', valueCode: 'y' }] },
  name: [{ family: '王', given: ['小明'] }],
  maritalStatus: { text: 'M' },
  photo: [{ contentType: 'image/png' }],
  link: [{ other: { reference: 'Patient/2' }, type: 'seealso' }],
};
const tag = [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ObservationValue', code: 'SUBSETTED' }];

test('a summary keeps what the specification marks, and says that it is one', () => {
  const { text: _t, maritalStatus: _m, photo: _p, ...kept } = patient;
  expect(summaryOf(patient)).toEqual({ ...kept, meta: { tag } });
  expect(patient).not.toHaveProperty('meta');
});

test('the text and data forms keep the narrative, or all but it', () => {
  expect(Object.keys(summaryOf(patient, 'text'))).toEqual(['resourceType', 'id', 'text', 'meta']);
  expect(summaryOf(patient, 'data')).not.toHaveProperty('text');
  expect(summaryOf(patient, 'data')).toHaveProperty('photo');
});

test('chosen elements come with the mandatory ones, choices by their plain name, shadows beside their values', () => {
  const o = {
    resourceType: 'Observation',
    id: 'o',
    status: 'final',
    code: { text: 'x' },
    valueString: 'v',
    _valueString: { id: 'q' },
    note: [{ text: 'n' }],
  };
  expect(Object.keys(elementsOf(o, ['value']))).toEqual([
    'resourceType',
    'id',
    'status',
    'code',
    'valueString',
    '_valueString',
    'meta',
  ]);
  expect(Object.keys(elementsOf(patient, ['birthDate']))).toEqual(['resourceType', 'id', '_birthDate', 'meta']);
});

test('a part of a part is not marked twice', () => {
  expect(summaryOf(elementsOf(patient, ['name']))).toMatchObject({ meta: { tag } });
  expect(summaryOf({ ...patient, meta: { versionId: '3', tag: [{ code: 'own' }] } })).toMatchObject({
    meta: { versionId: '3', tag: [{ code: 'own' }, ...tag] },
  });
});

test('the summary of every published example is still a valid resource', { timeout: 60_000 }, () => {
  const files = recordFiles();
  const broken = files.filter((f) => {
    const r = readExample(f);
    // A contained resource is not part of a summary, so references to it cannot be followed.
    const bad = (x: object): number => validateResource(x).filter((i) => !i.diagnostics.startsWith('ref-1')).length;
    return bad(r) === 0 && (bad(summaryOf(r)) > 0 || bad(summaryOf(r, 'text')) > 0 || bad(elementsOf(r, [])) > 0);
  });
  expect(broken).toEqual([]);
});

test('element names are those of the specification', () => {
  expect(elementNames('Observation')).toContain('value');
  expect(summaryElements('Patient')).not.toContain('photo');
  expect(summaryElements('Observation')).toContain('valueQuantity');
});
