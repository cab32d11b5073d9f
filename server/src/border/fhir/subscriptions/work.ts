import type { Server } from 'node:http';
import type { Consumer } from '../../../core/events/index.ts';
import { startDelivery } from './deliver.ts';
import type { SubscriptionDoor } from './door.ts';
import { subscriptionConsumer } from './match.ts';
import { openSockets, type Sockets } from './sockets.ts';

export type Subscriptions = {
  door: SubscriptionDoor;
  /** The reader of the feed. */
  consumer: Consumer;
  /** Begins to send, to endpoints and over websockets of this HTTP server. */
  start(server: Server): void;
  stop(): Promise<void>;
};

/** A transaction of the reader is over by then; a look that comes too early is repeated within a second. */
const afterCommitMs = 20;

export function openSubscriptions(door: SubscriptionDoor): Subscriptions {
  let sockets: Sockets | null = null;
  let delivery: ReturnType<typeof startDelivery> | null = null;
  const soon = (): void =>
    void setTimeout(() => {
      delivery?.nudge();
      sockets?.nudge();
    }, afterCommitMs).unref();
  return {
    door,
    consumer: subscriptionConsumer(door, soon),
    start(server) {
      delivery = startDelivery(door);
      sockets = openSockets(door, server);
    },
    async stop() {
      await delivery?.stop();
      await sockets?.stop();
    },
  };
}
