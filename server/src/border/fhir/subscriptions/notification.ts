import { randomUUID } from 'node:crypto';
import { toXml } from '@hutong/fhir';
import type { Asked } from './asked.ts';
import type { ToSend } from './content.ts';
import type { Subscription } from './tables.ts';

export type Kind = 'handshake' | 'heartbeat' | 'event-notification' | 'query-status' | 'query-event';

type Part = { name: string; [value: string]: unknown };
const profiles = 'http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition';
const errors = 'http://terminology.hl7.org/CodeSystem/subscription-error';

/** The R4 form of SubscriptionStatus (profile backport-subscription-status-r4); numbers are strings there. */
export function statusOf(
  { id, base, topic, status, lastNumber, error }: Subscription,
  kind: Kind,
  events: ToSend['shown'] = [],
): { resourceType: 'Parameters'; id: string; [element: string]: unknown } {
  const parameter: Part[] = [
    { name: 'subscription', valueReference: { reference: `${base}/Subscription/${id}` } },
    { name: 'topic', valueCanonical: topic },
    { name: 'status', valueCode: status },
    { name: 'type', valueCode: kind },
    { name: 'events-since-subscription-start', valueString: String(lastNumber) },
    ...events.map(
      ({ event, focus }): Part => ({
        name: 'notification-event',
        part: [
          { name: 'event-number', valueString: String(event.number) },
          { name: 'timestamp', valueInstant: event.at.toISOString() },
          ...(focus ? [{ name: 'focus', valueReference: { reference: `${base}/${focus.type}/${focus.id}` } }] : []),
        ],
      }),
    ),
    ...(error === null
      ? []
      : [{ name: 'error', valueCodeableConcept: { coding: [{ system: errors, code: 'no-response' }], text: error } }]),
  ];
  return {
    resourceType: 'Parameters',
    id: randomUUID(),
    meta: { profile: [`${profiles}/backport-subscription-status-r4`] },
    parameter,
  };
}

/** A notification Bundle of type history (profile backport-subscription-notification-r4); stored bodies go out untouched. */
export function notification(subscription: Subscription, kind: Kind, { shown, context }: ToSend, now: number): string {
  const { id, base } = subscription;
  const status = statusOf(subscription, kind, shown);
  const head = JSON.stringify({
    fullUrl: `urn:uuid:${status.id}`,
    resource: status,
    request: { method: 'GET', url: `${base}/Subscription/${id}/$status` },
    response: { status: '200' },
  });
  const sent = new Set<bigint>();
  const entries = shown.flatMap(({ event, focus, row }) => {
    if (!focus || (!row && !event.deleted)) return [];
    const url = `${focus.type}/${focus.id}`;
    if (event.deleted)
      return [
        JSON.stringify({
          fullUrl: `${base}/${url}`,
          request: { method: 'DELETE', url },
          response: { status: '204' },
        }),
      ];
    if (!row || sent.has(row.key)) return [];
    sent.add(row.key);
    return [entry(base, url, row.body, event.version === 1 ? ['POST', focus.type, '201'] : ['PUT', url, '200'])];
  });
  const others = context.map(({ type, id: of, body }) =>
    entry(base, `${type}/${of}`, body, ['GET', `${type}/${of}`, '200']),
  );
  return `{"resourceType":"Bundle","id":"${randomUUID()}","meta":{"profile":["${profiles}/backport-subscription-notification-r4"]},"type":"history","timestamp":"${new Date(now).toISOString()}","entry":[${[head, ...entries, ...others].join(',')}]}`;
}

const entry = (base: string, url: string, body: string, [method, asked, status]: [string, string, string]): string =>
  `{"fullUrl":"${base}/${url}","resource":${body},"request":{"method":"${method}","url":"${asked}"},"response":{"status":"${status}"}}`;

/** In the format that the subscription asked for. */
export const inPayload = (text: string, payload: Asked['payload']): string =>
  payload === 'application/fhir+xml' ? toXml(text) : text;

export const nothingToSend: ToSend = { shown: [], context: [] };
