import { setImmediate as breathe } from 'node:timers/promises';
import { eventWriter } from '../../core/events/index.ts';
import { isDatabaseAway } from '../../kit/database-away.ts';
import { type GroupCommitter, Unit } from '../../kit/group-commit.ts';
import type { Pool } from '../../kit/pool.ts';
import type { BorderIssue, Translation } from '../fact.ts';
import { subjectOf } from './place.ts';
import type { Accepted, FactRecorder, Recorded } from './record-facts.ts';
import { outcomeWriter, type Protocol, type RawMessage, takenWriter, tallyWriter, waitingMessages } from './tables.ts';

export type Job = Accepted & { protocol: Protocol; tries: number };

export type Processor = {
  /** Hands over a message whose commit has just succeeded, with its translation, so that it need not be read and translated again. */
  offer(job: Job): void;
  /** Looks at the waiting list again: after a replay, or when another server left something behind. */
  wake(): void;
  /** Resolves when nothing waits. */
  settled(): Promise<void>;
  stop(): Promise<void>;
  readonly counters: { recorded: number; held: number; retried: number };
};

type Tools = {
  pool: Pool;
  committer: GroupCommitter;
  recorder: FactRecorder;
  /** Pure: bytes to facts, by the message's protocol; used for what was left waiting by a killed server, and for replays. */
  translate(message: RawMessage): Translation;
  /** How many senders wait for an acknowledgement at this moment. */
  sendersWaiting(): number;
  institutionOf(id: number | null): { id: number; code: string } | undefined;
  onRecorded(): void;
  onError(error: unknown): void;
};

const batchSize = 24;
/** So many are read from the waiting list at a time, and translated again: their bytes came in on another thread, or before a restart. */
const readAhead = 120;
/** Translations kept in memory beyond this are dropped; the message waits in the table all the same. */
const memoryLimit = 600;
/**
 * While more senders than `fewSenders` wait for their acknowledgement, recording steps aside: for so many times what the last batch took (a
 * sixteenth of the time is left to it then), `longestAsideMs` at most, so that what arrived first is never forgotten in a storm.
 */
const fewSenders = 4;
const asideFactor = 15;
const shortestAsideMs = 300;
const longestAsideMs = 2000;
const lookAgainMs = 20;

const personsOf = ({ institution, translation }: Accepted): Set<string> => {
  const persons = new Set<string>();
  for (const { person } of translation.facts) if (person) persons.add(String(subjectOf(institution.code, person)));
  for (const { survivor, retired } of translation.merges)
    for (const person of [survivor, retired]) persons.add(String(subjectOf(institution.code, person)));
  return persons;
};

const internalError: BorderIssue = {
  severity: 'error',
  rule: 'intake.internal',
  path: '',
  zh: '平台内部错误，消息已保存，修复后可重放',
  en: 'The platform failed on this message; it is kept and can be replayed once that is repaired',
};

/** Turns acknowledged messages into record rows, in batches of different people, each batch one transaction. */
export function startProcessor(tools: Tools): Processor {
  let queue: Job[] = [];
  let overflowed = true;
  let stopped = false;
  let working = false;
  let wakeUp: (() => void) | null = null;
  let lastTookMs = 0;
  const counters = { recorded: 0, held: 0, retried: 0 };
  const taken = new Set<bigint>();

  const loadWaiting = async (): Promise<void> => {
    overflowed = false;
    const known = new Set([...queue.map(({ message }) => message), ...taken]);
    let after = -1n;
    while (queue.length < readAhead) {
      const rows = await waitingMessages(tools.pool, after, readAhead);
      for (const row of rows) {
        after = row.id;
        if (known.has(row.id)) continue;
        const institution = tools.institutionOf(row.institution);
        if (!institution) continue;
        queue.push({
          message: row.id,
          institution,
          receivedAt: row.receivedAt,
          trace: row.trace,
          protocol: row.protocol,
          tries: row.tries,
          translation: tools.translate(row),
        });
      }
      if (rows.length < readAhead) return;
      await breathe();
    }
    overflowed = true;
  };

  /** The longest run of messages about different people; the others keep their place. */
  const nextBatch = (): Job[] => {
    const persons = new Set<string>();
    const batch: Job[] = [];
    const left: Job[] = [];
    for (const [index, job] of queue.entries()) {
      if (batch.length >= batchSize) {
        for (let rest = index; rest < queue.length; rest++) left.push(queue[rest] as Job);
        break;
      }
      const own = personsOf(job);
      const clash = [...own].some((person) => persons.has(person));
      for (const person of own) persons.add(person);
      (clash ? left : batch).push(job);
    }
    queue = left;
    return batch;
  };

  const attempt = async (batch: Job[]): Promise<'recorded' | 'again' | 'poison'> => {
    const now = Date.now();
    const unit = new Unit();
    unit.add(
      takenWriter,
      batch.map(({ message }) => ({ message })),
    );
    const good = batch.filter(({ translation }) => !translation.issues.some(({ severity }) => severity === 'error'));
    const recorded = await tools.recorder.addTo(unit, good);
    const verdicts = new Map<Job, Recorded>(good.map((job, index) => [job, recorded[index] as Recorded]));
    for (const job of batch) {
      const { translation } = job;
      const verdict = verdicts.get(job) ?? { issues: [] };
      const held = 'issues' in verdict;
      const issues = held ? [...translation.issues, ...verdict.issues] : translation.issues;
      unit.add(outcomeWriter, [
        {
          message: job.message,
          institution: job.institution.id,
          receivedAt: job.receivedAt,
          state: held ? 'held' : job.tries > 0 ? 'replayed' : 'done',
          issues,
          unmapped: translation.unmapped,
          written: held ? [] : verdict.written,
          tries: job.tries + 1,
          at: now,
        },
      ]);
      if (held)
        unit.add(eventWriter, [
          {
            at: now,
            kind: 'message-held',
            shard: 0,
            subject: null,
            institution: job.institution.id,
            payload: { message: String(job.message) },
          },
        ]);
      const sentAt = translation.sentAt ? Date.parse(translation.sentAt) : Number.NaN;
      unit.add(tallyWriter, [
        {
          institution: job.institution.id,
          protocol: job.protocol,
          kind: translation.kind,
          at: job.receivedAt,
          delaySeconds: Number.isFinite(sentAt) ? Math.max(0, (job.receivedAt - sentAt) / 1000) : 0,
          unmapped: translation.unmapped,
        },
      ]);
      counters[held ? 'held' : 'recorded']++;
    }
    const outcome = await tools.committer.commit(unit);
    if (outcome.ok) {
      tools.onRecorded();
      return 'recorded';
    }
    for (const job of batch) counters['issues' in (verdicts.get(job) ?? { issues: [] }) ? 'held' : 'recorded']--;
    counters.retried++;
    if (outcome.cause && outcome.error === 'unavailable') tools.onError(outcome.cause);
    return outcome.error === 'unavailable' && !isDatabaseAway(outcome.cause) ? 'poison' : 'again';
  };

  /** Tries a batch; what spoils it is found by trying its messages one by one. */
  const record = async (batch: Job[]): Promise<void> => {
    const outcome = await attempt(batch).catch((error: unknown) => {
      tools.onError(error);
      // A database that is away says nothing against the message: it must not be held for that.
      return isDatabaseAway(error) ? ('again' as const) : ('poison' as const);
    });
    if (outcome === 'recorded') return;
    if (batch.length > 1) {
      for (const job of batch) await record([job]);
      return;
    }
    if (outcome === 'poison') {
      const [job] = batch as [Job];
      const held = {
        ...job,
        translation: { ...job.translation, facts: [], merges: [], issues: [...job.translation.issues, internalError] },
      };
      if ((await attempt([held]).catch(tools.onError)) === 'recorded') return;
    }
    // Somebody else took it, or the database is away: the waiting list knows.
    overflowed = true;
  };

  const stepAside = async (): Promise<void> => {
    const longest = Math.min(longestAsideMs, Math.max(shortestAsideMs, lastTookMs * asideFactor));
    const began = performance.now();
    while (!stopped && tools.sendersWaiting() > fewSenders && performance.now() - began < longest)
      await new Promise((done) => setTimeout(done, lookAgainMs));
  };

  const run = async (): Promise<void> => {
    while (!stopped) {
      working = true;
      try {
        if (queue.length > 0 || overflowed) await stepAside();
        const began = performance.now();
        if (overflowed && queue.length < batchSize) await loadWaiting();
        const batch = nextBatch();
        if (batch.length > 0) {
          for (const { message } of batch) taken.add(message);
          await record(batch);
          for (const { message } of batch) taken.delete(message);
          lastTookMs = performance.now() - began;
          continue;
        }
      } catch (error) {
        tools.onError(error);
        overflowed = true;
      }
      working = false;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, overflowed ? 500 : 5000);
        wakeUp = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      wakeUp = null;
    }
  };
  // Not before the turn in which the rooms are opened has ended.
  const loop = breathe().then(run);

  return {
    counters,
    offer(job) {
      if (queue.length < memoryLimit) queue.push(job);
      else overflowed = true;
      wakeUp?.();
    },
    wake() {
      overflowed = true;
      wakeUp?.();
    },
    async settled() {
      // Others put messages on the waiting list as well: only the table knows.
      overflowed = true;
      while (working || queue.length > 0 || overflowed) {
        wakeUp?.();
        await new Promise((done) => setTimeout(done, 5));
      }
    },
    async stop() {
      stopped = true;
      wakeUp?.();
      await loop;
    },
  };
}
