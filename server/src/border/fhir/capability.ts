import { resourceTypes, searchParameters } from '@hutong/fhir';

/** Types of search parameter that the store answers; composite, special and full text are not among them yet. */
const answered = new Set(['token', 'reference', 'string', 'date', 'number', 'quantity', 'uri']);
let prepared: { version: string; resources: object[] } | null = null;

const resources = (): object[] =>
  resourceTypes.map((type) => ({
    type,
    interaction: ['read', 'vread', 'update', 'delete', 'history-instance', 'create', 'search-type'].map((code) => ({ code })),
    versioning: 'versioned-update', readHistory: true, updateCreate: true, conditionalCreate: true, conditionalUpdate: false, conditionalDelete: 'not-supported',
    searchParam: [...searchParameters(type).values()].filter(({ code, type: kind }) => answered.has(kind) && !code.startsWith('_') ).map(({ code, type: kind }) => ({ name: code, type: kind })),
  }));

/** Says what works, from the same tables that do the work. */
export function capabilityStatement(version: string, origin: string): object {
  if (prepared?.version !== version) prepared = { version, resources: resources() };
  return {
    resourceType: 'CapabilityStatement', status: 'active', date: '2026-11-23', kind: 'instance', fhirVersion: '4.0.1', format: ['json'],
    software: { name: 'Hutong 互通', version }, implementation: { description: 'Hutong', url: `${origin}/fhir` },
    rest: [{
      mode: 'server', interaction: [{ code: 'transaction' }, { code: 'batch' }], resource: prepared.resources,
      security: { service: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/restful-security-service', code: 'SMART-on-FHIR' }] }] },
    }],
  };
}
