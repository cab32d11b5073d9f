import { parseSearch, type ResourceType } from '@hutong/fhir';
import type { Identity } from '../../core/identity/index.ts';
import { eventWriter } from '../../core/events/index.ts';
import { resourceWriter, type Scope, searchResources, shardOfPerson } from '../../core/store/index.ts';
import type { Unit } from '../../kit/group-commit.ts';
import type { Pool } from '../../kit/pool.ts';
import type { BorderIssue } from '../fact.ts';
import { addTraces, type Origin } from '../intake/index.ts';
import type { Condition } from './bundle.ts';
import { fromValidator, issue } from './outcome.ts';
import { type Entry, type Planned, planWrites, type Sender } from './plan.ts';

export type WriteContext = { pool: Pool; identity: Identity };
export type WriteResult = { ok: true; planned: Planned[] } | { ok: false; issues: BorderIssue[]; status: number };

/** Looks up what conditional entries depend on; more than one hit is an error, none leaves the entry as it is. */
async function resolveConditions(pool: Pool, conditions: Condition[], scope: Scope): Promise<{ issues: BorderIssue[]; status: number } | null> {
  for (const { entry, query } of conditions) {
    const parsed = parseSearch(entry.type as ResourceType, query);
    if (!parsed.ok) return { issues: parsed.issues.map(fromValidator), status: 400 };
    if (parsed.query.filters.length === 0) return { status: 412, issues: [issue('invalid', entry.at || entry.type, '条件为空', 'The condition is empty')] };
    const { matches } = await searchResources(pool, { query: { ...parsed.query, count: 2 }, scope });
    if (matches.length > 1) return { status: 412, issues: [issue('multiple-matches', entry.at || entry.type, '条件匹配到多个资源', 'The condition matches more than one resource')] };
    const [match] = matches;
    if (entry.method === 'POST' && match) entry.instead = { type: match.type, id: match.id, version: match.version };
    else if (entry.method !== 'POST' && match) {
      entry.id = match.id;
      if (entry.resource) entry.resource = { ...entry.resource, id: match.id };
    } else if (entry.method === 'PUT') entry.method = 'POST';
  }
  return null;
}

/** Plans the entries and adds every row, with its events and audit, to `unit`. The caller commits, and calls again on a conflict. */
export async function addWrites({ pool, identity }: WriteContext, unit: Unit, entries: Entry[], conditions: Condition[], sender: Sender, origin: Origin): Promise<WriteResult> {
  // Conditions look only at what the sender itself wrote: an answer "it exists" must not tell about others' residents.
  const failed = await resolveConditions(pool, conditions, { institutions: [sender.institution.id], subjects: [], maxLabel: 9 });
  if (failed) return { ok: false, ...failed };
  // Two conditional creates at the same instant: the condition itself is touched, so they take turns in this server.
  for (const { entry, query } of conditions) unit.touch(`condition ${sender.institution.id} ${entry.type}?${query}`);
  const plan = await planWrites(pool, entries, sender);
  if (!plan.ok) return plan;
  const writes = plan.planned.flatMap(({ write }) => (write ? [write] : []));
  unit.add(resourceWriter, writes);
  for (const { key } of writes) unit.touch(`resource ${key}`);
  const relinked = await identity.addTo(unit, plan.sightings, []);
  unit.add(eventWriter, relinked.map(({ source, from, to, rule }) => ({
    at: sender.receivedAt, kind: 'resident-linked' as const, shard: shardOfPerson(source), subject: source, institution: sender.institution.id,
    payload: { from: from === null ? null : String(from), to: String(to), rule },
  })));
  addTraces(unit, origin, writes);
  return { ok: true, planned: plan.planned };
}
