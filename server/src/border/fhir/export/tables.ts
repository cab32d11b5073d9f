import type { Queryable } from '../../../kit/pool.ts';
import { type JobRow, jobTable } from '../job-table.ts';
import type { ExportRequest, Progress } from './request.ts';

export type Job = JobRow<Progress> & {
  institution: number | null;
  trace: string;
  address: string;
  request: ExportRequest;
};

export const { jobOf, unfinishedOf, takeJob, saveProgress, endJob, releaseJob, cancelJob, forgetExpired, knownJobs } =
  jobTable<Job>('export_job', [
    'id',
    'client',
    'institution',
    'trace',
    'address',
    'request',
    'state',
    'progress',
    'asked',
    'finished',
    'expires',
  ]);

export async function insertJob(
  db: Queryable,
  job: Pick<Job, 'id' | 'client' | 'institution' | 'trace' | 'address' | 'request' | 'progress' | 'asked'>,
): Promise<void> {
  await db.query(
    'insert into fhir.export_job (id, client, institution, trace, address, request, progress, asked) values ($1, $2, $3, $4, $5, $6, $7, $8)',
    [
      job.id,
      job.client,
      job.institution,
      job.trace,
      job.address,
      JSON.stringify(job.request),
      JSON.stringify(job.progress),
      job.asked,
    ],
  );
}
