import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { DeliveryView, Hook, HookMade, HookPage, NotifyEvent } from '@hutong/contract/surveillance.ts';
import { type Call, type Caller, type Refusal, type Reply, type Route, refuse } from '../../../core/access/index.ts';
import { inTransaction } from '../../../kit/pool.ts';
import { vaultOf } from '../../../kit/vault.ts';
import {
  addHook,
  deliveriesOf,
  dropSubscription,
  type HookState,
  hookBy,
  hooks,
  saveSubscription,
  setHookActive,
} from '../tables/notify.ts';
import { bindings, keysOf, type SenderDoor } from './sender.ts';

const events: NotifyEvent[] = [
  'signal-formed',
  'card-missed',
  'card-missed-again',
  'product-submitted',
  'product-issued',
];
const eventList = { type: 'array', minItems: 1, maxItems: events.length, items: { enum: events } };
const line = (maxLength: number): object => ({ type: 'string', minLength: 1, maxLength });

/** Webhooks of other systems, and browsers that want to be told. */
export function notifyRoutes(door: SenderDoor): Route[] {
  const manage = 'surveillance.agree' as const;
  const body = (properties: Record<string, unknown>, required: string[]): { body: Record<string, unknown> } => ({
    body: { type: 'object', required, additionalProperties: false, properties },
  });
  return [
    {
      method: 'GET',
      path: '/api/surveillance/hooks',
      permission: manage,
      summary: 'Webhooks and how their deliveries stand',
      handle: async () => {
        const page: HookPage = {
          items: (await hooks(door.pool)).map(hookOf),
          allowed: door.egress.origins,
          events,
        };
        return { body: page };
      },
    },
    {
      method: 'POST',
      path: '/api/surveillance/hooks',
      permission: manage,
      summary: 'Registers a webhook; its secret is shown once',
      schema: body(
        {
          name: line(80),
          url: line(500),
          events: eventList,
          area: { type: ['string', 'null'], pattern: '^[0-9]{2,6}$' },
        },
        ['name', 'url', 'events'],
      ),
      handle: (call) => make(door, call),
    },
    {
      method: 'POST',
      path: '/api/surveillance/hooks/:id/active',
      permission: manage,
      summary: 'Switches a webhook on or off',
      schema: body({ active: { type: 'boolean' } }, ['active']),
      handle: async (call) => {
        const { active } = call.body as { active: boolean };
        const kept = await setHookActive(door.pool, call.params.id ?? '', active);
        call.look({
          action: kept ? 'update' : 'refused',
          what: `webhook ${active ? 'on' : 'off'}`,
          ground: 'administration',
        });
        return kept ? { body: { active } } : refuse('HT-INPUT-004');
      },
    },
    {
      method: 'GET',
      path: '/api/surveillance/hooks/:id/deliveries',
      permission: manage,
      summary: 'The last 50 deliveries of a webhook',
      handle: async (call) => {
        if (!(await hookBy(door.pool, call.params.id ?? ''))) return refuse('HT-INPUT-004');
        const items: DeliveryView[] = (await deliveriesOf(door.pool, call.params.id ?? '')).map((row) => ({
          ...row,
          createdAt: row.createdAt.toISOString(),
          doneAt: row.doneAt?.toISOString() ?? null,
        }));
        return { body: { items } };
      },
    },
    {
      method: 'GET',
      path: '/api/surveillance/push/key',
      permission: 'directory.read',
      summary: 'The platform’s public key for web push (VAPID)',
      handle: async () => ({ body: { key: (await keysOf(door.pool)).publicKey } }),
    },
    {
      method: 'POST',
      path: '/api/surveillance/push/subscribe',
      permission: 'cards.read',
      summary: 'This browser wants to be told',
      impersonal: true,
      schema: body(
        {
          endpoint: line(1000),
          keys: {
            type: 'object',
            required: ['p256dh', 'auth'],
            additionalProperties: false,
            properties: { p256dh: line(200), auth: line(100) },
          },
        },
        ['endpoint', 'keys'],
      ),
      handle: (call) => subscribe(door, call),
    },
    {
      method: 'POST',
      path: '/api/surveillance/push/unsubscribe',
      permission: 'cards.read',
      summary: 'This browser wants to hear no more',
      impersonal: true,
      schema: body({ endpoint: line(1000) }, ['endpoint']),
      handle: async (call) => {
        await dropSubscription(door.pool, idOf((call.body as { endpoint: string }).endpoint));
        return { body: { subscribed: false } };
      },
    },
  ];
}

const idOf = (endpoint: string): string => createHash('sha256').update(endpoint).digest('base64url');
const hookOf = ({ lastAt, events: wanted, ...row }: HookState): Hook => ({
  ...row,
  events: wanted as NotifyEvent[],
  lastAt: lastAt?.toISOString() ?? null,
});
const notAllowed = (): Refusal =>
  refuse('HT-INPUT-001', {
    zh: '该地址的来源不在运维设定的外呼名单内（HUTONG_EGRESS）',
    en: 'The origin of this address is not on the operator’s list (HUTONG_EGRESS)',
  });

async function make(door: SenderDoor, call: Call): Promise<Reply | Refusal> {
  const given = call.body as { name: string; url: string; events: NotifyEvent[]; area?: string | null };
  const allowed = door.egress.allows(given.url);
  call.look({ action: allowed ? 'create' : 'refused', what: 'webhook', ground: 'administration' });
  if (!allowed) return notAllowed();
  const caller = call.caller as Caller;
  const secret = randomBytes(32).toString('base64url');
  const id = randomUUID();
  await inTransaction(door.pool, (client) =>
    addHook(
      client,
      {
        ...given,
        id,
        area: given.area ?? null,
        secret: vaultOf(door.pool).seal(secret, bindings.secret),
        active: true,
      },
      `${caller.kind} ${caller.id}`,
      new Date(call.now),
    ),
  );
  const made: HookMade = {
    ...given,
    id,
    area: given.area ?? null,
    active: true,
    waiting: 0,
    failed: 0,
    lastStatus: null,
    lastAt: null,
    secret,
  };
  return { status: 201, body: made };
}

/** What a role hears of: doctors of push-backs, the CDC of signals too, whoever signs of drafts. */
const eventsOf = ({ permissions }: Caller): NotifyEvent[] => [
  ...(permissions.includes('cards.write') ? (['card-missed', 'card-missed-again'] as const) : []),
  ...(permissions.includes('surveillance.read') ? (['signal-formed', 'product-issued'] as const) : []),
  ...(permissions.includes('surveillance.act') ? (['card-missed-again'] as const) : []),
  ...(permissions.includes('surveillance.issue') ? (['product-submitted'] as const) : []),
];

async function subscribe(door: SenderDoor, call: Call): Promise<Reply | Refusal> {
  const subscription = call.body as { endpoint: string; keys: { p256dh: string; auth: string } };
  if (!door.egress.allows(subscription.endpoint)) return notAllowed();
  const caller = call.caller as Caller;
  await saveSubscription(
    door.pool,
    {
      id: idOf(subscription.endpoint),
      login: caller.id,
      institution: caller.institution,
      sealed: vaultOf(door.pool).seal(JSON.stringify(subscription), bindings.subscription),
      events: eventsOf(caller),
    },
    new Date(call.now),
  );
  return { status: 201, body: { subscribed: true } };
}
