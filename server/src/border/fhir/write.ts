import { isResourceType, parseSearch } from '@hutong/fhir';
import { eventWriter } from '../../core/events/index.ts';
import type { Identity } from '../../core/identity/index.ts';
import {
  type Ask,
  absenceWriter,
  matchesOf,
  NotSearchable,
  resourceKey,
  resourceWriter,
  type Scope,
  shardOfPerson,
} from '../../core/store/index.ts';
import type { Egress } from '../../kit/egress.ts';
import type { Unit } from '../../kit/group-commit.ts';
import { key64 } from '../../kit/hash.ts';
import type { Pool } from '../../kit/pool.ts';
import type { BorderIssue, Resource } from '../fact.ts';
import { addTraces, type Origin } from '../intake/index.ts';
import { copyOf } from './copy-of.ts';
import type { Entry, Planned, Resolved, Sender } from './entry.ts';
import { fromValidator, issue, placed } from './outcome.ts';
import { applyPatches } from './patch.ts';
import { planWrites } from './plan.ts';
import { conditionalReferences } from './references.ts';
import { keepSubscriptions, setStatus } from './subscriptions/keep.ts';

export type WriteContext = { pool: Pool; identity: Identity; egress: Egress };
export type WriteResult = { ok: true; planned: Planned[] } | { ok: false; issues: BorderIssue[]; status: number };
type Failure = { ok: false; issues: BorderIssue[]; status: number };

const fail = (status: number, ...issues: BorderIssue[]): Failure => ({ ok: false, status, issues });

/** A search in a condition; paging and shaping have no meaning there. */
function readCondition(type: string, query: string, at: string, scope: Scope): Ask | Failure {
  if (!isResourceType(type))
    return fail(
      400,
      issue(
        'not-supported',
        at,
        `没有“${type.slice(0, 40)}”这种资源类型`,
        `There is no resource type "${type.slice(0, 40)}"`,
      ),
    );
  const parsed = parseSearch(type, query);
  if (!parsed.ok) return fail(400, ...parsed.issues.map(fromValidator));
  if (parsed.query.filters.length === 0) return fail(412, issue('invalid', at, '条件为空', 'The condition is empty'));
  return { type, filters: parsed.query.filters, scope };
}

const several = (at: string): Failure =>
  fail(412, issue('multiple-matches', at, '条件匹配到多个资源', 'The condition matches more than one resource'));

/** Answers the conditions of entries; what none matches stays to be made, and is guarded at the commit. */
async function resolveConditions(
  pool: Pool,
  entries: Resolved[],
  scope: Scope,
): Promise<Failure | { absent: { entry: Resolved; ask: Ask }[] }> {
  const asked: { entry: Resolved; ask: Ask }[] = [];
  const first = new Map<string, Resolved>();
  for (const entry of entries) {
    if (entry.condition === undefined) continue;
    const ask = readCondition(entry.type, entry.condition, entry.at || entry.type, scope);
    if ('ok' in ask) return ask;
    const name = `${entry.type}?${entry.condition}`;
    const earlier = first.get(name);
    if (earlier && entry.method === 'POST' && earlier.method === 'POST') entry.sameAs = earlier;
    else {
      first.set(name, entry);
      asked.push({ entry, ask });
    }
  }
  let found: Awaited<ReturnType<typeof matchesOf>>;
  try {
    found = await matchesOf(
      pool,
      asked.map(({ ask }) => ask),
    );
  } catch (error) {
    return notSearchable(error, '');
  }
  const absent: { entry: Resolved; ask: Ask }[] = [];
  for (const [index, { entry, ask }] of asked.entries()) {
    const [match, another] = found[index] ?? [];
    if (another) return several(entry.at || entry.type);
    if (match) {
      if (entry.method === 'POST') entry.instead = { type: match.type, id: match.id, version: match.version };
      else {
        if (entry.resource?.id !== undefined && entry.method === 'PUT' && entry.resource.id !== match.id)
          return fail(
            400,
            issue(
              'invalid',
              `${entry.at || entry.type}.id`,
              '资源 id 与条件匹配到的资源不一致',
              'The resource id differs from that of the resource the condition matches',
            ),
          );
        entry.id = match.id;
        if (entry.resource && entry.method === 'PUT') entry.resource = { ...entry.resource, id: match.id };
      }
      continue;
    }
    if (entry.method === 'DELETE') entry.nothing = true;
    else if (entry.method === 'PATCH')
      return fail(
        404,
        issue('not-found', entry.at || entry.type, '条件没有匹配到资源', 'The condition matches no resource'),
      );
    else {
      // Conditional update without a match: made under the id it brings, or a new one (FHIR R4 §3.1.0.4.3).
      if (entry.method === 'PUT' && typeof entry.resource?.id === 'string') entry.id = entry.resource.id;
      else entry.method = 'POST';
      absent.push({ entry, ask });
    }
  }
  for (const entry of entries) if (entry.sameAs?.instead) entry.instead = entry.sameAs.instead;
  return { absent };
}

/** A condition that this store does not answer is refused by name, like a search. */
function notSearchable(error: unknown, at: string): Failure {
  if (!(error instanceof NotSearchable)) throw error;
  const { parameter } = error;
  return fail(
    400,
    issue(
      'not-supported',
      at || parameter,
      `不支持检索参数“${parameter}”`,
      `The search parameter "${parameter}" is not supported`,
    ),
  );
}

async function resolveReferences(
  pool: Pool,
  entries: Resolved[],
  scope: Scope,
): Promise<Failure | Map<string, string>> {
  const bundled = entries.filter(({ at, resource }) => at !== '' && resource);
  const references = conditionalReferences(bundled.map(({ resource }) => resource as Resource));
  const aliases = new Map<string, string>();
  const asks: Ask[] = [];
  const atOf = (at: number): string => bundled[at]?.at ?? '';
  for (const { type, query, at, path } of references) {
    const ask = readCondition(type, query, placed(issue('', path, '', ''), atOf(at)).path, scope);
    if ('ok' in ask) return ask;
    asks.push(ask);
  }
  let found: Awaited<ReturnType<typeof matchesOf>>;
  try {
    found = await matchesOf(pool, asks);
  } catch (error) {
    return notSearchable(error, '');
  }
  for (const [index, { text, at, path }] of references.entries()) {
    const [match, another] = found[index] ?? [];
    if (another)
      return fail(
        412,
        placed(
          issue(
            'multiple-matches',
            path,
            '条件引用匹配到多个资源',
            'The conditional reference matches more than one resource',
          ),
          atOf(at),
        ),
      );
    if (!match)
      return fail(
        422,
        placed(
          issue('not-found', path, '条件引用没有匹配到资源', 'The conditional reference matches no resource'),
          atOf(at),
        ),
      );
    aliases.set(text, `${match.type}/${match.id}`);
  }
  return aliases;
}

/** Plans the entries and adds every row, with its events and audit, to `unit`. The caller commits, and calls again on a conflict. */
export async function addWrites(
  { pool, identity, egress }: WriteContext,
  unit: Unit,
  given: readonly Entry[],
  sender: Sender,
  origin: Origin,
): Promise<WriteResult> {
  // A copy of its own for every attempt: planning rewrites references in place.
  const entries: Resolved[] = given.map((entry) => ({
    ...entry,
    ...(entry.resource && { resource: copyOf(entry.resource) }),
  }));
  // Conditions look only at what the sender itself wrote: an answer "it exists" must not tell about others' residents.
  const scope: Scope = { institutions: [sender.institution.id], subjects: [], maxLabel: 9 };
  const conditions = await resolveConditions(pool, entries, scope);
  if ('ok' in conditions) return conditions;
  const patched = await applyPatches(pool, entries, sender);
  if (patched) return patched;
  for (const entry of entries) setStatus(entry);
  const aliases = await resolveReferences(pool, entries, scope);
  if (!(aliases instanceof Map)) return aliases;
  const plan = await planWrites(pool, entries, sender, aliases);
  if (!plan.ok) return plan;
  const unserved = await keepSubscriptions({ pool, egress }, unit, plan.planned, sender);
  if (unserved.length > 0) return fail(422, ...unserved);
  const ownKeys = new Map(plan.planned.map(({ entry, type, id }) => [entry, resourceKey(type, id)]));
  // Two conditional creates at the same instant, here or on another server: the second is refused at its commit, and decided anew.
  unit.add(
    absenceWriter,
    conditions.absent.map(({ entry, ask }) => ({
      ask,
      lock: key64(`condition ${sender.institution.id} ${entry.type}?${entry.condition}`),
      own: ownKeys.get(entry) as bigint,
    })),
  );
  for (const { entry } of conditions.absent)
    unit.touch(`condition ${sender.institution.id} ${entry.type}?${entry.condition}`);
  const writes = plan.planned.flatMap(({ write }) => (write ? [write] : []));
  unit.add(resourceWriter, writes);
  for (const { key } of writes) unit.touch(`resource ${key}`);
  const relinked = await identity.addTo(unit, plan.sightings, plan.merges);
  unit.add(
    eventWriter,
    relinked.map(({ source, from, to, rule }) => ({
      at: sender.receivedAt,
      kind: 'resident-linked' as const,
      shard: shardOfPerson(source),
      subject: source,
      institution: sender.institution.id,
      payload: { from: from === null ? null : String(from), to: String(to), rule },
    })),
  );
  addTraces(unit, origin, writes);
  return { ok: true, planned: plan.planned };
}
