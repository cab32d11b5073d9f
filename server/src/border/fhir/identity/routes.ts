import type { Call, Refusal, Reply, Route } from '../../../core/access/index.ts';
import type { FhirDoor } from '../door.ts';
import { match, openPatients } from './match.ts';
import { crossReference } from './pix.ts';

export function identityRoutes(door: FhirDoor): Route[] {
  const patientOf = openPatients(door.pool);
  const route = (
    method: 'GET' | 'POST',
    name: string,
    summary: string,
    handle: (door: FhirDoor, call: Call) => Promise<Reply | Refusal>,
  ): Route => ({
    method,
    path: `/fhir/Patient/$${name}`,
    permission: 'fhir.read',
    face: 'fhir',
    ...(method === 'POST' && { takes: 'bytes' as const }),
    summary,
    handle: (call) => handle(door, call),
  });
  return [
    route('POST', 'match', 'Who may this be, with grades (PDQm ITI-119)', (own, call) => match(own, call, patientOf)),
    route('GET', 'ihe-pix', 'The other identifiers of one person (PIXm ITI-83)', crossReference),
    route('POST', 'ihe-pix', 'The other identifiers of one person (PIXm ITI-83), asked in the body', crossReference),
  ];
}
