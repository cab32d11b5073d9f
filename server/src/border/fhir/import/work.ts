import type { Call, Caller } from '../../../core/access/index.ts';
import { type AuditEntry, auditWriter } from '../../../core/audit/index.ts';
import { type GroupCommitter, Unit } from '../../../kit/group-commit.ts';
import { type WorkLoop, workLoop } from '../../../kit/work-loop.ts';
import type { FhirDoor } from '../door.ts';
import type { Entry } from '../entry.ts';
import type { JobFiles } from '../job-files.ts';
import { outcomeOf } from '../outcome.ts';
import { incomingOf, submit } from '../submit.ts';
import { type Line, linesOf, readLine } from './lines.ts';
import {
  endJob,
  forgetExpired,
  type Job,
  knownJobs,
  type Progress,
  releaseJob,
  saveProgress,
  takeJob,
} from './tables.ts';

/** Counts and refusals are kept for so long after the import is done. */
const keptHours = 24;
const leaseSeconds = 60;
/** Lines of one transaction; when one of them is refused, they are taken one by one. */
const linesAtOnce = 50;
/** Numbers of the two files of a job: what came, and what was refused. */
export const [uploaded, refusals] = [0, 1] as const;

export type ImportWorkOptions = {
  door: FhirDoor;
  committer: GroupCommitter;
  files: JobFiles;
  onError(error: unknown): void;
};

type Refusal = { line: number; type: string; outcome: object };

/**
 * Takes uploads line by line through the same intake as every other write: the job and the line are the name of the message, so that whoever goes on after a
 * kill repeats what may have been taken, and it is taken once.
 */
export function startImports({ door, committer, files, onError }: ImportWorkOptions): WorkLoop {
  async function write(
    job: Job,
    call: Call,
    name: string,
    lines: Line[],
  ): Promise<{ status: number; outcome: object }> {
    const institution = door.directory.institution(job.institution);
    if (!institution) throw new Error('the institution of an import is gone');
    const bytes = Buffer.from(lines.map(({ text }) => text).join('\n'));
    const incoming = incomingOf(call, institution, bytes, 'import', `import ${job.id} ${name}`);
    const entries = lines.map(({ read }) => read as Entry);
    const { status = 200, body } = await submit(door, call, incoming, entries, (result) =>
      result.ok
        ? { status: 200, headers: {}, body: null }
        : { status: result.status, headers: {}, body: outcomeOf(result.issues) },
    );
    return { status, outcome: (typeof body === 'string' ? JSON.parse(body) : (body ?? {})) as object };
  }

  /** @throws when the platform cannot store at this moment: the lines are taken up again later */
  async function take(job: Job, call: Call, lines: Line[]): Promise<Refusal[]> {
    const refused: Refusal[] = [];
    const good: Line[] = [];
    for (const line of lines) {
      if (Array.isArray(line.read)) refused.push({ line: line.number, type: '', outcome: outcomeOf(line.read) });
      else good.push(line);
    }
    const together = async (some: Line[]): Promise<void> => {
      const [first, last] = [some[0], some.at(-1)];
      if (!first || !last) return;
      const { status, outcome } = await write(job, call, `${first.number}-${last.number}`, some);
      if (status === 503) throw new Error('an import met a store that is not there');
      if (status < 300) return;
      if (some.length === 1) refused.push({ line: first.number, type: (first.read as Entry).type, outcome });
      else for (const line of some) await together([line]);
    };
    await together(good);
    return refused.sort((one, other) => one.line - other.line);
  }

  async function keepRefusals(job: Job, { errorBytes }: Progress, refused: Refusal[]): Promise<number> {
    if (refused.length === 0) return errorBytes;
    const text = refused.map((one) => `${JSON.stringify(placedAt(one))}\n`).join('');
    return files.append(job.id, refusals, errorBytes, text);
  }

  async function run(job: Job, stopped: () => boolean): Promise<void> {
    if (door.directory.senderByClient(job.client)?.institution.id !== job.institution) {
      await endJob(door.pool, job.id, keptHours, 'The client is not registered any more');
      return;
    }
    const caller = { ...job.caller, kind: 'client', id: job.client, institution: job.institution } as Caller;
    let progress = job.progress;
    let waiting: Line[] = [];
    const step = async (): Promise<boolean> => {
      const looks: AuditEntry[] = [];
      const refused = await take(job, callOf(job, caller, looks), waiting);
      if (looks.length > 0 && !(await committer.commit(new Unit().add(auditWriter, looks))).ok)
        throw new Error('the looks of an import could not be noted');
      const next: Progress = {
        line: waiting.at(-1)?.number ?? progress.line,
        taken: progress.taken + waiting.length - refused.length,
        refused: progress.refused + refused.length,
        errorBytes: await keepRefusals(job, progress, refused),
      };
      if (!(await saveProgress(door.pool, job.id, progress, next, leaseSeconds))) return false;
      progress = next;
      waiting = [];
      return true;
    };
    for await (const line of linesOf(files.read(job.id, uploaded, job.bytes), progress.line)) {
      if (stopped()) break;
      waiting.push(readLine(caller, line));
      if (waiting.length >= linesAtOnce && !(await step())) return;
    }
    if (stopped()) {
      await releaseJob(door.pool, job.id);
      return;
    }
    if (waiting.length > 0 && !(await step())) return;
    await endJob(door.pool, job.id, keptHours, null);
  }

  let cleanedAt = 0;
  async function clean(): Promise<void> {
    if (Date.now() - cleanedAt < 60_000) return;
    cleanedAt = Date.now();
    await forgetExpired(door.pool);
    const there = await files.jobs();
    const known = await knownJobs(door.pool, there);
    for (const job of there) if (!known.has(job)) await files.remove(job);
  }

  return workLoop(
    async (stopped) => {
      await clean();
      const job = await takeJob(door.pool, leaseSeconds);
      // One that fails stays leased, and is taken up again from its last line when the lease is over.
      if (job) await run(job, stopped);
      return job !== undefined;
    },
    { pauseMs: 2000, onError },
  );
}

/** Which line a refusal speaks of, in words and as a place. */
function placedAt({ line, type, outcome }: Refusal): object {
  const { issue = [] } = outcome as { issue?: { diagnostics?: string; expression?: string[] }[] };
  return {
    ...outcome,
    issue: issue.map(({ diagnostics, expression, ...rest }) => ({
      ...rest,
      diagnostics: `line ${line}: ${diagnostics ?? ''}`,
      ...(expression && { expression: expression.map((path) => path.replace(/^line\[\d+\](?:\.resource)?/, type)) }),
    })),
  };
}

/** The client's own request, gone on with after it was answered. */
function callOf(job: Job, caller: Caller, looks: AuditEntry[]): Call {
  const entry = (what: Parameters<Call['look']>[0]): AuditEntry => ({
    ...what,
    at: Date.now(),
    agent: `client ${caller.id}`,
    role: caller.role,
    institution: caller.institution,
    trace: job.trace,
  });
  return {
    caller,
    params: {},
    query: {},
    rawQuery: '',
    headers: {},
    body: undefined,
    trace: job.trace,
    now: Date.now(),
    origin: job.base,
    look: (what) => void looks.push(entry(what)),
    lookIn: (unit, what) => void unit.add(auditWriter, [entry(what)]),
  };
}
