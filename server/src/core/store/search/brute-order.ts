import type { SearchQuery } from '@hutong/fhir';
import { resourceKey } from '../keys.ts';
import { isMatch, type Known, type Row } from './brute-force.ts';

/** Test support: the order of an answer, by looking at every value of every row. */

/** The value that a sort key looks at: the smallest for ascending, the largest for descending. */
function sortValue(row: Row, { param, descending }: SearchQuery['sort'][0]): string | number | null {
  if (param === '_id') return row.id;
  if (param === '_lastUpdated') return row.received;
  const found = row.values.flatMap((value): (string | number)[] => {
    if (value.param !== param) return [];
    if (value.kind === 'date') return [value.start];
    if (value.kind === 'number' || value.kind === 'quantity') return [value.low];
    if (value.kind === 'token') return [value.code ?? value.text ?? []].flat();
    if (value.kind === 'reference')
      return [value.url ?? (value.type ? `${value.type}/${value.id}` : (value.identifier?.value ?? []))].flat();
    return value.kind === 'string' ? [value.folded] : value.kind === 'uri' ? [value.value] : [];
  });
  if (found.length === 0) return null;
  return found.reduce((best, one) => (compare(one, best) < 0 === descending ? best : one));
}

/** Texts by their bytes, as a "C" collation does. */
const compare = (a: string | number, b: string | number): number =>
  typeof a === 'number' ? a - (b as number) : Buffer.compare(Buffer.from(a), Buffer.from(b as string));

/** Ids in the order of the answer. @param world the rows that the caller may see */
export function bruteForce(query: SearchQuery, world: readonly Row[], known: Known = {}): string[] {
  const sort = query.sort.length > 0 ? query.sort : [{ param: '_lastUpdated', descending: true }];
  const found = world.filter(
    (row) => query.types.includes(row.type) && query.filters.every((filter) => isMatch(filter, row, world, known)),
  );
  const keys = new Map(
    found.map((row) => [row, { sort: sort.map((one) => sortValue(row, one)), key: resourceKey(row.type, row.id) }]),
  );
  return found
    .sort((a, b) => {
      const [left, right] = [keys.get(a), keys.get(b)] as [
        { sort: (string | number | null)[]; key: bigint },
        { sort: (string | number | null)[]; key: bigint },
      ];
      for (const [index, { descending }] of sort.entries()) {
        const [x, y] = [left.sort[index] ?? null, right.sort[index] ?? null];
        if (x === null && y === null) continue;
        if (x === null || y === null) return x === null ? 1 : -1;
        const order = compare(x, y);
        if (order !== 0) return descending ? -order : order;
      }
      return left.key < right.key ? -1 : 1;
    })
    .map(({ id }) => id);
}
