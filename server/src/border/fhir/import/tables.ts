import type { Queryable } from '../../../kit/pool.ts';
import { type JobRow, jobTable } from '../job-table.ts';

/** How far an import is: lines read, resources taken and refused, and the bytes of the file of refusals that are durable. */
export type Progress = { line: number; taken: number; refused: number; errorBytes: number };
export const firstProgress: Progress = { line: 0, taken: 0, refused: 0, errorBytes: 0 };

export type Job = JobRow<Progress> & {
  institution: number;
  caller: { role: string; permissions: readonly string[]; scopes: readonly string[] };
  /** The platform's origin as the client sees it. */
  base: string;
  trace: string;
  /** Of the uploaded file, as it lies sealed. */
  bytes: number;
  error: string | null;
};

export const { jobOf, unfinishedOf, takeJob, saveProgress, endJob, releaseJob, cancelJob, forgetExpired, knownJobs } =
  jobTable<Job>('import_job', [
    'id',
    'client',
    'institution',
    'caller',
    'base',
    'trace',
    'bytes',
    'state',
    'progress',
    'asked',
    'finished',
    'expires',
    'error',
  ]);

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
