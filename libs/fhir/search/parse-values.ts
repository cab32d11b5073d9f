// The values of one parameter with its modifier, by the parameter's type.
import { isResourceType, type ResourceType } from '../resource-types.ts';
import { splitEscaped, unescaped } from './escape.ts';
import type { SearchParameterInfo } from './parameters.ts';
import { dateTerm, numberTerm, ofTypeTerm, quantityTerm, referenceTerm, textTerm, tokenTerm } from './parse-term.ts';
import type { Filter, SimpleFilter } from './query.ts';
import { badValue, isRefusal, type Refusal, refuse, shown, unsupportedModifier } from './refusal.ts';

/** Modifiers by parameter type, as R4 defines them; a reference also takes a resource type. */
const MODIFIERS: Record<string, readonly string[]> = {
  string: ['missing', 'exact', 'contains'],
  token: ['missing', 'text', 'not', 'above', 'below', 'in', 'not-in', 'of-type'],
  reference: ['missing', 'identifier', 'above', 'below'],
  uri: ['missing', 'above', 'below'],
  date: ['missing'],
  number: ['missing'],
  quantity: ['missing'],
  composite: ['missing'],
  special: [],
};

export function each<T extends object>(raw: string, read: (one: string) => T | Refusal): T[] | Refusal {
  const out: T[] = [];
  for (const part of splitEscaped(raw, ',')) {
    const term = read(part);
    if (isRefusal(term)) return term;
    out.push(term);
  }
  return out;
}

export function made<T extends object, F>(terms: T[] | Refusal, make: (values: T[]) => F): F | Refusal {
  return isRefusal(terms) ? terms : make(terms);
}

/** The filter without modifier, which is also what a component of a composite takes. */
export function simpleFilter(
  at: string,
  param: SearchParameterInfo,
  raw: string,
  type?: ResourceType,
): SimpleFilter | Refusal {
  const code = param.code;
  switch (param.type) {
    case 'string':
      return made(
        each(raw, (v) => textTerm(at, v)),
        (values) => ({ kind: 'string', param: code, match: 'starts', values }),
      );
    case 'token':
      return made(
        each(raw, (v) => tokenTerm(at, v)),
        (values) => ({ kind: 'token', param: code, negate: false, values }),
      );
    case 'reference':
      return made(
        each(raw, (v) => referenceTerm(at, v, param, type)),
        (values) => ({
          kind: 'reference',
          param: code,
          direction: undefined,
          values,
        }),
      );
    case 'date':
      return made(
        each(raw, (v) => dateTerm(at, v)),
        (values) => ({ kind: 'date', param: code, values }),
      );
    case 'number':
      return made(
        each(raw, (v) => numberTerm(at, v)),
        (values) => ({ kind: 'number', param: code, values }),
      );
    case 'quantity':
      return made(
        each(raw, (v) => quantityTerm(at, v)),
        (values) => ({ kind: 'quantity', param: code, values }),
      );
    case 'uri':
      return { kind: 'uri', param: code, match: 'is', values: splitEscaped(raw, ',').map(unescaped) };
    default:
      return refuse(
        'not-supported',
        at,
        `Parameter "${shown(at)}" cannot be used here.`,
        `参数“${shown(at)}”不能用在此处。`,
      );
  }
}

export function compositeFilter(at: string, param: SearchParameterInfo, raw: string): Filter | Refusal {
  const values: SimpleFilter[][] = [];
  for (const one of splitEscaped(raw, ',')) {
    const parts = splitEscaped(one, '$');
    if (parts.length !== param.components.length) {
      const form = param.components.map((c) => c.code).join('$');
      return badValue(at, one, `of the form ${form}`, `“${form}”的形式`);
    }
    const tuple: SimpleFilter[] = [];
    for (const [i, component] of param.components.entries()) {
      const filter = simpleFilter(at, { ...component, base: param.base, targets: [], components: [] }, parts[i] ?? '');
      if (isRefusal(filter)) return filter;
      tuple.push(filter);
    }
    values.push(tuple);
  }
  return { kind: 'composite', param: param.code, values };
}

function tokenModified(at: string, code: string, modifier: string, raw: string): Filter | Refusal {
  switch (modifier) {
    case 'text':
      return made(
        each(raw, (v) => textTerm(at, v)),
        (values) => ({ kind: 'token-text', param: code, values }),
      );
    case 'in':
    case 'not-in':
      return {
        kind: 'token-set',
        param: code,
        negate: modifier === 'not-in',
        valueSets: splitEscaped(raw, ',').map(unescaped),
      };
    case 'of-type':
      return made(
        each(raw, (v) => ofTypeTerm(at, v)),
        (values) => ({ kind: 'token-of-type', param: code, values }),
      );
    case 'not':
      return made(
        each(raw, (v) => tokenTerm(at, v)),
        (values) => ({ kind: 'token', param: code, negate: true, values }),
      );
    default:
      return made(
        each(raw, (v) => tokenTerm(at, v)),
        (values) => ({
          kind: 'token-subsumes',
          param: code,
          direction: modifier === 'above' ? 'above' : 'below',
          values,
        }),
      );
  }
}

export function modified(at: string, param: SearchParameterInfo, modifier: string, raw: string): Filter | Refusal {
  const known = MODIFIERS[param.type] ?? [];
  if (param.type === 'reference' && isResourceType(modifier)) {
    if (!param.targets.includes(modifier)) {
      return refuse(
        'invalid',
        at,
        `"${shown(at)}": ${param.code} never refers to ${modifier}; it may refer to ${param.targets.join(', ')}.`,
        `“${shown(at)}”：${param.code} 不会引用 ${modifier}。`,
      );
    }
    return simpleFilter(at, param, raw, modifier);
  }
  if (!known.includes(modifier)) {
    const more = param.type === 'reference' ? [...known, ...param.targets] : known;
    return unsupportedModifier(at, modifier, param.type, more);
  }
  if (modifier === 'missing') {
    if (raw !== 'true' && raw !== 'false') return badValue(at, raw, 'true or false', ' true 或 false');
    return { kind: 'missing', param: param.code, missing: raw === 'true' };
  }
  if (param.type === 'token') return tokenModified(at, param.code, modifier, raw);
  const filter = simpleFilter(at, param, raw);
  if (isRefusal(filter)) return filter;
  if (filter.kind === 'string') return { ...filter, match: modifier === 'exact' ? 'exact' : 'contains' };
  const direction = modifier === 'above' ? 'above' : 'below';
  if (filter.kind === 'uri') return { ...filter, match: direction };
  if (filter.kind === 'reference' && modifier !== 'identifier') return { ...filter, direction };
  return made(
    each(raw, (v) => tokenTerm(at, v)),
    (values) => ({ kind: 'reference-identifier', param: param.code, values }),
  );
}
