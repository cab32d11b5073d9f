import type { Call, Refusal, Reply } from '../../core/access/index.ts';
import { sm3 } from '../../kit/hash.ts';
import type { BorderIssue, Translation } from '../fact.ts';
import type { Incoming, Receipt } from '../intake/index.ts';
import { callerOf, type FhirDoor, openSubjects, outcome } from './door.ts';
import type { Entry } from './entry.ts';
import { outcomeOf } from './outcome.ts';
import { isStrict } from './referrers.ts';
import { addWrites, type WriteResult } from './write.ts';

export type Institution = { id: number; code: string };
export type Answer = { status: number; headers: Record<string, string>; body: object | null };

export const senderOf = (door: FhirDoor, call: Call): Institution | null => {
  const { institution } = callerOf(call);
  return institution === null ? null : (door.directory.institution(institution) ?? null);
};

/** The message that a write is: stored with the rows in one transaction. The control id is the sender's X-Request-Id, if it gives one. */
export function incomingOf(
  call: Call,
  institution: Institution,
  bytes: Buffer,
  kind: string,
  controlId: string,
): Incoming {
  const translation: Translation = { kind, controlId, facts: [], merges: [], unmapped: [], issues: [] };
  return {
    protocol: 'fhir',
    sender: callerOf(call).id,
    institution,
    raw: bytes,
    charset: 'UTF-8',
    receivedAt: call.now,
    trace: call.trace,
    translation,
    acknowledge: (what, issues) => (what === 'taken' ? '' : JSON.stringify(outcomeOf(issues))),
  };
}

const statusOf: Partial<Record<Receipt['outcome'], number>> = { conflict: 409, unavailable: 503, refused: 403 };
/** A refused message that comes again is judged again (what it lacked may be there by now), this often at most. */
const mostJudgements = 50;

/** Runs a write through the intake, and hands the sender the same answer whenever it repeats a message that was taken. */
export async function submit(
  door: FhirDoor,
  call: Call,
  incoming: Incoming,
  entries: readonly Entry[],
  answer: (result: WriteResult) => Answer,
): Promise<Reply> {
  const { kind, controlId } = incoming.translation;
  const institution = incoming.institution as Institution;
  const caller = callerOf(call);
  // What makes ids: the message's own name, so that a repetition makes the same ones; a lone write without a name is a new fact each time.
  const contentSm3 = sm3(incoming.raw);
  const seed = controlId || (kind.endsWith('bundle') ? contentSm3 : null);
  for (let judgement = 1; ; judgement++) {
    const name = judgement === 1 ? controlId : `${controlId || seed}#${judgement}`;
    const receipt = await door.intake.receiveNow(
      { ...incoming, contentSm3, translation: { ...incoming.translation, controlId: name } },
      async (unit, message) => {
        const sender = {
          institution,
          caller,
          trace: call.trace,
          strict: isStrict(call.headers.prefer),
          receivedAt: call.now,
          message,
          seed: seed ?? `${message}`,
          base: `${call.origin}/fhir`,
          opens: (subjects: bigint[]) => openSubjects(door, caller, subjects, call.now),
        };
        const origin = {
          message,
          institution,
          receivedAt: call.now,
          trace: call.trace,
          kind,
          protocol: 'fhir',
          agent: `client ${caller.id}`,
          role: caller.role,
        };
        const result = await addWrites(door, unit, entries, sender, origin);
        const response = JSON.stringify(answer(result));
        if (!result.ok) return { ok: false, response, issues: result.issues };
        call.lookIn(unit, { action: 'create', what: `${kind} taken`, ground: 'submission' });
        return {
          ok: true,
          response,
          written: result.planned.flatMap(({ type, id, version }) => (id ? [{ resourceType: type, id, version }] : [])),
        };
      },
    );
    const status = statusOf[receipt.outcome];
    const said = status ? null : (JSON.parse(receipt.acknowledgement) as Answer);
    if (receipt.outcome === 'again' && said && said.status >= 400 && judgement < mostJudgements) continue;
    // Of what was taken the entry went with the rows, in their transaction.
    if (receipt.outcome !== 'taken')
      call.look({
        action: receipt.outcome === 'again' ? 'create' : 'refused',
        what: `${kind} ${receipt.outcome}`,
        ground: 'submission',
      });
    if (!said) return { status: status as number, body: receipt.acknowledgement };
    return { status: said.status, headers: said.headers, ...(said.body && { body: said.body }) };
  }
}

/** A write whose body cannot be read is kept as well: the integrator finds it in the inbox with the reason. */
export async function keepUnreadable(
  door: FhirDoor,
  call: Call,
  institution: Institution,
  bytes: Buffer,
  kind: string,
  issues: BorderIssue[],
): Promise<Reply | Refusal> {
  const incoming = incomingOf(call, institution, bytes, kind, '');
  const receipt = await door.intake.receive({ ...incoming, translation: { ...incoming.translation, issues } });
  call.look({ action: 'refused', what: `${kind} unreadable`, ground: 'submission' });
  if (receipt.outcome === 'unavailable') return { status: 503, body: receipt.acknowledgement };
  return outcome(issues.some(({ rule }) => rule === 'fhir.structure' || rule === 'fhir.invalid') ? 400 : 422, issues);
}
