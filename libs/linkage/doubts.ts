import { BETWEEN, type Field, MISSING } from './compare/field.ts';
import { readPool } from './table/pool.ts';
import type { Table } from './table/table.ts';

/** Where the fields stand that these rules look at; null for a schema without a Chinese name or a resident number. */
export type DoubtFields = { name: number; number: number; birth: number; categories: number[]; homes: number[] };

export function doubtFields(fields: readonly Field[]): DoubtFields | null {
  const place = (test: (field: Field) => boolean): number => fields.findIndex(test);
  const places = (...kinds: string[]): number[] =>
    fields.flatMap(({ spec }, f) => (kinds.includes(spec.kind) ? [f] : []));
  const name = place(({ spec }) => spec.kind === 'chinese-name');
  const number = place(({ spec }) => spec.check === 'mod11-2');
  if (name < 0 || number < 0) return null;
  return {
    name,
    number,
    birth: place(({ spec }) => spec.kind === 'date'),
    categories: places('category'),
    homes: places('phone', 'address'),
  };
}

const ONE_NAME = new Set(['exact', 'variant']);

/** Why a pair waits for a person, however well the rest agrees: see `doubtOf`. */
export type Doubt = 'other-name' | 'two-numbers' | 'other-sex' | 'near-name' | 'longer-name';

/**
 * One name at one home: name the same or a variant, birth date near, sex not another, telephone or address shared. Nobody gives a name
 * twice in one family, so two numbers of one area and birth date are then a slip, not twins.
 */
export function isOneAtHome(
  fields: readonly Field[],
  at: DoubtFields | null,
  levelAt: (field: number) => number,
  agrees: (field: number) => boolean,
): boolean {
  if (at === null || levelAt(at.name) === MISSING) return false;
  if (!ONE_NAME.has(fields[at.name]!.levels[levelAt(at.name)]!.code)) return false;
  if (at.birth >= 0 && !agrees(at.birth)) return false;
  const isOther = (f: number): boolean => levelAt(f) !== MISSING && fields[f]!.levels[levelAt(f)]!.code === 'differs';
  return !at.categories.some(isOther) && at.homes.some(agrees);
}

/**
 * Pairs that no weight links without a person, however well the rest agrees. People of one home, twins first, and people whose numbers collide
 * by a slip make such pairs; no unlabelled data can teach how seldom, for they look like one person written twice:
 *
 * - a plainly other name, even with an equal number: the number may be a slip away from its own; or that of one of several newborns;
 * - two valid numbers that are no slip of each other, each bearing the birth date its own record states (`bothBearOut`): two people,
 *   for a number of a parent or an agent bears another date; or two that share area and birth date: twins, or namesakes born on one day, unless one name lives at one home;
 * - a name that is only near and another sex, even with an equal number: it may be a brother's or sister's;
 * - a name that is only near, without a number that agrees, and beside it a birth date that is not equal;
 * - a name with a character more (杨杰, 杨超杰), without a number that agrees and without a telephone or an address in common.
 */
export function doubtOf(
  fields: readonly Field[],
  at: DoubtFields | null,
  levelAt: (field: number) => number,
  agrees: (field: number) => boolean,
  bothBearOut: boolean,
): Doubt | null {
  if (at === null) return null;
  const code = (f: number): string => (f < 0 || levelAt(f) === MISSING ? '' : fields[f]!.levels[levelAt(f)]!.code);
  const name = code(at.name);
  if (name === 'differs' || name === 'one-of-several-births') return 'other-name';
  const number = code(at.number);
  if (bothBearOut && number === 'differs') return 'two-numbers';
  if (number === 'both-valid-same-stem' && !isOneAtHome(fields, at, levelAt, agrees)) return 'two-numbers';
  if (name === '' || ONE_NAME.has(name)) return null;
  if (at.categories.some((f) => code(f) === 'differs')) return 'other-sex';
  if (agrees(at.number)) return null;
  const birth = code(at.birth);
  if (birth !== '' && birth !== 'exact') return 'near-name';
  return name === 'order-or-missing' && !at.homes.some(agrees) ? 'longer-name' : null;
}

/** Whether a valid resident number bears this birth date (both folded). */
export const bearsOut = (field: Field, number: string, birth: string): boolean =>
  birth.length === 8 && number.slice(6, 14) === birth && field.comparator.proves?.(number) === true;

/** What a row's valid number says beside the row's birth date: no such number or no birth date, that date, another one. */
export const BEARING = { unknown: 0, own: 1, other: 2 } as const;

/** `BEARING` per row. */
export function rowsBearingOut(fields: readonly Field[], table: Table): Uint8Array {
  const at = doubtFields(fields);
  const out = new Uint8Array(table.size);
  if (at === null || at.birth < 0) return out;
  const [numbers, births] = [table.columns[at.number]!, table.columns[at.birth]!];
  const [number, birth] = [readPool(table.pools[numbers.pool]!), readPool(table.pools[births.pool]!)];
  const { comparator } = fields[at.number]!;
  for (let row = 0; row < table.size; row++) {
    const [n, b] = [numbers.values[row]!, births.values[row]!];
    if (n === 0 || b === 0) continue;
    const [text, date] = [number(n), birth(b)];
    if (text.includes(BETWEEN) || date.length !== 8 || comparator.proves?.(text) !== true) continue;
    out[row] = text.slice(6, 14) === date ? BEARING.own : BEARING.other;
  }
  return out;
}
