/**
 * Codes, their names, their editions and what they become: ICD-10, LOINC and the national tables with validity days, local
 * tables of institutions, units by UCUM. Readers work in memory and are pure; only `load.ts` and `tables.ts` touch the database.
 */
export { icd10Ancestors, isIcd10 } from './hierarchy.ts';
export { loadTerminology, openTerminology, setLocalMaps } from './load.ts';
export {
  type CodeSystem,
  type Concept,
  type Equivalence,
  type Inclusion,
  isLoincCode,
  type Mapping,
  type TerminologyData,
  type Validity,
  type ValueSet,
  whoCode,
} from './model.ts';
export { readTerminologyData } from './read-data.ts';
export { type Language, type Terminology, type Translated, terminologyFrom, type Validation } from './terminology.ts';
export type { Converted } from './units.ts';

import { readTerminologyData } from './read-data.ts';
import { type Terminology, terminologyFrom } from './terminology.ts';

let shipped: Terminology | undefined;

/** The standards that ship with the program, without local tables; read once, for the border's translators and for tests. */
export function shippedTerminology(): Terminology {
  shipped ??= terminologyFrom(readTerminologyData());
  return shipped;
}
