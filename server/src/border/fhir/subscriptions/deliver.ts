import { type WorkLoop, workLoop } from '../../../kit/work-loop.ts';
import { contentOf } from './content.ts';
import { callerOfSubscription, isRegistered, type SubscriptionDoor } from './door.ts';
import { eventsBetween, forgetOld } from './event-tables.ts';
import { inPayload, type Kind, nothingToSend, notification } from './notification.ts';
import { endedSockets, noteFailure, noteTaken, release, type Subscription, subscriptionBy, takeDue } from './tables.ts';
import { turn } from './turn.ts';

/** Waits between tries; the last one is repeated. */
const waits = [1, 5, 30, 120, 600, 1800, 3600].map((seconds) => seconds * 1000);
/** So many tries in a row without an answer, and the subscription says that it is in error; it is tried on. */
const triesBeforeError = 3;
/** Failing for so long, it is switched off. */
const offAfterMs = 3 * 24 * 3_600_000;
/** Events are kept for so long after they were taken: what `$events` can look back on. */
const keptDays = 30;
const lanes = 8;
const notificationsInARow = 20;

/** Why a subscription may not be served any more, in a sentence for its client; null when it may. */
export const endOf = (
  door: SubscriptionDoor,
  subscription: Subscription,
  now: number,
): { error: string | null } | null =>
  subscription.ends !== null && subscription.ends.getTime() <= now
    ? { error: null }
    : isRegistered(door, subscription)
      ? null
      : { error: 'The client is not registered any more' };

/** Sends to endpoints (rest-hook): several at once, each in the order of its numbers, and on from where the endpoint last said yes. */
export function startDelivery(door: SubscriptionDoor): WorkLoop {
  const running = new Set<Promise<void>>();

  const send = async (subscription: Subscription, kind: Kind, sent = nothingToSend): Promise<boolean> => {
    const { endpoint, headers, payload, timeout, id } = subscription;
    const body = inPayload(notification(subscription, kind, sent, Date.now()), payload);
    const { ok, status } = await door.egress.post(
      endpoint ?? '',
      { 'content-type': payload, ...Object.fromEntries(headers) },
      body,
      timeout * 1000,
    );
    if (ok) return true;
    const failing = subscription.failingSince?.getTime() ?? Date.now();
    await noteFailure(door.pool, id, waits[Math.min(subscription.failures, waits.length - 1)] as number);
    const error = `No success from the endpoint: ${status}`;
    if (Date.now() - failing > offAfterMs) await turn(door, subscription, 'off', error);
    else if (subscription.status !== 'error' && (!subscription.shaken || subscription.failures + 1 >= triesBeforeError))
      await turn(door, subscription, 'error', error);
    return false;
  };

  /** Back at work: a subscription that was new or in error is active from here. */
  const well = async (subscription: Subscription, number: number): Promise<Subscription | undefined> => {
    await noteTaken(door.pool, subscription.id, number);
    return subscription.status === 'active'
      ? subscriptionBy(door.pool, subscription.id)
      : turn(door, subscription, 'active', null);
  };

  async function serve(taken: Subscription, stopped: () => boolean): Promise<void> {
    let subscription: Subscription | undefined = taken;
    for (let round = 0; round < notificationsInARow && subscription && !stopped(); round++) {
      const end = endOf(door, subscription, Date.now());
      if (end) {
        // Written by its client at the same moment: looked at again in a while.
        if (!(await turn(door, subscription, 'off', end.error)))
          await noteFailure(door.pool, subscription.id, waits[1] as number);
        return;
      }
      if (subscription.status === 'off') return;
      const { id, sentNumber, lastNumber, maxCount, content, heartbeat, lastSent, shaken } = subscription;
      if (!shaken) {
        if (!(await send(subscription, 'handshake'))) return;
        subscription = await well(subscription, sentNumber);
      } else if (lastNumber > sentNumber) {
        const events = await eventsBetween(door.pool, id, sentNumber + 1, lastNumber, maxCount);
        const caller = callerOfSubscription(subscription);
        const sent = await contentOf(door, subscription, caller, content, events, taken.trace);
        if (!(await send(subscription, 'event-notification', sent))) return;
        subscription = await well(subscription, events.at(-1)?.number ?? lastNumber);
      } else if (heartbeat !== null && (lastSent?.getTime() ?? 0) + heartbeat * 1000 <= Date.now()) {
        if (!(await send(subscription, 'heartbeat'))) return;
        subscription = await well(subscription, sentNumber);
      } else break;
    }
    await release(door.pool, taken.id);
  }

  let tidiedAt = 0;
  async function tidy(): Promise<void> {
    if (Date.now() - tidiedAt < 60_000) return;
    tidiedAt = Date.now();
    await forgetOld(door.pool, keptDays);
    for (const subscription of await endedSockets(door.pool)) await turn(door, subscription, 'off', null);
  }

  const loop = workLoop(
    async (stopped) => {
      await tidy();
      while (!stopped() && running.size < lanes) {
        const subscription = await takeDue(door.pool);
        if (!subscription) break;
        const work: Promise<void> = serve(subscription, stopped)
          .catch(door.onError)
          .finally(() => {
            running.delete(work);
            loop.nudge();
          });
        running.add(work);
      }
      return false;
    },
    { pauseMs: 1000, onError: door.onError },
  );
  return {
    nudge: loop.nudge,
    async stop() {
      await loop.stop();
      await Promise.all(running);
    },
  };
}
