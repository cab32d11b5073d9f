/** The resident's front page and time-line: a reading of the record. */
export { recordIndexConsumer } from './handlers.ts';
export type { LaboratoryTerms } from './laboratory.ts';
export { type RecordIndexDoor, recordIndexRoutes } from './routes.ts';
export { laboratoryTerms } from './terms.ts';
