import { eventWriter } from '../../../core/events/index.ts';
import { currentByKeys, newVersion, resourceKey, resourceWriter } from '../../../core/store/index.ts';
import { Unit } from '../../../kit/group-commit.ts';
import type { Resource } from '../../fact.ts';
import type { SubscriptionDoor } from './door.ts';
import { type Status, type Subscription, subscriptionBy, turnWriter } from './tables.ts';

const attempts = 5;

/**
 * The platform turns a subscription: a new version of the resource says it, so that a read, a search and the history tell the same. One that its
 * client has written meanwhile is left to what the client said.
 */
export async function turn(
  { pool, committer }: SubscriptionDoor,
  { id, version: seen, institution }: Subscription,
  status: Status,
  error: string | null,
): Promise<Subscription | undefined> {
  for (let attempt = 1; attempt <= attempts; attempt++) {
    const key = resourceKey('Subscription', id);
    const stored = (await currentByKeys(pool, [key])).get(key);
    if (!stored || stored.version !== seen) return undefined;
    const { error: _former, ...resource } = JSON.parse(stored.body) as Resource;
    const now = Date.now();
    const write = newVersion({
      resource: { ...resource, status, ...(error !== null && { error }) } as Resource,
      id,
      shard: stored.shard,
      expected: stored.version,
      version: stored.version + 1,
      subject: stored.subject,
      institution: stored.institution,
      label: stored.label,
      received: now,
      message: null,
    });
    const unit = new Unit()
      .touch(`resource ${key}`)
      .add(resourceWriter, [write])
      .add(turnWriter, [{ id, from: seen, version: write.version, status, error }])
      .add(eventWriter, [
        {
          at: now,
          kind: 'record-written',
          shard: stored.shard,
          subject: null,
          institution,
          payload: { keys: [[String(key), write.type]] },
        },
      ]);
    const outcome = await committer.commit(unit);
    if (outcome.ok) return subscriptionBy(pool, id);
    if (outcome.error === 'unavailable') throw outcome.cause ?? new Error('unavailable');
  }
  return undefined;
}
