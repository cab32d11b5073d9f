import { quickKey64 } from '../../kit/hash.ts';

/** Every searchable word of a resource becomes one int8 in its `tokens` array; one GIN index serves all of them. */

const constants = new Map<string, bigint>();
/** The constant of a search parameter; there are about 1,400 of them. */
function constantOf(type: string, param: string): bigint {
  const name = `${type}.${param}`;
  let constant = constants.get(name);
  if (constant === undefined) {
    constant = quickKey64(name);
    constants.set(name, constant);
  }
  return constant;
}

/** A code in a system; `system` '' is "no system", null is "whatever system". */
export const tokenOf = (type: string, param: string, system: string | null, code: string): bigint =>
  quickKey64(`${type}.${param}|${system ?? '*'}|${code}`);

/** A reference: the target's key XOR a constant of the parameter, so that SQL can compute it from a row's key (`key # constant`). */
export const referenceToken = (type: string, param: string, targetKey: bigint): bigint => targetKey ^ constantOf(type, param);

/** A logical reference by its identifier. */
export const identifierToken = (type: string, param: string, system: string | null, value: string): bigint =>
  quickKey64(`${type}.${param}:identifier|${system ?? '*'}|${value}`);

export const paramNumber = (type: string, param: string): number => Number(constantOf(type, param) & 0x7fffffffn);
