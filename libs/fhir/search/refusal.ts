// Why a search is refused. The name of the offending parameter is always in it: a filter that is not understood must
// never become an unfiltered list.
import type { Issue, IssueCode } from '../validate/issue.ts';
import { suggest } from './suggest.ts';

export type Refusal = { readonly issue: Issue };

/** Outside text is cut before it is repeated. */
export function shown(s: string): string {
  return s.length > 80 ? `${s.slice(0, 80)}...` : s;
}

export function refuse(code: IssueCode, at: string, diagnostics: string, zh: string): Refusal {
  return { issue: { severity: 'error', code, expression: shown(at), diagnostics, zh } };
}

export function isRefusal(x: object): x is Refusal {
  return 'issue' in x;
}

/** `at` is the whole key as written, when `name` is only a step of it. */
export function unknownParameter(name: string, type: string, known: Iterable<string>, at: string = name): Refusal {
  const near = suggest(name, known);
  const hint = near === undefined ? '' : ` Did you mean "${near}"?`;
  const zh = near === undefined ? '' : `是否指“${near}”？`;
  const whole = at === name || at.startsWith(`${name}:`) ? '' : ` (in "${shown(at)}")`;
  return refuse(
    'not-supported',
    at,
    `Unknown search parameter "${shown(name)}" for ${type}${whole}.${hint}`,
    `${type} 没有检索参数“${shown(name)}”${whole}。${zh}`,
  );
}

export function unknownType(name: string, at: string, types: Iterable<string>): Refusal {
  const near = suggest(name, types);
  const hint = near === undefined ? '' : ` Did you mean "${near}"?`;
  const zh = near === undefined ? '' : `是否指“${near}”？`;
  return refuse(
    'not-supported',
    at,
    `Unknown resource type "${shown(name)}" in "${shown(at)}".${hint}`,
    `“${shown(at)}”中的资源类型“${shown(name)}”不存在。${zh}`,
  );
}

export function badValue(at: string, value: string, expected: string, zh: string): Refusal {
  return refuse(
    'value',
    at,
    `Parameter "${shown(at)}": "${shown(value)}" is not ${expected}.`,
    `参数“${shown(at)}”的值“${shown(value)}”不是${zh}。`,
  );
}

export function unsupportedModifier(at: string, modifier: string, type: string, known: Iterable<string>): Refusal {
  const near = suggest(modifier, known);
  const hint = near === undefined ? '' : ` Did you mean ":${near}"?`;
  const zh = near === undefined ? '' : `是否指“:${near}”？`;
  return refuse(
    'not-supported',
    at,
    `Modifier ":${shown(modifier)}" of "${shown(at)}" is not supported for ${type} parameters.${hint}`,
    `参数“${shown(at)}”的修饰符“:${shown(modifier)}”不适用于 ${type} 类型。${zh}`,
  );
}
