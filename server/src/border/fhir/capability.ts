import { type ResourceType, resourceTypes, searchParameters } from '@hutong/fhir';
import type { Route } from '../../core/access/index.ts';
import { isSearchable } from '../../core/store/index.ts';
import { socketAddress } from './subscriptions/sockets.ts';
import { topics } from './subscriptions/topics.ts';

/** Which interaction a route is (FHIR R4 §3.1.0): a route of this face that is neither one of these, an operation nor one of {@link besides} stops the start. */
const interactions: Record<string, { level: 'type' | 'system'; codes: readonly string[] }> = {
  'GET /fhir/:type/:id': { level: 'type', codes: ['read'] },
  'GET /fhir/:type/:id/_history/:version': { level: 'type', codes: ['vread'] },
  'PUT /fhir/:type/:id': { level: 'type', codes: ['update'] },
  'PATCH /fhir/:type/:id': { level: 'type', codes: ['patch'] },
  'DELETE /fhir/:type/:id': { level: 'type', codes: ['delete'] },
  'GET /fhir/:type/:id/_history': { level: 'type', codes: ['history-instance'] },
  'GET /fhir/:type/_history': { level: 'type', codes: ['history-type'] },
  'POST /fhir/:type': { level: 'type', codes: ['create'] },
  'GET /fhir/:type': { level: 'type', codes: ['search-type'] },
  'POST /fhir': { level: 'system', codes: ['transaction', 'batch'] },
  'GET /fhir': { level: 'system', codes: ['search-system'] },
  'GET /fhir/_history': { level: 'system', codes: ['history-system'] },
};

/** Routes that other words of the statement stand for: conditional forms, searches in a form, and where an asynchronous operation says how far it is. */
const besides: ReadonlySet<string> = new Set([
  'GET /fhir/metadata',
  'PUT /fhir/:type',
  'PATCH /fhir/:type',
  'DELETE /fhir/:type',
  'POST /fhir/_search',
  'POST /fhir/:type/_search',
  'GET /fhir/$export-status/:job',
  'DELETE /fhir/$export-status/:job',
  'GET /fhir/$export-file/:job/:file',
  'GET /fhir/$import-status/:job',
  'DELETE /fhir/$import-status/:job',
  'GET /fhir/$import-file/:job',
]);

const bulk = 'http://hl7.org/fhir/uv/bulkdata/OperationDefinition';
const backport = 'http://hl7.org/fhir/uv/subscriptions-backport/OperationDefinition/backport-subscription';
/** Operations that FHIR R4 itself does not define; all others have its canonical, `[Type]-[name]`. */
const definitions: Record<string, string> = {
  $export: `${bulk}/export`,
  Patient$export: `${bulk}/patient-export`,
  Group$export: `${bulk}/group-export`,
  $import: 'urn:hutong:operation:import',
  '$process-message': 'http://hl7.org/fhir/OperationDefinition/MessageHeader-process-message',
  'Patient$ihe-pix': 'https://profiles.ihe.net/ITI/PIXm/OperationDefinition/IHE.PIXm.pix',
  Subscription$status: `${backport}-status`,
  Subscription$events: `${backport}-events`,
  'Subscription$get-ws-binding-token': `${backport}-get-ws-binding-token`,
  Subscription$topics: 'urn:hutong:operation:subscription-topics',
};

type Operation = { name: string; definition: string };
/** What the routes answer: interactions of types and of the whole, operations of each type (`:type`: of every one, '' of the system). */
export type Claims = {
  type: string[];
  system: string[];
  operations: Map<string, Operation[]>;
};

/** @throws Error naming a route that the statement has no word for */
export function claimsOf(routes: readonly Pick<Route, 'method' | 'path'>[]): Claims {
  const claims: Claims = { type: [], system: [], operations: new Map() };
  for (const { method, path } of routes) {
    const name = `${method} ${path}`;
    if (besides.has(name)) continue;
    const interaction = interactions[name];
    if (interaction) {
      claims[interaction.level].push(...interaction.codes);
      continue;
    }
    const [, type = '', operation] = /^\/fhir(?:\/([A-Za-z]+|:type))?(?:\/:id)?\/\$([a-z-]+)$/.exec(path) ?? [];
    if (operation === undefined) throw new Error(`The capability statement has no word for ${name}`);
    const known = claims.operations.get(type) ?? [];
    if (known.some((one) => one.name === operation)) continue;
    const definition =
      definitions[`${type}$${operation}`] ??
      `http://hl7.org/fhir/OperationDefinition/${type === ':type' ? 'Resource' : type}-${operation}`;
    claims.operations.set(type, [...known, { name: operation, definition }]);
  }
  return claims;
}

const topicExtension =
  'http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/capabilitystatement-subscriptiontopic-canonical';

const resourceOf =
  ({ type: codes, operations }: Claims) =>
  (type: ResourceType): object => ({
    ...(type === 'Subscription' && {
      extension: topics.map(({ url }) => ({ url: topicExtension, valueCanonical: url })),
    }),
    type,
    interaction: codes.map((code) => ({ code })),
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
    operation: [...(operations.get(':type') ?? []), ...(operations.get(type) ?? [])],
  });

/** Says what works, from the routes and the tables that do the work. Made once; only our own address differs from answer to answer. */
export function openCapability(
  version: string,
  routes: readonly Pick<Route, 'method' | 'path'>[],
): (origin: string) => object {
  const claims = claimsOf(routes);
  const resource = resourceTypes.map(resourceOf(claims));
  return (origin) => ({
    resourceType: 'CapabilityStatement',
    status: 'active',
    date: '2026-11-30',
    kind: 'instance',
    fhirVersion: '4.0.1',
    format: ['json', 'xml'],
    patchFormat: ['application/json-patch+json', 'application/fhir+json', 'application/fhir+xml'],
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
        interaction: claims.system.map((code) => ({ code })),
        resource,
        operation: claims.operations.get('') ?? [],
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
  });
}
