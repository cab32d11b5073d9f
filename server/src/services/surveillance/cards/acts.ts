import { type Call, type Caller, type Refusal, type Reply, refuse } from '../../../core/access/index.ts';
import { fromPublicId } from '../../../core/identity/index.ts';
import { inTransaction } from '../../../kit/pool.ts';
import type { CardActName, CaseClass } from '../model.ts';
import { addCardAct, type CardRow, cardBy } from '../tables/cards.ts';
import { recountCells } from '../tables/counts.ts';
import { problemsOf } from './check.ts';
import type { CardsDoor } from './door.ts';
import { gather } from './gather.ts';
import { recard } from './recard.ts';
import { mayActOnCard } from './review.ts';
import { mayReview } from './scope.ts';
import { sealFields } from './seal.ts';

export type ActBody = { reason?: string; note?: string; fields?: Record<string, string>; of?: string | null };

const ownActs: ReadonlySet<CardActName> = new Set(['confirm', 'reject', 'correct']);
const notNow = (): Refusal =>
  refuse('HT-INPUT-001', { zh: '该卡目前不能做这一步', en: 'This step is not possible for the card now' });

/**
 * Doctors decide on cards of their own institution; county, city and province review in turn. The act, the card and the counts change
 * together. A report or correction that contradicts itself or lacks a required field is refused with every problem named.
 */
export async function actOnCard(
  door: CardsDoor,
  call: Call,
  seen: CardRow,
  act: CardActName,
): Promise<Reply | Refusal> {
  const caller = call.caller as Caller;
  const { reason = null, note = null, fields = {}, of = null } = (call.body ?? {}) as ActBody;
  if (act === 'return' && reason === null)
    return refuse('HT-INPUT-001', { zh: '退卡须选择原因', en: 'A returned card needs a reason' });
  if (ownActs.has(act) && (caller.institution === null || !seen.institutions.includes(caller.institution)))
    return notNow();
  if ((act === 'approve' || act === 'return') && mayActOnCard(seen.state, act) && !mayReview(door, caller, seen))
    return refuse('HT-ACCESS-002', { zh: '该卡正在等待另一级审核', en: 'This card waits for another level’s review' });
  const other = act === 'duplicate' ? await twin(door, seen, of) : null;
  if (act === 'duplicate' && !other) return refuse('HT-INPUT-004');
  let given: Record<string, string> = {};
  if (act === 'confirm' || act === 'correct') {
    const filled = await gather(door, seen, { next: fields, reporter: door.who(`${caller.kind} ${caller.id}`) });
    given = filled.given;
    if (act === 'correct' && Object.keys(given).length === 0)
      return refuse('HT-INPUT-001', { zh: '没有改动任何项目', en: 'Nothing was changed' });
    const problems = problemsOf(filled.fields, call.now);
    if (problems.length > 0)
      return refuse(
        'HT-INPUT-001',
        {
          zh: `报告卡有 ${problems.length} 处需要补正`,
          en: `${problems.length} places of the card need to be completed or corrected`,
        },
        { problems },
      );
  }
  const state = await inTransaction(door.pool, async (client) => {
    const card = await cardBy(client, seen.anchor, seen.disease, true);
    if (!card || !mayActOnCard(card.state, act)) return null;
    if ((act === 'approve' || act === 'return') && card.reviewLevel !== seen.reviewLevel) return null;
    await addCardAct(client, card, {
      act,
      reason,
      note,
      sealed: sealFields(door.pool, given),
      level: act === 'approve' || act === 'return' ? card.reviewLevel : null,
      onset: given.onset ?? null,
      givenClass: (given.caseClass as CaseClass | undefined) ?? null,
      other,
      caseClass: card.recordClass,
      agent: `${caller.kind} ${caller.id}`,
      role: caller.role,
      institution: caller.institution,
      at: new Date(call.now),
    });
    const { cards, former } = await recard(door, client, card.resident, card.disease);
    await recountCells(
      client,
      [...former, ...cards].map(({ area, day }) => ({ channel: 'cases', topic: card.disease, area, day })),
    );
    return cards.find(({ keys }) => keys.includes(card.anchor))?.state ?? null;
  });
  return state ? { body: { state } } : notNow();
}

/** The id of another card of the same disease; null when there is none. */
async function twin(door: CardsDoor, card: CardRow, id: string | null): Promise<string | null> {
  const [anchor = '', disease = ''] = (id ?? '').split('.');
  const key = fromPublicId(anchor);
  if (key === null || disease !== card.disease || card.keys.includes(key)) return null;
  return (await cardBy(door.pool, key, disease)) ? id : null;
}
