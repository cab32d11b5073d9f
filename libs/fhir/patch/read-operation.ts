// One operation of a FHIRPath Patch (http://hl7.org/fhir/R4/fhirpatch.html) as data.
import { elementsAt } from '../elements.ts';

export class PatchRefused extends Error {
  readonly zh: string;
  constructor(zh: string, en: string) {
    super(en);
    this.zh = zh;
  }
}

type Part = { readonly [member: string]: unknown };
/** A value with the type its parameter names; `other` holds a primitive's id and extensions; an anonymous one is made from parts. */
export type Given = { readonly type: string | undefined; readonly value: unknown; readonly other: unknown };
export type Operation =
  | { type: 'add'; path: string; name: string; value: Part }
  | { type: 'insert'; path: string; index: number; value: Part }
  | { type: 'replace'; path: string; value: Part }
  | { type: 'delete'; path: string }
  | { type: 'move'; path: string; source: number; destination: number };

const isObject = (x: unknown): x is Part => typeof x === 'object' && x !== null && !Array.isArray(x);
const listOf = (x: unknown): unknown[] => (Array.isArray(x) ? x : []);

function partNamed(parts: readonly Part[], name: string): Part {
  const found = parts.filter((part) => part.name === name);
  if (found.length !== 1)
    throw new PatchRefused(`操作须有且仅有一个“${name}”`, `The operation must have one "${name}"`);
  return found[0] as Part;
}

function text(parts: readonly Part[], name: string, members: readonly string[]): string {
  const part = partNamed(parts, name);
  const value = members.map((member) => part[member]).find((one) => typeof one === 'string');
  if (typeof value !== 'string')
    throw new PatchRefused(`“${name}”的类型应为 ${members[0]}`, `"${name}" must be a ${members[0]}`);
  return value;
}

function place(parts: readonly Part[], name: string): number {
  const { valueInteger } = partNamed(parts, name);
  if (!Number.isSafeInteger(valueInteger) || (valueInteger as number) < 0)
    throw new PatchRefused(`“${name}”应为非负整数`, `"${name}" must be a whole number from 0 on (valueInteger)`);
  return valueInteger as number;
}

export function readOperation(parameter: unknown): Operation {
  const parts = isObject(parameter) ? listOf(parameter.part).filter(isObject) : [];
  if (!isObject(parameter) || parameter.name !== 'operation' || parts.length === 0)
    throw new PatchRefused(
      '每个参数须名为 operation 并有 part',
      'Every parameter must be named operation and have parts',
    );
  const type = text(parts, 'type', ['valueCode', 'valueString']);
  const path = text(parts, 'path', ['valueString']);
  switch (type) {
    case 'add':
      return { type, path, name: text(parts, 'name', ['valueString']), value: partNamed(parts, 'value') };
    case 'insert':
      return { type, path, index: place(parts, 'index'), value: partNamed(parts, 'value') };
    case 'replace':
      return { type, path, value: partNamed(parts, 'value') };
    case 'delete':
      return { type, path };
    case 'move':
      return { type, path, source: place(parts, 'source'), destination: place(parts, 'destination') };
    default:
      throw new PatchRefused(
        '操作类型未知',
        'The type of the operation is not one of add, insert, delete, replace, move',
      );
  }
}

/** The value of a part; `node` is where an anonymous value's elements are defined. */
export function given(part: Part, node: string | undefined): Given {
  if (part.resource !== undefined) return { type: 'Resource', value: structuredClone(part.resource), other: undefined };
  const keys = Object.keys(part).filter((key) => /^_?value[A-Z]/.test(key));
  const key = keys[0]?.replace(/^_/, '');
  if (key !== undefined && keys.every((one) => one.replace(/^_/, '') === key))
    return { type: key.slice(5), value: structuredClone(part[key]), other: structuredClone(part[`_${key}`]) };
  const parts = listOf(part.part).filter(isObject);
  if (keys.length > 0 || parts.length === 0 || node === undefined)
    throw new PatchRefused('value 须有一个 value[x] 或 part', 'The value must have one value[x], or parts');
  const made: Record<string, unknown> = {};
  for (const one of parts) put(made, node, String(one.name), one);
  return { type: undefined, value: made, other: undefined };
}

/** Gives `holder`, whose elements are defined at `node`, the element `name`: at the end of a list, or where nothing is yet. */
export function put(holder: Record<string, unknown>, node: string, name: string, part: Part): void {
  const element = elementsAt(node).find((one) => one.name === name.replace('[x]', ''));
  if (!element) {
    const shown = name.slice(0, 64);
    throw new PatchRefused(`${node} 没有元素“${shown}”`, `${node} has no element "${shown}"`);
  }
  const { type, value, other } = given(part, element.content);
  const key = element.choice ? choiceKey(element.name, element.types, type) : element.name;
  const taken = element.choice ? choiceIn(holder, element.name, element.types) : Object.hasOwn(holder, key);
  if (element.max > 1) insertAt(holder, key, length(holder, key), value, other);
  else if (taken || Object.hasOwn(holder, `_${key}`))
    throw new PatchRefused(
      `“${element.name}”已有值且不可重复`,
      `"${element.name}" has a value already and does not repeat`,
    );
  else set(holder, key, value, other);
}

export function choiceKey(name: string, types: readonly string[], type: string | undefined): string {
  const found = types.find((one) => one.charAt(0).toUpperCase() + one.slice(1) === type);
  if (found === undefined)
    throw new PatchRefused(`“${name}”不能取该类型`, `"${name}" does not take a value of this type`);
  return name + type;
}

const choiceIn = (holder: object, name: string, types: readonly string[]): boolean =>
  types.some((type) => {
    const key = name + type.charAt(0).toUpperCase() + type.slice(1);
    return Object.hasOwn(holder, key) || Object.hasOwn(holder, `_${key}`);
  });

export function set(holder: Record<string, unknown>, key: string, value: unknown, other: unknown): void {
  if (value !== undefined) holder[key] = value;
  if (other !== undefined) holder[`_${key}`] = other;
}

export const length = (holder: Record<string, unknown>, key: string): number =>
  Math.max(listOf(holder[key]).length, listOf(holder[`_${key}`]).length);

/** Values and what primitives have beside them stay in step (http://hl7.org/fhir/R4/json.html#primitive). */
export function insertAt(
  holder: Record<string, unknown>,
  key: string,
  index: number,
  value: unknown,
  other: unknown,
): void {
  const before = length(holder, key);
  const others = holder[`_${key}`];
  const values = [...listOf(holder[key])];
  while (values.length < before) values.push(null);
  values.splice(index, 0, value ?? null);
  holder[key] = values;
  if (others === undefined && other === undefined) return;
  const beside = [...listOf(others)];
  while (beside.length < before) beside.push(null);
  beside.splice(index, 0, other ?? null);
  holder[`_${key}`] = beside;
}
