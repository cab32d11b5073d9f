import fc from 'fast-check';
import { expect, test } from 'vitest';
import { patientCompartment } from '../compartment.ts';
import { spoil } from '../oracle/junk.ts';
import { randomResource, seeded } from '../oracle/random-resource.ts';
import { resourceTypes } from '../resource-types.ts';
import { OPEN_END, OPEN_START } from './date.ts';
import { extractSearchValues } from './extract.ts';
import type { SearchValue } from './value.ts';

const of = (resource: object, param: string): SearchValue[] =>
  extractSearchValues(resource).filter((v) => v.param === param);

test('a Chinese name in parts is found whole, a name with text is not doubled', () => {
  const names = (name: object): unknown[] =>
    of({ resourceType: 'Patient', name: [name] }, 'name').map((v) => v.kind === 'string' && v.value);
  expect(names({ family: '王', given: ['小', '明'] })).toEqual(['王', '小', '明', '王小明']);
  expect(names({ text: '王小明', family: '王', given: ['小明'] })).toEqual(['王小明', '王', '小明']);
  expect(names({ family: 'Chalmers', given: ['Peter'] })).toEqual(['Chalmers', 'Peter']);
});

test('a code carries the system its binding implies', () => {
  expect(of({ resourceType: 'Patient', gender: 'male' }, 'gender')).toMatchObject([
    { kind: 'token', system: 'http://hl7.org/fhir/administrative-gender', code: 'male' },
  ]);
});

test('an identifier carries its type for :of-type', () => {
  const type = { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0203', code: 'MR' }], text: '病历号' };
  expect(
    of({ resourceType: 'Patient', identifier: [{ system: 'urn:oid:1.2', value: '7', type }] }, 'identifier'),
  ).toEqual([
    { kind: 'token', param: 'identifier', system: 'urn:oid:1.2', code: '7', text: '病历号', types: type.coding },
  ]);
});

test('a patient without deceased[x] is found among the living', () => {
  expect(of({ resourceType: 'Patient' }, 'deceased')).toMatchObject([{ code: 'false' }]);
  expect(of({ resourceType: 'Patient', deceasedBoolean: false }, 'deceased')).toMatchObject([{ code: 'false' }]);
  expect(of({ resourceType: 'Patient', deceasedDateTime: '2020' }, 'deceased')).toMatchObject([{ code: 'true' }]);
});

test('a period without an end stays open, one without a beginning always was', () => {
  const period = (p: object): SearchValue[] => of({ resourceType: 'Encounter', period: p }, 'date');
  expect(period({ start: '2024-01-01T00:00:00Z' })).toMatchObject([{ start: Date.UTC(2024, 0, 1), end: OPEN_END }]);
  expect(period({ end: '2024-01-01T00:00:00Z' })).toMatchObject([
    { start: OPEN_START, end: Date.UTC(2024, 0, 1) + 1000 },
  ]);
  expect(period({})).toEqual([]);
});

test('a comparator opens the range of a quantity', () => {
  const value = (comparator: string): unknown =>
    of({ resourceType: 'Observation', valueQuantity: { value: 5, comparator, unit: 'mg' } }, 'value-quantity')[0];
  expect(value('<')).toMatchObject({ value: 5, low: -Infinity, high: 5 });
  expect(value('>=')).toMatchObject({ value: 5, low: 5, high: Infinity });
});

test('a composite keeps together what belongs together', () => {
  const component = (code: string, value: number): object => ({
    code: { coding: [{ code }] },
    valueQuantity: { value },
  });
  const found = of(
    { resourceType: 'Observation', component: [component('sys', 120), component('dia', 80)] },
    'component-code-value-quantity',
  );
  expect(found).toMatchObject([
    { kind: 'composite', parts: [[{ code: 'sys' }], [{ value: 120 }]] },
    { kind: 'composite', parts: [[{ code: 'dia' }], [{ value: 80 }]] },
  ]);
});

test('samples are a range of quantities', () => {
  const valueSampledData = {
    origin: { value: 10, code: 'mV' },
    factor: 2,
    lowerLimit: -5,
    period: 1,
    dimensions: 1,
    data: '1 E 3 L',
  };
  expect(of({ resourceType: 'Observation', valueSampledData }, 'value-quantity')).toMatchObject([
    { low: 0, high: 16, code: 'mV', value: undefined },
  ]);
});

test('what is not a resource has no values', () => {
  for (const x of [
    undefined,
    null,
    1,
    'Patient',
    [],
    {},
    { resourceType: 'Nonsense' },
    { resourceType: 'constructor' },
  ]) {
    expect(extractSearchValues(x)).toEqual([]);
  }
});

test('no misplaced value of any kind makes extraction throw', { timeout: 60_000 }, () => {
  let odd = 0;
  for (const type of resourceTypes) {
    for (let seed = 0; seed < 20; seed++) {
      const resource = spoil(randomResource(type, seed * 57 + 1), seeded(seed), 1 + (seed % 6));
      odd += extractSearchValues(resource).filter((v) => typeof v.param !== 'string').length;
      odd += Array.isArray(patientCompartment(resource)) ? 0 : 1;
    }
  }
  expect(odd).toBe(0);
});

test('no JSON whatever makes extraction throw', () => {
  fc.assert(
    fc.property(fc.constantFrom(...resourceTypes), fc.object({ maxDepth: 3 }), (resourceType, members) => {
      expect(Array.isArray(extractSearchValues({ ...members, resourceType }))).toBe(true);
    }),
    { numRuns: 200 },
  );
});
