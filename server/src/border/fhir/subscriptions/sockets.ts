import { createHash } from 'node:crypto';
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { workLoop } from '../../../kit/work-loop.ts';
import { contentOf } from './content.ts';
import { endOf } from './deliver.ts';
import { callerOfSubscription, type SubscriptionDoor } from './door.ts';
import { eventsBetween, tokenBy } from './event-tables.ts';
import { inPayload, type Kind, nothingToSend, notification } from './notification.ts';
import { type Subscription, subscriptionsByIds } from './tables.ts';

/** Where websockets are opened; the capability statement names it. */
export const socketPath = '/fhir/$subscription-socket';
/** Our own address, spoken to by websocket. */
export const socketAddress = (origin: string): string => `${origin.replace(/^http/, 'ws')}${socketPath}`;
export const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest();

/** Whoever has not bound by then is closed; whoever does not answer a ping until the next one, too. */
const bindMs = 30_000;
const pingMs = 30_000;
const mostSockets = 2000;
const mostWaiting = 1 << 20;

type Bound = { socket: WebSocket; sent: number; at: number; client: string };

export type Sockets = { nudge(): void; stop(): Promise<void> };

/**
 * Websockets: whoever binds with a token hears a handshake for each subscription, and from then on every event after the number that it names. What
 * came before is asked for with `$events`; between the two nothing is left out.
 */
export function openSockets(door: SubscriptionDoor, server: Server): Sockets {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 4096, perMessageDeflate: false });
  const bound = new Map<string, Set<Bound>>();
  const alive = new WeakSet<WebSocket>();

  const say = async (one: Bound, subscription: Subscription, kind: Kind, sent = nothingToSend): Promise<void> => {
    one.socket.send(inPayload(notification(subscription, kind, sent, Date.now()), subscription.payload));
    one.at = Date.now();
  };

  async function bind(socket: WebSocket, text: string): Promise<void> {
    const token = /^bind-with-token:? +([\w-]{20,100})$/.exec(text.trim())?.[1];
    const found = token === undefined ? null : await tokenBy(door.pool, hashOf(token));
    if (!found) {
      socket.close(1008, 'bind-with-token <token>');
      return;
    }
    for (const subscription of await subscriptionsByIds(door.pool, found.subscriptions)) {
      if (subscription.status === 'off' || endOf(door, subscription, Date.now())) continue;
      const mine = bound.get(subscription.id) ?? new Set();
      // Bound again on the same connection: it goes on.
      if ([...mine].some((one) => one.socket === socket)) continue;
      const one = { socket, sent: subscription.lastNumber, at: 0, client: found.client };
      await say(one, subscription, 'handshake');
      bound.set(subscription.id, mine.add(one));
    }
  }

  function welcome(socket: WebSocket): void {
    alive.add(socket);
    const late = setTimeout(() => {
      if (![...bound.values()].some((set) => [...set].some((one) => one.socket === socket)))
        socket.close(1008, 'not bound');
    }, bindMs);
    // One after the other, so that an impatient client cannot pile up look-ups.
    let turn: Promise<void> = Promise.resolve();
    socket.on('message', (data, binary) => {
      if (binary) socket.close(1003, 'text only');
      else
        turn = turn
          .then(() => bind(socket, String(data)))
          .catch((error: unknown) => {
            door.onError(error);
            socket.close(1011);
          });
    });
    socket.on('pong', () => void alive.add(socket));
    socket.on('error', () => socket.terminate());
    socket.on('close', () => {
      clearTimeout(late);
      for (const [id, set] of bound) {
        for (const one of set) if (one.socket === socket) set.delete(one);
        if (set.size === 0) bound.delete(id);
      }
    });
  }

  /** One subscription's news for one socket, under the rights of this moment. */
  async function serve(subscription: Subscription, one: Bound): Promise<void> {
    const { lastNumber, maxCount, content, heartbeat, id, trace } = subscription;
    while (lastNumber > one.sent && one.socket.bufferedAmount < mostWaiting && one.socket.readyState === 1) {
      const events = await eventsBetween(door.pool, id, one.sent + 1, lastNumber, maxCount);
      const caller = callerOfSubscription(subscription);
      await say(
        one,
        subscription,
        'event-notification',
        await contentOf(door, subscription, caller, content, events, trace),
      );
      one.sent = events.at(-1)?.number ?? lastNumber;
    }
    if (heartbeat !== null && one.at + heartbeat * 1000 <= Date.now()) await say(one, subscription, 'heartbeat');
  }

  async function look(): Promise<void> {
    const ids = [...bound.keys()];
    if (ids.length === 0) return;
    const known = new Map((await subscriptionsByIds(door.pool, ids)).map((one) => [one.id, one]));
    for (const id of ids) {
      const subscription = known.get(id);
      const over = !subscription || subscription.status === 'off' || endOf(door, subscription, Date.now());
      for (const one of bound.get(id) ?? []) {
        if (!over) await serve(subscription, one);
        else one.socket.close(1000, 'the subscription is over');
      }
    }
  }

  const loop = workLoop(
    async () => {
      await look();
      return false;
    },
    { pauseMs: 1000, onError: door.onError },
  );
  const pings = setInterval(() => {
    for (const socket of sockets.clients) {
      if (!alive.delete(socket)) socket.terminate();
      else socket.ping();
    }
  }, pingMs);

  const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    // A token is not a cookie: a page of somebody else's cannot bind, so the origin need not be asked for.
    if (request.url?.split('?')[0] !== socketPath || sockets.clients.size >= mostSockets) {
      socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, socket, head, welcome);
  };
  server.on('upgrade', upgrade);
  return {
    nudge: loop.nudge,
    async stop() {
      server.off('upgrade', upgrade);
      clearInterval(pings);
      await loop.stop();
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
    },
  };
}
