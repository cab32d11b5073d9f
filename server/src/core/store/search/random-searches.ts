import type { ResourceType } from '@hutong/fhir';
import fc from 'fast-check';
import { code, disease, icd10, maybe, one, system, word } from './random-world.ts';

/** Test support: searches of every kind over a random world. */

const anyCode = fc.oneof(
  code,
  fc.tuple(system, code).map(([s, c]) => `${s}|${c}`),
  code.map((c) => `|${c}`),
  system.map((s) => `${s}|`),
);
const pairCode = fc.oneof(
  code,
  fc.tuple(system, code).map(([s, c]) => `${s}|${c}`),
  code.map((c) => `|${c}`),
);
const list = (arb: fc.Arbitrary<string>) =>
  fc.array(arb, { minLength: 1, maxLength: 2 }).map((terms) => terms.join(','));
const text = one('z', 'zoe', 'ZOÉ', '张', 'mü', 'a', '50%', '%', 'x_', '_', "o'", 'ann');
const prefix = one('', 'eq', 'ne', 'gt', 'lt', 'ge', 'le', 'sa', 'eb');
const anyPrefix = one('', 'eq', 'ne', 'gt', 'lt', 'ge', 'le', 'sa', 'eb', 'ap');
const when = fc
  .tuple(prefix, one('2025', '2025-06', '2025-06-30', '2025-07-01', '2025-06-30T23:30:00Z', '2026'))
  .map((parts) => parts.join(''));
const amount = fc
  .tuple(
    anyPrefix,
    one('1', '5.4', '90', '100', '1e2', '972', '0.972', '-3'),
    one(
      '',
      '',
      '|http://unitsofmeasure.org|mg/dL',
      '|http://unitsofmeasure.org|mg/L',
      '|http://unitsofmeasure.org|g/L',
      '||mg/dL',
      '||printed',
      '|http://unitsofmeasure.org|Cel',
    ),
  )
  .map((parts) => parts.join(''));
const patient = one('Patient/p0', 'Patient/p1', 'p2', 'http://elsewhere.example/Patient/p1', 'Patient/p1/_history/2');
const bool = one('true', 'false');
const pair = (key: string, arb: fc.Arbitrary<string>): fc.Arbitrary<[string, string]> =>
  arb.map((v): [string, string] => [key, v]);
const composite = (left: fc.Arbitrary<string>, right: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.tuple(left, right).map((parts) => parts.join('$'));

const span = fc.tuple(prefix, one('1', '5', '9', '12')).map((parts) => parts.join(''));

const birth = fc.tuple(prefix, one('1980', '1980-05', '1980-05-06')).map((parts) => parts.join(''));
const risk = fc.tuple(anyPrefix, one('0.1', '0.25', '0.3', '1', '1e9', '2.5e9', '-3')).map((parts) => parts.join(''));

const conditions: Record<string, fc.Arbitrary<[string, string]>> = {
  Patient: fc.oneof(
    pair('identifier', list(one('1', '2', 'urn:a|1', '|3', 'urn:b|'))),
    pair('identifier:not', one('1', 'urn:a|2')),
    pair(
      'identifier:of-type',
      fc.tuple(system, code, one('1', '2')).map((parts) => parts.join('|')),
    ),
    pair('name', list(text)),
    pair('family:exact', one('Zoé', 'zoe', '张三', 'a b')),
    pair('given:contains', text),
    pair('gender', one('male', 'female')),
    pair('gender:not', one('male', 'male,female')),
    pair('birthdate', birth),
    pair('birthdate:missing', bool),
    pair('name:missing', bool),
    pair('identifier:missing', bool),
    pair('_text', one('flu', 'zoe', '流感', '感冒', '冒', '流感 flu', 'x', '流行性感冒', '!', 'flu,zoe')),
    pair('_content', one('zoe', '张', 'male', '1980', 'urn', 'p0 patient', '流感', '!', 'flu,张三')),
    pair('_profile', one('http://x.example/p', 'urn:oid:1')),
    pair('_profile:below', one('http://x.example/p', 'http://x.example', 'http://x.example/p/', 'urn:oid:1')),
    pair('_profile:above', one('http://x.example/p/q/r', 'http://x.example/pq')),
    pair('identifier:text', text),
    pair('organization:below', one('Organization/g0', 'g1')),
    pair('organization:above', one('Organization/g0', 'g1', 'g2')),
    pair('_id', list(one('p0', 'p1', 'zz'))),
    pair('_id:not', one('p0')),
    pair('_list', one('l0', 'l1')),
    pair('_has:Observation:patient:code', list(anyCode)),
    pair('_has:Observation:subject:_has:Observation:derived-from:status', one('final', 'amended')),
    pair('_has:List:item:_id', one('l0', 'l1')),
    pair(
      '_filter',
      one('name sw "z" or gender eq male', 'not (gender eq female)', 'birthdate ge 1980-05 and active eq true'),
    ),
    pair(
      '_lastUpdated',
      one(
        'gt2001-09-09T01:46:40.000Z',
        '2001-09-09T01:46:40.001Z',
        'lt2001-09-09T01:46:40.002Z',
        'ne2001-09-09T01:46:40.000Z',
      ),
    ),
  ),
  Observation: fc.oneof(
    pair('code', list(anyCode)),
    pair('code:not', list(anyCode)),
    pair('code:text', text),
    pair('category:text', text),
    pair('value-concept:text', text),
    pair('code:in', list(one('urn:set:1', 'urn:set:2'))),
    pair('code:not-in', one('urn:set:1', 'urn:set:2')),
    pair('combo-code:in', one('urn:set:1', 'urn:set:2')),
    pair('category:not-in', one('urn:set:1')),
    pair(
      'code:below',
      list(
        fc.oneof(
          disease.map((c) => `${icd10}|${c}`),
          code.map((c) => `urn:a|${c}`),
        ),
      ),
    ),
    pair(
      'code:above',
      list(
        fc.oneof(
          disease.map((c) => `${icd10}|${c}`),
          code.map((c) => `urn:a|${c}`),
        ),
      ),
    ),
    pair(
      'combo-code:below',
      disease.map((c) => `${icd10}|${c}`),
    ),
    pair('patient.organization:below', one('g0', 'g1')),
    pair('_content', one('amended', 'mg', 'x', 'zoe', 'p1', '5', '张,final', 'nothing')),
    pair('_filter', one(`code sb ${icd10}|J10`, 'code in "urn:set:1"', `not (code ss ${icd10}|J10.100x001)`)),
    pair('combo-code', list(anyCode)),
    pair('combo-code:not', anyCode),
    pair('component-code:missing', bool),
    pair('category', anyCode),
    pair('category:missing', bool),
    pair('status', one('final', 'amended')),
    pair('subject', list(patient)),
    pair('patient', list(patient)),
    pair('subject:missing', bool),
    pair('subject:identifier', one('1', 'urn:a|1', 'urn:b|')),
    pair('date', list(when)),
    pair('date:missing', bool),
    pair('value-quantity', list(amount)),
    pair('combo-value-quantity', list(amount)),
    pair('value-string', list(text)),
    pair('value-date', when),
    pair('value-concept', anyCode),
    pair('code-value-quantity', composite(pairCode, amount)),
    pair('code-value-concept', composite(pairCode, pairCode)),
    pair('code-value-string', composite(pairCode, text)),
    pair('code-value-date', composite(pairCode, when)),
    pair('component-code-value-quantity', composite(pairCode, amount)),
    pair('component-code-value-concept', composite(pairCode, pairCode)),
    pair('combo-code-value-quantity', composite(pairCode, amount)),
    pair('combo-code-value-concept', composite(pairCode, pairCode)),
    pair('patient.name', list(text)),
    pair('subject:Patient.identifier', anyCode),
    pair('derived-from.code', anyCode),
    pair('derived-from.patient.gender', one('male', 'female')),
    pair('derived-from', one('Observation/o1', 'o2')),
  ),
  RiskAssessment: fc.oneof(
    pair('probability', list(risk)),
    pair('probability:missing', bool),
    pair('patient', list(patient)),
    pair('patient.gender', one('male', 'female')),
    pair('patient:missing', bool),
  ),
  Encounter: fc.oneof(
    pair('date', list(when)),
    pair('date:missing', bool),
    pair('location-period', list(when)),
    pair('patient', list(patient)),
    pair('class', anyCode),
    pair('status', one('finished', 'in-progress')),
    pair('patient.name', list(text)),
  ),
  Location: fc.oneof(
    pair(
      'near',
      list(one('29.5|106.5', '29.5|106.5|10|km', '29.56|106.56|0.5|km', '30|107|100|km', '-10|-179.99|5|km')),
    ),
    pair('name:exact', word),
    pair('name:contains', text),
  ),
  List: fc.oneof(pair('item', patient), pair('item:Patient.name', text)),
  ValueSet: fc.oneof(
    pair('url', one('http://x.example/a', 'urn:oid:1')),
    pair('url:below', one('http://x.example/a', 'http://x.example', 'http://x.example/a/')),
    pair('url:above', one('http://x.example/a/b/c', 'http://x.example/ab')),
    pair('context-type-quantity', composite(pairCode, amount)),
    pair('context-type', anyCode),
    pair('url:missing', bool),
  ),
  MolecularSequence: fc.oneof(
    pair('chromosome', pairCode),
    pair('chromosome-variant-coordinate', composite(composite(pairCode, span), span)),
    pair('chromosome-window-coordinate', composite(composite(pairCode, span), span)),
  ),
  Organization: fc.oneof(
    pair('name', text),
    pair('partof.name', text),
    pair('partof:below', one('g0', 'g1', 'g2')),
    pair('partof:above', one('g0', 'g1', 'g2')),
    pair('partof.partof.name', text),
    pair('_has:Organization:partof:name', text),
  ),
};
const sorts: Record<string, string[]> = {
  Patient: ['birthdate', 'family', '_id', '_lastUpdated', 'name', 'gender', 'identifier', 'organization', '_profile'],
  Observation: [
    'date',
    'value-quantity',
    '_id',
    'value-string',
    'combo-value-quantity',
    'code',
    'combo-code',
    'subject',
    'status',
  ],
  Encounter: ['date', 'location-period', '_lastUpdated', 'status'],
  RiskAssessment: ['probability', 'patient', '_lastUpdated'],
  Location: ['name', '_id'],
  List: ['_id', 'item'],
  ValueSet: ['url', '_lastUpdated'],
  Organization: ['name', 'partof'],
  MolecularSequence: ['_id'],
};
type Search = { type: ResourceType; filters: [string, string][]; sort: string | undefined };
const anySearch: fc.Arbitrary<Search> = one(...Object.keys(conditions)).chain((type) =>
  fc.record({
    type: fc.constant(type as ResourceType),
    filters: fc.array(conditions[type] as fc.Arbitrary<[string, string]>, { minLength: 0, maxLength: 2 }),
    sort: maybe(
      fc
        .uniqueArray(one(...(sorts[type] as string[])), { minLength: 1, maxLength: 2 })
        .chain((names) => fc.tuple(...names.map((name) => one(name, `-${name}`))))
        .map((names) => names.join(',')),
    ),
  }),
);
/** What is filtered and sorted by one parameter: such pages begin where the filter does. */
const walked: [ResourceType, string, fc.Arbitrary<string>][] = [
  ['Observation', 'date', list(when)],
  ['Observation', 'value-date', list(when)],
  ['Encounter', 'date', list(when)],
  ['Encounter', 'location-period', list(when)],
  ['RiskAssessment', 'probability', list(risk)],
  ['Patient', 'birthdate', list(birth)],
];
const walk: fc.Arbitrary<Search> = one(...walked).chain(([type, param, asked]) =>
  fc
    .record({
      own: fc.array(pair(param, asked), { minLength: 0, maxLength: 2 }),
      other: fc.array(conditions[type] as fc.Arbitrary<[string, string]>, { minLength: 0, maxLength: 1 }),
      sort: one(param, `-${param}`),
    })
    .map(({ own, other, sort }) => ({ type, filters: [...own, ...other], sort })),
);
/** Several chains over one reference: one person has to satisfy them all. */
const chainTo = (type: ResourceType, params: string[]): fc.Arbitrary<Search> =>
  fc.record({
    type: fc.constant(type),
    filters: fc.array(
      fc.oneof(
        fc
          .tuple(one(...params), one('name', 'family', 'given'))
          .chain(([param, name]) => pair(`${param}.${name}`, text)),
        one(...params).chain((param) => pair(`${param}.gender`, one('male', 'female'))),
        one(...params).chain((param) => pair(`${param}.birthdate`, birth)),
      ),
      { minLength: 2, maxLength: 3 },
    ),
    sort: maybe(one(...(sorts[type] as string[]))),
  });
export const search: fc.Arbitrary<Search> = fc.oneof(
  { weight: 7, arbitrary: anySearch },
  { weight: 2, arbitrary: walk },
  {
    weight: 1,
    arbitrary: fc.oneof(
      chainTo('Observation', ['patient', 'subject:Patient', 'subject']),
      chainTo('List', ['item:Patient', 'subject:Patient']),
    ),
  },
);
/** A terminology as small as the world: two value sets, and a system in which x is above y and y above z. */
const sets: Record<string, { system: string; code: string; below?: boolean }[]> = {
  'urn:set:1': [
    { system: 'urn:a', code: 'x' },
    { system: icd10, code: 'J10.1' },
  ],
  'urn:set:2': [
    { system: 'urn:b', code: 'y' },
    { system: icd10, code: 'J10.1', below: true },
  ],
};
const order = ['x', 'y', 'z'];
export const known = {
  expand: (valueSet: string) => sets[valueSet],
  related: (asked: string, of: string, direction: 'above' | 'below') => {
    const at = order.indexOf(of);
    if (asked !== 'urn:a') return undefined;
    return direction === 'below' ? order.slice(at) : order.slice(0, at + 1);
  },
};
