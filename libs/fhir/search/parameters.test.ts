import { expect, test } from 'vitest';
import { isResourceType, resourceTypes } from '../resource-types.ts';
import { searchParameters } from './parameters.ts';

test('all 146 resource types of R4 are known, and nothing else', () => {
  expect(resourceTypes).toHaveLength(146);
  expect(['Patient', 'Binary', 'VisionPrescription'].every(isResourceType)).toBe(true);
  expect(
    ['Resource', 'DomainResource', 'SubscriptionStatus', 'patient', '__proto__', 1, undefined].some(isResourceType),
  ).toBe(false);
});

test('every type has the common parameters; _text only where there is a narrative', () => {
  for (const type of resourceTypes) {
    const codes = [...searchParameters(type).keys()];
    expect(codes).toEqual(
      expect.arrayContaining(['_id', '_lastUpdated', '_tag', '_profile', '_security', '_source', '_content']),
    );
    expect(codes.includes('_text')).toBe(!['Binary', 'Bundle', 'Parameters'].includes(type));
  }
});

test('a parameter says its type, its targets for this type, its expression and its components', () => {
  expect(searchParameters('Observation').get('encounter')).toMatchObject({
    type: 'reference',
    targets: ['Encounter'],
    expression: 'Observation.encounter',
  });
  expect(searchParameters('Observation').get('patient')?.targets).toEqual(['Patient']);
  expect(searchParameters('Provenance').get('target')?.targets).toHaveLength(146);
  expect(
    searchParameters('Observation')
      .get('code-value-quantity')
      ?.components.map((c) => [c.code, c.type]),
  ).toEqual([
    ['code', 'token'],
    ['value-quantity', 'quantity'],
  ]);
  expect(searchParameters('Location').get('near')?.type).toBe('special');
});
