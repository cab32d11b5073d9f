import { randomBytes } from 'node:crypto';
import type { Call, Refusal, Reply, Route } from '../../../core/access/index.ts';
import { callerOf, covered, type FhirDoor, notCovered, notFound, outcome } from '../door.ts';
import { issue } from '../outcome.ts';
import { parametersOf } from '../terminology/parameters.ts';
import type { Content } from './asked.ts';
import { contentOf } from './content.ts';
import type { SubscriptionDoor } from './door.ts';
import { addToken, eventsBetween } from './event-tables.ts';
import { notification, statusOf } from './notification.ts';
import { hashOf, socketAddress } from './sockets.ts';
import { type Subscription, subscriptionsOf } from './tables.ts';
import { asBasic, topics } from './topics.ts';

const tokenMs = 5 * 60_000;
/** One answer of `$events`; a client goes on from the last number that it was shown. */
const mostEvents = 200;
const contents = ['empty', 'id-only', 'full-resource'];

/** Operations on Subscriptions (subscriptions-backport 1.1). A client sees those of its own institution. */
export function subscriptionRoutes(door: FhirDoor, work: SubscriptionDoor): Route[] {
  const route = (
    method: 'GET' | 'POST',
    path: string,
    summary: string,
    handle: (call: Call) => Promise<Reply | Refusal>,
    more: Partial<Route> = { impersonal: true },
  ): Route => ({
    method,
    path: `/fhir/Subscription${path}`,
    permission: 'fhir.read',
    face: 'fhir',
    ...(method === 'POST' && { takes: 'bytes' as const }),
    summary,
    handle: async (call) => (covered(callerOf(call), 'Subscription', 'r') ? handle(call) : notCovered('Subscription')),
    ...more,
  });
  const both = (
    path: string,
    summary: string,
    handle: (call: Call) => Promise<Reply | Refusal>,
    more?: Partial<Route>,
  ): Route[] => [
    route('GET', path, summary, handle, more),
    route('POST', path, `${summary}, asked in the body`, handle, more),
  ];
  return [
    route('GET', '/$topics', 'The topics that may be subscribed to', async (call) => {
      const entry = topics.map((topic) => ({
        fullUrl: `${call.origin}/fhir/Basic/${asBasic(topic).id}`,
        resource: asBasic(topic),
      }));
      return { body: { resourceType: 'Bundle', type: 'collection', entry } };
    }),
    ...both('/$status', 'How subscriptions stand', (call) => status(door, call)),
    ...both('/:id/$status', 'How a subscription stands', (call) => status(door, call)),
    ...both('/:id/$events', 'What a subscription was told of, by number', (call) => events(door, work, call), {}),
    ...both('/$get-ws-binding-token', 'A token that binds a websocket to subscriptions', (call) => token(door, call)),
    ...both('/:id/$get-ws-binding-token', 'A token that binds a websocket to a subscription', (call) =>
      token(door, call),
    ),
  ];
}

const ofCaller = async ({ pool }: FhirDoor, call: Call, ids: readonly string[]): Promise<Subscription[]> => {
  const { institution } = callerOf(call);
  return institution === null ? [] : subscriptionsOf(pool, institution, ids);
};

/** Ids as the client writes them: repeated, or with commas between. */
const listed = (given: unknown[]): string[] => given.flatMap((one) => String(one).split(',')).filter(Boolean);

async function status(door: FhirDoor, call: Call): Promise<Reply | Refusal> {
  const given = parametersOf(call, ['id', 'status']);
  if ('reply' in given) return given.reply;
  const { id } = call.params;
  const found = await ofCaller(door, call, id === undefined ? listed(given.all('id')) : [id]);
  if (id !== undefined && found.length === 0) return notFound();
  const wanted = id === undefined ? listed(given.all('status')) : [];
  const shown = found.filter((one) => wanted.length === 0 || wanted.includes(one.status));
  const entry = shown.map((one) => {
    const resource = statusOf(one, 'query-status');
    return { fullUrl: `urn:uuid:${resource.id}`, resource, search: { mode: 'match' } };
  });
  return {
    body: { resourceType: 'Bundle', type: 'searchset', total: shown.length, ...(entry.length > 0 && { entry }) },
  };
}

async function events(door: FhirDoor, work: SubscriptionDoor, call: Call): Promise<Reply | Refusal> {
  const noted = <T extends Reply | Refusal>(answer: T, what: string): T => {
    call.look({ action: 'search', what: `Subscription $events ${what}`, ground: 'own-institution' });
    return answer;
  };
  const given = parametersOf(call, ['eventsSinceNumber', 'eventsUntilNumber', 'content']);
  if ('reply' in given) return noted(given.reply, 'refused');
  const [subscription] = await ofCaller(door, call, [call.params.id ?? '']);
  if (!subscription) return noted(notFound(), 'not shown');
  const number = (name: string, otherwise: number): number => Number(given.text(name) ?? otherwise);
  const since = number('eventsSinceNumber', 1);
  const until = number('eventsUntilNumber', subscription.lastNumber);
  const content = given.text('content') ?? subscription.content;
  for (const [name, right, zh, en] of [
    ['eventsSinceNumber', Number.isSafeInteger(since) && since >= 0, '应为事件编号', 'must be the number of an event'],
    ['eventsUntilNumber', Number.isSafeInteger(until) && until >= 0, '应为事件编号', 'must be the number of an event'],
    ['content', contents.includes(content), `应为 ${contents.join('、')}`, `must be ${contents.join(', ')}`],
  ] as const)
    if (!right) return noted(outcome(400, [issue('value', name, `${name} ${zh}`, `${name} ${en}`)]), 'refused');
  const rows = await eventsBetween(door.pool, subscription.id, since, until, mostEvents);
  // Under the eyes of whoever asks now, not of whoever subscribed.
  const sent = await contentOf(work, subscription, callerOf(call), content as Content, rows, call.trace);
  return noted({ body: notification(subscription, 'query-event', sent, call.now) }, `${rows.length}`);
}

async function token(door: FhirDoor, call: Call): Promise<Reply | Refusal> {
  const given = parametersOf(call, ['id']);
  if ('reply' in given) return given.reply;
  const { id } = call.params;
  const ids = id === undefined ? listed(given.all('id')) : [id];
  const found = (await ofCaller(door, call, ids)).filter(
    ({ channel, status: stands }) => channel === 'websocket' && stands !== 'off',
  );
  if (found.length === 0 || found.length < new Set(ids).size) return notFound();
  const caller = callerOf(call);
  const secret = randomBytes(32).toString('base64url');
  const expires = new Date(call.now + tokenMs);
  await addToken(door.pool, {
    hash: hashOf(secret),
    client: caller.id,
    institution: caller.institution as number,
    subscriptions: found.map((one) => one.id),
    expires,
  });
  return {
    body: {
      resourceType: 'Parameters',
      parameter: [
        { name: 'token', valueString: secret },
        { name: 'expiration', valueDateTime: expires.toISOString() },
        ...found.map((one) => ({ name: 'subscription', valueString: one.id })),
        { name: 'websocket-url', valueUrl: socketAddress(call.origin) },
      ],
    },
  };
}
