// biome-ignore-all lint/correctness/noComponentHookFactories: resource types are no React components
import { expect } from 'vitest';
import { type Hospital, patientOf, put, type Resource, type Said, send } from './testing.ts';

/** What one hospital knows and the other must not learn. The first hospital's words: whatever the second one asks, no answer may hold any of them. */
export const canary = 'Chrysanthemum';

const recordsWith = (ids: Record<string, string>): Record<string, () => Resource> => {
  const ref = (type: string): { reference: string } => ({ reference: `${type}/${ids[type]}` });
  return {
    Patient: () =>
      patientOf('secret-mrn', {
        meta: { profile: ['http://x.example/secret/profile'] },
        text: { status: 'generated', div: `<div xmlns="http://www.w3.org/1999/xhtml">${canary}</div>` },
        name: [{ family: canary, text: canary }],
        gender: 'female',
        birthDate: '1933-03-03',
        telecom: [{ system: 'phone', value: '13900001111' }],
      }),
    Observation: () => ({
      resourceType: 'Observation',
      status: 'final',
      identifier: [{ system: 'urn:obs', value: 'secret-obs' }],
      code: { coding: [{ system: 'http://loinc.org', code: '2345-7', display: canary }] },
      subject: ref('Patient'),
      effectiveDateTime: '2026-01-02',
      valueQuantity: { value: 5.4, unit: 'mmol/L', system: 'http://unitsofmeasure.org', code: 'mmol/L' },
    }),
    Condition: () => ({
      resourceType: 'Condition',
      text: { status: 'generated', div: `<div xmlns="http://www.w3.org/1999/xhtml">${canary}</div>` },
      code: { coding: [{ system: 'http://hl7.org/fhir/sid/icd-10', code: 'B20' }], text: canary },
      subject: ref('Patient'),
    }),
    Encounter: () => ({
      resourceType: 'Encounter',
      status: 'finished',
      class: { code: 'AMB' },
      subject: ref('Patient'),
      serviceProvider: ref('Organization'),
      reasonCode: [{ text: canary }],
    }),
    CareTeam: () => ({
      resourceType: 'CareTeam',
      name: canary,
      subject: ref('Patient'),
      participant: [{ member: ref('Practitioner') }],
    }),
    List: () => ({
      resourceType: 'List',
      status: 'current',
      mode: 'working',
      title: canary,
      entry: [{ item: ref('Organization') }, { item: ref('Patient') }],
    }),
    // Nobody's by its compartment, and still about somebody.
    Binary: () => ({ resourceType: 'Binary', contentType: 'text/plain', data: Buffer.from(canary).toString('base64') }),
    Group: () => ({ resourceType: 'Group', type: 'person', actual: true, name: canary }),
    DocumentReference: () => ({
      resourceType: 'DocumentReference',
      status: 'current',
      description: canary,
      content: [{ attachment: { contentType: 'text/plain', url: `urn:${canary}` } }],
      subject: { identifier: { system: 'urn:mrn', value: 'secret-mrn' } },
    }),
    Provenance: () => ({
      resourceType: 'Provenance',
      target: [ref('Observation')],
      recorded: '2026-01-02T00:00:00Z',
      agent: [{ who: ref('Practitioner') }],
      policy: [`urn:${canary}`],
    }),
  };
};

export const hidden = Object.keys(recordsWith({}));
/** An id of the form that the platform gives, and that nothing has. */
export const nobody = `${'a'.repeat(2)}${'b'.repeat(23)}`;

/** Has the first hospital write everything; answers with the ids by type. */
export async function plantSecrets(first: Hospital, second: Hospital): Promise<Record<string, string>> {
  const ids: Record<string, string> = {};
  for (const resource of [
    { resourceType: 'Organization', name: 'Shared directory' },
    { resourceType: 'Practitioner', name: [{ text: 'Shared doctor' }] },
  ] as Resource[])
    ids[resource.resourceType] = (await send(first, 'POST', `/fhir/${resource.resourceType}`, resource)).body.id;
  for (const [type, make] of Object.entries(recordsWith(ids))) {
    const made = await send(first, 'POST', `/fhir/${type}`, make());
    expect(made.status, made.text).toBe(201);
    ids[type] = made.body.id;
    await put(first, { ...made.body, language: 'zh' });
  }
  // The asker has rows of its own, so that an empty answer is not mere emptiness.
  await send(second, 'POST', '/fhir/Patient', patientOf('own-mrn', { name: [{ family: 'Own' }] }));
  return ids;
}

/** Fails when an answer holds a word or an id of the first hospital's. */
export function expectSilence(ids: Record<string, string>, { text: whole }: Said, what: string): void {
  // A page's own address repeats the question.
  const text = whole.replaceAll(/"(?:url|diagnostics)":"[^"]*"/g, '');
  expect(text, what).not.toContain(canary);
  expect(text, what).not.toContain(Buffer.from(canary).toString('base64'));
  for (const type of hidden) expect(text, `${what} shows the id of ${type}`).not.toContain(ids[type]);
}
