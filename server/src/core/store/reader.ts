import { coalesce } from '../../kit/coalesce.ts';
import type { Pool } from '../../kit/pool.ts';
import { resourceKey, typeName } from './keys.ts';
import { type Row, readResource, type Stored } from './read.ts';
import { openSql, type Scope } from './scope.ts';
import { bodyOf } from './sealed-bodies.ts';

/** What a read by id hands out, and whose it is. */
export type Shown = Pick<Stored, 'key' | 'type' | 'id' | 'version' | 'subject' | 'received' | 'body'>;

/** {@link readResource}, with the reads of the same moment in one query. */
export type Reader = (scope: Scope, type: string, id: string) => Promise<Shown | 'gone' | null>;

type ShownRow = Pick<Row, 'type' | 'id' | 'version' | 'subject' | 'received' | 'body' | 'sealed'> & { n: number };
const toShown = (asked: Asked, row: ShownRow): Shown => ({
  key: BigInt(asked.slice(0, asked.indexOf(' '))),
  type: typeName(row.type),
  id: row.id,
  version: row.version,
  subject: row.subject === null ? null : BigInt(row.subject),
  received: row.received,
  body: bodyOf(row),
});

type Asked = `${bigint} ${number} ${number}`;

/**
 * Most reads are by clients that see what their own institution wrote: those differ in three numbers (key, institution, label), each
 * asker's own beside its key, so one statement answers all of them under the scope of each. Any other scope, and whatever is not
 * found this way, is asked for by itself.
 */
export function openReader(pool: Pool): Reader {
  const own = coalesce<Asked, Shown>(
    async (asked) => {
      const parts = asked.map((one) => one.split(' '));
      const { rows } = await pool.query<ShownRow>({
        name: 'store-read',
        text: `select a.n::int4, r.type, r.id, r.version, r.subject::text, r.received, r.body, r.sealed from unnest($1::int8[], $2::int4[], $3::int2[]) with ordinality as a (key, institution, label, n)
               join store.resource r on r.key = a.key where r.label <= a.label and (${openSql('r')} or r.institution = a.institution)`,
        values: [0, 1, 2].map((at) => parts.map((part) => part[at])),
      });
      return new Map(
        rows.map((row) => {
          const one = asked[row.n - 1] as Asked;
          return [one, toShown(one, row)];
        }),
      );
    },
    { lanes: 2 },
  );
  return async (scope, type, id) => {
    const { institutions, subjects, maxLabel } = scope;
    if (institutions !== 'all' && institutions.length === 1 && subjects.length === 0) {
      const found = await own(`${resourceKey(type, id)} ${institutions[0] as number} ${maxLabel}`);
      if (found && found.type === type && found.id === id) return found;
    }
    return readResource(pool, scope, type, id);
  };
}
