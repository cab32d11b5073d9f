import type { Caller } from '../../core/access/index.ts';
import { auditWriter } from '../../core/audit/index.ts';
import { type CommitOutcome, type GroupCommitter, Unit } from '../../kit/group-commit.ts';
import type { FullMessage } from './inbox-tables.ts';
import type { Processor } from './processor.ts';
import { pack } from './raw.ts';
import { correctionWriter, outcomeWriter, trailWriter, waitingWriter } from './tables.ts';

export type Repair = { caller: Caller; reason: string; at: number; trace: string };

const audited = (unit: Unit, message: FullMessage, what: string, { caller, at, trace }: Repair): Unit =>
  unit.add(auditWriter, [
    {
      at,
      agent: `${caller.kind} ${caller.id}`,
      role: caller.role,
      institution: caller.institution,
      action: 'update',
      what: `${what} message ${message.kind}`,
      ground: 'message-repair',
      trace,
    },
  ]);

/**
 * Puts a held message back on the waiting list, with a corrected text if one is given. The text that came in stays what it was: the
 * correction is kept beside it, with who made it and why.
 */
export async function replayMessage(
  committer: GroupCommitter,
  processor: Processor,
  message: FullMessage,
  corrected: Buffer | null,
  repair: Repair,
): Promise<CommitOutcome> {
  const unit = new Unit().touch(`message ${message.id}`);
  const id = BigInt(message.id);
  if (corrected)
    unit.add(correctionWriter, [
      {
        message: id,
        number: message.corrections + 1,
        raw: await pack(corrected),
        by: repair.caller.id,
        reason: repair.reason,
        at: repair.at,
      },
    ]);
  unit.add(trailWriter, [
    {
      message: id,
      at: repair.at,
      who: repair.caller.id,
      what: corrected ? 'corrected' : 'replayed',
      note: repair.reason,
    },
  ]);
  unit.add(waitingWriter, [{ message: id, since: repair.at }]);
  const outcome = await committer.commit(audited(unit, message, corrected ? 'correct' : 'replay', repair));
  if (outcome.ok) processor.wake();
  return outcome;
}

/** Sets a message aside for good, with a reason. It stays stored and can still be replayed. */
export async function dismissMessage(
  committer: GroupCommitter,
  message: FullMessage,
  repair: Repair,
): Promise<CommitOutcome> {
  const id = BigInt(message.id);
  const unit = new Unit().touch(`message ${message.id}`);
  unit.add(outcomeWriter, [
    {
      message: id,
      institution: message.institution,
      receivedAt: message.receivedAt.getTime(),
      state: 'dismissed',
      issues: message.issues,
      unmapped: message.unmapped,
      written: [],
      tries: message.tries + 1,
      at: repair.at,
    },
  ]);
  unit.add(trailWriter, [
    { message: id, at: repair.at, who: repair.caller.id, what: 'dismissed', note: repair.reason },
  ]);
  return committer.commit(audited(unit, message, 'dismiss', repair));
}
