/** Where messages arrive, are stored before they are acknowledged, and become record rows exactly once. */

export { type Hl7Arrival, takeHl7 } from './adapters/hl7v2.ts';
export { type Hl7Queries, openHl7Queries } from './adapters/hl7v2-query.ts';
export { openPersonQueries, type PersonQueries } from './adapters/person-query.ts';
export { retranslate } from './adapters/retranslate.ts';
export { type BatchDoor, batchRoutes } from './batches/routes.ts';
export { startBatches } from './batches/work.ts';
export { demographicsOf } from './demographics.ts';
export { type DocumentOutDoor, documentOutRoutes } from './document-out.ts';
export { eraseMessages } from './erase.ts';
export { type InboxDoor, inboxRoutes } from './inbox-routes.ts';
export { busiestInstitutions, messageByControlId, totals } from './inbox-tables.ts';
export { type MllpThreads, openMllpThreads } from './mllp-threads/index.ts';
export { subjectOf } from './place.ts';
export { type Processor, startProcessor } from './processor.ts';
export { sealOlder } from './raw.ts';
export { type Immediate, type Incoming, type Intake, openIntake, type Receipt } from './receive.ts';
export { erasedIssue, type FactRecorder, openFactRecorder } from './record-facts.ts';
export { type SubmissionDoor, submissionRoutes } from './routes.ts';
export { type Protocol, type RawMessage, waitingState } from './tables.ts';
export { addTraces, type Origin } from './traces.ts';
