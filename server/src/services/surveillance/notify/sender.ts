import { createHmac } from 'node:crypto';
import type { Egress } from '../../../kit/egress.ts';
import type { Pool } from '../../../kit/pool.ts';
import { vaultOf } from '../../../kit/vault.ts';
import {
  addPushKeys,
  type DeliveryRow,
  dropSubscription,
  hookBy,
  noteDelivery,
  pushKeys,
  subscriptionBy,
  takeDeliveries,
} from '../tables/notify.ts';
import { encryptPush, makePushKeys, type PushKeys, type PushSubscription, vapidHeader } from './web-push.ts';

export type SenderDoor = { pool: Pool; egress: Egress; publicUrl: string };
export const bindings = {
  secret: 'surveillance.hook.secret',
  subscription: 'surveillance.push_subscription.sealed',
  key: 'surveillance.push_key.private_key',
} as const;

const second = 1000;
/** Waits between tries: ten tries over about two days, then it has failed and is shown as such. */
const waits = [5, 30, 120, 600, 1800, 3600, 4 * 3600, 12 * 3600, 24 * 3600].map((seconds) => seconds * second);
const timeoutMs = 10_000;
const batch = 20;

/** The signature that a receiver checks: HMAC-SHA256 of `time.body` under the hook's secret. */
export const signatureOf = (secret: string, time: number, body: string): string =>
  `t=${time},v1=${createHmac('sha256', secret).update(`${time}.${body}`).digest('hex')}`;

export async function keysOf(pool: Pool): Promise<PushKeys> {
  const vault = vaultOf(pool);
  const known = await pushKeys(pool);
  if (!known) {
    const made = makePushKeys();
    await addPushKeys(pool, made.publicKey, vault.seal(made.privateKey, bindings.key));
    return keysOf(pool);
  }
  return { publicKey: known.publicKey, privateKey: vault.open(known.privateKey, bindings.key).toString('utf8') };
}

type Outcome = { ok: boolean; status: string; gone?: boolean };

async function post(
  egress: Egress,
  url: string,
  headers: Record<string, string>,
  body: Buffer | string,
): Promise<Outcome> {
  const { ok, status } = await egress.post(url, headers, body, timeoutMs);
  return { ok, status, gone: status === '404' || status === '410' };
}

async function toHook({ pool, egress }: SenderDoor, delivery: DeliveryRow, now: Date): Promise<Outcome> {
  const hook = await hookBy(pool, delivery.hook ?? '');
  if (!hook?.active) return { ok: false, status: 'switched off', gone: true };
  if (!egress.allows(hook.url)) return { ok: false, status: 'not allowed' };
  const body = JSON.stringify(delivery.payload);
  const secret = vaultOf(pool).open(hook.secret, bindings.secret).toString('utf8');
  return {
    ...(await post(
      egress,
      hook.url,
      {
        'content-type': 'application/json',
        'hutong-delivery': delivery.id,
        'hutong-event': delivery.event,
        'hutong-signature': signatureOf(secret, Math.floor(now.getTime() / second), body),
      },
      body,
    )),
    gone: false,
  };
}

async function toBrowser({ pool, egress, publicUrl }: SenderDoor, delivery: DeliveryRow, now: Date): Promise<Outcome> {
  const row = await subscriptionBy(pool, delivery.subscription ?? '');
  if (!row) return { ok: false, status: 'unsubscribed', gone: true };
  const subscription = JSON.parse(
    vaultOf(pool).open(row.sealed, bindings.subscription).toString('utf8'),
  ) as PushSubscription;
  if (!egress.allows(subscription.endpoint)) return { ok: false, status: 'not allowed' };
  const outcome = await post(
    egress,
    subscription.endpoint,
    {
      'content-type': 'application/octet-stream',
      'content-encoding': 'aes128gcm',
      ttl: '86400',
      urgency: 'high',
      authorization: vapidHeader(subscription.endpoint, publicUrl, await keysOf(pool), now.getTime()),
    },
    encryptPush(Buffer.from(JSON.stringify(delivery.payload)), subscription.keys),
  );
  // The push service knows this browser no more.
  if (outcome.gone) await dropSubscription(pool, row.id);
  return outcome;
}

/** Sends what is due, a batch at a time; what did not arrive waits for its next try. @returns how many were tried */
export async function sendDue(door: SenderDoor, now: Date): Promise<number> {
  const taken = await takeDeliveries(door.pool, now, new Date(now.getTime() + 60 * second), batch);
  await Promise.all(
    taken.map(async (delivery) => {
      const outcome = delivery.hook ? await toHook(door, delivery, now) : await toBrowser(door, delivery, now);
      const wait = waits[delivery.tries - 1];
      const ended = outcome.ok || outcome.gone || wait === undefined;
      await noteDelivery(door.pool, delivery.id, {
        state: outcome.ok ? 'done' : ended ? 'failed' : 'waiting',
        status: outcome.status,
        nextAt: new Date(now.getTime() + (wait ?? 0)),
        at: now,
      });
    }),
  );
  return taken.length;
}
