import { setTimeout as wait } from 'node:timers/promises';
import { writeInto } from '../../../kit/group-commit.ts';
import type { Client } from '../../../kit/pool.ts';
import { eventWriter } from '../../events/index.ts';
import { shardOfPerson } from '../../store/index.ts';
import { settle } from '../decide/decide-links.ts';
import type { Rule, Source } from '../model.ts';
import { deleteEdgesOf, insertActs, insertEdges } from '../tables/acts.ts';
import { type Closure, closureOf } from '../tables/closure.ts';
import { lockRows, movePointers, nextVersions } from '../tables/pointers.ts';
import { indexOf } from '../tables/source-rows.ts';
import { makeResidents, writeDecisions } from '../tables/write-sources.ts';
import { edgesOfAct, type NewAct } from './model.ts';

export type Moved = { source: bigint; from: bigint | null; to: bigint; rule: Rule };

/** Somebody else holds the rows for longer than a moment: the transaction is given up and tried again by its owner. */
export class Busy extends Error {}

/**
 * Holds everybody whom the decision may concern, so that no message decides on them meanwhile. Never waits for a lock while holding one: messages lock in
 * another order, and whoever waits in a ring is killed by the database.
 */
async function hold(client: Client, ids: readonly bigint[]): Promise<Closure> {
  for (let tries = 0; tries < 40; tries++) {
    const closure = await closureOf(client, ids, []);
    const numbers = [...closure.sources.values()].flatMap(({ number }) =>
      number ? [indexOf(client, 'number', number).readBigInt64BE(0)] : [],
    );
    if (await lockRows(client, [...closure.sources.keys()], numbers)) {
      const again = await closureOf(client, ids, []);
      if ([...again.sources.keys()].every((id) => closure.sources.has(id))) return again;
    }
    await wait(10);
  }
  throw new Busy('identity rows are held elsewhere');
}

/** Points everybody concerned to where they now belong. */
async function repoint(client: Client, { sources, edges }: Closure, acts: Map<bigint, bigint>): Promise<Moved[]> {
  const copies = new Map([...sources].map(([id, source]) => [id, { ...source }]));
  const { changed, decisions } = settle(sources, copies, edges, new Set());
  await makeResidents(
    client,
    changed.map(({ resident }) => resident),
  );
  await movePointers(client, changed);
  const byAny = [...acts.values()][0] ?? null;
  await writeDecisions(
    client,
    decisions.map((decision) => ({ ...decision, message: null, act: acts.get(decision.source) ?? byAny })),
  );
  await writeInto(
    client,
    eventWriter,
    decisions.map(({ source, from, to, rule }) => ({
      at: Date.now(),
      kind: 'resident-linked' as const,
      shard: shardOfPerson(source),
      subject: source,
      institution: (sources.get(source) as Source).institution,
      payload: { from: from === null ? null : String(from), to: String(to), rule, by: 'act' },
    })),
  );
  return decisions;
}

/**
 * Keeps acts and lets them take effect, in the caller's transaction. Every source that an act names gets a new version, so a message that was decided
 * on the state before is refused and decided anew.
 * @throws Busy when the rows could not be had
 */
export async function applyActs(client: Client, acts: readonly NewAct[]): Promise<{ acts: bigint[]; moved: Moved[] }> {
  if (acts.length === 0) return { acts: [], moved: [] };
  const named = [...new Set(acts.flatMap(({ left, right }) => [...left, ...right]))];
  await hold(client, named);
  const ids = await insertActs(client, acts);
  await deleteEdgesOf(
    client,
    acts.flatMap(({ undoes }) => (undoes == null ? [] : [undoes])),
  );
  await insertEdges(
    client,
    acts.flatMap((act, at) =>
      edgesOfAct({
        awaitsSecond: false,
        weight: null,
        ...act,
        id: ids[at] as bigint,
        left: [...act.left],
        right: [...act.right],
      } as Parameters<typeof edgesOfAct>[0]),
    ),
  );
  await nextVersions(client, named);
  const actOf = new Map<bigint, bigint>();
  acts.forEach((act, at) => {
    for (const id of [...act.left, ...act.right]) actOf.set(id, ids[at] as bigint);
  });
  const closure = await hold(client, named);
  return { acts: ids, moved: await repoint(client, closure, actOf) };
}
