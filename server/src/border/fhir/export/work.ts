import type { ResourceType } from '@hutong/fhir';
import { type AuditEntry, auditWriter } from '../../../core/audit/index.ts';
import type { RecordAccessDoor } from '../../../core/identity/index.ts';
import {
  type ExportPlace,
  exportPage,
  exportSubjects,
  exportSuperseded,
  type Stored,
} from '../../../core/store/index.ts';
import { type GroupCommitter, Unit } from '../../../kit/group-commit.ts';
import type { Pool } from '../../../kit/pool.ts';
import { type WorkLoop, workLoop } from '../../../kit/work-loop.ts';
import type { JobFiles } from '../job-files.ts';
import { membersOf, type People } from './members.ts';
import type { ExportFile, Progress } from './request.ts';
import { sliceOf } from './slice.ts';
import { endJob, forgetExpired, type Job, knownJobs, releaseJob, saveProgress, takeJob } from './tables.ts';

/** Files are kept for so long after the export is done. */
export const keptHours = 24;
const leaseSeconds = 30;
const page = { rows: 2000, bytes: 4_000_000 };
const peoplePage = 5000;
/** A file is ended here (sealed bytes), so that clients can fetch several at once. */
const fileBytes = 64_000_000;

/** What was received before the export's instant may be committed after it, this much later at most. */
const underWayMs = 1000;
const settled = (job: Job): Promise<void> =>
  new Promise((done) => setTimeout(done, Math.max(0, job.asked.getTime() + underWayMs - Date.now())));

export type ExportWorkOptions = {
  pool: Pool;
  committer: GroupCommitter;
  records: RecordAccessDoor;
  files: JobFiles;
  onError(error: unknown): void;
};

const placeOf = (after: string | null): ExportPlace | null => {
  const [received, key] = after?.split('|') ?? [];
  return received && key ? { received: Number(received), key } : null;
};

/** Works on one export at a time, page by page; after each page the file and then the progress are durable, so any server goes on from there. */
export function startExports({ pool, committer, records, files, onError }: ExportWorkOptions): WorkLoop {
  /** Every look is durable before a line of the export is written. */
  async function notePeople(job: Job, people: People | null, type: ResourceType, after: bigint | null) {
    const subjects = await exportSubjects(pool, sliceOf(job, people, type), after, peoplePage);
    const entries = subjects.map(
      (subject): AuditEntry => ({
        at: Date.now(),
        agent: `client ${job.client}`,
        role: 'client',
        institution: job.institution,
        action: 'export',
        what: `${job.request.level} $export ${type}`,
        subject,
        resident: people?.get(subject)?.resident ?? null,
        ground: people?.get(subject)?.ground ?? 'own-institution',
        trace: job.trace,
      }),
    );
    if (entries.length > 0) {
      const kept = await committer.commit(new Unit().add(auditWriter, entries));
      if (!kept.ok) throw new Error('the looks of an export could not be noted');
    }
    return subjects.length === peoplePage ? (subjects.at(-1) as bigint) : null;
  }

  const nextType = (job: Job, progress: Progress): Progress =>
    progress.type + 1 < job.request.types.length
      ? { ...progress, type: progress.type + 1, phase: progress.phase === 'people' ? 'people' : 'rows', after: null }
      : progress.phase === 'people'
        ? { ...progress, phase: 'rows', type: 0, after: null }
        : { ...progress, type: progress.type + 1, after: null };

  async function append(job: Job, type: ResourceType, list: ExportFile[], rows: Stored[]): Promise<ExportFile[]> {
    if (rows.length === 0) return list;
    const last = list.at(-1);
    const fresh = !last || last.type !== type || last.bytes >= fileBytes;
    const number = fresh ? list.length : list.length - 1;
    const file = fresh ? { type, count: 0, bytes: 0 } : last;
    const bytes = await files.append(job.id, number, file.bytes, rows.map(({ body }) => `${body}\n`).join(''));
    return [...list.slice(0, number), { type, count: file.count + rows.length, bytes }];
  }

  type ExportPage = Awaited<ReturnType<typeof exportPage>>;
  type Ahead = { after: string | null; page: Promise<ExportPage> };
  async function run(job: Job, stopped: () => boolean): Promise<void> {
    const people = job.request.level === 'Group' ? await membersOf(pool, records, job) : null;
    let progress = job.progress;
    /** The page after this one is read while this one is written. */
    let ahead: Ahead | null = null;
    while (!stopped() && progress.type < job.request.types.length) {
      const before: Progress = progress;
      const type = job.request.types[progress.type] as ResourceType;
      const slice = sliceOf(job, people, type);
      if (progress.phase === 'people') {
        const last = await notePeople(job, people, type, progress.after === null ? null : BigInt(progress.after));
        progress = last === null ? nextType(job, progress) : { ...progress, after: String(last) };
        if (progress.phase === 'rows') await settled(job);
      } else if (progress.phase === 'rows') {
        const { rows, next }: ExportPage = await (ahead && ahead.after === progress.after
          ? ahead.page
          : exportPage(pool, slice, placeOf(progress.after), page));
        const after: string | null = next ? `${next.received}|${next.key}` : null;
        ahead = next ? { after, page: exportPage(pool, slice, next, page) } : null;
        ahead?.page.catch(() => {});
        progress = {
          ...progress,
          files: await append(job, type, progress.files, rows),
          after,
          phase: after === null ? 'superseded' : 'rows',
        };
      } else {
        const { rows, next } = await exportSuperseded(pool, slice, progress.after, 200);
        const written = { ...progress, files: await append(job, type, progress.files, rows) };
        progress = next === null ? nextType(job, written) : { ...written, after: next };
      }
      if (!(await saveProgress(pool, job.id, before, progress, leaseSeconds))) return;
    }
    if (stopped()) await releaseJob(pool, job.id);
    else await endJob(pool, job.id, keptHours, null);
  }

  async function clean(): Promise<void> {
    await forgetExpired(pool);
    const there = await files.jobs();
    const known = await knownJobs(pool, there);
    for (const job of there) if (!known.has(job)) await files.remove(job);
  }

  let cleanedAt = 0;
  return workLoop(
    async (stopped) => {
      if (Date.now() - cleanedAt > 60_000) {
        cleanedAt = Date.now();
        await clean();
      }
      const job = await takeJob(pool, leaseSeconds);
      if (!job) return false;
      try {
        await run(job, stopped);
      } catch (error) {
        onError(error);
        // A database that was away for a moment must not end an export: it stays leased, and is taken up again when the lease is over.
        if ((error as { code?: string }).code?.startsWith('42')) await endJob(pool, job.id, keptHours, 'failed');
      }
      return true;
    },
    { pauseMs: 2000, onError },
  );
}
