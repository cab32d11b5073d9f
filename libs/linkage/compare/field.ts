import { chineseNames } from '../chinese.ts';
import type { FieldSpec, FieldValue } from '../schema.ts';
import { chineseNameComparator, type NameReader } from './chinese-name.ts';
import { type Comparator, type Level, level } from './comparator.ts';
import { dateComparator } from './date.ts';
import { codeComparator, identifierComparator } from './identifier.ts';
import { fullNameComparator, nameComparator } from './name.ts';
import { phoneComparator } from './phone.ts';
import { addressComparator, categoryComparator, numberComparator, textComparator } from './text.ts';

/** Between alternatives of one value, in the folded form. Cannot be typed, so no value holds it. */
export const BETWEEN = '\u001f';
/** Level given where a value is missing on either side: no evidence at all. */
export const MISSING = 255;

/** A field ready to fold and compare. `levels` may hold one more than its comparator: `swapped`, last but one. */
export type Field = {
  spec: FieldSpec;
  comparator: Comparator;
  levels: readonly Level[];
  /** Index of the level `swapped`, or -1. */
  swapped: number;
  /** Index of the field that may hold this one's value, or -1. */
  partner: number;
  usesFrequency: boolean;
};

function comparatorFor(spec: FieldSpec, names: NameReader): Comparator {
  switch (spec.kind) {
    case 'name':
      return nameComparator;
    case 'full-name':
      return fullNameComparator;
    case 'chinese-name':
      return chineseNameComparator(names);
    case 'date':
      return dateComparator;
    case 'identifier':
      return identifierComparator(spec.check);
    case 'phone':
      return phoneComparator;
    case 'address':
      return addressComparator;
    case 'text':
      return textComparator;
    case 'code':
      return codeComparator;
    case 'category':
      return categoryComparator;
    case 'number':
      return numberComparator;
  }
}

/** Builds the fields of a schema. */
export function openFields(specs: readonly FieldSpec[], names: NameReader = chineseNames): Field[] {
  return specs.map((spec) => {
    const comparator = comparatorFor(spec, names);
    const partner = specs.findIndex((other) => other.name === spec.swapWith && other.swapWith === spec.name);
    const levels = [...comparator.levels];
    if (partner >= 0) levels.splice(levels.length - 1, 0, level('swapped', 0.01, true, 0.5));
    return {
      spec,
      comparator,
      levels,
      partner,
      swapped: partner >= 0 ? levels.length - 2 : -1,
      usesFrequency: spec.termFrequency ?? !['identifier', 'phone', 'number'].includes(spec.kind),
    };
  });
}

/** Folded value of a field: '' where missing; alternatives sorted, without repetition, so their order never matters. */
export function foldValue(field: Field, value: FieldValue): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return field.comparator.fold(value);
  const folded = new Set<string>();
  for (const item of value) folded.add(field.comparator.fold(item));
  folded.delete('');
  return [...folded].sort().join(BETWEEN);
}

/** The alternatives within a folded value. */
export function alternatives(folded: string): string[] {
  if (folded === '') return [];
  return folded.includes(BETWEEN) ? folded.split(BETWEEN) : [folded];
}

/** Level of two single folded values of this field. */
export function levelOf(field: Field, a: string, b: string): number {
  if (a === b) return field.comparator.equal?.(a) ?? 0;
  // In one order, whoever stands first: pairing words greedily could otherwise depend on which name is asked about.
  const found = a < b ? field.comparator.compare(a, b) : field.comparator.compare(b, a);
  return found === field.comparator.levels.length - 1 ? field.levels.length - 1 : found;
}
