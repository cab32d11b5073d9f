import { expect, test } from 'vitest';
import type { ResourceType } from '../resource-types.ts';
import { parseSearch } from './parse-search.ts';
import type { Filter, SearchQuery } from './query.ts';

function query(type: ResourceType | undefined, text: string): SearchQuery {
  const outcome = parseSearch(type, text);
  if (!outcome.ok) throw new Error(outcome.issues.map((i) => i.diagnostics).join(' '));
  return outcome.query;
}
function filter(type: ResourceType, text: string): Filter | undefined {
  return query(type, text).filters[0];
}
function refused(type: ResourceType | undefined, text: string): string {
  const outcome = parseSearch(type, text);
  return outcome.ok ? 'accepted' : outcome.issues.map((i) => i.diagnostics).join(' | ');
}

const enc = encodeURIComponent;
const DAY = 86400000;
const china = (y: number, m: number, d: number): number => Date.UTC(y, m - 1, d) - 8 * 3600000;

test.each<[ResourceType, string, object]>([
  [
    'Patient',
    'name=Zoé',
    { kind: 'string', param: 'name', match: 'starts', values: [{ value: 'Zoé', folded: 'zoe' }] },
  ],
  ['Patient', `name:exact=${enc('Zoé')}`, { kind: 'string', match: 'exact' }],
  ['Patient', 'name:contains=oe', { kind: 'string', match: 'contains' }],
  ['Patient', 'name:missing=true', { kind: 'missing', param: 'name', missing: true }],
  [
    'Patient',
    'gender=male,female',
    {
      kind: 'token',
      negate: false,
      values: [
        { system: undefined, code: 'male' },
        { system: undefined, code: 'female' },
      ],
    },
  ],
  ['Patient', 'gender:not=male', { kind: 'token', negate: true }],
  ['Patient', 'identifier=http://x|1', { kind: 'token', values: [{ system: 'http://x', code: '1' }] }],
  ['Patient', 'identifier=|1', { kind: 'token', values: [{ system: null, code: '1' }] }],
  ['Patient', 'identifier=http://x|', { kind: 'token', values: [{ system: 'http://x', code: undefined }] }],
  [
    'Patient',
    'identifier:of-type=http://t|MR|12345',
    { kind: 'token-of-type', values: [{ system: 'http://t', code: 'MR', value: '12345' }] },
  ],
  ['Condition', 'code:text=headache', { kind: 'token-text', values: [{ folded: 'headache' }] }],
  ['Condition', 'code:in=http://x/vs', { kind: 'token-set', negate: false, valueSets: ['http://x/vs'] }],
  ['Condition', 'code:not-in=ValueSet/1', { kind: 'token-set', negate: true, valueSets: ['ValueSet/1'] }],
  ['Condition', 'code:below=http://snomed.info/sct|235862008', { kind: 'token-subsumes', direction: 'below' }],
  ['Condition', 'code:above=123', { kind: 'token-subsumes', direction: 'above' }],
  [
    'Observation',
    'date=ge2024-02-29',
    { kind: 'date', values: [{ prefix: 'ge', start: china(2024, 2, 29), end: china(2024, 2, 29) + DAY }] },
  ],
  [
    'Observation',
    'date=2024-02-29T08:00:00Z',
    { kind: 'date', values: [{ prefix: 'eq', start: Date.UTC(2024, 1, 29, 8), end: Date.UTC(2024, 1, 29, 8) + 1000 }] },
  ],
  ['RiskAssessment', 'probability=gt0.8', { kind: 'number', values: [{ prefix: 'gt', value: 0.8 }] }],
  [
    'RiskAssessment',
    'probability=100',
    { kind: 'number', values: [{ prefix: 'eq', value: 100, low: 99.5, high: 100.5 }] },
  ],
  ['RiskAssessment', 'probability=1e2', { kind: 'number', values: [{ value: 100, low: 50, high: 150 }] }],
  ['RiskAssessment', 'probability=ap100', { kind: 'number', values: [{ prefix: 'ap', low: 90, high: 110 }] }],
  [
    'Observation',
    'value-quantity=5.4|http://unitsofmeasure.org|mg',
    { kind: 'quantity', values: [{ value: 5.4, system: 'http://unitsofmeasure.org', code: 'mg' }] },
  ],
  [
    'Observation',
    'value-quantity=le5.4||mg',
    { kind: 'quantity', values: [{ prefix: 'le', system: undefined, code: 'mg' }] },
  ],
  [
    'Observation',
    'value-quantity=5.40',
    { kind: 'quantity', values: [{ low: 5.4 - 0.005, high: 5.4 + 0.005, code: undefined }] },
  ],
  ['Observation', 'subject=Patient/1', { kind: 'reference', values: [{ type: 'Patient', id: '1', url: undefined }] }],
  ['Observation', 'subject=1', { kind: 'reference', values: [{ type: undefined, id: '1' }] }],
  ['Observation', 'subject:Patient=1', { kind: 'reference', values: [{ type: 'Patient', id: '1' }] }],
  ['Observation', 'encounter=1', { kind: 'reference', values: [{ type: 'Encounter', id: '1' }] }],
  [
    'Observation',
    'subject=https://x.cn/fhir/Patient/1',
    { kind: 'reference', values: [{ type: 'Patient', id: '1', url: 'https://x.cn/fhir/Patient/1' }] },
  ],
  [
    'Observation',
    'subject:identifier=http://x|7',
    { kind: 'reference-identifier', values: [{ system: 'http://x', code: '7' }] },
  ],
  ['Location', 'partof:below=Location/1', { kind: 'reference', direction: 'below' }],
  [
    'CarePlan',
    'instantiates-canonical=http://x/pd|1.0',
    { kind: 'reference', values: [{ url: 'http://x/pd', version: '1.0' }] },
  ],
  ['ValueSet', 'url=http://x/a,urn:oid:1.2', { kind: 'uri', match: 'is', values: ['http://x/a', 'urn:oid:1.2'] }],
  ['ValueSet', 'url:below=http://x', { kind: 'uri', match: 'below' }],
  ['Location', 'near=31.2|121.5|5|km', { kind: 'near', values: [{ latitude: 31.2, longitude: 121.5, metres: 5000 }] }],
  ['Patient', '_text=headache', { kind: 'full-text', scope: 'narrative' }],
  ['Patient', '_list=42', { kind: 'list', id: '42' }],
  ['Patient', '_id=1,2', { kind: 'token', param: '_id', values: [{ code: '1' }, { code: '2' }] }],
  ['Patient', '_security=http://x|R', { kind: 'token', param: '_security' }],
  ['Patient', '_profile=http://x/p', { kind: 'uri', param: '_profile' }],
  [
    'DocumentReference',
    'relationship=DocumentReference/1$replaces',
    { kind: 'composite', values: [[{ kind: 'reference' }, { kind: 'token', values: [{ code: 'replaces' }] }]] },
  ],
  [
    'Observation',
    'component-code-value-quantity=http://loinc.org|8480-6$gt140||mm[Hg]',
    {
      kind: 'composite',
      values: [
        [
          { kind: 'token', values: [{ system: 'http://loinc.org', code: '8480-6' }] },
          { kind: 'quantity', values: [{ prefix: 'gt', value: 140, code: 'mm[Hg]' }] },
        ],
      ],
    },
  ],
])('%s?%s', (type, text, expected) => {
  expect(filter(type, text)).toMatchObject(expected);
});

test('escaped separators belong to the value', () => {
  expect(filter('Patient', `identifier=${enc('a\\|b|c\\,d\\$e\\\\f')}`)).toMatchObject({
    values: [{ system: 'a|b', code: 'c,d$e\\f' }],
  });
  expect(filter('Patient', `name=${enc('Doe\\, John,Roe')}`)).toMatchObject({
    values: [{ value: 'Doe, John' }, { value: 'Roe' }],
  });
});

test('a chain names every type it may lead to, or the one it says', () => {
  expect(filter('Observation', 'subject.name=x')).toMatchObject({
    kind: 'chain',
    param: 'subject',
    branches: [{ type: 'Patient' }, { type: 'Location' }],
  });
  expect(filter('Observation', 'subject:Patient.organization.name:exact=x')).toMatchObject({
    kind: 'chain',
    branches: [
      {
        type: 'Patient',
        filter: {
          kind: 'chain',
          param: 'organization',
          branches: [{ type: 'Organization', filter: { kind: 'string', match: 'exact' } }],
        },
      },
    ],
  });
  expect(filter('Observation', 'patient.birthdate=ge2000')).toMatchObject({
    branches: [{ type: 'Patient', filter: { kind: 'date' } }],
  });
});

test('_has nests, chains and takes modifiers to any depth', () => {
  expect(filter('Patient', '_has:Observation:patient:code:in=http://vs')).toMatchObject({
    kind: 'has',
    type: 'Observation',
    param: 'patient',
    filter: { kind: 'token-set' },
  });
  expect(filter('Patient', '_has:Observation:patient:_has:AuditEvent:entity:agent.name=x')).toMatchObject({
    kind: 'has',
    filter: { kind: 'has', type: 'AuditEvent', param: 'entity', filter: { kind: 'chain', param: 'agent' } },
  });
  expect(filter('Encounter', 'patient._has:Group:member:_id=g')).toMatchObject({
    kind: 'chain',
    branches: [{ type: 'Patient', filter: { kind: 'has', type: 'Group' } }],
  });
});

test('what shapes the answer is read', () => {
  const q = query(
    'MedicationRequest',
    '_count=20&_sort=-authoredon,status&_total=accurate&_summary=data&_elements=status,subject&_include=MedicationRequest:patient&_include:iterate=Patient:organization:Organization&_revinclude=*&_include=MedicationRequest:*&_format=json',
  );
  expect(q).toMatchObject({
    count: 20,
    sort: [
      { param: 'authoredon', descending: true },
      { param: 'status', descending: false },
    ],
    total: 'accurate',
    summary: 'data',
    elements: ['status', 'subject'],
    includes: [
      { source: 'MedicationRequest', param: 'patient', target: undefined, iterate: false },
      { source: 'Patient', param: 'organization', target: 'Organization', iterate: true },
      { source: 'MedicationRequest', param: '*', target: undefined, iterate: false },
    ],
    revincludes: [{ source: '*', param: '*' }],
    own: { _format: 'json' },
  });
});

test('parameters of the caller come back as given', () => {
  expect(parseSearch('Patient', '_page=abc&name=x', ['_page'])).toMatchObject({
    ok: true,
    query: { own: { _page: 'abc' } },
  });
  expect(parseSearch('Patient', '_page=abc')).toMatchObject({ ok: false });
});

test('a search of several types takes what means the same for all', () => {
  expect(query(undefined, '_type=Observation,Condition&patient=Patient/1&_lastUpdated=gt2024').types).toEqual([
    'Observation',
    'Condition',
  ]);
  expect(query(undefined, '_id=1').types).toEqual([]);
  expect(refused(undefined, 'code=x')).toContain('"code"');
  expect(refused(undefined, '_type=Observation,Patient&code=x')).toContain('"code" for Patient');
  expect(refused(undefined, '_type=Patiant')).toContain('Did you mean "Patient"?');
});

test('_filter joins comparisons, "and" before "or"', () => {
  expect(
    filter('Patient', `_filter=${enc('name co "pet, \\"er" or gender eq male and not (birthdate lt 2000)')}`),
  ).toMatchObject({
    kind: 'or',
    filters: [
      { kind: 'string', match: 'contains', values: [{ value: 'pet, "er' }] },
      {
        kind: 'and',
        filters: [{ kind: 'token' }, { kind: 'not', filter: { kind: 'date', values: [{ prefix: 'lt' }] } }],
      },
    ],
  });
  expect(
    filter('Observation', `_filter=${enc('subject.name sw "x" and (code eq http://loinc.org|1234-5)')}`),
  ).toMatchObject({
    kind: 'and',
    filters: [
      { kind: 'chain', branches: [{ filter: { match: 'starts' } }, { filter: { match: 'starts' } }] },
      { kind: 'token', values: [{ system: 'http://loinc.org' }] },
    ],
  });
  expect(filter('Patient', '_filter=name pr false')).toMatchObject({ kind: 'missing', missing: true });
  expect(filter('Patient', '_filter=gender ne male')).toMatchObject({
    kind: 'not',
    filter: { kind: 'token', negate: false },
  });
  for (const bad of [
    '',
    'name',
    'name co',
    'nmae co x',
    'name xx y',
    '(name eq x',
    'name eq x)',
    'gender gt male',
    'name[a eq b].c eq d',
    '"name" eq x',
    '('.repeat(999),
  ]) {
    expect(refused('Patient', `_filter=${enc(bad)}`), bad).not.toBe('accepted');
  }
});

test('a query is plain data that survives JSON', () => {
  const q = query('Observation', 'code=http://loinc.org|1&subject:Patient.name=x&date=ge2024&_sort=-date');
  expect(JSON.parse(JSON.stringify(q))).toEqual(JSON.parse(JSON.stringify(structuredClone(q))));
});
