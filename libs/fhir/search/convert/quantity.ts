import { finite, type Json, type Out, object, text } from './json.ts';

export function numberPrimitive(o: Out, param: string, x: unknown): void {
  const v = finite(x);
  if (v !== undefined) o.push({ kind: 'number', param, low: v, high: v });
}

export function numberRange(o: Out, param: string, x: unknown): void {
  const r = object(x);
  const low = finite(object(r?.low)?.value);
  const high = finite(object(r?.high)?.value);
  if (low === undefined && high === undefined) return;
  o.push({
    kind: 'number',
    param,
    low: low ?? Number.NEGATIVE_INFINITY,
    high: high ?? Number.POSITIVE_INFINITY,
  });
}

export function quantity(o: Out, param: string, x: unknown): void {
  const qty = object(x);
  const value = finite(qty?.value);
  if (qty === undefined || value === undefined) return;
  const c = qty.comparator;
  o.push({
    kind: 'quantity',
    param,
    value,
    low: c === '<' || c === '<=' ? Number.NEGATIVE_INFINITY : value,
    high: c === '>' || c === '>=' ? Number.POSITIVE_INFINITY : value,
    system: text(qty.system),
    code: text(qty.code),
    unit: text(qty.unit),
  });
}

function pushSpan(
  o: Out,
  param: string,
  low: number | undefined,
  high: number | undefined,
  unit: Json | undefined,
): void {
  if (low === undefined && high === undefined) return;
  o.push({
    kind: 'quantity',
    param,
    value: undefined,
    low: low ?? Number.NEGATIVE_INFINITY,
    high: high ?? Number.POSITIVE_INFINITY,
    system: text(unit?.system),
    code: text(unit?.code),
    unit: text(unit?.unit),
  });
}

export function quantityRange(o: Out, param: string, x: unknown): void {
  const r = object(x);
  if (r === undefined) return;
  const low = object(r.low);
  const high = object(r.high);
  pushSpan(o, param, finite(low?.value), finite(high?.value), low ?? high);
}

export function quantityMoney(o: Out, param: string, x: unknown): void {
  const m = object(x);
  const value = finite(m?.value);
  if (m === undefined || value === undefined) return;
  const code = text(m.currency);
  const system = code === undefined ? undefined : 'urn:iso:std:iso:4217';
  o.push({ kind: 'quantity', param, value, low: value, high: value, system, code, unit: code });
}

/** From the lowest to the highest sample; "L" and "U" stand for the limits of the device, "E" for an error. */
export function quantitySampled(o: Out, param: string, x: unknown): void {
  const s = object(x);
  const origin = object(s?.origin);
  const zero = finite(origin?.value);
  if (s === undefined || zero === undefined || typeof s.data !== 'string') return;
  const factor = finite(s.factor) ?? 1;
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const word of s.data.split(' ')) {
    const sample =
      word === 'L'
        ? finite(s.lowerLimit)
        : word === 'U'
          ? finite(s.upperLimit)
          : word === ''
            ? undefined
            : finite(Number(word));
    if (sample === undefined) continue;
    const v = zero + sample * factor;
    if (v < low) low = v;
    if (v > high) high = v;
  }
  if (low <= high) pushSpan(o, param, low, high, origin);
}
