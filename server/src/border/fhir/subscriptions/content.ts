import { parseSearch, type ResourceType } from '@hutong/fhir';
import type { Caller } from '../../../core/access/index.ts';
import { type AuditEntry, auditWriter } from '../../../core/audit/index.ts';
import { includesOf, lastOwner, type Stored, typeName, visibleByKeys } from '../../../core/store/index.ts';
import { Unit } from '../../../kit/group-commit.ts';
import { covered } from '../door.ts';
import type { Content } from './asked.ts';
import type { SubscriptionDoor } from './door.ts';
import type { EventRow } from './event-tables.ts';
import { eyesOf } from './eyes.ts';
import type { Subscription } from './tables.ts';
import { topicOf } from './topics.ts';

/** An event as one caller may see it now: `row` only if the content asks for it, `focus` null when it may not be named. */
export type Shown = { event: EventRow; focus: { type: ResourceType; id: string } | null; row: Stored | null };
export type ToSend = { shown: Shown[]; context: Stored[] };

/**
 * Reads what events are about under the caller's scope of this moment. What the caller may not see any more keeps its number and says nothing.
 * Every look is durable before anything is handed to whoever sends it.
 * @throws when a look could not be noted: then nothing may be sent
 */
export async function contentOf(
  door: SubscriptionDoor,
  subscription: Subscription,
  caller: Caller,
  content: Content,
  events: readonly EventRow[],
  trace: string,
): Promise<ToSend> {
  const nothing = (event: EventRow): Shown => ({ event, focus: null, row: null });
  if (content === 'empty' || events.length === 0) return { shown: events.map(nothing), context: [] };
  const now = Date.now();
  const { scope, grounds } = await eyesOf(door, subscription, caller, now);
  const rows = new Map(
    (await visibleByKeys(door.pool, scope, [...new Set(events.map(({ key }) => key))])).map((row) => [row.key, row]),
  );
  const shown: Shown[] = [];
  for (const event of events) {
    const type = typeName(event.type);
    const row = rows.get(event.key);
    if (!type || !covered(caller, type, 'r')) shown.push(nothing(event));
    else if (row) shown.push({ event, focus: { type, id: event.id }, row: event.deleted ? null : row });
    else {
      // Deleted by now, or not open any more: only whoever might have read it is told its name.
      const owner = await lastOwner(door.pool, type, event.id);
      const open =
        owner?.institution === caller.institution ||
        (owner?.subject !== undefined && owner.subject !== null && scope.subjects.includes(owner.subject));
      shown.push(open ? { event, focus: { type, id: event.id }, row: null } : nothing(event));
    }
  }
  const whole = content === 'full-resource' ? shown.flatMap(({ row }) => (row ? [row] : [])) : [];
  const context = await alongside(door, subscription, caller, whole, scope);
  const people = new Map<bigint, Set<string>>();
  for (const { event, focus } of shown)
    if (focus && event.subject !== null)
      people.set(event.subject, (people.get(event.subject) ?? new Set()).add(focus.type));
  for (const { subject, type } of context)
    if (subject !== null) people.set(subject, (people.get(subject) ?? new Set()).add(type));
  const looks = [...people].map(([subject, types]): AuditEntry => {
    const { ground, resident } = grounds.get(subject) ?? { ground: 'own-institution', resident: null };
    return {
      at: now,
      agent: `client ${caller.id}`,
      role: caller.role,
      institution: caller.institution,
      action: 'read',
      what: `subscription notification ${content} ${[...types].join(' ')}`.slice(0, 400),
      subject,
      resident,
      ground,
      trace,
    };
  });
  if (looks.length > 0 && !(await door.committer.commit(new Unit().add(auditWriter, looks))).ok)
    throw new Error('the looks of a notification could not be noted');
  return content === 'full-resource'
    ? { shown, context }
    : { shown: shown.map((one) => ({ ...one, row: null })), context: [] };
}

/** What the topic's shape sends along with the resources themselves. */
async function alongside(
  { pool }: SubscriptionDoor,
  { topic }: Subscription,
  caller: Caller,
  rows: readonly Stored[],
  scope: Parameters<typeof includesOf>[3],
): Promise<Stored[]> {
  const found = new Map<bigint, Stored>();
  const own = new Set(rows.map(({ key }) => key));
  for (const include of topicOf(topic)?.includes ?? []) {
    const type = include.split(':')[0] as ResourceType;
    const parsed = parseSearch(type, new URLSearchParams({ _include: include }));
    if (!parsed.ok) continue;
    const { included } = await includesOf(
      pool,
      rows.filter((row) => row.type === type),
      parsed.query,
      scope,
    );
    for (const row of included) if (!own.has(row.key) && covered(caller, row.type, 'r')) found.set(row.key, row);
  }
  return [...found.values()];
}
