import { parseSearch, type ResourceType, type SearchQuery } from '@hutong/fhir';
import { expect, test } from 'vitest';
import type { Caller } from '../../core/access/index.ts';
import { withinScopes } from './within-scopes.ts';

const caller: Caller = {
  kind: 'client',
  id: 'c',
  role: 'client',
  institution: 1,
  permissions: ['fhir.read'],
  scopes: ['system/Observation.rs', 'system/Patient.s', 'system/Condition.r'],
};
const asked = (type: ResourceType | undefined, query: string): SearchQuery => {
  const parsed = parseSearch(type, query);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  return parsed.query;
};
const within = (type: ResourceType | undefined, query: string): SearchQuery | string =>
  withinScopes(caller, asked(type, query), type);

test.each([
  ['Patient', '_has:Observation:patient:code=a', null],
  ['Patient', '_has:Condition:patient:code=a', 'Condition'],
  ['Patient', '_has:Observation:patient:_has:Provenance:target:agent=Practitioner/1', 'Provenance'],
  ['Patient', '_list=1', 'List'],
  ['Observation', 'encounter.status=finished', 'Encounter'],
  ['Observation', 'subject:Patient.name=a', null],
  ['Observation', 'subject:Patient.organization.name=a', 'Patient'],
] as const)('%s?%s: what is not covered: %s', (type, query, refused) => {
  const result = within(type, query);
  expect(typeof result === 'string' ? result : null).toBe(refused);
});

test('a chain without a type keeps the branches that are covered', () => {
  const query = within('Observation', 'subject.identifier=a') as SearchQuery;
  expect(query.filters).toMatchObject([{ kind: 'chain', branches: [{ type: 'Patient' }] }]);
});

test('a system search covers the covered types and refuses those that are named and are not', () => {
  expect((within(undefined, '_id=1') as SearchQuery).types).toEqual(['Observation', 'Patient']);
  expect(within(undefined, '_type=Patient,Encounter')).toBe('Encounter');
});
