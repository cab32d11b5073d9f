import type { Queryable } from '../../../kit/pool.ts';

/** How far an import is: lines read, resources taken and refused, and the bytes of the file of refusals that are durable. */
export type Progress = { line: number; taken: number; refused: number; errorBytes: number };
export const firstProgress: Progress = { line: 0, taken: 0, refused: 0, errorBytes: 0 };

export type Job = {
  id: string;
  client: string;
  institution: number;
  caller: { role: string; permissions: readonly string[]; scopes: readonly string[] };
  /** The platform's origin as the client sees it. */
  base: string;
  trace: string;
  /** Of the uploaded file, as it lies sealed. */
  bytes: number;
  state: 'waiting' | 'running' | 'done' | 'failed' | 'cancelled';
  progress: Progress;
  asked: Date;
  finished: Date | null;
  expires: Date | null;
  error: string | null;
};

const columns = 'id, client, institution, caller, base, trace, bytes, state, progress, asked, finished, expires, error';

export async function insertJob(
  db: Queryable,
  job: Omit<Job, 'state' | 'progress' | 'finished' | 'expires' | 'error'>,
): Promise<void> {
  await db.query(
    'insert into fhir.import_job (id, client, institution, caller, base, trace, bytes, progress, asked) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)',
    [
      job.id,
      job.client,
      job.institution,
      JSON.stringify(job.caller),
      job.base,
      job.trace,
      job.bytes,
      JSON.stringify(firstProgress),
      job.asked,
    ],
  );
}

/** The client's own; another's is as if it were not there. */
export async function jobOf(db: Queryable, id: string, client: string): Promise<Job | undefined> {
  const { rows } = await db.query<Job>(
    `select ${columns} from fhir.import_job where id = $1 and client = $2 and state <> 'cancelled'`,
    [id, client],
  );
  return rows[0];
}

export async function unfinishedOf(db: Queryable, client: string): Promise<number> {
  const { rows } = await db.query<{ n: number }>(
    `select count(*) as n from fhir.import_job where client = $1 and state in ('waiting', 'running')`,
    [client],
  );
  return rows[0]?.n ?? 0;
}

/** The oldest job that nobody works on, now leased to the caller for `seconds`. */
export async function takeJob(db: Queryable, seconds: number): Promise<Job | undefined> {
  const { rows } = await db.query<Job>(
    `update fhir.import_job set state = 'running', lease = now() + $1 * interval '1 second' where id = (
       select id from fhir.import_job where state in ('waiting', 'running') and (lease is null or lease < now()) order by asked limit 1 for update skip locked)
     returning ${columns}`,
    [seconds],
  );
  return rows[0];
}

/** @returns false when the job was cancelled, or taken over: then what was done since is found as done by whoever goes on */
export async function saveProgress(
  db: Queryable,
  id: string,
  before: Progress,
  progress: Progress,
  seconds: number,
): Promise<boolean> {
  const { rowCount } = await db.query(
    `update fhir.import_job set progress = $3, lease = now() + $4 * interval '1 second' where id = $1 and state = 'running' and progress = $2::jsonb`,
    [id, JSON.stringify(before), JSON.stringify(progress), seconds],
  );
  return rowCount === 1;
}

export async function endJob(db: Queryable, id: string, hours: number, error: string | null): Promise<void> {
  await db.query(
    `update fhir.import_job set state = $2, finished = now(), expires = now() + $3 * interval '1 hour', lease = null, error = $4 where id = $1 and state = 'running'`,
    [id, error === null ? 'done' : 'failed', hours, error],
  );
}

export async function releaseJob(db: Queryable, id: string): Promise<void> {
  await db.query(`update fhir.import_job set lease = null where id = $1 and state = 'running'`, [id]);
}

export async function cancelJob(db: Queryable, id: string): Promise<void> {
  await db.query(`update fhir.import_job set state = 'cancelled', expires = now() where id = $1`, [id]);
}

export async function forgetExpired(db: Queryable): Promise<void> {
  await db.query('delete from fhir.import_job where expires < now()');
}

/** Which of these jobs are still known: the files of all others may go. */
export async function knownJobs(db: Queryable, ids: string[]): Promise<Set<string>> {
  const { rows } = await db.query<{ id: string }>('select id from fhir.import_job where id = any($1::text[])', [ids]);
  return new Set(rows.map(({ id }) => id));
}
