/** FHIR R4 over HTTP, in and out. */
export { type FhirDoor, fhirRoutes } from './routes.ts';
export { outcomeOf } from './outcome.ts';
