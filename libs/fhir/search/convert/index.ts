// From FHIR data types to search values (http://hl7.org/fhir/R4/search.html, "how data types are searched").
// Input may be unvalidated: anything that is not what it should be is passed over, nothing throws.
export * from './date.ts';
export { list } from './json.ts';
export * from './place.ts';
export * from './quantity.ts';
export * from './reference.ts';
export * from './text.ts';
export * from './token.ts';
