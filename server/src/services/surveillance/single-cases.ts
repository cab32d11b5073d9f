import type { Client } from '../../kit/pool.ts';
import { dayOf, dueOf } from './decide.ts';
import type { Evidence, Lists } from './model.ts';
import { areaName } from './places.ts';
import { rank } from './rank.ts';
import { type CardRow, earlierCard } from './tables/cards.ts';
import { insertSignal, recentSignal, renewSignal, signalOfKeys } from './tables/signals.ts';

const dayMs = 86_400_000;
/** A case that reaches us later than this is a late report for the card list, no alarm. */
const freshDays = 14;

/**
 * Diseases of which one case is enough, always (CIDARS fixed threshold) or after a silence of the whole region (measles and others): a signal in the
 * same transaction as the card. Further cases of the same disease and area join the open signal and renew its evidence instead of raising another.
 */
export async function raiseSingleCases(
  door: { lists: Lists },
  client: Client,
  topic: string,
  cards: CardRow[],
  now: number,
): Promise<void> {
  const disease = door.lists.diseases.findLast(({ code }) => code === topic);
  if (!disease?.singleCase && !disease?.firstAfterDays) return;
  for (const card of cards) {
    if (
      card.state === 'question' ||
      card.state === 'withdrawn' ||
      card.state === 'duplicate' ||
      card.state === 'rejected' ||
      card.received.getTime() - card.at.getTime() > freshDays * dayMs
    )
      continue;
    if (await signalOfKeys(client, topic, card.keys)) continue;
    const at = new Date(now);
    const recent = await recentSignal(client, 'single-case', 'cases', topic, card.area, at);
    // A new case after the answer is a new question: only an open signal takes it in.
    const known = recent?.state === 'answered' ? null : recent;
    const quiet = disease.singleCase ? null : disease.firstAfterDays;
    if (quiet && !known && (await earlierCard(client, card, quiet))) continue;
    const keys = [...(known?.cards ?? []), card.anchor];
    const { score, parts } = rank({
      rule: 'single-case',
      channel: 'cases',
      topic,
      disease,
      observed: keys.length,
      expected: null,
      p: null,
      corroborating: 0,
    });
    const place = areaName(card.area, card.day);
    const evidence: Evidence = {
      observed: keys.length,
      expected: null,
      bound: null,
      p: null,
      method: 'single-case',
      baselineWindows: 0,
      series: [],
      corroborating: [],
      parts,
      zh: `${place.zh}出现${disease.zh}${keys.length > 1 ? `病例 ${keys.length} 例` : '病例'}；${quiet ? `全域此前 ${quiet} 天无该病病例，首例即预警` : '该病种单病例即预警'}，须在 2 小时内核实。`,
      en: `${keys.length > 1 ? `${keys.length} cases` : 'A case'} of ${disease.en} in ${place.en}. ${quiet ? `The whole region had none in the ${quiet} days before, so the first is a signal` : 'One case of this disease is a signal'}: verify within 2 hours.`,
    };
    if (known) await renewSignal(client, known.id, evidence, score, card.day, keys, at);
    else {
      await insertSignal(client, {
        id: `case.${topic}.${card.area || 'unknown'}.${BigInt.asUintN(64, card.anchor).toString(36)}`,
        rule: 'single-case',
        channel: 'cases',
        topic,
        area: card.area,
        from: card.day,
        to: dayOf(Math.max(now, card.at.getTime())),
        formed: at,
        due: new Date(dueOf({ state: 'passed', step: 'verify' }, 'single-case', now, now)),
        evidence,
        score,
        cards: keys,
      });
    }
  }
}
