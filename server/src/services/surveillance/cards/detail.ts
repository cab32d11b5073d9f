import { maskName } from '@hutong/china';
import type { CardActView, CardDetail, CardField, CardSummary, SignalCase } from '@hutong/contract/surveillance.ts';
import { type Call, type Caller, may, type Reply } from '../../../core/access/index.ts';
import { publicId, type SourceRow } from '../../../core/identity/index.ts';
import { type CardActName, cardReasons } from '../model.ts';
import { areaName } from '../places.ts';
import { actedDiseases, type CardActRow, type CardRow, twinsOf } from '../tables/cards.ts';
import { findingDetails } from '../tables/findings.ts';
import { pushBacksOf } from '../tables/push-backs.ts';
import { ageWords, type CardsDoor, named, newest } from './door.ts';
import { areaWords, gather } from './gather.ts';
import { isOpenCard, levelsOf, mayActOnCard } from './review.ts';
import { mayReview } from './scope.ts';
import { openFields } from './seal.ts';

export const cardId = ({ anchor, disease }: { anchor: bigint; disease: string }): string =>
  `${publicId(anchor)}.${disease}`;

/** A case as the signal shows it: no name, no number, no address. */
export async function caseOf(door: CardsDoor, card: CardRow, now: number): Promise<SignalCase> {
  const sources = await door.identity.sources(card.resident);
  return {
    card: cardId(card),
    sex: newest(sources, 'sex') ?? 'unknown',
    age: ageWords(newest(sources, 'birthDate'), now),
    area: areaName(card.area, card.day),
    day: card.day,
    caseClass: card.caseClass,
    state: card.state,
    institution: named(door.directory, card.institution),
  };
}

export function cardSummary(
  door: CardsDoor,
  card: CardRow,
  sources: SourceRow[],
  now: number,
  pushedBack: boolean,
): CardSummary {
  const disease = door.lists.diseases.findLast(({ code }) => code === card.disease);
  return {
    id: cardId(card),
    disease: {
      code: card.disease,
      class: disease?.class ?? '',
      zh: disease?.zh ?? card.disease,
      en: disease?.en ?? card.disease,
    },
    // Restricted diseases (HIV, sexually transmitted) do not show even the family name in a list.
    name: card.label > 0 ? '***' : maskName(newest(sources, 'name') ?? ''),
    sex: newest(sources, 'sex') ?? 'unknown',
    age: ageWords(newest(sources, 'birthDate'), now),
    area: areaName(card.area, card.day),
    caseClass: card.caseClass,
    state: card.state,
    at: card.at.toISOString(),
    receivedAt: card.received.toISOString(),
    dueAt: card.due.toISOString(),
    overdue: isOpenCard(card.state) && card.due.getTime() < now,
    institution: named(door.directory, card.institution),
    review:
      card.reviewLevel && card.reviewDue
        ? { level: card.reviewLevel, dueAt: card.reviewDue.toISOString(), overdue: card.reviewDue.getTime() < now }
        : null,
    pushedBack,
  };
}

/** Each act with what it changed against the state before it; the record's own value stands before the first. */
function history(
  door: CardsDoor,
  acts: CardActRow[],
  fields: CardField[],
  recorded: Map<string, string>,
): CardActView[] {
  const values = new Map(recorded);
  const byKey = new Map(fields.map((field) => [field.key, field]));
  return acts.map(({ act, reason, note, agent, role, at, caseClass, level, sealed }) => {
    const changes = Object.entries(openFields(door.pool, sealed)).flatMap(([key, after]) => {
      const field = byKey.get(key);
      const before = values.get(key) ?? '';
      values.set(key, after);
      const read = (value: string): string => field?.choices.find(({ code }) => code === value)?.zh ?? value;
      return field && before !== after
        ? [{ key, zh: field.zh, en: field.en, before: read(before), after: read(after) }]
        : [];
    });
    return { act, reason, note, who: door.who(agent), role, at: at.toISOString(), caseClass, level, changes };
  });
}

/** The whole card, opened for `call.caller`. */
export async function cardDetail(door: CardsDoor, call: Call, card: CardRow): Promise<Reply> {
  const caller = call.caller as Caller;
  const isOwn =
    caller.institution !== null && card.institutions.includes(caller.institution) && may(caller, 'cards.write');
  const [{ sources, acts, fields, warnings, recorded }, facts, twins, pushes, others] = await Promise.all([
    gather(door, card, { reporter: isOwn ? door.who(`${caller.kind} ${caller.id}`) : null }),
    findingDetails(door.pool, card.keys, card.disease),
    twinsOf(door.pool, card),
    pushBacksOf(door.pool, card.keys, card.disease),
    actedDiseases(door.pool, card.keys),
  ]);
  const disease = door.lists.diseases.findLast(({ code }) => code === card.disease);
  const former = [...new Set([...others.values()].flat())].filter((code) => code !== card.disease);
  const isCdc = may(caller, 'surveillance.act');
  const can = (act: CardActName): boolean => mayActOnCard(card.state, act);
  const shown = fields.map((field): CardField => {
    if (field.key === 'area' && field.value)
      return {
        ...field,
        shown: {
          zh: `${areaWords(field.value, card.at)}（${field.value}）`,
          en: `${areaName(field.value, card.day).en} (${field.value})`,
        },
      };
    if (field.key === 'disease' && disease) return { ...field, shown: { zh: disease.zh, en: disease.en } };
    if (field.key === 'formerName' && former.length > 0) {
      const names = former.map((code) => door.lists.diseases.findLast((row) => row.code === code));
      return {
        ...field,
        value: former.join(','),
        shown: { zh: names.map((row) => row?.zh).join('、'), en: names.map((row) => row?.en).join(', ') },
      };
    }
    return field;
  });
  const reports = acts.filter(({ act }) => act === 'confirm' || act === 'correct').length;
  const body: CardDetail = {
    ...cardSummary(door, card, sources, call.now, pushes.length > 0),
    name: fields.find(({ key }) => key === 'name')?.value ?? '',
    number: numberOfCard(door, card),
    kind: reports > 1 || former.length > 0 ? 'correction' : 'initial',
    institutions: card.institutions.map((id) => named(door.directory, id)),
    annexes: door.lists.annexes
      .filter(({ diseases }) => diseases.includes(card.disease))
      .map(({ code, zh, en }) => ({ code, zh, en })),
    limitHours: disease?.limitHours ?? 24,
    fields: shown,
    warnings,
    resident: publicId(card.resident),
    facts: facts.map(({ institution, at, received, ...fact }) => ({
      ...fact,
      at: at.toISOString(),
      receivedAt: received.toISOString(),
      institution: named(door.directory, institution),
    })),
    acts: history(door, acts, fields, recorded),
    levels: levelsOf(door.directory.institution(card.institution)?.area ?? card.area),
    pushBacks: pushes.map(({ step, at, seenAt }) => ({
      step,
      at: at.toISOString(),
      seenAt: seenAt?.toISOString() ?? null,
    })),
    twins: twins.map((twin) => ({
      id: cardId(twin),
      state: twin.state,
      day: twin.day,
      institution: named(door.directory, twin.institution),
    })),
    may: {
      confirm: isOwn && can('confirm'),
      reject: isOwn && can('reject'),
      correct: isOwn && can('correct'),
      review: isCdc && can('approve') && mayReview(door, caller, card),
      duplicate: isCdc && twins.length > 0 && can('duplicate'),
      undo: isCdc && can('undo-duplicate'),
    },
    rejectReasons: [...cardReasons.reject],
    returnReasons: [...cardReasons.return],
    correctReasons: [...cardReasons.correct],
  };
  return { body };
}

/** 卡片编号: the reporting unit's area, the year, and the card's own key; the same for all versions of a card. */
export const numberOfCard = (door: Pick<CardsDoor, 'directory'>, card: CardRow): string =>
  `${door.directory.institution(card.institution)?.area ?? '000000'}-${card.at.getUTCFullYear()}-${publicId(card.anchor)}`;
