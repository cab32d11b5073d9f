import type { Filter } from '@hutong/fhir';
import type { Around } from '../../core/store/index.ts';
import { isIcd10 } from '../../core/terminology/index.ts';
import type { Resource } from '../fact.ts';
import { type Sources, systemView } from './terminology/systems.ts';
import { compileValueSet, findValueSet, isTrouble } from './terminology/value-sets.ts';

type Member = { system: string; code: string; below?: boolean };
type Asked = { sets: Set<string>; codes: Map<string, [string, string, 'above' | 'below']> };
const nameOf = (system: string, code: string, direction: string): string => `${direction} ${system}|${code}`;

function collect(filter: Filter, asked: Asked): void {
  switch (filter.kind) {
    case 'token-set':
      for (const one of filter.valueSets) asked.sets.add(one);
      return;
    case 'token-subsumes':
      for (const { system, code } of filter.values)
        if (system && code !== undefined && !isIcd10(system))
          asked.codes.set(nameOf(system, code, filter.direction), [system, code, filter.direction]);
      return;
    case 'chain':
      for (const branch of filter.branches) collect(branch.filter, asked);
      return;
    case 'has':
    case 'not':
      collect(filter.filter, asked);
      return;
    case 'and':
    case 'or':
      for (const one of filter.filters) collect(one, asked);
  }
}

/** What lies below a code of ICD-10 is a member, listed here or not: hospitals send the national codes. */
function icd10Roots({ compose }: Resource): Member[] {
  type Include = { system?: string; filter?: { property?: string; op?: string; value?: string }[]; valueSet?: unknown };
  const { include = [], exclude } = (compose ?? {}) as { include?: Include[]; exclude?: unknown };
  if (exclude !== undefined) return [];
  return include.flatMap(({ system, filter, valueSet }) => {
    const [only, another] = filter ?? [];
    return system !== undefined &&
      isIcd10(system) &&
      only?.op === 'is-a' &&
      only.value !== undefined &&
      !another &&
      valueSet === undefined
      ? [{ system, code: only.value, below: true }]
      : [];
  });
}

/** Looks up the value sets and hierarchies that a search's filters name, in whatever edition: an old record keeps its codes. */
export async function termsFor(
  sources: Sources,
  filters: readonly Filter[],
): Promise<Required<Pick<Around, 'expand' | 'related'>>> {
  const asked: Asked = { sets: new Set(), codes: new Map() };
  for (const filter of filters) collect(filter, asked);
  const sets = new Map<string, Member[]>();
  for (const address of asked.sets) {
    const valueSet = await findValueSet(sources, address);
    const compiled = valueSet && (await compileValueSet(sources, valueSet, 'any'));
    if (compiled && !isTrouble(compiled)) sets.set(address, [...icd10Roots(valueSet), ...compiled.list()]);
  }
  const related = new Map<string, string[]>();
  for (const [name, [system, code, direction]] of asked.codes) {
    const view = await systemView(sources, system, undefined);
    if (!view) continue;
    const family =
      direction === 'above'
        ? view.ancestors(code)
        : view.codes.flatMap((one) => (view.ancestors(one.code).includes(code) ? [one.code] : []));
    related.set(name, [...new Set([code, ...family])]);
  }
  return {
    expand: (valueSet) => sets.get(valueSet),
    related: (system, code, direction) => related.get(nameOf(system, code, direction)),
  };
}
