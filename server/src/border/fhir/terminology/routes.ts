import type { Call, Refusal, Reply, Route } from '../../../core/access/index.ts';
import type { FhirDoor } from '../door.ts';
import { lookup, subsumes, validateInSystem } from './code-systems.ts';
import { expand, validateInSet } from './expand.ts';
import { translate } from './translate.ts';

type Operation = {
  type: 'CodeSystem' | 'ValueSet' | 'ConceptMap';
  name: string;
  summary: string;
  /** Also on one resource: [type]/[id]/$name. */
  instance: boolean;
  handle(door: FhirDoor, call: Call): Promise<Reply | Refusal>;
};

/** What the capability statement names and the routes answer. */
const terminologyOperations: readonly Operation[] = [
  {
    type: 'CodeSystem',
    name: 'lookup',
    summary: 'Names, properties and days of a code',
    instance: false,
    handle: lookup,
  },
  {
    type: 'CodeSystem',
    name: 'validate-code',
    summary: 'Whether a code exists on a day',
    instance: true,
    handle: validateInSystem,
  },
  {
    type: 'CodeSystem',
    name: 'subsumes',
    summary: 'How two codes lie to each other',
    instance: true,
    handle: subsumes,
  },
  { type: 'ValueSet', name: 'expand', summary: 'The codes of a value set on a day', instance: true, handle: expand },
  {
    type: 'ValueSet',
    name: 'validate-code',
    summary: 'Whether a code is in a value set',
    instance: true,
    handle: validateInSet,
  },
  { type: 'ConceptMap', name: 'translate', summary: 'What a code is elsewhere', instance: true, handle: translate },
];

export const terminologyRoutes = (door: FhirDoor): Route[] =>
  terminologyOperations.flatMap(({ type, name, summary, instance, handle }) =>
    [`/fhir/${type}/$${name}`, ...(instance ? [`/fhir/${type}/:id/$${name}`] : [])].flatMap((path) =>
      (['GET', 'POST'] as const).map(
        (method): Route => ({
          method,
          path,
          permission: 'fhir.read',
          face: 'fhir',
          // Codes are nobody's data.
          impersonal: true,
          ...(method === 'POST' && { takes: 'bytes' as const }),
          summary,
          handle: (call) => handle(door, call),
        }),
      ),
    ),
  );
