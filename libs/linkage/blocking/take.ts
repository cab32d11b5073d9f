import { alternatives, type Field } from '../compare/field.ts';
import type { Take } from '../schema.ts';
import { hasHan, tokens } from '../strings/fold.ts';
import { soundex } from '../strings/soundex.ts';

/** What a blocking key reads from one folded value: none, one or several pieces. */
export function takeFrom(field: Field, folded: string, take: Take): string[] {
  const out = new Set<string>();
  for (const value of alternatives(folded)) {
    for (const piece of pieces(field, value, take)) if (piece !== '') out.add(piece);
  }
  return [...out];
}

function pieces(field: Field, value: string, take: Take): string[] {
  const signs = field.comparator.base?.(value) ?? value;
  switch (take) {
    case 'all':
    case 'sorted':
      return [signs];
    case 'start':
      return [signs.slice(0, hasHan(signs) ? 2 : 4)];
    case 'initial':
      return [[...signs][0] ?? ''];
    case 'end':
      return [signs.slice(-4)];
    case 'soundex':
      return field.comparator.sounds?.(value) ?? [soundex(signs)];
    case 'words':
      return tokens(signs).filter((word) => word.length > 1);
    case 'year':
      return [value.slice(0, 4)];
    case 'month-day':
      return value.endsWith('0000') ? [] : [value.slice(4)];
    case 'half-first':
      return signs.length < 6 ? [] : [signs.slice(0, signs.length >> 1)];
    case 'half-last':
      return signs.length < 6 ? [] : [signs.slice(signs.length >> 1)];
  }
}
