import { systems } from '@hutong/contract/systems.ts';
import type { Context } from '../context.ts';
import { codeSystem, codeText } from './codes.ts';
import type { Repetition } from './segment-reader.ts';

export type Unit = { unit?: string; system?: string; code?: string };
export type Quantity = Unit & { value: number; comparator?: string };

const FULL_WIDTH: Record<string, string> = { '＜': '<', '＞': '>', '≤': '<=', '≥': '>=', '〈': '<', '〉': '>' };
/** What nearly every analyser sends. */
const PLAIN = /^\d{1,9}(\.\d{1,6})?$/;
const NUMBER = /^(<=|>=|<|>)?\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?)$/;

/**
 * A number with an optional comparator. NM allows no comparator, but analysers send `<0.1` (also in full width) in NM, and
 * refusing it would lose the result. undefined when it is no number.
 */
export function parseNumber(text: string): { value: number; comparator?: string } | undefined {
  if (PLAIN.test(text)) return { value: Number(text) };
  const plain = text.trim().replace(/[＜＞≤≥〈〉]/g, (mark) => FULL_WIDTH[mark]!);
  const parts = NUMBER.exec(plain);
  if (!parts) return undefined;
  const value = Number(parts[2]);
  if (!Number.isFinite(value)) return undefined;
  return { value, ...(parts[1] ? { comparator: parts[1] } : {}) };
}

/**
 * CE/CWE of a unit. A stated UCUM code is taken as UCUM; a code of another system keeps that system; a bare text is only the
 * printed unit, and the terminology room maps it later.
 */
export function unit(value: Repetition | undefined, context: Context): Unit {
  const code = codeText(value?.text(1) ?? '');
  if (!value || code === '') return {};
  const display = value.text(2);
  const name = value.text(3);
  const system = name === '' ? undefined : codeSystem(name, context.options.institution);
  return { unit: system === systems.ucum ? code : display || code, ...(system ? { system, code } : {}) };
}

/** A unit inside subcomponents (CQ-2): code&text&system. */
function subUnit(value: Repetition, c: number, context: Context): Unit {
  const code = codeText(value.text(c, 1));
  const display = value.text(c, 2);
  const system = codeSystem(value.text(c, 3), context.options.institution);
  if (code === '') return display === '' ? {} : { unit: display };
  return { unit: display || code, ...(system ? { system, code } : {}) };
}

/** CQ (quantity^unit) as Quantity. */
export function compositeQuantity(value: Repetition, context: Context): Quantity | undefined {
  const number = parseNumber(value.text(1));
  const measured = subUnit(value, 2, context);
  return number ? { ...number, ...measured } : undefined;
}

const RANGE = /^\s*([+-]?\d+(?:\.\d+)?)\s*(?:-|–|—|~|～|to|至)+\s*([+-]?\d+(?:\.\d+)?)\s*$/i;

/** OBX-7: printed text always; low and high when it is a plain numeric range or a bound. */
export function referenceRange(text: string, measured: Unit): Record<string, unknown> {
  const range = RANGE.exec(text);
  if (range)
    return { low: { value: Number(range[1]), ...measured }, high: { value: Number(range[2]), ...measured }, text };
  const bound = parseNumber(text);
  if (bound?.comparator) {
    const side = bound.comparator.startsWith('<') ? 'high' : 'low';
    return { [side]: { value: bound.value, ...measured }, text };
  }
  return { text };
}
