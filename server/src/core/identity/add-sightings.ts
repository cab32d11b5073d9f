import { foldName } from '@hutong/china';
import type { Unit } from '../../kit/group-commit.ts';
import type { Pool } from '../../kit/pool.ts';
import { mostClaimants } from './decide/claims.ts';
import { type Decision, decide } from './decide/decide-links.ts';
import type { Merge, Sighting, Source } from './model.ts';
import type { openClosures } from './tables/closure.ts';
import { indexOf } from './tables/source-rows.ts';
import { type SeenClaim, sourceWriter } from './tables/write-sources.ts';

export const touchPerson = (unit: Unit, id: bigint): Unit => unit.touch(`person ${id}`);

/** Whether something changed that a number's claimants are judged by. */
const speaksAnew = (source: Source, former: Source | undefined): boolean =>
  !former ||
  former.number !== source.number ||
  former.name !== source.name ||
  former.sex !== source.sex ||
  former.birthDate !== source.birthDate ||
  former.mergedInto !== source.mergedInto;

/** Reads what is known, decides, and adds the rows to `unit`; whatever moved on in between refuses the commit, and it is decided anew. */
export async function addSightings(
  pool: Pool,
  closureOf: ReturnType<typeof openClosures>,
  unit: Unit,
  sightings: Sighting[],
  merges: Merge[],
): Promise<Decision[]> {
  const ids = new Set([
    ...sightings.map(({ id }) => id),
    ...merges.flatMap(({ survivor, retired }) => [survivor, retired]),
  ]);
  const numbers = new Set(sightings.flatMap(({ says }) => (says?.number ? [says.number] : [])));
  const { sources: known, edges } = await closureOf(
    [...ids],
    [...numbers].map((number) => indexOf(pool, 'number', number)),
  );
  for (const id of [...ids, ...known.keys()]) touchPerson(unit, id);
  const { changed, decisions } = decide(known, sightings, merges, edges);
  const spoken = new Set<string>();
  for (const source of changed) {
    const former = known.get(source.id);
    if (!speaksAnew(source, former)) continue;
    for (const number of [source.number, former?.number]) if (number) spoken.add(number);
  }
  const claims = [...spoken].flatMap((number): SeenClaim[] => {
    const claimants = [...known.values()].filter((source) => source.number === number);
    if (claimants.length > mostClaimants) return [];
    const index = indexOf(pool, 'number', number);
    unit.touch(`number ${index.toString('hex')}`);
    return [
      {
        number: index,
        claimants: claimants.length,
        versions: claimants.reduce((sum, { version }) => sum + version, 0),
      },
    ];
  });
  const bySource = new Map(decisions.map((decision) => [decision.source, decision]));
  const messages = new Map(sightings.map(({ id, message }) => [id, message]));
  unit.add(
    sourceWriter,
    changed.map((source) => {
      const decision = bySource.get(source.id);
      return {
        source,
        nameFolded: source.name ? foldName(source.name).key : null,
        message: messages.get(source.id) ?? null,
        decision: decision ? { from: decision.from, rule: decision.rule } : null,
        claims,
      };
    }),
  );
  return decisions;
}
