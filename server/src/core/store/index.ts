/** The record: every resource, every version, and what search finds them by. Nothing here starts work; jobs hang on `events`. */

export { allowSubjects, type Erased, erasedAmong, eraseSubjects, forbidSubjects } from './erase.ts';
export { type EverythingQuery, everythingOf } from './everything.ts';
export {
  type ExportPlace,
  type ExportSlice,
  exportPage,
  exportSubjects,
  exportSuperseded,
} from './export.ts';
export { type HistoryPlace, historyOf, lastOwner, readHistory, readVersion, type Version } from './history.ts';
export {
  mintId,
  parseLocalReference,
  referenceShard,
  resourceKey,
  shardCount,
  shardOfId,
  shardOfPerson,
  typeName,
  typeNumber,
} from './keys.ts';
export {
  type Buried,
  buriedByKeys,
  currentByKeys,
  factsOf,
  lastVersions,
  type Owner,
  ownersByKeys,
  readResource,
  type Stored,
  storageSizes,
  visibleByKeys,
} from './read.ts';
export { openReader, type Reader } from './reader.ts';
export { reindexResources, sealFormerVersions } from './reindex.ts';
export { isOpenType, type Scope, systemScope } from './scope.ts';
export { type Around, NotSearchable } from './search/at.ts';
export { includesOf } from './search/includes.ts';
export { type Absence, type Ask, absenceWriter, type Match, matchesAmong, matchesOf } from './search/matches.ts';
export { maxCount, type Page, type SearchRequest, searchResources, storedTypes } from './search/search.ts';
export { isSearchable } from './search-layout.ts';
export { deletion, type Json, newStamps, newVersion, type ResourceWrite, resourceWriter } from './write.ts';
