import { expect, test } from 'vitest';
import { variants } from './generate/model.ts';
import { readExample, recordFiles } from './oracle/examples.ts';
import { model, randomResource } from './oracle/random-resource.ts';
import { referencesIn } from './references.ts';
import { resourceTypes } from './resource-types.ts';

type Json = Record<string, unknown>;

test('each reference is found with its path, and can be rewritten in place', () => {
  const r = {
    resourceType: 'Observation',
    subject: { reference: 'urn:uuid:1', display: 'x' },
    performer: [{ reference: 'Practitioner?identifier=a|b' }, { identifier: { system: 's', value: 'v' } }],
    extension: [{ url: 'x', valueReference: { reference: 'Group/1' } }],
    contained: [{ resourceType: 'Basic', id: 'b', subject: { reference: '#' } }],
  };
  const sites = referencesIn(r);
  expect(sites.map((s) => [s.path, s.reference])).toEqual([
    ['Observation.subject', 'urn:uuid:1'],
    ['Observation.performer[0]', 'Practitioner?identifier=a|b'],
    ['Observation.performer[1]', undefined],
    ['Observation.extension[0].valueReference', 'Group/1'],
    ['Observation.contained[0].subject', '#'],
  ]);
  sites[0]?.set('Patient/9');
  expect(r.subject).toEqual({ reference: 'Patient/9', display: 'x' });
  expect(sites[2]?.get()).toEqual({ identifier: { system: 's', value: 'v' } });
});

test('elements that only look like references are left alone', () => {
  expect(referencesIn({ resourceType: 'Immunization', education: [{ reference: 'http://x' }] })).toEqual([]);
  expect(referencesIn({ resourceType: 'DetectedIssue', status: 'final', reference: 'http://x' })).toEqual([]);
  expect(referencesIn({ resourceType: 'Substance', instance: [{ identifier: { value: '1' } }] })).toEqual([]);
  expect(referencesIn({ resourceType: 'Measure', x: [{ language: 'text/cql', reference: 'http://x' }] })).toEqual([]);
});

/** JSON name, type of the value, whether its children are defined in place: for each member of each node. */
const members = new Map(
  [...model.nodes].map(([path, node]) => [
    path,
    node.elements.flatMap((e) => variants(e).map((v) => [v.json, e.content ?? v.type?.code ?? ''] as const)),
  ]),
);

/** The same by the published types: slow, and certain. */
function byType(node: string, o: Json, at: string, out: string[]): string[] {
  if (node === 'Reference') out.push(at);
  const visit = (v: unknown, type: string, here: string): void => {
    if (typeof v !== 'object' || v === null) return;
    const kind = type === 'Resource' ? String((v as Json).resourceType) : type;
    byType(members.has(kind) ? kind : 'Element', v as Json, here, out);
  };
  for (const [json, type] of members.get(node) ?? []) {
    for (const [name, kind] of [[json, type] as const, [`_${json}`, 'Element'] as const]) {
      const value = o[name];
      if (Array.isArray(value)) for (const [i, v] of value.entries()) visit(v, kind, `${at}.${name}[${i}]`);
      else visit(value, kind, `${at}.${name}`);
    }
  }
  return out;
}

const hasContent = (r: Json, at: string): boolean => {
  const value = at
    .split(/[.[\]]+/)
    .slice(1)
    .filter((s) => s !== '')
    .reduce((o: unknown, k) => (o as Json)[k], r) as Json;
  return value.reference !== undefined || value.identifier !== undefined;
};

test('what is found is what the published types call a Reference, on the examples and on random resources', {
  timeout: 60_000,
}, () => {
  const examples = recordFiles().map(readExample);
  const random = resourceTypes.flatMap((t) => [1, 2, 3, 4, 5, 6].map((seed) => randomResource(t, seed * 97)));
  expect(examples.length).toBeGreaterThan(700);
  const different = [...examples, ...random].filter((r) => {
    const type = String(r.resourceType);
    const expected = byType(type, r, type, []).filter((at) => hasContent(r, at));
    const actual = referencesIn(r).map((site) => site.path);
    return actual.sort().join() !== expected.sort().join();
  });
  expect(different.map((r) => `${r.resourceType}/${r.id}`)).toEqual([]);
});

test('what is not a resource, or nested without end, is no trouble', () => {
  for (const x of [undefined, null, 1, 'x', [], {}]) expect(referencesIn(x)).toEqual([]);
  let deep: Json = { reference: 'Patient/1' };
  for (let i = 0; i < 50_000; i++) deep = { extension: [deep] };
  expect(referencesIn({ resourceType: 'Basic', x: deep })).toEqual([]);
});
