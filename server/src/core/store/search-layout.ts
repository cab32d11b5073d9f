import { elementsAt, type ResourceType, searchParameters } from '@hutong/fhir';

/** The edition of what `index-values.ts` writes; `store.resource.layout` carries it. Count up when words change. */
export const layout = 5;
/** Since this edition bodies lie sealed; former versions, which have no words, need no later one. */
export const sealedLayout = 3;

/** A prefix search looks at this many characters; longer text would only bloat the index. */
export const stringLength = 250;

/** Found by the row's own columns (key, received); their words would only double the index. */
export const byColumn: ReadonlySet<string> = new Set(['_id', '_lastUpdated']);
/** The narrative is found by its words. Those of all content would double the index: few rows are read for them (`search/from-bodies.ts`). */
export const fullText: ReadonlySet<string> = new Set(['_text', '_content']);

/** Parameters that are exactly the union of others: nothing of their own is stored (hl7.org/fhir/R4/observation.html#search). */
const unions: ReadonlyMap<string, readonly string[]> = new Map([
  ['combo-code', ['code', 'component-code']],
  ['combo-data-absent-reason', ['data-absent-reason', 'component-data-absent-reason']],
  ['combo-value-concept', ['value-concept', 'component-value-concept']],
  ['combo-value-quantity', ['value-quantity', 'component-value-quantity']],
  ['combo-code-value-concept', ['code-value-concept', 'component-code-value-concept']],
  ['combo-code-value-quantity', ['code-value-quantity', 'component-code-value-quantity']],
]);
export const unionOf = (type: string, param: string): readonly string[] | undefined =>
  type === 'Observation' ? unions.get(param) : undefined;

/** Addresses that are searched by `:below` in rows of their own; those of the meta have words for what they begin with. */
export const hasUriIndex = (type: ResourceType, param: string): boolean =>
  !param.startsWith('_') && searchParameters(type).get(param)?.type === 'uri';

/**
 * How a composite is answered. 'root': it has one tuple, the resource itself, so its components may be asked apart. 'pairs': its tuples are
 * stored. 'spans': a code with two numbers (MolecularSequence's coordinates), which stand in one row as its low and high. null: not at all.
 */
export function compositeForm(type: ResourceType, param: string): 'root' | 'pairs' | 'spans' | null {
  const info = searchParameters(type).get(param);
  const kinds = info?.components.map(({ type: kind }) => kind).join(' ');
  if (kinds === 'token number number') return 'spans';
  if (info?.components.length !== 2) return null;
  // Its component is the string alone, while `value-string` also finds the text of a concept.
  return info.expression === type && param !== 'code-value-string' ? 'root' : 'pairs';
}

const bits = new Map<string, ReadonlyMap<string, bigint>>();
/** The bit of a parameter in `present`. @throws RangeError when a type outgrows 63 parameters (R4's largest has 51) */
export function presenceBit(type: ResourceType, param: string): bigint {
  let known = bits.get(type);
  if (!known) {
    const codes = [...searchParameters(type).keys()].sort();
    if (codes.length > 63) throw new RangeError(`${type} has more than 63 search parameters`);
    known = new Map(codes.map((code, index) => [code, 1n << BigInt(index)]));
    bits.set(type, known);
  }
  return known.get(param) ?? 0n;
}

/** Whether a search by this parameter, without a modifier, is answered. */
export const isSearchable = (type: ResourceType, param: string): boolean => {
  const info = searchParameters(type).get(param);
  return (
    info !== undefined &&
    (info.type !== 'composite' || unionOf(type, param) !== undefined || compositeForm(type, param) !== null)
  );
};

/**
 * Whether a resource has at most one value for a date or number: its expression is one element of the type, and that does not repeat. What a Timing
 * says is one range, from its first event to its last.
 */
export function hasOneValue(type: ResourceType, param: string): boolean {
  if (byColumn.has(param)) return false;
  const parts = (searchParameters(type).get(param)?.expression ?? '').split(' | ');
  const paths = new Set(parts.map((part) => part.replace(/^\((.+) as \w+\)$/, '$1').replace(/\.as\(\w+\)$/, '')));
  const [base, name, more] = ([...paths][0] ?? '').split('.');
  if (paths.size !== 1 || base !== type || more !== undefined) return false;
  return elementsAt(type).some((element) => element.name === name && element.max === 1);
}
