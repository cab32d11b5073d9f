import { extractSearchValues, type Filter, type ResourceType, type SearchQuery, type SearchValue } from '@hutong/fhir';
import type { Queryable } from '../../../kit/pool.ts';
import { contentWords, wordsOf } from '../narrative-words.ts';
import { type Row, type Stored, storedColumns, toStored } from '../read.ts';
import { stringLength, unionOf } from '../search-layout.ts';
import { NotSearchable } from './at.ts';
import type { Cell } from './order.ts';

/**
 * What no index holds (the order of codes and references, the words of a whole resource) is read from the rows that the other filters and the caller's
 * scope leave, as long as they are no more than this; beyond, the search is refused with what it lacks.
 */
const mostBodies = 2000;

async function bodies(
  db: Queryable,
  named: string,
  wheres: readonly { where: string }[],
  values: readonly unknown[],
): Promise<Stored[]> {
  const { rows } = await db.query<Row>(
    wheres
      .map(({ where }) => `(select ${storedColumns('r')} from store.resource r where ${where} limit ${mostBodies + 1})`)
      .join(' union all '),
    [...values],
  );
  if (rows.length > mostBodies) throw new NotSearchable(`${named} (more than ${mostBodies} matches)`);
  return rows.map(toStored);
}

export type FullText = Extract<Filter, { kind: 'full-text' }>;
export const isContent = (filter: Filter): filter is FullText =>
  filter.kind === 'full-text' && filter.scope === 'content';

/** Keys of the rows that hold every word of one of each filter's values, anywhere: in their texts, codes, numbers and narrative. */
export async function withContent(
  db: Queryable,
  contents: readonly FullText[],
  where: string,
  values: readonly unknown[],
): Promise<bigint[]> {
  const asked = contents.map((filter) => filter.values.map(({ value }) => wordsOf(value, true)));
  return (await bodies(db, '_content', [{ where }], values)).flatMap(({ key, body }) => {
    const words = contentWords(JSON.parse(body));
    const holds = (wanted: string[]): boolean => wanted.length > 0 && wanted.every((word) => words.has(word));
    return asked.every((one) => one.some(holds)) ? [key] : [];
  });
}

/** What a row is sorted by: a code or reference by its letters, whatever else has an order by that. */
function cellOf(value: SearchValue): string | number | null {
  switch (value.kind) {
    case 'token':
      return value.code ?? value.text ?? null;
    case 'reference':
      return value.url ?? (value.type && value.id ? `${value.type}/${value.id}` : (value.identifier?.value ?? null));
    case 'date':
      return value.start;
    case 'number':
    case 'quantity':
      return value.low;
    case 'string':
      return value.folded;
    case 'uri':
      return value.value;
    default:
      return null;
  }
}

/** Texts by their bytes, as the index's collation does. */
const compare = (a: string | number, b: string | number): number =>
  typeof a === 'number' || typeof b === 'number'
    ? Number(a) - Number(b)
    : Buffer.compare(Buffer.from(a), Buffer.from(b));

function cellsOf({ type, id, received, body }: Stored, sort: SearchQuery['sort']): Cell[] {
  const values = [...extractSearchValues(JSON.parse(body) as object)];
  return sort.map(({ param, descending }) => {
    if (param === '_id') return id;
    if (param === '_lastUpdated') return received.getTime();
    const params = unionOf(type, param) ?? [param];
    let best: string | number | null = null;
    for (const value of values) {
      const cell = params.includes(value.param) ? cellOf(value) : null;
      if (cell !== null && (best === null || compare(cell, best) < 0 !== descending)) best = cell;
    }
    return typeof best === 'string' ? best.slice(0, stringLength) : best;
  });
}

/** The order of pages everywhere: rows without a value last, the internal key between equals. */
function inOrder(sort: SearchQuery['sort'], a: Sorted, b: Sorted): number {
  for (const [index, { descending }] of sort.entries()) {
    const [x, y] = [a.cells[index] ?? null, b.cells[index] ?? null];
    if (x === null || y === null) {
      if (x !== y) return x === null ? 1 : -1;
      continue;
    }
    const order = compare(x, y);
    if (order !== 0) return descending ? -order : order;
  }
  return a.key < b.key ? -1 : a.key > b.key ? 1 : 0;
}

type Sorted = { cells: Cell[]; key: bigint };

/** A page in an order that no index has. */
export async function sortedFromBodies(
  db: Queryable,
  sort: SearchQuery['sort'],
  wheres: readonly { type: ResourceType; where: string }[],
  values: readonly unknown[],
  place: { cells: Cell[]; key: string } | null,
  count: number,
): Promise<{ matches: Stored[]; next: { cells: Cell[]; key: string } | null }> {
  const named = `_sort=${sort.map(({ param, descending }) => `${descending ? '-' : ''}${param}`).join(',')}`;
  const rows = (await bodies(db, named, wheres, values)).map((row) => ({
    row,
    key: row.key,
    cells: cellsOf(row, sort),
  }));
  const from = place && { cells: place.cells, key: BigInt(place.key) };
  const after = rows.filter((one) => !from || inOrder(sort, one, from) > 0).sort((a, b) => inOrder(sort, a, b));
  const last = after.length > count ? after[count - 1] : undefined;
  return {
    matches: after.slice(0, count).map(({ row }) => row),
    next: last ? { cells: last.cells, key: String(last.key) } : null,
  };
}
