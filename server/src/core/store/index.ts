/** The record: every resource, every version, and what search finds them by. Nothing here starts work; jobs hang on `events`. */
export { mintId, parseLocalReference, referenceShard, resourceKey, shardCount, shardOfId, shardOfPerson, typeName, typeNumber } from './keys.ts';
export { currentByKeys, existingKeys, factsOf, lastVersions, readHistory, readResource, readVersion, type Stored, storageSizes, visibleByKeys } from './read.ts';
export { type Scope, systemScope } from './scope.ts';
export { deletion, type Json, newStamps, newVersion, type ResourceWrite, resourceWriter } from './write.ts';
export { NotSearchable } from './search/compile-filter.ts';
export { maxCount, type Page, searchResources, type SearchRequest } from './search/search.ts';
