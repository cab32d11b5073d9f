import type { Client } from '../../../kit/pool.ts';
import { resolve } from '../decide/resolve.ts';
import { actsAfter, insertEdges } from '../tables/acts.ts';
import { closureOf } from '../tables/closure.ts';
import { allSources, resetEdges } from '../tables/pointers.ts';
import { edgesInForce } from './model.ts';

export type ReplayResult = { acts: number; sources: number; differences: bigint[] };

/**
 * Rebuilds what the acts say from the acts alone, decides on every source anew, and compares with what is kept. In the caller's transaction, so that a
 * difference can be looked at before anything is committed.
 */
export async function replayActs(client: Client): Promise<ReplayResult> {
  await resetEdges(client);
  let acts = 0;
  for (let after = 0n; ; ) {
    const page = await actsAfter(client, after, 1000);
    await insertEdges(client, edgesInForce(page));
    acts += page.length;
    if (page.length < 1000) break;
    after = (page.at(-1) as { id: bigint }).id;
  }
  const differences = new Set<bigint>();
  let sources = 0;
  for (let after = String(-(2n ** 63n)); ; ) {
    const ids = await allSources(client, after, 500);
    const closure = await closureOf(client, ids, []);
    for (const [id, { resident, how }] of resolve(closure.sources, closure.edges)) {
      const kept = closure.sources.get(id);
      if (kept?.resident !== resident || kept.how !== how) differences.add(id);
    }
    sources += ids.length;
    if (ids.length < 500) break;
    after = String(ids.at(-1));
  }
  return { acts, sources, differences: [...differences] };
}
