import { resourceTypes, searchParameters } from '@hutong/fhir';
import { isSearchable } from '../../core/store/index.ts';
import { identityOperations } from './identity/routes.ts';
import { socketAddress, subscriptionOperations } from './subscriptions/routes.ts';
import { topics } from './subscriptions/topics.ts';
import { terminologyOperations } from './terminology/routes.ts';

let prepared: { version: string; resources: object[] } | null = null;

/** A test holds this against the routes: what is named here is asked for and answered. */
export const instanceInteractions = [
  'read',
  'vread',
  'update',
  'patch',
  'delete',
  'history-instance',
  'history-type',
  'create',
  'search-type',
] as const;
export const systemInteractions = ['transaction', 'batch', 'search-system', 'history-system'] as const;

const topicExtension =
  'http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/capabilitystatement-subscriptiontopic-canonical';

const resources = (): object[] =>
  resourceTypes.map((type) => ({
    ...(type === 'Subscription' && {
      extension: topics.map(({ url }) => ({ url: topicExtension, valueCanonical: url })),
    }),
    type,
    interaction: instanceInteractions.map((code) => ({ code })),
    versioning: 'versioned-update',
    readHistory: true,
    updateCreate: true,
    conditionalCreate: true,
    conditionalRead: 'full-support',
    conditionalUpdate: true,
    conditionalDelete: 'single',
    referencePolicy: ['literal', 'logical', 'enforced', 'local'],
    searchInclude: [
      '*',
      ...[...searchParameters(type).values()]
        .filter(({ type: kind }) => kind === 'reference')
        .map(({ code }) => `${type}:${code}`),
    ],
    searchParam: [...searchParameters(type).values()]
      .filter(({ code }) => isSearchable(type, code))
      .map(({ code, type: kind }) => ({ name: code, type: kind })),
    operation: [
      { name: 'validate', definition: 'http://hl7.org/fhir/OperationDefinition/Resource-validate' },
      { name: 'meta', definition: 'http://hl7.org/fhir/OperationDefinition/Resource-meta' },
      { name: 'meta-add', definition: 'http://hl7.org/fhir/OperationDefinition/Resource-meta-add' },
      { name: 'meta-delete', definition: 'http://hl7.org/fhir/OperationDefinition/Resource-meta-delete' },
      ...terminologyOperations
        .filter((operation) => operation.type === type)
        .map(({ name }) => ({ name, definition: `http://hl7.org/fhir/OperationDefinition/${type}-${name}` })),
      ...(type === 'Subscription' ? subscriptionOperations : []),
      ...(type === 'Group'
        ? [{ name: 'export', definition: 'http://hl7.org/fhir/uv/bulkdata/OperationDefinition/group-export' }]
        : []),
      ...(type === 'Patient'
        ? [
            { name: 'everything', definition: 'http://hl7.org/fhir/OperationDefinition/Patient-everything' },
            ...identityOperations,
            { name: 'export', definition: 'http://hl7.org/fhir/uv/bulkdata/OperationDefinition/patient-export' },
          ]
        : []),
    ],
  }));

/** Says what works, from the same tables that do the work. */
export function capabilityStatement(version: string, origin: string): object {
  if (prepared?.version !== version) prepared = { version, resources: resources() };
  return {
    resourceType: 'CapabilityStatement',
    status: 'active',
    date: '2026-11-23',
    kind: 'instance',
    fhirVersion: '4.0.1',
    format: ['json', 'xml'],
    patchFormat: ['application/json-patch+json', 'application/fhir+json'],
    software: { name: 'Hutong 互通', version },
    implementation: { description: 'Hutong', url: `${origin}/fhir` },
    rest: [
      {
        mode: 'server',
        extension: [
          {
            url: 'http://hl7.org/fhir/StructureDefinition/capabilitystatement-websocket',
            valueUri: socketAddress(origin),
          },
        ],
        interaction: systemInteractions.map((code) => ({ code })),
        resource: prepared.resources,
        operation: [{ name: 'export', definition: 'http://hl7.org/fhir/uv/bulkdata/OperationDefinition/export' }],
        security: {
          service: [
            {
              coding: [
                { system: 'http://terminology.hl7.org/CodeSystem/restful-security-service', code: 'SMART-on-FHIR' },
              ],
            },
          ],
        },
      },
    ],
  };
}
