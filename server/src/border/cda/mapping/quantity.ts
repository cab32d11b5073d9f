import { systems } from '@hutong/contract/systems.ts';
import { shippedTerminology } from '../../../core/terminology/index.ts';
import { compact } from '../compact.ts';
import type { Context } from '../context.ts';
import { at, type XmlElement } from '../read/element.ts';

export type Quantity = { value: number; comparator?: string; unit?: string; system?: string; code?: string };

const NUMBER = /^(<=|>=|<|>|≤|≥)?\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?)$/;
const COMPARATORS: Record<string, string> = { '≤': '<=', '≥': '>=' };

/** '5.6', '<0.01', '≥100' with a unit as written; undefined when the text is no number. */
export function quantity(text: string, unit: string): Quantity | undefined {
  const parts = NUMBER.exec(text.normalize('NFKC').trim());
  const value = Number(parts?.[2]);
  if (!parts || !Number.isFinite(value)) return undefined;
  const sign = parts[1] ?? '';
  const comparator = COMPARATORS[sign] ?? sign;
  return { value, ...(comparator === '' ? {} : { comparator }), ...unitOf(unit) };
}

/** UCUM where the unit as written has one; the sender's spelling always stays in `unit`. */
export function unitOf(unit: string): Pick<Quantity, 'unit' | 'system' | 'code'> {
  if (unit === '') return {};
  const code = shippedTerminology().unit(unit);
  return code === undefined ? { unit } : { unit, system: systems.ucum, code };
}

/** Reference range of an observation as CDA R2 writes it: IVL_PQ with low and high, or a text. */
export function referenceRange(context: Context, observation: XmlElement | undefined, unit: string): unknown[] {
  const range = at(observation, 'referenceRange/observationRange');
  const value = at(range, 'value');
  const limit = (name: string): Quantity | undefined => {
    const element = at(value, name);
    return quantity(context.reading.attribute(element, 'value'), context.reading.attribute(element, 'unit') || unit);
  };
  const text = context.reading.text(at(range, 'text')) || context.reading.text(value);
  const found = compact({ low: limit('low'), high: limit('high'), text });
  return Object.keys(found).length === 0 ? [] : [found];
}
