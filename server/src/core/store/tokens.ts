import { key64 } from '../../kit/hash.ts';

/** Every searchable word of a resource becomes one int8 in its `tokens` array; one GIN index serves all of them. */

const cache = new Map<string, bigint>();
/** Codes repeat endlessly: remember their hashes, and forget all at once before the memory grows. */
function cached(text: string): bigint {
  const known = cache.get(text);
  if (known !== undefined) return known;
  if (cache.size > 50_000) cache.clear();
  const fresh = key64(text);
  cache.set(text, fresh);
  return fresh;
}

/** A code in a system; `system` '' is "no system", null is "whatever system". */
export const tokenOf = (type: string, param: string, system: string | null, code: string): bigint =>
  cached(`${type}.${param}|${system ?? '*'}|${code}`);

/** A reference: the target's key XOR a constant of the parameter, so that SQL can compute it from a row's key (`key # constant`). */
export const referenceToken = (type: string, param: string, targetKey: bigint): bigint => targetKey ^ cached(`${type}.${param}`);

/** A logical reference by its identifier. */
export const identifierToken = (type: string, param: string, system: string | null, value: string): bigint =>
  cached(`${type}.${param}:identifier|${system ?? '*'}|${value}`);

export const paramNumber = (type: string, param: string): number => Number(cached(`${type}.${param}`) & 0x7fffffffn);
