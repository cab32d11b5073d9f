import type { Call, Refusal, Reply, Route } from '../../core/access/index.ts';
import { openReader, ownersByKeys } from '../../core/store/index.ts';
import { coalesce } from '../../kit/coalesce.ts';
import { openCapability } from './capability.ts';
import type { FhirDoor } from './door.ts';
import { everything } from './everything.ts';
import { type ExportDoor, exportRoutes } from './export/routes.ts';
import { instanceHistory, typeHistory } from './history.ts';
import { identityRoutes } from './identity/routes.ts';
import { type ImportDoor, importRoutes } from './import/routes.ts';
import { meta } from './meta.ts';
import { changeMeta, patchOne } from './patch-one.ts';
import { processMessage } from './process-message.ts';
import { readOne, readOneVersion } from './read-one.ts';
import { search } from './search.ts';
import { formatRefusal } from './shape.ts';
import type { SubscriptionDoor } from './subscriptions/door.ts';
import { subscriptionRoutes } from './subscriptions/routes.ts';
import { terminologyRoutes } from './terminology/routes.ts';
import { postBundle } from './transaction.ts';
import { validate } from './validate.ts';
import { writeOne } from './write-one.ts';
import { withXml } from './xml-face.ts';

type Handler = (call: Call) => Promise<Reply | Refusal>;

/** What the face stands on, with reads of the same moment joined. */
export const openFhirDoor = (given: Omit<FhirDoor, 'read' | 'owner'>): FhirDoor => ({
  ...given,
  read: openReader(given.pool),
  owner: coalesce((keys: bigint[]) => ownersByKeys(given.pool, keys), { lanes: 2 }),
});

/** FHIR R4 over HTTP: the routes of the room's door. */
export function fhirRoutes(
  door: FhirDoor,
  exports: ExportDoor,
  imports: ImportDoor,
  subscriptions: SubscriptionDoor,
): Route[] {
  const face = 'fhir' as const;
  const read = (path: string, summary: string, handle: Handler): Route => ({
    method: 'GET',
    path,
    permission: 'fhir.read',
    face,
    summary,
    handle,
  });
  const write = (method: Route['method'], path: string, summary: string, handle: Handler): Route => ({
    method,
    path,
    permission: 'fhir.write',
    face,
    takes: 'bytes',
    summary,
    handle,
  });
  /** The parameters of a POST _search: those of the address and those of the form. */
  const form = (call: Call): string =>
    [call.rawQuery, Buffer.isBuffer(call.body) ? call.body.toString() : ''].filter(Boolean).join('&');
  const asked = (path: string, summary: string, handle: Handler): Route => ({
    method: 'POST',
    path,
    permission: 'fhir.read',
    face,
    takes: 'bytes',
    summary,
    handle,
  });
  const check = (path: string): Route => ({
    method: 'POST',
    path,
    permission: 'fhir.read',
    face,
    takes: 'bytes',
    impersonal: true,
    summary: 'Validate a resource without storing it',
    handle: (call) => validate(door, call),
  });
  const routes: Route[] = [
    {
      method: 'GET',
      path: '/fhir/metadata',
      permission: 'public',
      face,
      summary: 'Capability statement',
      handle: async (call) =>
        formatRefusal(new URLSearchParams(call.rawQuery).get('_format'))?.reply ?? {
          body: capability(call.origin),
        },
    },
    write('POST', '/fhir', 'Transaction or batch bundle', (call) => postBundle(door, call)),
    write('POST', '/fhir/$process-message', 'Patient feed as a message (PMIR ITI-93)', (call) =>
      processMessage(door, call),
    ),
    write('POST', '/fhir/:type', 'Create; conditional with If-None-Exist', (call) => writeOne(door, call, 'POST')),
    write('PUT', '/fhir/:type', 'Conditional update', (call) => writeOne(door, call, 'PUT')),
    write('PUT', '/fhir/:type/:id', 'Update, or create with the client’s id', (call) => writeOne(door, call, 'PUT')),
    write('PATCH', '/fhir/:type', 'Conditional JSON Patch or FHIRPath Patch', (call) => patchOne(door, call)),
    write('PATCH', '/fhir/:type/:id', 'JSON Patch or FHIRPath Patch', (call) => patchOne(door, call)),
    write('DELETE', '/fhir/:type', 'Conditional delete', (call) => writeOne(door, call, 'DELETE')),
    write('DELETE', '/fhir/:type/:id', 'Delete', (call) => writeOne(door, call, 'DELETE')),
    read('/fhir', 'Search over several types', (call) => search(door, call, call.rawQuery)),
    asked('/fhir/_search', 'Search over several types, with the parameters in the body', (call) =>
      search(door, call, form(call)),
    ),
    read('/fhir/_history', 'What changed, newest first', (call) => typeHistory(door, call)),
    read('/fhir/:type', 'Search', (call) => search(door, call, call.rawQuery)),
    asked('/fhir/:type/_search', 'Search with the parameters in the body', (call) => search(door, call, form(call))),
    read('/fhir/:type/_history', 'What changed of a type, newest first', (call) => typeHistory(door, call)),
    ...terminologyRoutes(door),
    ...identityRoutes(door),
    ...subscriptionRoutes(door, subscriptions),
    check('/fhir/:type/$validate'),
    check('/fhir/:type/:id/$validate'),
    read('/fhir/Patient/:id/$everything', 'Everything about a patient, in pages', (call) =>
      everything(door, { ...call, params: { ...call.params, type: 'Patient' } }),
    ),
    ...exportRoutes(door, exports),
    ...importRoutes(door, imports),
    read('/fhir/:type/:id', 'Read', (call) => readOne(door, call)),
    write('POST', '/fhir/:type/:id/$meta-add', 'Add tags, labels or profiles', (call) => changeMeta(door, call, 'add')),
    write('POST', '/fhir/:type/:id/$meta-delete', 'Take away tags, labels or profiles', (call) =>
      changeMeta(door, call, 'delete'),
    ),
    read('/fhir/:type/:id/$meta', 'Version, tags and labels of a resource', (call) => meta(door, call)),
    read('/fhir/:type/:id/_history', 'All versions, newest first', (call) => instanceHistory(door, call)),
    read('/fhir/:type/:id/_history/:version', 'One version', (call) => readOneVersion(door, call)),
  ];
  const capability = openCapability(door.version, routes);
  return routes.map(withXml);
}
