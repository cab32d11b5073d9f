import { quickKey64 } from '../../kit/hash.ts';
import { pepperedKey64 } from '../../kit/vault.ts';

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

const personal: ReadonlySet<string> = new Set(['Patient', 'Person', 'RelatedPerson', 'Practitioner', 'Coverage']);
const numbers: ReadonlySet<string> = new Set(['identifier', 'phone', 'telecom', 'email']);
/** Words that stand for a person's numbers are made under the platform's key: whoever has the table cannot find a number by trying them all. */
const keyOf = (type: string, param: string, text: string): bigint =>
  numbers.has(param) && personal.has(type) ? pepperedKey64(text) : quickKey64(text);

/** A code in a system; `system` '' is "no system", null is "whatever system". */
export const tokenOf = (type: string, param: string, system: string | null, code: string): bigint =>
  keyOf(type, param, `${type}.${param}|${system ?? '*'}|${code}`);

/** Some code of a system ("system|"). */
export const systemToken = (type: string, param: string, system: string): bigint =>
  quickKey64(`${type}.${param}:system|${system}`);

/** An identifier by the coding of its type and its value (`:of-type`). */
export const ofTypeToken = (type: string, param: string, system: string, code: string, value: string): bigint =>
  keyOf(type, param, `${type}.${param}:of-type|${system}|${code}|${value}`);

/** A string as it was written (`:exact`). */
export const exactToken = (type: string, param: string, value: string): bigint =>
  quickKey64(`${type}.${param}:exact|${value}`);

/** A word of a narrative, which may be a name or a number: under the platform's key. */
export const narrativeToken = (type: string, word: string): bigint => pepperedKey64(`${type}._text|${word}`);

/** A reference: the target's key XOR a constant of the parameter, so that SQL can compute it from a row's key (`key # constant`). */
export const referenceToken = (type: string, param: string, targetKey: bigint): bigint =>
  targetKey ^ constantOf(type, param);

/** A reference to one version of a resource or definition; `target` is 'Type/id' or an address. */
export const versionToken = (type: string, param: string, target: string, version: string): bigint =>
  quickKey64(`${type}.${param}:version|${target}|${version}`);

/** A logical reference by its identifier. */
export const identifierToken = (type: string, param: string, system: string | null, value: string): bigint =>
  pepperedKey64(`${type}.${param}:identifier|${system ?? '*'}|${value}`);

/** Two words that stand in one tuple of a composite parameter. */
export const pairToken = (first: bigint, second: bigint): bigint => quickKey64(`${first}$${second}`);

export const paramNumber = (type: string, param: string): number => Number(constantOf(type, param) & 0x7fffffffn);

/** Ranges and strings that stand beside one word in a tuple of a composite: a parameter number of their own. */
export const pairedNumber = (first: bigint): number => Number(quickKey64(`paired|${first}`) & 0x7fffffffn);

/** A quantity's unit: in a system, or ('' and null) as a code or printed unit of whatever system. */
export const unitToken = (system: string | null, unit: string): bigint => quickKey64(`unit|${system ?? '*'}|${unit}`);
