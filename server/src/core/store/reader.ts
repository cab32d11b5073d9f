import { coalesce } from '../../kit/coalesce.ts';
import type { Pool } from '../../kit/pool.ts';
import { resourceKey } from './keys.ts';
import { type Row, readResource, type Stored, storedColumns, toStored } from './read.ts';
import { openSql, type Scope } from './scope.ts';

/** {@link readResource}, with the reads of the same moment in one query. */
export type Reader = (scope: Scope, type: string, id: string) => Promise<Stored | 'gone' | null>;

type Asked = `${bigint} ${number} ${number}`;

/**
 * Most reads are by clients that see what their own institution wrote: those differ in three numbers (key, institution, label), each
 * asker's own beside its key, so one statement answers all of them under the scope of each. Any other scope, and whatever is not
 * found this way, is asked for by itself.
 */
export function openReader(pool: Pool): Reader {
  const own = coalesce<Asked, Stored>(
    async (asked) => {
      const parts = asked.map((one) => one.split(' '));
      const { rows } = await pool.query<Row & { n: number }>({
        name: 'store-read',
        text: `select a.n::int4, ${storedColumns('r')} from unnest($1::int8[], $2::int4[], $3::int2[]) with ordinality as a (key, institution, label, n)
               join store.resource r on r.key = a.key where r.label <= a.label and (${openSql('r')} or r.institution = a.institution)`,
        values: [0, 1, 2].map((at) => parts.map((part) => part[at])),
      });
      return new Map(rows.map(({ n, ...row }) => [asked[n - 1] as Asked, toStored(row)]));
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
