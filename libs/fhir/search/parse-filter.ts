// One parameter of a search: name, modifier, chain or `_has`, and its values.
import { isResourceType, type ResourceType, resourceTypes } from '../resource-types.ts';
import { splitEscaped } from './escape.ts';
import { type SearchParameterInfo, searchParameters } from './parameters.ts';
import { nearTerm, textTerm } from './parse-term.ts';
import { compositeFilter, each, made, modified, simpleFilter } from './parse-values.ts';
import type { Filter } from './query.ts';
import {
  badValue,
  isRefusal,
  type Refusal,
  refuse,
  shown,
  unknownParameter,
  unknownType,
  unsupportedModifier,
} from './refusal.ts';

/** A chain without types fans out over every target of every step; past this many branches it must name them. */
export type Budget = { branches: number };
export const MAX_BRANCHES = 500;

function specialFilter(at: string, param: SearchParameterInfo, raw: string): Filter | Refusal {
  if (param.code === 'near') {
    return made(
      each(raw, (v) => nearTerm(at, v)),
      (values) => ({ kind: 'near', param: param.code, values }),
    );
  }
  const scope = param.code === '_text' ? 'narrative' : 'content';
  return made(
    each(raw, (v) => textTerm(at, v)),
    (values) => ({ kind: 'full-text', scope, values }),
  );
}

function chain(
  type: ResourceType,
  key: string,
  dot: number,
  raw: string,
  at: string,
  budget: Budget,
): Filter | Refusal {
  const [name = '', only, more] = key.slice(0, dot).split(':');
  const rest = key.slice(dot + 1);
  const known = searchParameters(type);
  const param = known.get(name);
  if (param === undefined) return unknownParameter(name, type, known.keys(), at);
  if (param.type !== 'reference' || more !== undefined) {
    return refuse(
      'invalid',
      at,
      `"${shown(at)}": ${name} of ${type} is not a reference and cannot be chained.`,
      `“${shown(at)}”：${type} 的 ${name} 不是引用，不能链式检索。`,
    );
  }
  if (only !== undefined && !isResourceType(only)) return unknownType(only, at, param.targets);
  if (only !== undefined && !param.targets.includes(only)) {
    return refuse(
      'invalid',
      at,
      `"${shown(at)}": ${name} of ${type} never refers to ${only}.`,
      `“${shown(at)}”：${type} 的 ${name} 不会引用 ${only}。`,
    );
  }
  const branches: { type: ResourceType; filter: Filter }[] = [];
  let refusal: Refusal | undefined;
  for (const target of only === undefined ? param.targets : [only]) {
    if (--budget.branches < 0) {
      return refuse(
        'too-costly',
        at,
        `"${shown(at)}" leads to too many types; name them, as in ${name}:${param.targets[0] ?? 'Patient'}.`,
        `“${shown(at)}”涉及的类型过多，请指明类型。`,
      );
    }
    const filter = parseFilter(target, rest, raw, at, budget);
    if (isRefusal(filter)) refusal = filter.issue.code === 'too-costly' || refusal === undefined ? filter : refusal;
    else branches.push({ type: target, filter });
    if (refusal?.issue.code === 'too-costly') return refusal;
  }
  // Types that lack the parameter simply do not match; only when none has it is the search refused.
  if (branches.length > 0) return { kind: 'chain', param: name, branches };
  if (refusal?.issue.code === 'not-supported' && only === undefined && param.targets.length > 1) {
    return refuse(
      'not-supported',
      at,
      `"${shown(at)}": none of ${param.targets.slice(0, 8).join(', ')} can be searched by "${shown(rest)}".`,
      `“${shown(at)}”：${param.targets.slice(0, 8).join('、')} 均不支持按“${shown(rest)}”检索。`,
    );
  }
  return (
    refusal ??
    refuse('invalid', at, `"${shown(at)}": ${name} leads to no type.`, `“${shown(at)}”：${name} 没有目标类型。`)
  );
}

function has(type: ResourceType, key: string, raw: string, at: string, budget: Budget): Filter | Refusal {
  const m = /^_has:([^:]*):([^:]*):(.+)$/.exec(key);
  if (m === null)
    return refuse(
      'invalid',
      at,
      `"${shown(at)}" is not of the form _has:Type:reference:parameter.`,
      `“${shown(at)}”应为 _has:类型:引用参数:参数 的形式。`,
    );
  const [, source = '', name = '', rest = ''] = m;
  if (!isResourceType(source)) return unknownType(source, at, resourceTypes);
  const known = searchParameters(source);
  const param = known.get(name);
  if (param === undefined) return unknownParameter(name, source, known.keys(), at);
  if (param.type !== 'reference' || !param.targets.includes(type)) {
    return refuse(
      'invalid',
      at,
      `"${shown(at)}": ${name} of ${source} never refers to ${type}.`,
      `“${shown(at)}”：${source} 的 ${name} 不会引用 ${type}。`,
    );
  }
  if (--budget.branches < 0) return refuse('too-costly', at, `"${shown(at)}" is too deep.`, `“${shown(at)}”嵌套过深。`);
  const filter = parseFilter(source, rest, raw, at, budget);
  return isRefusal(filter) ? filter : { kind: 'has', type: source, param: name, filter };
}

/** `key=raw` as a filter on `type`; `at` is the whole key as the client wrote it, for error texts. */
export function parseFilter(
  type: ResourceType,
  key: string,
  raw: string,
  at: string,
  budget: Budget,
): Filter | Refusal {
  if (key.startsWith('_has:')) return has(type, key, raw, at, budget);
  const dot = key.indexOf('.');
  if (dot >= 0) return chain(type, key, dot, raw, at, budget);
  const colon = key.indexOf(':');
  const name = colon < 0 ? key : key.slice(0, colon);
  if (raw === '' || splitEscaped(raw, ',').includes('')) return badValue(at, raw, 'a value', '有效的值');
  if (name === '_list') {
    if (colon >= 0) return unsupportedModifier(at, key.slice(colon + 1), '_list', []);
    const id = raw.startsWith('List/') ? raw.slice(5) : raw;
    return /^[A-Za-z0-9\-.$]{1,64}$/.test(id)
      ? { kind: 'list', id }
      : badValue(at, raw, 'the id of a List', '有效的 List id');
  }
  const known = searchParameters(type);
  const param = known.get(name);
  if (param === undefined) return unknownParameter(name, type, known.keys(), at);
  if (colon >= 0) return modified(at, param, key.slice(colon + 1), raw);
  if (param.type === 'composite') return compositeFilter(at, param, raw);
  if (param.type === 'special') return specialFilter(at, param, raw);
  return simpleFilter(at, param, raw);
}
