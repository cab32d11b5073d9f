import type { Queryable } from '../../kit/pool.ts';

export type JobState = 'waiting' | 'running' | 'done' | 'failed' | 'cancelled';
/** What every long operation of a client is made of, beside its own columns. */
export type JobRow<Progress> = {
  id: string;
  client: string;
  state: JobState;
  progress: Progress;
  asked: Date;
  finished: Date | null;
  expires: Date | null;
};

/**
 * The life of a client's long operations in one table: waiting, leased by the server that works on it, done for some hours. A server that dies leaves a
 * lease that runs out; progress is compared before it moves, so two that work on one job cannot both go on.
 */
export function jobTable<Job extends JobRow<unknown>>(table: 'export_job' | 'import_job', columns: readonly string[]) {
  const list = columns.join(', ');
  return {
    /** The client's own; another's is as if it were not there. */
    async jobOf(db: Queryable, id: string, client: string): Promise<Job | undefined> {
      const { rows } = await db.query<Job>(
        `select ${list} from fhir.${table} where id = $1 and client = $2 and state <> 'cancelled'`,
        [id, client],
      );
      return rows[0];
    },
    async unfinishedOf(db: Queryable, client: string): Promise<number> {
      const { rows } = await db.query<{ n: number }>(
        `select count(*) as n from fhir.${table} where client = $1 and state in ('waiting', 'running')`,
        [client],
      );
      return rows[0]?.n ?? 0;
    },
    /** The oldest job that nobody works on, now leased to the caller for `seconds`. */
    async takeJob(db: Queryable, seconds: number): Promise<Job | undefined> {
      const { rows } = await db.query<Job>(
        `update fhir.${table} set state = 'running', lease = now() + $1 * interval '1 second' where id = (
           select id from fhir.${table} where state in ('waiting', 'running') and (lease is null or lease < now()) order by asked limit 1 for update skip locked)
         returning ${list}`,
        [seconds],
      );
      return rows[0];
    },
    /** @returns false when the job was cancelled, or taken over: whoever goes on finds what was done since, or does it again */
    async saveProgress(
      db: Queryable,
      id: string,
      before: Job['progress'],
      progress: Job['progress'],
      seconds: number,
    ): Promise<boolean> {
      const { rowCount } = await db.query(
        `update fhir.${table} set progress = $3, lease = now() + $4 * interval '1 second' where id = $1 and state = 'running' and progress = $2::jsonb`,
        [id, JSON.stringify(before), JSON.stringify(progress), seconds],
      );
      return rowCount === 1;
    },
    async endJob(db: Queryable, id: string, hours: number, error: string | null): Promise<void> {
      await db.query(
        `update fhir.${table} set state = $2, finished = now(), expires = now() + $3 * interval '1 hour', lease = null, error = $4 where id = $1 and state = 'running'`,
        [id, error === null ? 'done' : 'failed', hours, error],
      );
    },
    /** Lets go of a job, so that the next server takes it at once. */
    async releaseJob(db: Queryable, id: string): Promise<void> {
      await db.query(`update fhir.${table} set lease = null where id = $1 and state = 'running'`, [id]);
    },
    async cancelJob(db: Queryable, id: string): Promise<void> {
      await db.query(`update fhir.${table} set state = 'cancelled', expires = now() where id = $1`, [id]);
    },
    /** Forgets jobs whose time is over. */
    async forgetExpired(db: Queryable): Promise<void> {
      await db.query(`delete from fhir.${table} where expires < now()`);
    },
    /** Which of these jobs are still known: the files of all others may go. */
    async knownJobs(db: Queryable, ids: string[]): Promise<Set<string>> {
      const { rows } = await db.query<{ id: string }>(`select id from fhir.${table} where id = any($1::text[])`, [ids]);
      return new Set(rows.map(({ id }) => id));
    },
  };
}
