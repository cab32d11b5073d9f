import { expect, test } from 'vitest';
import { patientCompartment } from './compartment.ts';

const ids = (r: object): (string | undefined)[] =>
  patientCompartment(r).map((v) => v.id ?? v.url ?? v.identifier?.value);

test('a resource lies in the compartment of each patient a compartment parameter finds', () => {
  expect(
    ids({
      resourceType: 'Observation',
      subject: { reference: 'Patient/1' },
      performer: [{ reference: 'Patient/1' }, { reference: 'Patient/2' }, { reference: 'Practitioner/3' }],
    }),
  ).toEqual(['1', '2']);
  expect(
    ids({
      resourceType: 'Appointment',
      participant: [{ actor: { reference: 'Location/1' } }, { actor: { reference: 'Patient/7' } }],
    }),
  ).toEqual(['7']);
  expect(
    ids({
      resourceType: 'Group',
      member: [{ entity: { reference: 'Patient/1' } }, { entity: { reference: 'Device/2' } }],
    }),
  ).toEqual(['1']);
});

test('a patient lies in its own compartment and in those of the patients it links to', () => {
  expect(
    ids({ resourceType: 'Patient', id: 'p', link: [{ other: { reference: 'Patient/q' }, type: 'seealso' }] }),
  ).toEqual(['p', 'q']);
});

test('absolute, logical and contained patients are told apart from others', () => {
  const subject = (reference: object): (string | undefined)[] =>
    ids({ resourceType: 'Condition', subject: reference, contained: [{ resourceType: 'Patient', id: 'c' }] });
  expect(subject({ reference: 'https://x.cn/fhir/Patient/1' })).toEqual(['1']);
  expect(subject({ type: 'Patient', identifier: { system: 'urn:oid:1.2', value: '310' } })).toEqual(['310']);
  expect(subject({ reference: '#c' })).toEqual(['#c']);
  expect(subject({ reference: 'urn:uuid:1' })).toEqual([]);
  expect(subject({ reference: 'Group/1' })).toEqual([]);
});

test('types outside the compartment, and what is no resource, lie in none', () => {
  expect(ids({ resourceType: 'Medication', manufacturer: { reference: 'Organization/1' } })).toEqual([]);
  for (const x of [null, 1, {}, { resourceType: 'Nonsense' }]) expect(patientCompartment(x)).toEqual([]);
});
