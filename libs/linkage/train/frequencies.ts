import { alternatives, type Field } from '../compare/field.ts';
import type { FieldModel } from '../model.ts';
import { readPool } from '../table/pool.ts';
import type { Table } from '../table/table.ts';

/** Values kept by name; the long tail shares one rest. */
const MOST_VALUES = 50_000;

/**
 * Share of strangers that have a value. `repeats` = records of the same entity a record meets on average: they are
 * taken off each count, or a rare name of a person with ten records would pass for a common one.
 */
export function measureFrequencies(field: Field, table: Table, f: number, repeats: number): FieldModel['frequencies'] {
  if (!field.usesFrequency) return null;
  const { values, pool } = table.columns[f]!;
  const counts = new Uint32Array(table.pools[pool]!.ends.length);
  for (let row = 0; row < table.size; row++) counts[values[row]!]!++;
  const text = readPool(table.pools[pool]!);
  const byValue = new Map<string, number>();
  let total = 0;
  for (let value = 1; value < counts.length; value++) {
    if (counts[value] === 0) continue;
    total += counts[value]!;
    if (counts[value] === 1 && table.size > 100_000) continue; // hapaxes fall into the rest
    for (const one of alternatives(text(value))) byValue.set(one, (byValue.get(one) ?? 0) + counts[value]!);
  }
  if (total === 0) return null;
  const sorted = [...byValue].filter(([, count]) => count > 1 + repeats);
  sorted.sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  const kept = sorted.slice(0, MOST_VALUES);
  return {
    values: Object.fromEntries(kept.map(([value, count]) => [value, Math.max(count - repeats, 1) / total])),
    rest: Math.max(1, (sorted[MOST_VALUES]?.[1] ?? 1) - repeats) / total,
  };
}
