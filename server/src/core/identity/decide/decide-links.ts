import type { Edge, Merge, Rule, Sighting, Source } from '../model.ts';
import { absorb, blankSource } from './absorb.ts';
import { resolve } from './resolve.ts';

export type Decision = { source: bigint; from: bigint | null; to: bigint; rule: Rule };

/**
 * What new messages change: absorbs what they say, then resolves. Demographics and numbers are last-stamp-wins, merges form a forest, and the
 * residents follow from all of it; the result never depends on the order of arrival.
 * @param known everybody whom the sightings may concern: families, claimants of the same numbers, and those joined by acts
 */
export function decide(
  known: ReadonlyMap<bigint, Source>,
  sightings: Sighting[],
  merges: Merge[],
  edges: readonly Edge[] = [],
): { changed: Source[]; decisions: Decision[] } {
  const sources = new Map([...known].map(([id, source]) => [id, { ...source }]));
  const dirty = new Set<bigint>();
  for (const sighting of sightings) {
    let source = sources.get(sighting.id);
    if (!source) {
      source = blankSource(sighting);
      sources.set(sighting.id, source);
      dirty.add(sighting.id);
    }
    if (sighting.says && absorb(source, sighting.says)) dirty.add(sighting.id);
  }
  for (const merge of merges) applyMerge(sources, merge, dirty);
  return { ...settle(known, sources, edges, dirty) };
}

/** Who now belongs where; `dirty` gathers whose row changes. */
export function settle(
  known: ReadonlyMap<bigint, Source>,
  sources: Map<bigint, Source>,
  edges: readonly Edge[],
  dirty: Set<bigint>,
): { changed: Source[]; decisions: Decision[] } {
  const decisions: Decision[] = [];
  for (const [id, { resident, how }] of resolve(sources, edges)) {
    const source = sources.get(id) as Source;
    const former = known.get(id);
    if (former?.resident !== resident)
      decisions.push({ source: id, from: former?.resident ?? null, to: resident, rule: how });
    if (former && former.resident === resident && former.how === how) continue;
    Object.assign(source, { resident, how });
    dirty.add(id);
  }
  return { changed: [...dirty].map((id) => sources.get(id) as Source), decisions };
}

function applyMerge(sources: Map<bigint, Source>, { survivor, retired, stamp }: Merge, dirty: Set<bigint>): void {
  const source = sources.get(retired);
  if (!source || survivor === retired || (source.mergedStamp ?? '') >= stamp) return;
  if (rootOf(sources, survivor) === retired) {
    // The survivor was once merged into this one: the later word wins, so that link is cut first.
    const former = sources.get(survivor);
    if (former && (former.mergedStamp ?? '') > stamp) return;
    if (former) Object.assign(former, { mergedInto: null, mergedStamp: stamp });
    dirty.add(survivor);
  }
  Object.assign(source, { mergedInto: survivor, mergedStamp: stamp });
  dirty.add(retired);
}

/** Follows the merges to the surviving identity; merges never form a ring, and a chain is as long as the institution made it. */
function rootOf(sources: Map<bigint, Source>, id: bigint): bigint {
  let at = id;
  for (let steps = 0; steps < 1000; steps++) {
    const next = sources.get(at)?.mergedInto;
    if (next === null || next === undefined || !sources.has(next)) return at;
    at = next;
  }
  return at;
}
