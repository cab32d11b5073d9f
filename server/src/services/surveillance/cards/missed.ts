import type { MissedPage, MissedReport } from '@hutong/contract/surveillance.ts';
import type { Call, Caller, Reply } from '../../../core/access/index.ts';
import { cardPage } from '../tables/cards.ts';
import { pushCounts, timeliness } from '../tables/push-backs.ts';
import { cardSummary } from './detail.ts';
import { type CardsDoor, named } from './door.ts';
import { groundOf, scopeOf } from './scope.ts';

const hour = 3_600_000;
const countedDays = 90;

/** Diagnoses and results that mean a notifiable disease and whose card is open past its limit, oldest limit first. */
export async function missedReports(door: CardsDoor, call: Call): Promise<Reply> {
  const caller = call.caller as Caller;
  const scope = scopeOf(door, caller);
  const [{ rows, total }, institutions] = await Promise.all([
    cardPage(door.pool, { ...scope, state: 'missed', disease: null, area: null, limit: 200, offset: 0 }),
    timeliness(door.pool, scope, countedDays),
  ]);
  const pushes = await pushCounts(
    door.pool,
    rows.map(({ anchor }) => anchor),
  );
  const items = await Promise.all(
    rows.map(async (card): Promise<MissedReport> => {
      const pushed = pushes.find((row) => BigInt(row.anchor) === card.anchor && row.disease === card.disease);
      return {
        ...cardSummary(door, card, await door.identity.sources(card.resident), call.now, pushed !== undefined),
        hoursLate: Math.floor((call.now - card.due.getTime()) / hour),
        pushes: pushed?.pushes ?? 0,
        lastPushAt: pushed?.last.toISOString() ?? null,
        seen: pushed?.seen ?? false,
      };
    }),
  );
  call.look({ action: 'search', what: `missed reports, ${items.length}, names masked`, ground: groundOf(caller) });
  const body: MissedPage = {
    items,
    total,
    timeliness: institutions.map(({ institution, ...counts }) => ({
      ...named(door.directory, institution),
      ...counts,
    })),
  };
  return { body };
}
