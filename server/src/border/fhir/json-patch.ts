import { isDeepStrictEqual } from 'node:util';
import { ok, type Result, refuse } from '../../kit/result.ts';

export type PatchError = { index: number; zh: string; en: string };
type Operation = { op?: unknown; path?: unknown; from?: unknown; value?: unknown };

class Refused extends Error {
  readonly zh: string;
  constructor(zh: string, en: string) {
    super(en);
    this.zh = zh;
  }
}

const dangerous = new Set(['__proto__', 'constructor', 'prototype']);
const nowhere = (): Refused => new Refused('路径不存在', 'The path leads to nothing');

/** RFC 6901: '/name/0/given/-'. */
function pointer(value: unknown): string[] {
  if (typeof value !== 'string' || (value !== '' && !value.startsWith('/')))
    throw new Refused('路径应为 JSON 指针', 'The path must be a JSON pointer');
  const steps =
    value === ''
      ? []
      : value
          .slice(1)
          .split('/')
          .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  if (steps.some((step) => dangerous.has(step))) throw nowhere();
  return steps;
}

function indexIn(_list: unknown[], step: string, end: number): number {
  if (!/^(0|[1-9]\d{0,8})$/.test(step) || Number(step) > end) throw nowhere();
  return Number(step);
}

function get(root: unknown, steps: string[]): unknown {
  let at = root;
  for (const step of steps) {
    if (Array.isArray(at)) at = at[indexIn(at, step, at.length - 1)];
    else if (at !== null && typeof at === 'object' && Object.hasOwn(at, step))
      at = (at as Record<string, unknown>)[step];
    else throw nowhere();
  }
  return at;
}

type Holder = { root: unknown };
const parentOf = (holder: Holder, steps: string[]): [unknown, string] => [
  get(holder.root, steps.slice(0, -1)),
  steps.at(-1) as string,
];

function add(holder: Holder, steps: string[], value: unknown): void {
  if (steps.length === 0) {
    holder.root = value;
    return;
  }
  const [parent, last] = parentOf(holder, steps);
  if (Array.isArray(parent))
    parent.splice(last === '-' ? parent.length : indexIn(parent, last, parent.length), 0, value);
  else if (parent !== null && typeof parent === 'object') (parent as Record<string, unknown>)[last] = value;
  else throw nowhere();
}

function remove(holder: Holder, steps: string[]): unknown {
  const value = get(holder.root, steps);
  if (steps.length === 0) throw new Refused('不能删除整个资源', 'The whole resource cannot be removed');
  const [parent, last] = parentOf(holder, steps);
  if (Array.isArray(parent)) parent.splice(indexIn(parent, last, parent.length - 1), 1);
  else delete (parent as Record<string, unknown>)[last];
  return value;
}

function apply(holder: Holder, { op, path, from, value }: Operation): void {
  const steps = pointer(path);
  const given = (): unknown => {
    if (value === undefined) throw new Refused('操作缺少 value', 'The operation lacks a value');
    return structuredClone(value);
  };
  switch (op) {
    case 'add':
      add(holder, steps, given());
      return;
    case 'remove':
      remove(holder, steps);
      return;
    case 'replace':
      if (steps.length > 0) remove(holder, steps);
      add(holder, steps, given());
      return;
    case 'copy':
      add(holder, steps, structuredClone(get(holder.root, pointer(from))));
      return;
    case 'move': {
      const source = pointer(from);
      if (steps.length > source.length && source.every((step, index) => steps[index] === step))
        throw new Refused('不能移到自身之内', 'Nothing can be moved into itself');
      add(holder, steps, remove(holder, source));
      return;
    }
    case 'test':
      if (!isDeepStrictEqual(get(holder.root, steps), given()))
        throw new Refused('test 操作不成立', 'The test does not hold');
      return;
    default:
      throw new Refused('未知的操作', 'The operation is not known');
  }
}

/** RFC 6902 on a private copy of `document`: all operations or, with the index of the one that failed, none. */
export function applyJsonPatch(document: unknown, operations: readonly unknown[]): Result<unknown, PatchError> {
  const holder: Holder = { root: structuredClone(document) };
  for (const [index, operation] of operations.entries()) {
    try {
      if (operation === null || typeof operation !== 'object')
        throw new Refused('操作应为对象', 'An operation must be an object');
      apply(holder, operation as Operation);
    } catch (error) {
      if (error instanceof Refused) return refuse({ index, zh: error.zh, en: error.message });
      throw error;
    }
  }
  return ok(holder.root);
}
