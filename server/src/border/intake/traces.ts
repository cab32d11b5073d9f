import { auditWriter } from '../../core/audit/index.ts';
import { eventWriter } from '../../core/events/index.ts';
import type { ResourceWrite } from '../../core/store/index.ts';
import type { Unit } from '../../kit/group-commit.ts';

/** Whose message a write came with. `agent` and `role` as the audit names them. */
export type Origin = {
  message: bigint;
  institution: { id: number; code: string };
  receivedAt: number;
  trace: string;
  kind: string;
  protocol: string;
  agent?: string;
  role?: string;
};

/** One event and one audit entry per message and person: what happened, by kinds and keys, never by content. */
export function addTraces(unit: Unit, origin: Origin, writes: ResourceWrite[]): void {
  const bySubject = new Map<bigint | null, ResourceWrite[]>();
  for (const write of writes) {
    const known = bySubject.get(write.subject);
    if (known) known.push(write);
    else bySubject.set(write.subject, [write]);
  }
  for (const [subject, rows] of bySubject) {
    unit.add(eventWriter, [
      {
        at: origin.receivedAt,
        kind: 'record-written',
        shard: rows[0]?.shard ?? 0,
        subject,
        institution: origin.institution.id,
        payload: {
          message: String(origin.message),
          trace: origin.trace,
          keys: rows.map(({ key, type }) => [String(key), type]),
        },
      },
    ]);
    if (subject === null) continue;
    unit.add(auditWriter, [
      {
        at: origin.receivedAt,
        agent: origin.agent ?? `institution ${origin.institution.code}`,
        role: origin.role ?? 'client',
        institution: origin.institution.id,
        action: rows.every(({ deleted }) => deleted)
          ? 'delete'
          : rows.every(({ expected }) => expected === 0)
            ? 'create'
            : 'update',
        what: `${origin.kind} ${origin.protocol} ${rows.length}`,
        subject,
        ground: 'submission',
        trace: origin.trace,
      },
    ]);
  }
}
