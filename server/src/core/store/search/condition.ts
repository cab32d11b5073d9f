import type { ResourceType } from '@hutong/fhir';
import { typeNumber } from '../keys.ts';
import { scopeSql } from '../scope.ts';
import type { Around, Binder } from './at.ts';
import { compileFilter, type Prepared } from './compile-filter.ts';

/** The condition on rows of one type, over the alias `r`. */
export function condition(
  type: ResourceType,
  around: Around,
  filters: readonly Prepared[],
  narrowed: bigint[] | null,
  bind: Binder,
  inOrder = false,
): string {
  const parts = [`r.type = ${bind(typeNumber(type))}::int2`];
  if (narrowed) parts.push(`r.subject = any(${bind(narrowed.map(String))}::int8[])`);
  parts.push(scopeSql(around.scope, 'r', bind));
  for (const filter of filters)
    parts.push(compileFilter(filter, { ...around, alias: 'r', type, bind, depth: 0, inOrder }));
  return parts.join(' and ');
}
