/** FHIR R4 over HTTP, in and out. */
export type { FhirDoor } from './door.ts';
export { startExports } from './export/work.ts';
export { startImports } from './import/work.ts';
export { openJobFiles } from './job-files.ts';
export { outcomeOf } from './outcome.ts';
export { packageDefinitions } from './profiles/read-package.ts';
export { fhirRoutes, openFhirDoor } from './routes.ts';
export { eraseSubscriptionEvents } from './subscriptions/event-tables.ts';
export { openSubscriptions } from './subscriptions/work.ts';
export { terminologyResources } from './terminology/as-fhir.ts';
export { publishDefinitions } from './terminology/publish.ts';
