import { elementNamed, isPrimitiveType } from '../elements.ts';
import { locate, type Place, type Step } from './locate.ts';
import {
  choiceKey,
  given,
  insertAt,
  length,
  type Operation,
  PatchRefused,
  put,
  readOperation,
  set,
} from './read-operation.ts';

type Json = Record<string, unknown>;
export type PatchOutcome =
  | { readonly ok: true; readonly value: Json }
  | { readonly ok: false; readonly error: { readonly index: number; readonly zh: string; readonly en: string } };

/** More operations than elements in any real resource: refused before they are run. */
const MAX_OPERATIONS = 1000;

function placesOf(root: Json, path: string): Place[] {
  const found = locate(root, path);
  if (!found.ok) throw new PatchRefused(found.zh, found.en);
  return found.places;
}

function onlyPlace(root: Json, path: string): Place {
  const [place, another] = placesOf(root, path);
  if (!place) throw new PatchRefused('路径没有指向任何元素', 'The path leads to nothing');
  if (another) throw new PatchRefused('路径指向多个元素', 'The path leads to more than one element');
  return place;
}

const inside = (holder: Json, { key, index }: Step): unknown =>
  index === null ? holder[key] : (holder[key] as unknown[] | undefined)?.[index];

const holderOf = (root: Json, steps: readonly Step[]): Json =>
  steps.slice(0, -1).reduce((at, step) => inside(at, step) as Json, root);

/** What defines the element a place lies in: the type or place of its parent. */
function parentNode(root: Json, steps: readonly Step[]): string {
  let node = String(root.resourceType);
  let at: unknown = root;
  for (const step of steps.slice(0, -1)) {
    at = inside(at as Json, step);
    const named = elementNamed(node, step.key);
    node = named?.type === 'Resource' ? String((at as Json).resourceType) : (named?.node ?? '');
  }
  return node;
}

/** Takes an element away, and what holds nothing after that: an empty object or list is no FHIR. */
function remove(root: Json, steps: readonly Step[]): void {
  const last = steps.at(-1);
  if (!last) throw new PatchRefused('不能删除整个资源', 'The whole resource cannot be deleted');
  const holder = holderOf(root, steps);
  for (const key of [last.key, `_${last.key}`]) {
    const list = holder[key];
    if (last.index === null) delete holder[key];
    else if (Array.isArray(list)) {
      list.splice(last.index, 1);
      if (list.every((one) => one === null)) delete holder[key];
    }
  }
  if (Object.keys(holder).length === 0 && steps.length > 1) remove(root, steps.slice(0, -1));
}

/** The list that a path names, even when nothing is in it yet. */
function listAt(root: Json, path: string): { holder: Json; key: string; node: string } {
  const places = placesOf(root, path);
  const [first] = places;
  const step = first?.steps.at(-1);
  if (first && step) {
    const holder = holderOf(root, first.steps);
    const node = parentNode(root, first.steps);
    const isWhole = places.every(({ steps }) => steps.at(-1)?.key === step.key && holderOf(root, steps) === holder);
    if (!isWhole || step.index === null || places.length !== length(holder, step.key))
      throw new PatchRefused('路径没有指向一个完整的列表', 'The path does not name one whole list');
    return { holder, key: step.key, node };
  }
  const [, before, key = ''] = /^(.+)\.([A-Za-z]+)$/.exec(path) ?? [];
  if (before === undefined) throw new PatchRefused('路径没有指向列表', 'The path names no list');
  const { steps, node } = onlyPlace(root, before);
  const holder = steps.reduce((at, one) => inside(at, one) as Json, root);
  if ((elementNamed(node, key)?.element.max ?? 0) <= 1)
    throw new PatchRefused('路径没有指向列表', 'The path names no list');
  return { holder, key, node };
}

function add(root: Json, { path, name, value }: Extract<Operation, { type: 'add' }>): void {
  const { steps, node, type } = onlyPlace(root, path);
  const last = steps.at(-1);
  if (!isPrimitiveType(type) || !last) {
    put(
      steps.reduce((at, step) => inside(at, step) as Json, root),
      node,
      name,
      value,
    );
    return;
  }
  // What is added to a primitive (an extension, an id) stands beside it.
  const holder = holderOf(root, steps);
  const beside = `_${last.key}`;
  if (last.index === null) {
    holder[beside] ??= {};
    put(holder[beside] as Json, 'Element', name, value);
    return;
  }
  const list = Array.isArray(holder[beside]) ? (holder[beside] as unknown[]) : [];
  while (list.length < length(holder, last.key)) list.push(null);
  list[last.index] ??= {};
  put(list[last.index] as Json, 'Element', name, value);
  holder[beside] = list;
}

function replace(root: Json, { path, value: part }: Extract<Operation, { type: 'replace' }>): void {
  const { steps } = onlyPlace(root, path);
  const last = steps.at(-1);
  if (!last) throw new PatchRefused('不能替换整个资源', 'The whole resource cannot be replaced');
  const holder = holderOf(root, steps);
  const element = elementNamed(parentNode(root, steps), last.key)?.element;
  const { type, value, other } = given(part, element?.content);
  if (last.index !== null) {
    const { key, index } = last;
    for (const name of [key, `_${key}`]) if (Array.isArray(holder[name])) (holder[name] as unknown[]).splice(index, 1);
    insertAt(holder, key, index, value, other);
    return;
  }
  delete holder[last.key];
  delete holder[`_${last.key}`];
  set(holder, element?.choice ? choiceKey(element.name, element.types, type) : last.key, value, other);
}

function apply(root: Json, operation: Operation): void {
  switch (operation.type) {
    case 'add':
      add(root, operation);
      return;
    case 'replace':
      replace(root, operation);
      return;
    case 'delete': {
      // Deleting what is not there has the wanted effect already.
      const [place, another] = placesOf(root, operation.path);
      if (another) throw new PatchRefused('路径指向多个元素', 'The path leads to more than one element');
      if (place) remove(root, place.steps);
      return;
    }
    case 'insert': {
      const { holder, key, node } = listAt(root, operation.path);
      if (operation.index > length(holder, key))
        throw new PatchRefused('index 超出列表', 'The index lies beyond the list');
      const { value, other } = given(operation.value, elementNamed(node, key)?.element.content);
      insertAt(holder, key, operation.index, value, other);
      return;
    }
    case 'move': {
      const { holder, key } = listAt(root, operation.path);
      const { source, destination } = operation;
      if (Math.max(source, destination) >= length(holder, key))
        throw new PatchRefused('source 或 destination 超出列表', 'Source or destination lies beyond the list');
      for (const name of [key, `_${key}`]) {
        const list = holder[name];
        if (Array.isArray(list)) list.splice(destination, 0, ...list.splice(source, 1));
      }
    }
  }
}

/**
 * A FHIRPath Patch (http://hl7.org/fhir/R4/fhirpatch.html) on a private copy of `resource`: all operations or, with the index of the one that
 * failed, none. The outcome is to be validated: a patch may ask for what the type does not allow.
 */
export function applyFhirPathPatch(resource: object, parameters: Json): PatchOutcome {
  const root = structuredClone(resource) as Json;
  const operations = parameters.parameter ?? [];
  if (!Array.isArray(operations) || operations.length > MAX_OPERATIONS)
    return {
      ok: false,
      error: {
        index: 0,
        zh: '参数列表有误或过长',
        en: `parameter must be a list of at most ${MAX_OPERATIONS} operations`,
      },
    };
  for (const [index, operation] of operations.entries()) {
    try {
      apply(root, readOperation(operation));
    } catch (error) {
      if (error instanceof PatchRefused) return { ok: false, error: { index, zh: error.zh, en: error.message } };
      throw error;
    }
  }
  return { ok: true, value: root };
}
