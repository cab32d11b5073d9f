import { careSteps, relations, type ScanRequest } from '@hutong/contract/health-code.ts';
import {
  type Call,
  type Caller,
  isRefusal,
  type Refusal,
  type Reply,
  type Route,
  refuse,
} from '../../core/access/index.ts';
import { eventWriter } from '../../core/events/index.ts';
import { shardOfPerson } from '../../core/store/index.ts';
import { Unit } from '../../kit/group-commit.ts';
import {
  type CardKey,
  change,
  fetchCode,
  findCard,
  type Registration,
  register,
  setState,
  temporary,
} from './card-centre.ts';
import type { HealthCodeDoor } from './door.ts';
import { bindFamily, endFamily, listFamily } from './family.ts';
import type { Card } from './model.ts';
import { registerBatch } from './register-batch.ts';
import { returnCode, success } from './return-codes.ts';
import { agentOf, scan, sceneOf } from './scan.ts';
import { scanWriter } from './tables/scans.ts';

const text = (maxLength: number, minLength = 1) => ({ type: 'string', minLength, maxLength });
const documentFields = { documentType: text(2), documentNumber: text(40) };
const personFields = {
  name: text(100),
  phone: text(30),
  sex: { enum: ['male', 'female', 'unknown'] },
  birthDate: { type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2}$' },
};
const keyFields = { cardId: text(96), ...documentFields };
const sceneFields = { step: { enum: [...careSteps] }, channel: { enum: ['01', '02', '99'] }, terminal: text(40) };
export const scanSchema = object(
  { code: text(600), as: { enum: ['auto', 'document', 'hospital-card'] }, ...sceneFields },
  ['code'],
);
const registrationSchema = object({ ...documentFields, ...personFields }, ['documentType', 'documentNumber', 'name']);
function object(properties: Record<string, unknown>, required: string[]): Record<string, unknown> {
  return { type: 'object', additionalProperties: false, properties, required };
}

/** Every answer of the card centre carries the four digits that such interfaces know, beside the HTTP status. */
const done = (body: object): Reply => ({ body: { returnCode: success, ...body } });
const answered = (value: object | Refusal): Reply | Refusal =>
  isRefusal(value)
    ? refuse(value.refusal, value.detail, { returnCode: returnCode(value.refusal), ...value.extra })
    : done(value);

/** The card centre's operations, named as card-centre interfaces name them. */
export function cardRoutes(door: HealthCodeDoor): Route[] {
  const serve = (
    operation: string,
    summary: string,
    body: Record<string, unknown>,
    handle: (call: Call) => Promise<object | Refusal>,
  ): Route => ({
    method: 'POST',
    path: `/api/card-centre/${operation}`,
    permission: 'codes.serve',
    summary,
    schema: { body },
    handle: async (call) => answered(await handle(call)),
  });
  /** The card that the body names; without one, and without keys, the operation is refused. */
  const withCard = (work: (call: Call, card: Card) => Promise<object | Refusal>) => async (call: Call) => {
    if (!door.keys) return refuse('HT-CODE-013');
    const card = await findCard(door, call.body as CardKey, call.now);
    if (card === null) return refuse('HT-CODE-010', undefined, { cardState: 5 });
    return isRefusal(card) ? card : work(call, card);
  };
  return [
    serve('register', 'Register a card (state 1, or 2 when somebody has to look at it)', registrationSchema, (call) =>
      register(door, call, call.body as Registration),
    ),
    serve(
      'register-batch',
      'Register up to a hundred cards; one answer each',
      object({ people: { type: 'array', minItems: 1, maxItems: 100, items: registrationSchema } }, ['people']),
      (call) => registerBatch(door, call, (call.body as { people: Registration[] }).people),
    ),
    serve('query', 'The state of a card; 5 when there is none', object(keyFields, []), async (call) => {
      const card = await findCard(door, call.body as CardKey, call.now);
      if (card !== null && isRefusal(card)) return card;
      call.look({ action: 'read', what: 'health card state', subject: card?.subject ?? null, ground: 'counter' });
      return { state: card?.state ?? 5 };
    }),
    serve(
      'code',
      'Fetch the static or dynamic code of a card',
      object({ ...keyFields, kind: { enum: ['static', 'dynamic'] } }, ['kind']),
      withCard((call, card) => fetchCode(door, call, card, (call.body as { kind: 'static' | 'dynamic' }).kind)),
    ),
    {
      method: 'POST',
      path: '/api/card-centre/verify',
      permission: 'codes.scan',
      summary: 'Verify a code where care is given; uses it up',
      schema: { body: scanSchema },
      handle: async (call) => {
        const scanned = await scan(door, call, call.body as ScanRequest);
        if (isRefusal(scanned)) return scanned;
        const { answer, found } = scanned;
        // A hospital's system that registers with a code shown live gets what it writes into its own register; a screen never does.
        const whole =
          (call.caller as Caller).kind === 'client' && found.spend !== null && answer.permitted.includes('register');
        return done({
          ...answer,
          identity: whole
            ? { name: found.person.name, documentNumber: found.person.number, birthDate: found.person.birthDate }
            : null,
        });
      },
    },
    serve(
      'change',
      'Change name or telephone; the card id changes with the name',
      object({ ...keyFields, name: text(100), phone: text(30) }, []),
      withCard((call, card) => change(door, call, card, call.body as { name?: string; phone?: string })),
    ),
    serve(
      'cancel',
      'Cancel a card; id and document must belong together',
      object(keyFields, ['cardId', 'documentType', 'documentNumber']),
      withCard((call, card) => setState(door, call, card, 'cancel')),
    ),
    serve(
      'review',
      'Decide about a registration in state 2',
      object({ ...keyFields, outcome: { enum: ['approve', 'reject'] } }, ['outcome']),
      withCard((call, card) => setState(door, call, card, (call.body as { outcome: 'approve' | 'reject' }).outcome)),
    ),
    serve(
      'use',
      'Report what a card was used for',
      object({ ...keyFields, ...sceneFields }, ['step']),
      withCard((call, card) => reportUse(door, call, card)),
    ),
    serve('temporary', 'A temporary card for somebody without papers', object(personFields, ['name']), (call) =>
      temporary(door, call, call.body as Registration),
    ),
    serve(
      'family/bind',
      'Let one person show another’s code; both papers were seen at the counter',
      object({ holder: object(keyFields, []), person: object(keyFields, []), relation: { enum: [...relations] } }, [
        'holder',
        'person',
        'relation',
      ]),
      (call) => bindFamily(door, call),
    ),
    serve(
      'family/unbind',
      'End it',
      object({ holder: object(keyFields, []), person: object(keyFields, []) }, ['holder', 'person']),
      (call) => endFamily(door, call),
    ),
    serve('family/list', 'Whose codes somebody may show', object(keyFields, []), (call) => listFamily(door, call)),
  ];
}

async function reportUse(door: HealthCodeDoor, call: Call, card: Card): Promise<object | Refusal> {
  const caller = call.caller as Caller;
  const scene = sceneOf(call.body as Partial<ScanRequest>);
  const shard = shardOfPerson(card.subject);
  const unit = new Unit()
    .add(scanWriter, [
      {
        shard,
        at: new Date(call.now),
        subject: card.subject,
        presentedBy: null,
        institution: caller.institution,
        agent: agentOf(caller),
        kind: 'static',
        scene,
        refusal: null,
        permitted: [],
      },
    ])
    .add(eventWriter, [
      {
        at: call.now,
        kind: 'code-scanned' as const,
        shard,
        subject: card.subject,
        institution: caller.institution,
        payload: { kind: 'use', step: scene.step, channel: scene.channel },
      },
    ]);
  call.lookIn(unit, { action: 'update', what: 'use of a health card', subject: card.subject, ground: 'counter' });
  const kept = await door.committer.commit(unit);
  return kept.ok ? {} : refuse('HT-PLATFORM-001');
}
