import { breather } from '../../../kit/breather.ts';
import type { Client } from '../../../kit/pool.ts';
import { pepperedKey64 } from '../../../kit/vault.ts';
import type { Consumer, DomainEvent } from '../../events/index.ts';
import { typeNumber } from '../../store/index.ts';
import { applyActs } from '../acts/apply-acts.ts';
import type { NewAct } from '../acts/model.ts';
import { forgetErased } from '../erase.ts';
import type { Edge } from '../model.ts';
import { edgesAmong, partnersOf } from '../tables/edges.ts';
import { type SourceRow, sourcesByIds } from '../tables/find.ts';
import { comparedBefore, forgetMatching, noteCompared, noteSkipped, writeKeys } from '../tables/match-keys.ts';
import { type FoundPair, queuePairs, settlePairs } from '../tables/pairs.ts';
import type { CurrentModel } from './current-model.ts';
import { findCandidates, keysOf, type PersonKey } from './find-candidates.ts';
import { judge, type OpenModel, preparePerson, type Verdict } from './judge.ts';
import { type Comparable, comparableOf } from './records.ts';

type Changed = { source: SourceRow; person: Comparable; digest: bigint; keys: PersonKey[] };
type Judged = { a: SourceRow; b: SourceRow; verdict: Verdict };

const patientType = typeNumber('Patient');

/** Whose description may have changed: linked by a message, or a Patient resource written. What an act of the index itself has moved says nothing new. */
function subjectsOf(events: readonly DomainEvent[]): bigint[] {
  const subjects = new Set<bigint>();
  for (const { kind, subject, payload } of events) {
    if (subject === null) continue;
    const { by, keys } = payload as { by?: string; keys?: [string, number][] };
    if ((kind === 'resident-linked' && by === undefined) || keys?.some(([, type]) => type === patientType))
      subjects.add(subject);
  }
  return [...subjects];
}

const erasedAmong = (events: readonly DomainEvent[]): bigint[] =>
  events.flatMap(({ subject, payload }) => (subject !== null && 'erased' in payload ? [subject] : []));

const digestOf = (source: SourceRow, person: Comparable): bigint =>
  pepperedKey64(JSON.stringify([person, source.how, String(source.resident)]));

async function changedSince(client: Client, ids: readonly bigint[], version: string): Promise<Changed[]> {
  const [rows, before] = [await sourcesByIds(client, ids), await comparedBefore(client, ids)];
  const changed: Changed[] = [];
  const breathe = breather();
  for (const source of rows.values()) {
    await breathe();
    const person = comparableOf(source);
    const digest = digestOf(source, person);
    if (before.get(source.id) !== `${digest} ${version}`)
      changed.push({ source, person, digest, keys: keysOf(client, person) });
  }
  return changed;
}

async function judgeAll(client: Client, model: OpenModel, changed: readonly Changed[]): Promise<Judged[]> {
  const partners = await partnersOf(
    client,
    changed.map(({ source }) => source.id),
  );
  const { candidates, of, skipped } = await findCandidates(
    client,
    model,
    changed.map(({ keys }) => keys),
    changed.map(({ source }) => partners.flatMap((one) => (one.source === source.id ? [one.partner] : []))),
  );
  await noteSkipped(client, skipped);
  const seen = new Set<string>();
  const judged: Judged[] = [];
  const breathe = breather();
  for (const [at, { source, person }] of changed.entries()) {
    await breathe();
    const side = { source, person, prepared: preparePerson(model, person) };
    for (const id of of[at] ?? []) {
      const other = candidates.get(id);
      const key = source.id < id ? `${source.id} ${id}` : `${id} ${source.id}`;
      if (!other || id === source.id || seen.has(key)) continue;
      seen.add(key);
      const verdict = judge(model, side, other);
      judged.push(source.id < id ? { a: source, b: other.source, verdict } : { a: other.source, b: source, verdict });
    }
  }
  return judged;
}

/** Somebody who fits two residents equally well belongs to neither until a person has looked. */
function twoResidentsFit(links: readonly Judged[]): Set<Judged> {
  const fits = new Map<bigint, Map<bigint, Judged[]>>();
  for (const link of links)
    for (const [one, other] of [
      [link.a, link.b],
      [link.b, link.a],
    ] as const) {
      if (one.number !== null) continue;
      const own = fits.get(one.id) ?? new Map<bigint, Judged[]>();
      own.set(other.resident, [...(own.get(other.resident) ?? []), link]);
      fits.set(one.id, own);
    }
  const doubtful = new Set<Judged>();
  for (const byResident of fits.values()) {
    const numbered = [...byResident.values()].filter((own) =>
      own.some(({ a, b }) => a.how === 'resident-number' || b.how === 'resident-number'),
    );
    if (numbered.length > 1) for (const link of numbered.flat()) doubtful.add(link);
  }
  return doubtful;
}

type Plan = { acts: NewAct[]; queue: FoundPair[]; settled: { a: bigint; b: bigint }[] };

function plan(judged: readonly Judged[], edges: readonly Edge[], model: OpenModel): Plan {
  const word = new Map<string, Edge>();
  for (const edge of edges) {
    const known = word.get(`${edge.a} ${edge.b}`);
    if (!known || edge.weight === null) word.set(`${edge.a} ${edge.b}`, edge);
  }
  const doubtful = twoResidentsFit(judged.filter(({ verdict }) => verdict.outcome === 'link'));
  const result: Plan = { acts: [], queue: [], settled: [] };
  for (const one of judged) {
    const { a, b, verdict } = one;
    const edge = word.get(`${a.id} ${b.id}`);
    if (edge && edge.weight === null) continue; // A person has spoken.
    const link = verdict.outcome === 'link' && !doubtful.has(one);
    const act = { byKind: 'engine' as const, byId: 'master-index', model: model.version, left: [a.id], right: [b.id] };
    if (edge && !link) result.acts.push({ ...act, kind: 'undo', undoes: edge.act, reason: 'no-longer-fits' });
    if (a.resident === b.resident && !edge) {
      result.settled.push({ a: a.id, b: b.id });
    } else if (link) {
      if (!edge) result.acts.push({ ...act, kind: 'link', weight: verdict.weight });
      result.settled.push({ a: a.id, b: b.id });
    } else if (verdict.outcome === 'apart') result.settled.push({ a: a.id, b: b.id });
    else
      result.queue.push({
        a: a.id,
        b: b.id,
        weight: verdict.weight,
        reason: doubtful.has(one) ? 'two-residents-fit' : verdict.reason,
      });
  }
  return result;
}

/** Links that the rules did not let take effect (two numbers, a negative link between the groups): somebody must look. */
async function refusedLinks(client: Client, acts: readonly NewAct[]): Promise<FoundPair[]> {
  const links = acts.filter(({ kind }) => kind === 'link');
  const rows = await sourcesByIds(client, [...new Set(links.flatMap(({ left, right }) => [...left, ...right]))]);
  return links.flatMap(({ left, right, weight }) => {
    const [a, b] = [left[0] as bigint, right[0] as bigint];
    return rows.get(a)?.resident === rows.get(b)?.resident
      ? []
      : [{ a, b, weight: weight ?? 0, reason: 'two-residents-fit' }];
  });
}

/**
 * The engine: reads the feed beside the intake, which it never slows, compares everybody who is new or has changed with whoever shares a block, and links,
 * asks, or leaves alone. What it finds depends on what is known in the end, not on the order in which it was told.
 */
export function openMatcher(current: CurrentModel): Consumer {
  return {
    name: 'master-index',
    atOnce: 100,
    async handle(events, client) {
      await forgetErased(client, erasedAmong(events));
      const subjects = subjectsOf(events);
      if (subjects.length === 0) return;
      const model = await current.get(client);
      const changed = await changedSince(client, subjects, model.version);
      if (changed.length === 0) return;
      await writeKeys(
        client,
        changed.map(({ source, keys }) => ({ source: source.id, keys: keys.map(({ key }) => key) })),
      );
      const judged = await judgeAll(client, model, changed);
      const edges = await edgesAmong(
        client,
        judged.map(({ a, b }) => ({ a: a.id, b: b.id })),
      );
      const { acts, queue, settled } = plan(judged, edges, model);
      await applyActs(client, acts);
      await settlePairs(client, settled);
      await queuePairs(client, [...queue, ...(await refusedLinks(client, acts))], model.version);
      await noteCompared(
        client,
        changed.map(({ source, digest }) => ({ source: source.id, digest })),
        model.version,
      );
    },
    reset: forgetMatching,
  };
}
