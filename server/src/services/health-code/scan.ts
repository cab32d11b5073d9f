import type { CareStep, Channel, ScanAnswer, ScanRequest } from '@hutong/contract/health-code.ts';
import {
  type Call,
  type Caller,
  presentedCodeHours,
  presentedWriter,
  type Refusal,
  refuse,
} from '../../core/access/index.ts';
import { eventWriter } from '../../core/events/index.ts';
import { publicId } from '../../core/identity/index.ts';
import { shardOfPerson } from '../../core/store/index.ts';
import { Unit } from '../../kit/group-commit.ts';
import { permittedBy } from './decide.ts';
import type { HealthCodeDoor } from './door.ts';
import { type FoundCode, findCode, type RefusedCode } from './find-code.ts';
import type { Scene } from './model.ts';
import { ageText, maskedName, maskedNumber } from './people.ts';
import { returnCode } from './return-codes.ts';
import { spentWriter } from './tables/codes.ts';
import { scanWriter } from './tables/scans.ts';

export const sceneOf = ({ step = '000000', channel = '99', terminal }: Partial<ScanRequest>): Scene => ({
  step: step as CareStep,
  channel: channel as Channel,
  terminal: terminal ?? null,
});
export const agentOf = (caller: Caller): string => `${caller.kind} ${caller.id}`;

export type Scanned = { found: FoundCode; answer: ScanAnswer };

/**
 * Resolves a code and uses it up. What was used, the log that the resident sees, the event for visit detection, the ground it gives and the
 * audit are one transaction: of two scans at the same instant one is answered and the other refused, and neither leaves half of anything.
 */
export async function scan(door: HealthCodeDoor, call: Call, request: ScanRequest): Promise<Scanned | Refusal> {
  const caller = call.caller as Caller;
  const scene = sceneOf(request);
  const resolved = await findCode(
    door,
    { code: request.code, as: request.as ?? 'auto', step: scene.step },
    caller,
    call.now,
  );
  if ('refusal' in resolved) return refuseScan(door, call, scene, resolved);
  const { person, presentedBy, spend, kind } = resolved;
  const { permitted, withheld } = permittedBy(kind, caller, resolved.issuedAt);
  const unit = new Unit();
  if (spend) unit.add(spentWriter, [spend]).touch(`code ${spend.key.toString('hex')}`);
  addScan(unit, call, scene, resolved, permitted);
  if (permitted.includes('open-record') && caller.institution !== null)
    unit.add(presentedWriter, [
      {
        institution: caller.institution,
        resident: person.resident,
        until: new Date(call.now + presentedCodeHours * 3_600_000),
      },
    ]);
  call.lookIn(unit, { action: 'read', what: `${kind} code`, resident: person.resident, ground: 'code-shown' });
  const kept = await door.committer.commit(unit);
  if (!kept.ok)
    return kept.error === 'conflict' && spend
      ? refuseScan(door, call, scene, { refusal: 'HT-CODE-002', kind, subject: person.subject })
      : refuse('HT-PLATFORM-001');
  return {
    found: resolved,
    answer: {
      at: new Date(call.now).toISOString(),
      kind,
      resident: {
        id: publicId(person.resident),
        name: maskedName(person),
        sex: person.sex,
        age: ageText(person.age),
        documentNumber: maskedNumber(person.number),
        deceased: person.deceased,
      },
      presentedBy: presentedBy && { name: maskedName(presentedBy.person), relation: presentedBy.relation },
      cardState: resolved.cardState,
      permitted,
      withheld,
    },
  };
}

/** The row that the resident sees, and the event that tells the other services that somebody is at a counter. */
function addScan(unit: Unit, call: Call, scene: Scene, found: FoundCode, permitted: ScanAnswer['permitted']): void {
  const caller = call.caller as Caller;
  const { subject } = found.person;
  const shard = shardOfPerson(subject);
  unit
    .add(scanWriter, [
      {
        shard,
        at: new Date(call.now),
        subject,
        presentedBy: found.presentedBy?.person.subject ?? null,
        institution: caller.institution,
        agent: agentOf(caller),
        kind: found.kind,
        scene,
        refusal: null,
        permitted,
      },
    ])
    .add(eventWriter, [
      {
        at: call.now,
        kind: 'code-scanned' as const,
        shard,
        subject,
        institution: caller.institution,
        payload: { kind: found.kind, step: scene.step, channel: scene.channel },
      },
    ]);
}

/** A refusal is an answer with a stable code; where it is known whose code it was, they see in their log that somebody tried it. */
async function refuseScan(door: HealthCodeDoor, call: Call, scene: Scene, refused: RefusedCode): Promise<Refusal> {
  const caller = call.caller as Caller;
  const { subject, kind, refusal, state } = refused;
  const unit = new Unit();
  call.lookIn(unit, {
    action: 'refused',
    what: `${kind} code ${refusal}`,
    subject: subject ?? null,
    ground: 'code-shown',
  });
  if (subject !== undefined)
    unit.add(scanWriter, [
      {
        shard: shardOfPerson(subject),
        at: new Date(call.now),
        subject,
        presentedBy: null,
        institution: caller.institution,
        agent: agentOf(caller),
        kind,
        scene,
        refusal,
        permitted: [],
      },
    ]);
  const kept = await door.committer.commit(unit);
  if (!kept.ok) return refuse('HT-PLATFORM-001');
  return refuse(refusal, refused.detail, {
    returnCode: returnCode(refusal),
    ...(state !== undefined && { cardState: state }),
  });
}
