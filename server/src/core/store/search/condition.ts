import type { ResourceType } from '@hutong/fhir';
import { typeNumber } from '../keys.ts';
import { scopeSql } from '../scope.ts';
import type { Around, Binder } from './at.ts';
import { compileFilter, type Prepared } from './compile-filter.ts';
import { isWords } from './estimate.ts';

/**
 * The type of the rows. Words are their type's own: where some lead to the rows, PostgreSQL, which takes them for commoner than they are, would read the
 * whole type beside them (measured at 64,000 patients: 24 ms of the 25 for an identifier, 240 for a code with a value). A subject's index has the type in it.
 */
export function ofType(type: ResourceType, alias: string, filters: readonly Prepared[], bind: Binder): string {
  const is = `${alias}.type = ${bind(typeNumber(type))}::int2`;
  const members = filters.flatMap((filter): readonly Prepared[] => (filter.kind === 'and' ? filter.filters : [filter]));
  const byWords = members.some((one) => isWords(one) || one.kind === 'composite');
  return byWords && !members.some((one) => one.kind === 'leads' && one.subjects) ? `(${is}) is true` : is;
}

/** The condition on rows of one type, over the alias `r`. */
export function condition(
  type: ResourceType,
  around: Around,
  filters: readonly Prepared[],
  narrowed: bigint[] | null,
  bind: Binder,
  inOrder = false,
): string {
  const parts = [ofType(type, 'r', narrowed || inOrder ? [] : filters, bind)];
  if (narrowed) parts.push(`r.subject = any(${bind(narrowed.map(String))}::int8[])`);
  parts.push(scopeSql(around.scope, 'r', bind));
  for (const filter of filters)
    parts.push(compileFilter(filter, { ...around, alias: 'r', type, bind, depth: 0, inOrder }));
  return parts.join(' and ');
}
