import type { IdentitySummary, ResidentIdentity } from '@hutong/contract/identity.ts';
import { goldenRecord } from '../golden/survivorship.ts';
import { publicId } from '../public-id.ts';
import { actsAbout } from '../tables/acts.ts';
import { livesOnAs, sourcesOfResident } from '../tables/find.ts';
import { skippedBlocks } from '../tables/match-keys.ts';
import { decidedLately, formerIdsOf, movesOf, sizeOfIndex } from '../tables/moves.ts';
import { openPairsOf, pairCounts } from '../tables/pairs.ts';
import { actView, aliasesOf, cardOf, maskedGolden, maskOf, moveView } from './cards.ts';
import type { ReviewDoor } from './door.ts';

export async function residentIdentity(
  door: ReviewDoor,
  asked: bigint,
  unmasked: boolean,
): Promise<{ resident: bigint; view: ResidentIdentity } | null> {
  const resident = await livesOnAs(door.pool, asked);
  if (resident === null) return null;
  const sources = await sourcesOfResident(door.pool, resident);
  const ids = sources.map(({ id }) => id);
  const mask = maskOf(unmasked);
  const [acts, moves, former, pairs] = await Promise.all([
    actsAbout(door.pool, ids, 200),
    movesOf(door.pool, ids, 200),
    formerIdsOf(door.pool, resident),
    openPairsOf(door.pool, ids),
  ]);
  return {
    resident,
    view: {
      id: publicId(resident),
      formerIds: former.map(publicId),
      golden: maskedGolden(goldenRecord(sources), mask),
      cards: sources.map((source) => cardOf(door, source, mask)),
      aliases: sources.flatMap((source) => aliasesOf(source, mask)),
      acts: acts.map((act) => actView(door, act, acts)),
      moves: moves.map(moveView),
      openPairs: pairs.map(({ id }) => id),
    },
  };
}

export async function identitySummary({ pool, model, twoPeople }: ReviewDoor): Promise<IdentitySummary> {
  const [{ residents, sources }, pairs, decided, skipped, opened] = await Promise.all([
    sizeOfIndex(pool),
    pairCounts(pool),
    decidedLately(pool),
    skippedBlocks(pool),
    model.get(pool),
  ]);
  return {
    residents,
    sources,
    pairs,
    decided,
    model: opened.version,
    thresholds: opened.thresholds,
    twoPeople,
    skippedBlocks: skipped,
  };
}
