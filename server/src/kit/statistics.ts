import type { Pool } from './pool.ts';
import { type WorkLoop, workLoop } from './work-loop.ts';

const pauseMs = 2000;
/** Tables of fewer rows are read quickly however they are planned. */
const fewRows = 500;

/**
 * Analyses every table of this user that has doubled since PostgreSQL last looked at it, and every one that it never looked at. A bulk load is over in seconds, autovacuum
 * comes round once a minute: planned without statistics, a search of a few milliseconds takes a second until then.
 * @returns the tables that were analysed
 */
export async function analyseGrown(pool: Pool): Promise<string[]> {
  const { rows } = await pool.query<{ table: string }>(
    `select format('%I.%I', s.schemaname, s.relname) as table from pg_stat_user_tables s join pg_class c on c.oid = s.relid
     where pg_has_role(c.relowner, 'usage')
       and (s.n_mod_since_analyze >= ${fewRows} + greatest(c.reltuples, 0) or (c.reltuples < 0 and pg_relation_size(c.oid) > 65536))`,
  );
  const analysed: string[] = [];
  for (const { table } of rows) {
    try {
      // Another server, or autovacuum, may be at it.
      await pool.query(`analyze (skip_locked) ${table}`);
      analysed.push(table);
    } catch (error) {
      // Somebody may have dropped it in between.
      if (!isGone(error)) throw error;
    }
  }
  return analysed;
}

/** undefined_table, invalid_schema_name */
const isGone = (error: unknown): boolean => ['42P01', '3F000'].includes((error as { code?: string }).code ?? '');

export const keepStatistics = (pool: Pool, onError: (error: unknown) => void): WorkLoop =>
  workLoop(
    async () => {
      await analyseGrown(pool);
      return false;
    },
    { pauseMs, onError },
  );
