import { isResourceType, parseSearch, type ResourceType } from '@hutong/fhir';
import type { Caller } from '../../../core/access/index.ts';
import { matchesAmong, NotSearchable } from '../../../core/store/index.ts';
import type { Egress } from '../../../kit/egress.ts';
import type { Unit } from '../../../kit/group-commit.ts';
import type { Pool } from '../../../kit/pool.ts';
import type { BorderIssue, Resource } from '../../fact.ts';
import { covered, ownScope } from '../door.ts';
import type { Planned, Resolved, Sender } from '../entry.ts';
import { issue, placed } from '../outcome.ts';
import { type Asked, ownFilterNames, readAsked } from './asked.ts';
import { stopWriter, subscriptionRemover, subscriptionWriter } from './tables.ts';

export type Keeper = { pool: Pool; egress: Egress };
export type Writer = Pick<Sender, 'caller' | 'base' | 'trace'>;

/** Whether a subscription works is for the platform to say: what a client writes is a wish (FHIR R4 Subscription.status). */
export function setStatus(entry: Resolved): void {
  const { resource, type, method } = entry;
  if (type !== 'Subscription' || method === 'DELETE' || !resource || resource.resourceType !== 'Subscription') return;
  const channel = (resource.channel as { type?: unknown } | undefined)?.type;
  if (resource.status !== 'off' && ['requested', 'active', 'error'].includes(String(resource.status)))
    resource.status = channel === 'websocket' ? 'active' : 'requested';
  delete resource.error;
}

/**
 * Keeps what works in step with the Subscriptions that are written: in the transaction of the write, or the write is refused. One that is off may
 * say what it likes.
 */
export async function keepSubscriptions(
  keeper: Keeper,
  unit: Unit,
  planned: readonly Planned[],
  { caller, base, trace }: Writer,
): Promise<BorderIssue[]> {
  const issues: BorderIssue[] = [];
  for (const { entry, type, id, version, write } of planned) {
    if (type !== 'Subscription' || !write) continue;
    const resource = entry.resource as Resource;
    if (entry.method === 'DELETE') {
      unit.add(subscriptionRemover, [{ id }]);
      continue;
    }
    if (resource.status === 'off') {
      unit.add(stopWriter, [{ id, version }]);
      continue;
    }
    const asked = readAsked(resource);
    const wrong = Array.isArray(asked) ? asked : await refusals(keeper, asked, caller);
    issues.push(...wrong.map((one) => placed(one, entry.at)));
    if (Array.isArray(asked)) continue;
    const { topic, ...rest } = asked;
    unit.add(subscriptionWriter, [
      {
        ...rest,
        id,
        version,
        topic: topic.url,
        client: caller.id,
        institution: caller.institution as number,
        caller: { role: caller.role, permissions: caller.permissions, scopes: caller.scopes },
        base,
        trace,
        status: asked.channel === 'websocket' ? 'active' : 'requested',
        shaken: asked.channel === 'websocket',
      },
    ]);
  }
  return issues;
}

async function refusals({ pool, egress }: Keeper, asked: Asked, caller: Caller): Promise<BorderIssue[]> {
  const issues: BorderIssue[] = [];
  if (asked.endpoint !== null && !egress.allows(asked.endpoint))
    issues.push(
      issue(
        'business-rule',
        'Subscription.channel.endpoint',
        '该地址的来源不在运维设定的外呼名单内（HUTONG_EGRESS）',
        'The origin of this address is not on the operator’s list (HUTONG_EGRESS)',
      ),
    );
  const types =
    asked.filters.length > 0
      ? asked.filters.map(({ type }) => type)
      : asked.topic.triggers.map(({ resource }) => resource);
  for (const type of new Set(types))
    if (!covered(caller, type, 's') || !covered(caller, type, 'r'))
      issues.push(
        issue(
          'forbidden',
          'Subscription.criteria',
          `令牌的授权范围不包含 ${type}`,
          `The token’s scopes do not cover ${type}`,
        ),
      );
  for (const { type, query } of asked.filters) {
    const unanswered = await unansweredIn(pool, caller, type, query);
    if (unanswered !== null)
      issues.push(
        issue(
          'not-supported',
          'Subscription.criteria',
          `不支持检索参数“${unanswered}”`,
          `The search parameter "${unanswered}" is not supported`,
        ),
      );
  }
  return issues;
}

/** What the store does not answer is refused now, and not found out when the first change comes. */
async function unansweredIn(pool: Pool, caller: Caller, type: ResourceType, query: string): Promise<string | null> {
  const parsed = parseSearch(type, query, ownFilterNames);
  if (!parsed.ok || !isResourceType(type)) return type;
  try {
    await matchesAmong(pool, [0n], {
      type,
      filters: parsed.query.filters,
      scope: ownScope(caller),
      now: Date.now(),
      expand: () => [],
      related: () => [],
    });
    return null;
  } catch (error) {
    if (error instanceof NotSearchable) return error.parameter;
    throw error;
  }
}
