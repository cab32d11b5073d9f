import { expect, test } from 'vitest';
import { parseReference, referenceType } from './reference.ts';

const none = { type: undefined, id: undefined, version: undefined, url: undefined };

test.each([
  ['Patient/1', { ...none, type: 'Patient', id: '1' }],
  ['Patient/1/_history/3', { ...none, type: 'Patient', id: '1', version: '3' }],
  [
    'https://x.cn/fhir/Patient/a-b.c',
    { ...none, type: 'Patient', id: 'a-b.c', url: 'https://x.cn/fhir/Patient/a-b.c' },
  ],
  [
    'https://x.cn/fhir/Patient/1/_history/2',
    { type: 'Patient', id: '1', version: '2', url: 'https://x.cn/fhir/Patient/1/_history/2' },
  ],
  ['urn:uuid:0a/Patient/1', { ...none, url: 'urn:uuid:0a/Patient/1' }],
  ['#p1', { ...none, url: '#p1' }],
  ['Patiant/1', { ...none, url: 'Patiant/1' }],
  ['http://example.cn/nothing', { ...none, url: 'http://example.cn/nothing' }],
])('%s is taken apart', (text, expected) => {
  expect(parseReference(text)).toEqual(expected);
});

test('the type of a reference comes from the reference, then the resource around it, then its own type', () => {
  const container = { resourceType: 'Observation', contained: [null, { resourceType: 'Group', id: 'g' }] };
  expect(referenceType({ reference: 'Patient/1', type: 'Group' }, container)).toBe('Patient');
  expect(referenceType({ reference: '#g' }, container)).toBe('Group');
  expect(referenceType({ reference: '#' }, container)).toBe('Observation');
  expect(referenceType({ reference: 'Patient?identifier=a|b' }, container)).toBe('Patient');
  expect(referenceType({ reference: 'urn:uuid:1', type: 'Device' }, container)).toBe('Device');
  expect(referenceType({ reference: 'urn:uuid:1', type: 'Nonsense' }, container)).toBeUndefined();
  expect(referenceType('Patient/1', container)).toBeUndefined();
});
