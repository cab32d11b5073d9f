// One value of a search parameter, by the parameter's type.
import { isResourceType, resourceTypes } from '../resource-types.ts';
import { dateRange } from './date.ts';
import { splitEscaped, unescaped } from './escape.ts';
import { fold } from './fold.ts';
import type { SearchParameterInfo } from './parameters.ts';
import type { DateTerm, NumberTerm, Prefix, QuantityTerm, ReferenceTerm, TextTerm, TokenTerm } from './query.ts';
import { parseReference } from './reference.ts';
import { badValue, isRefusal, type Refusal, refuse, shown, unknownType } from './refusal.ts';

const PREFIXED = /^(eq|ne|gt|lt|ge|le|sa|eb|ap)(?=[\d+.-])/;
const STRANGE_PREFIX = /^([A-Za-z]+)(?=[\d+.-])/;
const DECIMAL = /^[+-]?(?:\d+(?:\.(\d+))?|\.(\d+))(?:[eE]([+-]?\d{1,3}))?$/;

export function textTerm(at: string, raw: string): TextTerm | Refusal {
  const value = unescaped(raw);
  const folded = fold(value);
  return folded === '' ? badValue(at, raw, 'a text with content', '有内容的文本') : { value, folded };
}

export function tokenTerm(at: string, raw: string): TokenTerm | Refusal {
  const parts = splitEscaped(raw, '|').map(unescaped);
  const [first = '', second] = parts;
  if (parts.length > 2) return badValue(at, raw, 'of the form system|code', '“系统|代码”的形式');
  if (second === undefined) return { system: undefined, code: first };
  if (first === '' && second === '') return badValue(at, raw, 'of the form system|code', '“系统|代码”的形式');
  return { system: first === '' ? null : first, code: second === '' ? undefined : second };
}

export function ofTypeTerm(at: string, raw: string): { system: string; code: string; value: string } | Refusal {
  const [system, code, value, more] = splitEscaped(raw, '|').map(unescaped);
  if (!system || !code || !value || more !== undefined) {
    return badValue(at, raw, 'of the form system|code|value', '“系统|代码|值”的形式');
  }
  return { system, code, value };
}

/** Takes the prefix off; one that does not exist is named, not taken for part of the value. */
function prefixed(at: string, raw: string): { prefix: Prefix; rest: string } | Refusal {
  const m = PREFIXED.exec(raw);
  if (m) return { prefix: m[1] as Prefix, rest: raw.slice(2) };
  const strange = STRANGE_PREFIX.exec(raw)?.[1];
  if (strange !== undefined) {
    return refuse(
      'not-supported',
      at,
      `Parameter "${shown(at)}": there is no prefix "${shown(strange)}".`,
      `参数“${shown(at)}”：不存在前缀“${shown(strange)}”。`,
    );
  }
  return { prefix: 'eq', rest: raw };
}

export function dateTerm(at: string, raw: string): DateTerm | Refusal {
  const p = prefixed(at, raw);
  if (isRefusal(p)) return p;
  const range = dateRange(p.rest);
  if (range === undefined)
    return badValue(at, raw, 'a date (YYYY, YYYY-MM, YYYY-MM-DD, with or without time)', '有效的日期');
  return { prefix: p.prefix, start: range.start, end: range.end };
}

export function numberTerm(at: string, raw: string): NumberTerm | Refusal {
  const p = prefixed(at, raw);
  if (isRefusal(p)) return p;
  const m = DECIMAL.exec(p.rest);
  const value = Number(p.rest);
  if (m === null || !Number.isFinite(value)) return badValue(at, raw, 'a number', '有效的数字');
  const decimals = (m[1] ?? m[2] ?? '').length;
  const exponent = Number(m[3] ?? 0);
  // "100" means 99.5 to 100.5, "100.00" 99.995 to 100.005: half a unit of the last digit given.
  // (R4 prints 95 to 105 for "1e2", which follows from neither rule; R5 corrects it to 50 to 150.)
  const half = p.prefix === 'ap' ? Math.abs(value) / 10 : 0.5 * 10 ** (exponent - decimals);
  return { prefix: p.prefix, value, low: value - half, high: value + half };
}

export function quantityTerm(at: string, raw: string): QuantityTerm | Refusal {
  const parts = splitEscaped(raw, '|').map(unescaped);
  if (parts.length > 3) return badValue(at, raw, 'of the form number|system|code', '“数值|系统|单位”的形式');
  const n = numberTerm(at, parts[0] ?? '');
  if (isRefusal(n)) return n;
  // "5.4|mg" has lost a bar: taking "mg" for a system would find nothing and say nothing.
  if (parts.length === 2)
    return badValue(at, raw, 'of the form number|system|code or number||unit', '“数值|系统|单位”的形式');
  return { ...n, system: parts[1] || undefined, code: parts[2] || undefined };
}

export function referenceTerm(
  at: string,
  raw: string,
  param: SearchParameterInfo,
  type: string | undefined,
): ReferenceTerm | Refusal {
  const value = unescaped(raw);
  if (!value.includes('/') && !value.includes(':')) {
    if (!/^[A-Za-z0-9\-.]{1,64}$/.test(value)) return badValue(at, raw, 'an id or a reference', '有效的 id 或引用');
    const only = type ?? (param.targets.length === 1 ? param.targets[0] : undefined);
    return { type: isResourceType(only) ? only : undefined, id: value, version: undefined, url: undefined };
  }
  const bar = value.indexOf('|');
  if (bar > 0) return { type: undefined, id: undefined, version: value.slice(bar + 1), url: value.slice(0, bar) };
  const p = parseReference(value);
  if (p.type === undefined && !value.includes(':')) return unknownType(value.split('/')[0] ?? '', at, resourceTypes);
  if (type !== undefined && p.type !== undefined && p.type !== type) {
    return refuse(
      'invalid',
      at,
      `Parameter "${shown(at)}" asks for ${type} but names a ${p.type}.`,
      `参数“${shown(at)}”要求 ${type}，却给出 ${p.type}。`,
    );
  }
  return { type: isResourceType(p.type) ? p.type : undefined, id: p.id, version: p.version, url: p.url };
}

const METRES: Record<string, number> = { m: 1, km: 1000, '[mi_us]': 1609.3472, '[mi_i]': 1609.344, '[nmi_i]': 1852 };

export function nearTerm(
  at: string,
  raw: string,
): { latitude: number; longitude: number; metres: number | undefined } | Refusal {
  const [lat = '', lon = '', distance = '', unit = 'km', more] = splitEscaped(raw, '|').map(unescaped);
  const latitude = Number(lat);
  const longitude = Number(lon);
  const factor = METRES[unit === '' ? 'km' : unit];
  const far = distance === '' ? undefined : Number(distance);
  const isPlace = DECIMAL.test(lat) && DECIMAL.test(lon) && Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180;
  if (
    !isPlace ||
    more !== undefined ||
    factor === undefined ||
    (far !== undefined && !(far >= 0 && DECIMAL.test(distance)))
  ) {
    return badValue(at, raw, 'of the form latitude|longitude|distance|units', '“纬度|经度|距离|单位”的形式');
  }
  return { latitude, longitude, metres: far === undefined ? undefined : far * factor };
}
