// FHIR R4 as this house speaks it: types, validation, what search finds in a resource, and the grammar of searches.

export { patientCompartment } from './compartment.ts';
export { type ElementInfo, elementNamed, elementsAt, isPrimitiveType, type NamedElement } from './elements.ts';
export type * from './generated/types.generated.ts';
export { applyFhirPathPatch, type PatchOutcome } from './patch/fhirpath-patch.ts';
export { checkProfile } from './profile/check-profile.ts';
export type { Surroundings } from './profile/slices.ts';
export type { Structure } from './profile/structure.ts';
export { type ReferenceSite, referencesIn } from './references.ts';
export { isResourceType, type ResourceType, resourceTypes } from './resource-types.ts';
export { type DateRange, dateRange, OPEN_END, OPEN_START } from './search/date.ts';
export { extractSearchValues } from './search/extract.ts';
export { fold } from './search/fold.ts';
export { type SearchParameterInfo, type SearchParameterType, searchParameters } from './search/parameters.ts';
export { parseSearch, type SearchOutcome } from './search/parse-search.ts';
export type * from './search/query.ts';
export { parseReference, type ReferenceParts } from './search/reference.ts';
export type {
  CodePair,
  CompositeValue,
  DateValue,
  NumberValue,
  PositionValue,
  QuantityValue,
  ReferenceValue,
  SearchValue,
  SimpleSearchValue,
  StringValue,
  TokenValue,
  UriValue,
} from './search/value.ts';
export { elementNames, elementsOf, type SummaryForm, summaryElements, summaryOf } from './summary.ts';
export { checkInvariants } from './validate/check-invariants.ts';
export type { Issue, IssueCode } from './validate/issue.ts';
export { validateResource } from './validate/validate-resource.ts';
export { fromXml, type XmlOutcome } from './xml/from-xml.ts';
export { toXml } from './xml/to-xml.ts';
