import ucum from '@lhncbc/ucum-lhc';

const lhc = ucum.UcumLhcUtils.getInstance();

export type Converted =
  | { ok: true; value: number }
  | { ok: false; reason: 'unknown-unit' | 'different-kind' | 'molecular-weight-unknown' };

/** The words of one message repeat; a sender's free text must not fill the memory. */
const LIMIT = 5000;
const known = new Map<string, string | undefined>();

/**
 * UCUM code of a unit as a hospital writes it ('10^9/L' → '10*9/L', '℃' → 'Cel', '次/分' → '/min'), or undefined. The
 * written form is tried in `spellings` first, because `10^9/L` is legal UCUM of another meaning than people have in mind.
 */
export function ucumCode(written: string, spellings: ReadonlyMap<string, string>): string | undefined {
  const text = written.trim().normalize('NFC');
  if (text === '' || text.length > 40) return undefined;
  const spelled = spellings.get(text) ?? spellings.get(text.replace(/\s+/g, ''));
  if (spelled !== undefined) return spelled;
  if (known.has(text)) return known.get(text);
  const found = lhc.validateUnitString(text);
  const code = found.status === 'valid' ? (found.ucumCode ?? undefined) : undefined;
  if (known.size >= LIMIT) known.clear();
  known.set(text, code);
  return code;
}

/**
 * @param from UCUM code of `value`
 * @param to UCUM code wanted
 * @param molecularWeight g/mol, needed only between mass and amount of substance
 */
export function convertUnits(value: number, from: string, to: string, molecularWeight?: number): Converted {
  if (from === to) return { ok: true, value };
  const options = molecularWeight === undefined ? undefined : { molecularWeight };
  const outcome = lhc.convertUnitTo(from, value, to, options);
  if (outcome.status === 'succeeded' && typeof outcome.toVal === 'number') {
    // Twelve places: what floating point adds behind them is noise, and the longest reported result has fewer.
    return { ok: true, value: Number(outcome.toVal.toPrecision(12)) };
  }
  const legal = (unit: string): boolean => lhc.validateUnitString(unit).status === 'valid';
  if (!legal(from) || !legal(to)) return { ok: false, reason: 'unknown-unit' };
  const wantsWeight =
    molecularWeight === undefined && (outcome.msg ?? []).some((text) => text.includes('molecular weight'));
  return { ok: false, reason: wantsWeight ? 'molecular-weight-unknown' : 'different-kind' };
}
