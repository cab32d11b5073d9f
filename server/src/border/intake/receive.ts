import { auditWriter } from '../../core/audit/index.ts';
import { eventWriter } from '../../core/events/index.ts';
import { coalesce } from '../../kit/coalesce.ts';
import { type GroupCommitter, Unit } from '../../kit/group-commit.ts';
import { key64, sm3 } from '../../kit/hash.ts';
import type { Pool } from '../../kit/pool.ts';
import type { BorderIssue, Translation } from '../fact.ts';
import type { Processor } from './processor.ts';
import { type Packed, pack } from './raw.ts';
import {
  againWriter,
  idAllocator,
  type Known,
  knownMessages,
  messageWriter,
  outcomeWriter,
  type Protocol,
  waitingWriter,
} from './tables.ts';

/** A message at the border, read but not yet stored. */
export type Incoming = {
  protocol: Protocol;
  /** Who says they sent it: 'APP|FACILITY', or a client id. */
  sender: string;
  /** Who that is; null for a sender the directory does not know. */
  institution: { id: number; code: string } | null;
  /** Why it is null, where there is more to say than that nobody is registered under this name. */
  refusal?: BorderIssue;
  raw: Uint8Array;
  /** SM3 of `raw`, if the caller has it already. */
  contentSm3?: string;
  charset: string;
  receivedAt: number;
  trace: string;
  /** Its kind, control id, facts and issues; for bytes that could not be read, a translation with only issues. */
  translation: Translation;
  /** false: only its head was read; the content is translated, and judged, when it is recorded. */
  judged?: false;
  /** What makes two messages the same: the sender's control id (live connections), or the content (archives, whose control ids repeat). */
  identity?: 'control-id' | 'content';
  /** The answer for an outcome, in the sender's own format. Kept, so that the same message gets the same answer. */
  acknowledge(outcome: 'taken' | 'held' | 'refused' | 'conflict' | 'unavailable', issues: BorderIssue[]): string;
};

export type Receipt = {
  /**
   * taken: durable, and on its way into the record. held: durable, with an error to be repaired. refused: durable, sender not known.
   * again: seen before, same answer as then. conflict: the control id was used before for other content (kept beside it).
   * unavailable: nothing was stored; the sender must send again.
   */
  outcome: 'taken' | 'held' | 'refused' | 'again' | 'conflict' | 'unavailable';
  acknowledgement: string;
  message: bigint | null;
  issues: BorderIssue[];
};

/** What a synchronous writer (FHIR) adds to the message's own transaction. */
export type Immediate = (
  unit: Unit,
  message: bigint,
) => Promise<
  | { ok: true; response: string; written: { resourceType: string; id: string; version: number }[] }
  | { ok: false; response: string; issues: BorderIssue[] }
>;

export type Intake = {
  /** Stores, then resolves: when it resolves with `taken` or `held` the bytes are on disk (fsync) and will not be lost. */
  receive(incoming: Incoming): Promise<Receipt>;
  /**
   * For protocols whose answer tells what became of the message: message and record rows in one transaction. `work` is called again
   * when somebody else changed a row in between.
   */
  receiveNow(incoming: Incoming, work: Immediate): Promise<Receipt>;
  readonly counters: {
    taken: number;
    held: number;
    refused: number;
    again: number;
    conflict: number;
    unavailable: number;
  };
  /** Messages between arrival and answer. */
  underWay(): number;
};

const conflictIssue: BorderIssue = {
  severity: 'error',
  rule: 'intake.control-id-reused',
  path: 'MSH-10',
  zh: '该消息控制号已用于另一条内容不同的消息；两条都已保存，原消息不变',
  en: 'This control id was used before for a message with other content; both are kept and the first one stands',
};
const unknownSender: BorderIssue = {
  severity: 'error',
  rule: 'intake.unknown-sender',
  path: 'MSH-4',
  zh: '发送方未在机构目录登记',
  en: 'The sender is not registered in the directory',
};
const unavailableIssue: BorderIssue = {
  severity: 'error',
  rule: 'intake.unavailable',
  path: '',
  zh: '平台暂时无法保存消息，请稍后重发',
  en: 'The platform cannot store messages at this moment; send again later',
};

/** Two messages are the same one when sender and control id agree; without a control id, when the content does. */
function dedupeKey({ protocol, sender, institution, translation, identity }: Incoming, contentSm3: string): bigint {
  // The institution is part of it: MSH-3 and MSH-4 are what somebody wrote, and a token may speak for another institution.
  const who = `${protocol.slice(0, 5)}|${institution?.code ?? ''}|${sender}`;
  return key64(
    translation.controlId && identity !== 'content' ? `${who}|${translation.controlId}` : `${who}||${contentSm3}`,
  );
}

const attemptsOnConflict = 8;
/** A sender that sends one message again (a broken connection, a replayed archive) will send more: so long each is looked up first. */
const askFirstMs = 5000;
/** Longer ones are shown cut (an index entry holds 2.7 kB); which message is the same as which is decided by the whole one. */
const longestControlId = 200;

export function openIntake(
  pool: Pool,
  committer: GroupCommitter,
  processor: () => Pick<Processor, 'offer' | 'wake'>,
  onCommitted: () => void,
): Intake {
  const nextId = idAllocator(pool);
  const known = coalesce<bigint, Known>((keys) => knownMessages(pool, keys));
  let lastAgain = Number.NEGATIVE_INFINITY;
  const inFlight = new Map<bigint, Promise<unknown>>();
  const counters = { taken: 0, held: 0, refused: 0, again: 0, conflict: 0, unavailable: 0 };

  /** The same message may arrive twice at once: the second waits for the first and is then a duplicate of it. */
  const oneAtATime = async <T>(dedupe: bigint, work: () => Promise<T>): Promise<T> => {
    for (let running = inFlight.get(dedupe); running; running = inFlight.get(dedupe)) await running;
    const promise = work();
    const settled = promise.catch(() => {});
    inFlight.set(dedupe, settled);
    try {
      return await promise;
    } finally {
      if (inFlight.get(dedupe) === settled) inFlight.delete(dedupe);
    }
  };

  const seenBefore = async (incoming: Incoming, before: Known, contentSm3: string): Promise<Receipt> => {
    lastAgain = performance.now();
    const same = before.contentSm3 === contentSm3;
    const unit = new Unit().add(againWriter, [
      { message: before.id, at: incoming.receivedAt, contentSm3, raw: same ? null : await pack(incoming.raw) },
    ]);
    const outcome = await committer.commit(unit);
    if (!outcome.ok) return unavailable(incoming);
    counters[same ? 'again' : 'conflict']++;
    if (same) return { outcome: 'again', acknowledgement: before.acknowledgement, message: before.id, issues: [] };
    return {
      outcome: 'conflict',
      acknowledgement: incoming.acknowledge('conflict', [conflictIssue]),
      message: before.id,
      issues: [conflictIssue],
    };
  };

  const unavailable = (incoming: Incoming): Receipt => {
    counters.unavailable++;
    return {
      outcome: 'unavailable',
      acknowledgement: incoming.acknowledge('unavailable', [unavailableIssue]),
      message: null,
      issues: [unavailableIssue],
    };
  };

  const addMessage = (
    unit: Unit,
    incoming: Incoming,
    id: bigint,
    dedupe: bigint,
    contentSm3: string,
    acknowledgement: string,
    raw: Packed,
  ): void => {
    const sentAt = incoming.translation.sentAt ? Date.parse(incoming.translation.sentAt) : Number.NaN;
    unit.add(messageWriter, [
      {
        id,
        receivedAt: incoming.receivedAt,
        sentAt: Number.isFinite(sentAt) ? sentAt : null,
        institution: incoming.institution?.id ?? null,
        sender: incoming.sender,
        protocol: incoming.protocol,
        kind: incoming.translation.kind,
        controlId: incoming.translation.controlId.slice(0, longestControlId),
        dedupe,
        contentSm3,
        charset: incoming.charset,
        raw,
        acknowledgement,
        trace: incoming.trace,
      },
    ]);
  };

  const addVerdict = (
    unit: Unit,
    incoming: Incoming,
    id: bigint,
    state: 'done' | 'held' | 'refused',
    issues: BorderIssue[],
    written: { resourceType: string; id: string; version: number }[],
  ): void => {
    unit.add(outcomeWriter, [
      {
        message: id,
        institution: incoming.institution?.id ?? null,
        receivedAt: incoming.receivedAt,
        state,
        issues,
        unmapped: incoming.translation.unmapped,
        written,
        tries: 1,
        at: incoming.receivedAt,
      },
    ]);
    if (state !== 'done')
      unit.add(eventWriter, [
        {
          at: incoming.receivedAt,
          kind: 'message-held',
          shard: 0,
          subject: null,
          institution: incoming.institution?.id ?? null,
          payload: { message: String(id) },
        },
      ]);
    if (state === 'refused')
      unit.add(auditWriter, [
        {
          at: incoming.receivedAt,
          agent: 'unknown sender',
          role: 'client',
          institution: null,
          action: 'refused',
          what: `message ${incoming.protocol}`,
          ground: 'unknown-sender',
          trace: incoming.trace,
        },
      ]);
  };

  /** What has an error is kept with its verdict; what has none goes on the waiting list. Both are durable when this resolves. */
  const store = async (incoming: Incoming, dedupe: bigint, contentSm3: string): Promise<Receipt> => {
    const { institution, translation } = incoming;
    const issues = institution ? translation.issues : [incoming.refusal ?? unknownSender, ...translation.issues];
    const outcome = !institution ? 'refused' : issues.some(({ severity }) => severity === 'error') ? 'held' : 'taken';
    const acknowledgement = incoming.acknowledge(outcome, issues);
    const packing = pack(incoming.raw);
    const id = await nextId();
    const unit = new Unit();
    addMessage(unit, incoming, id, dedupe, contentSm3, acknowledgement, await packing);
    if (outcome === 'taken') unit.add(waitingWriter, [{ message: id, since: incoming.receivedAt }]);
    else addVerdict(unit, incoming, id, outcome, issues, []);
    const committed = await committer.commit(unit);
    if (!committed.ok) {
      if (committed.error === 'conflict') {
        const before = await known(dedupe);
        if (before) return seenBefore(incoming, before, contentSm3);
      }
      return unavailable(incoming);
    }
    counters[outcome]++;
    if (outcome !== 'taken' || !institution) onCommitted();
    else if (incoming.judged === false) processor().wake();
    else
      processor().offer({
        message: id,
        institution,
        receivedAt: incoming.receivedAt,
        trace: incoming.trace,
        protocol: incoming.protocol,
        tries: 0,
        translation,
      });
    return { outcome, acknowledgement, message: id, issues };
  };

  const storeNow = async (
    incoming: Incoming,
    dedupe: bigint,
    contentSm3: string,
    work: Immediate,
  ): Promise<Receipt> => {
    const packing = pack(incoming.raw);
    const id = await nextId();
    for (let attempt = 0; attempt < attemptsOnConflict; attempt++) {
      const unit = new Unit();
      const done = await work(unit, id);
      const rows = done.ok ? unit : new Unit();
      const issues = done.ok ? incoming.translation.issues : done.issues;
      addMessage(rows, incoming, id, dedupe, contentSm3, done.response, await packing);
      addVerdict(rows, incoming, id, done.ok ? 'done' : 'held', issues, done.ok ? done.written : []);
      const committed = await committer.commit(rows);
      if (committed.ok) {
        const outcome = done.ok ? 'taken' : 'held';
        counters[outcome]++;
        onCommitted();
        return { outcome, acknowledgement: done.response, message: id, issues };
      }
      if (committed.error === 'unavailable') break;
      const before = await known(dedupe);
      if (before) return seenBefore(incoming, before, contentSm3);
    }
    return unavailable(incoming);
  };

  /**
   * Whether a message is new is told by the unique key of the table, when it goes in. Asking first is cheaper where the answer is likely to be
   * no (one known message spoils the commit of its whole group), or where much work comes before the commit.
   */
  const admit = (
    incoming: Incoming,
    askFirst: boolean,
    keep: (dedupe: bigint, contentSm3: string) => Promise<Receipt>,
  ): Promise<Receipt> => {
    const contentSm3 = incoming.contentSm3 ?? sm3(incoming.raw);
    const dedupe = dedupeKey(incoming, contentSm3);
    return oneAtATime(dedupe, async () => {
      try {
        const before = askFirst ? await known(dedupe) : undefined;
        return before ? await seenBefore(incoming, before, contentSm3) : await keep(dedupe, contentSm3);
      } catch {
        // The database is away, or its disk is full: nothing was stored, and the sender is told so.
        return unavailable(incoming);
      }
    });
  };

  return {
    counters,
    underWay: () => inFlight.size,
    receive: (incoming) =>
      admit(incoming, performance.now() - lastAgain < askFirstMs, (dedupe, contentSm3) =>
        store(incoming, dedupe, contentSm3),
      ),
    receiveNow: (incoming, work) =>
      admit(incoming, true, (dedupe, contentSm3) => storeNow(incoming, dedupe, contentSm3, work)),
  };
}
