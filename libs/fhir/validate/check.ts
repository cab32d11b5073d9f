// What the generated validators call. They visit each member of an object once; a location is only put together when
// something is wrong: a finding starts with the innermost step and gets its outer steps on the way back up.
import type { Issue, IssueCode } from './issue.ts';
import { isPrimitive } from './primitive.ts';
import { referenceProblem } from './reference-target.ts';

/** A generated validator: looks at one value and reports to `c`; `d` is how deep the value lies. */
export type Visit = (v: unknown, c: Check, d: number) => void;
export type CodeList = { readonly name: string; readonly codes: ReadonlySet<string> };
export type CodingList = { readonly name: string; readonly systems: ReadonlyMap<string, ReadonlySet<string>> };

/** Nesting beyond this is refused: no real record comes near, and recursion must not exhaust the stack. */
export const MAX_DEPTH = 100;
/** Findings beyond this are dropped: a hostile body must not make the answer larger than the question. */
export const MAX_ISSUES = 100;

/** Findings of one run, and what must be known about the whole resource while visiting its parts. */
export class Check {
  issues: Issue[] = [];
  n = 0;
  /** The outermost resource, or the contained or bundled one being visited: '#id' is looked up in it. */
  container: Record<string, unknown> | undefined;
  inContained = false;

  add(code: IssueCode, at: string, diagnostics: string, zh: string, severity: Issue['severity'] = 'error'): void {
    if (this.n >= MAX_ISSUES) return;
    this.issues.push({ severity, code, expression: at, diagnostics, zh });
    this.n++;
  }

  /** Puts `step` before the location of every finding since the `from`-th. */
  under(from: number, step: string): void {
    for (let i = from; i < this.n; i++) {
      const issue = this.issues[i];
      if (issue !== undefined) issue.expression = step + issue.expression;
    }
  }
}

function describe(x: unknown): string {
  if (x === null) return 'null';
  return Array.isArray(x) ? 'an array' : typeof x === 'object' ? 'an object' : `a ${typeof x}`;
}

/** Whether `v` is a JSON object that may be visited; says what is wrong when it is not. */
export function isObject(v: unknown, c: Check, d: number): v is Record<string, unknown> {
  if (typeof v !== 'object' || v === null || Array.isArray(v)) {
    c.add('structure', '', `Expected an object, found ${describe(v)}.`, '此处应为对象。');
    return false;
  }
  if (d > MAX_DEPTH) {
    c.add('too-costly', '', `Nested deeper than ${MAX_DEPTH} levels.`, `嵌套超过 ${MAX_DEPTH} 层。`);
    return false;
  }
  return c.n < MAX_ISSUES;
}

export function empty(c: Check): void {
  c.add('structure', '', 'An object must have at least one member besides its id.', '对象不能为空。');
}

export function unknown(key: string, type: string, c: Check): void {
  // Names come from outside: cut, so that an answer cannot be blown up by them.
  const name = key.slice(0, 64);
  c.add('structure', `.${name}`, `${type} has no element "${name}".`, `${type} 没有名为“${name}”的元素。`);
}

export function missing(name: string, c: Check): void {
  c.add('required', `.${name}`, `Element "${name}" is required.`, `缺少必填元素“${name}”。`);
}

export function one(x: unknown, name: string, visit: Visit, c: Check, d: number): void {
  const from = c.n;
  visit(x, c, d + 1);
  if (c.n !== from) c.under(from, `.${name}`);
}

function isList(x: unknown, name: string, c: Check): x is unknown[] {
  if (!Array.isArray(x)) {
    c.add('structure', `.${name}`, `"${name}" repeats: it must be a JSON array.`, `“${name}”可重复，必须是数组。`);
    return false;
  }
  if (x.length === 0) c.add('structure', `.${name}`, `"${name}" is an empty array.`, `“${name}”是空数组。`);
  return true;
}

export function many(x: unknown, name: string, visit: Visit, c: Check, d: number): void {
  if (!isList(x, name, c)) return;
  for (let i = 0; i < x.length; i++) {
    const from = c.n;
    visit(x[i], c, d + 1);
    if (c.n !== from) c.under(from, `.${name}[${i}]`);
  }
}

function malformed(x: unknown, at: string, type: string, c: Check): void {
  if (Array.isArray(x) || (typeof x === 'object' && x !== null)) {
    c.add('structure', at, `Expected one ${type}, found ${describe(x)}.`, `此处应为单个 ${type} 值。`);
  } else if (x === '') {
    c.add('value', at, 'A string must not be empty.', '字符串不能为空。');
  } else {
    c.add('value', at, `Not a valid ${type} (${describe(x)}).`, `不是有效的 ${type} 值。`);
  }
}

export function prim(x: unknown, name: string, type: string, test: (x: unknown) => boolean, c: Check): void {
  if (!test(x)) malformed(x, `.${name}`, type, c);
}

/** A repeating primitive; a null stands for a value that has only extensions, which must then be in `other`. */
export function prims(
  x: unknown,
  other: unknown,
  name: string,
  type: string,
  test: (x: unknown) => boolean,
  c: Check,
): void {
  if (!isList(x, name, c)) return;
  for (let i = 0; i < x.length; i++) {
    const v: unknown = x[i];
    if (v === null && Array.isArray(other) && other[i] !== null && other[i] !== undefined) continue;
    if (!test(v)) malformed(v, `.${name}[${i}]`, type, c);
  }
}

/** The `_name` sibling of a repeating primitive: objects and nulls, in step with the values. */
export function shadows(x: unknown, values: unknown, name: string, visit: Visit, c: Check, d: number): void {
  if (!isList(x, name, c)) return;
  if (Array.isArray(values) && values.length !== x.length) {
    c.add('structure', `.${name}`, `"${name}" and "_${name}" differ in length.`, `“${name}”与“_${name}”长度不同。`);
  }
  for (let i = 0; i < x.length; i++) {
    if (x[i] === null && Array.isArray(values) && values[i] !== null && values[i] !== undefined) continue;
    const from = c.n;
    visit(x[i], c, d + 1);
    if (c.n !== from) c.under(from, `.${name}[${i}]`);
  }
}

function outside(at: string, code: string, list: CodeList, c: Check): void {
  const few = list.codes.size <= 12 ? `: ${[...list.codes].join(', ')}` : '';
  const shown = code.slice(0, 64);
  c.add(
    'code-invalid',
    at,
    `"${shown}" is not in the required value set ${list.name}${few}.`,
    `“${shown}”不在必须使用的值集 ${list.name} 中${few}。`,
  );
}

export function code(x: unknown, name: string, list: CodeList, c: Check): void {
  if (typeof x === 'string' && list.codes.has(x)) return;
  if (!isPrimitive.code?.(x)) malformed(x, `.${name}`, 'code', c);
  else outside(`.${name}`, x as string, list, c);
}

export function codes(x: unknown, other: unknown, name: string, list: CodeList, c: Check): void {
  prims(
    x,
    other,
    name,
    'code',
    (v) => typeof v === 'string' && (list.codes.has(v) || isPrimitive.code?.(v) === true),
    c,
  );
  if (!Array.isArray(x)) return;
  for (let i = 0; i < x.length; i++) {
    const v: unknown = x[i];
    if (typeof v === 'string' && v !== '' && !list.codes.has(v)) outside(`.${name}[${i}]`, v, list, c);
  }
}

/** A required binding on CodeableConcept(s): one of the codings at least must come from the list. */
export function concept(x: unknown, name: string, list: CodingList, c: Check): void {
  if (Array.isArray(x)) {
    x.forEach((v, i) => {
      concept(v, `${name}[${i}]`, list, c);
    });
    return;
  }
  if (typeof x !== 'object' || x === null) return;
  const codings = (x as { coding?: unknown }).coding;
  const inside = (v: unknown): boolean => {
    if (typeof v !== 'object' || v === null) return false;
    const { system, code: value } = v as { system?: unknown; code?: unknown };
    return typeof system === 'string' && typeof value === 'string' && list.systems.get(system)?.has(value) === true;
  };
  if (Array.isArray(codings) && codings.some(inside)) return;
  // Data that says why it has no code (extensions only) is not contradicted by the binding.
  if (codings === undefined && (x as { text?: unknown }).text === undefined) return;
  c.add(
    'code-invalid',
    `.${name}`,
    `No coding is from the required value set ${list.name}.`,
    `没有编码取自必须使用的值集 ${list.name}。`,
  );
}

/** Reference element(s) whose target types are limited to `targets`. */
export function target(x: unknown, name: string, targets: ReadonlySet<string>, c: Check): void {
  if (Array.isArray(x)) {
    for (let i = 0; i < x.length; i++) target(x[i], `${name}[${i}]`, targets, c);
    return;
  }
  const problem = referenceProblem(x, targets, c.container);
  if (problem === undefined) return;
  const allowed = [...targets].join(', ');
  c.add(
    'value',
    `.${name}`,
    `A reference to ${problem} is not allowed here; allowed: ${allowed}.`,
    `此处不允许引用 ${problem}；允许：${allowed}。`,
  );
}

/** Notes which type a choice element took; two types at once are an error. */
export function pick(before: string, now: string, name: string, c: Check): string {
  if (before !== '' && before !== now) {
    c.add('structure', `.${name}`, `"${before}" and "${now}" exclude each other.`, `“${before}”与“${now}”只能有一个。`);
  }
  return now;
}

export function invariant(holds: boolean, key: string, english: string, zh: string, c: Check): void {
  if (!holds) c.add('invariant', '', `${key}: ${english}`, `${key}：${zh}`);
}
