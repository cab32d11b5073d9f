import { type ResourceType, type SearchQuery, searchParameters } from '@hutong/fhir';
import { byColumn, unionOf } from '../search-layout.ts';
import { paramNumber } from '../tokens.ts';
import { type Binder, NotSearchable } from './at.ts';

/** One sort key: where a row's value comes from. Rows without a value come last, whichever the direction (FHIR R4 §3.1.1.5.2 leaves it open). */
export type Key = {
  descending: boolean;
  nullable: boolean;
  kind: 'time' | 'text' | 'number';
  sql(type: ResourceType, alias: string, bind: Binder): string;
};

const ranges = new Set(['date', 'number', 'quantity']);
const texts = new Set(['string', 'uri']);
const lettered = new Set(['token', 'reference', 'uri']);

/**
 * Without `_sort`: newest first by when we received it. The row's key decides between equals, so the order is total.
 * @returns null for an order that no index has: codes, references (`from-bodies.ts`)
 */
export function orderOf(query: SearchQuery, types: readonly ResourceType[]): Key[] | null {
  if (query.sort.length === 0)
    return [{ descending: true, nullable: false, kind: 'time', sql: (_type, alias) => `${alias}.received` }];
  const keys = query.sort.map(({ param, descending }): Key | null => {
    if (param === '_lastUpdated')
      return { descending, nullable: false, kind: 'time', sql: (_type, alias) => `${alias}.received` };
    if (param === '_id')
      return { descending, nullable: false, kind: 'text', sql: (_type, alias) => `${alias}.id collate "C"` };
    const kinds = new Set(types.map((type) => kindOf(type, param)));
    const [kind] = kinds;
    if (kinds.size !== 1 || !kind) throw new NotSearchable(`_sort=${param}`);
    if (kind === 'letters') return null;
    const [table, column] =
      kind === 'number'
        ? ['range', descending ? 'max(s.low)' : 'min(s.low)']
        : ['string', descending ? 'max(s.value)' : 'min(s.value)'];
    return {
      descending,
      nullable: true,
      kind,
      sql: (type, alias, bind) =>
        `(select ${column} from store.${table} s where s.shard = ${alias}.shard and s.key = ${alias}.key and s.param = any(${bind((unionOf(type, param) ?? [param]).map((one) => paramNumber(type, one)))}::int4[]))`,
    };
  });
  return keys.includes(null) ? null : (keys as Key[]);
}

/** What the index holds in an order: ranges and texts. Codes and references are stored as words without one: 'letters'. */
function kindOf(type: ResourceType, param: string): 'text' | 'number' | 'letters' | null {
  const info = searchParameters(type).get(param);
  if (!info || byColumn.has(param)) return null;
  if (ranges.has(info.type)) return 'number';
  if (texts.has(info.type) && !param.startsWith('_')) return 'text';
  return lettered.has(info.type) ? 'letters' : null;
}

export type Cell = string | number | null;

/** The condition "after the row with these values": each prefix of keys equal, the next one beyond. */
export function afterSql(keys: readonly Key[], cells: readonly Cell[], key: string, bind: Binder): string {
  const parts: string[] = [];
  const equal: string[] = [];
  keys.forEach(({ descending, nullable, kind }, index) => {
    const column = `p.s${index}`;
    const cell = cells[index] ?? null;
    const type = { time: 'timestamptz', text: 'text', number: 'float8' }[kind];
    if (cell === null) {
      equal.push(`${column} is null`);
      return;
    }
    const value = `${bind(cell)}::${type}${kind === 'text' ? ' collate "C"' : ''}`;
    parts.push(
      [...equal, `(${column} ${descending ? '<' : '>'} ${value}${nullable ? ` or ${column} is null` : ''})`].join(
        ' and ',
      ),
    );
    equal.push(`${column} = ${value}`);
  });
  parts.push([...equal, `p.key > ${bind(key)}::int8`].join(' and '));
  // The leading key once more, alone: it lets the index begin at the place instead of at the top.
  const [lead] = keys;
  const first = cells[0];
  const bound =
    lead && !lead.nullable && first !== null && first !== undefined
      ? `p.s0 ${lead.descending ? '<=' : '>='} ${bind(first)}::${lead.kind === 'time' ? 'timestamptz' : 'text'} and `
      : '';
  return `${bound}(${parts.map((part) => `(${part})`).join(' or ')})`;
}
