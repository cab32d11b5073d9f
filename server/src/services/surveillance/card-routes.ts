import { maskName } from '@hutong/china';
import type { CardDetail, CardSummary, SignalCase } from '@hutong/contract/surveillance.ts';
import { type Call, type Caller, may, type Refusal, type Reply, type Route, refuse } from '../../core/access/index.ts';
import type { Directory } from '../../core/directory/index.ts';
import { fromPublicId, type Identity, publicId, type SourceRow } from '../../core/identity/index.ts';
import { currentByKeys, factsOf, systemScope } from '../../core/store/index.ts';
import { inTransaction, type Pool } from '../../kit/pool.ts';
import { cardFields } from './card-fields.ts';
import { cardState, mayActOnCard } from './decide.ts';
import { type CardAct, cardReasons, type Lists } from './model.ts';
import { areaName } from './places.ts';
import { addCardAct, type CardRow, cardActs, cardBy, cardPage, setCardState } from './tables/cards.ts';
import { recountCells } from './tables/counts.ts';
import { findingDetails } from './tables/findings.ts';

export type CardsDoor = {
  pool: Pool;
  directory: Directory;
  identity: Identity;
  lists: Lists /** The name of whoever acted. */;
  who(agent: string): string;
};

const note = { type: 'string', maxLength: 1000 };
const reasoned = (reasons: readonly string[]): Record<string, unknown> => ({
  type: 'object',
  required: ['reason'],
  additionalProperties: false,
  properties: { reason: { enum: [...reasons] }, note },
});

export function cardRoutes(door: CardsDoor): Route[] {
  const write = { method: 'POST' as const, permission: 'cards.write' as const };
  return [
    {
      method: 'GET',
      path: '/api/surveillance/cards',
      permission: 'cards.read',
      summary: 'Report cards: one’s own institution’s, or all for the CDC',
      handle: (call) => page(door, call),
    },
    {
      method: 'GET',
      path: '/api/surveillance/cards/:id',
      permission: 'cards.read',
      summary: 'One report card with its facts',
      handle: (call) => withCard(door, call, 'report card', 'read', (card) => detail(door, call, card)),
    },
    {
      ...write,
      path: '/api/surveillance/cards/:id/confirm',
      summary: 'The doctor reports the case',
      schema: {
        body: {
          type: 'object',
          additionalProperties: false,
          properties: {
            note,
            fields: { type: 'object', maxProperties: 30, additionalProperties: { type: 'string', maxLength: 300 } },
          },
        },
      },
      handle: (call) => decide(door, call, 'confirm'),
    },
    {
      ...write,
      path: '/api/surveillance/cards/:id/reject',
      summary: 'The doctor says it is no case',
      schema: { body: reasoned(cardReasons.reject) },
      handle: (call) => decide(door, call, 'reject'),
    },
    {
      method: 'POST',
      path: '/api/surveillance/cards/:id/review',
      permission: 'surveillance.act',
      summary: 'The CDC approves a reported card or returns it',
      schema: {
        body: {
          type: 'object',
          required: ['outcome'],
          additionalProperties: false,
          properties: { outcome: { enum: ['approve', 'return'] }, reason: { enum: [...cardReasons.return] }, note },
        },
      },
      handle: (call) => decide(door, call, (call.body as { outcome: 'approve' | 'return' }).outcome),
    },
  ];
}

const newest = <K extends keyof SourceRow>(sources: SourceRow[], field: K): SourceRow[K] | null =>
  sources.find((source) => source[field] !== null)?.[field] ?? null;
const named = (directory: Directory, id: number): { nameZh: string; nameEn: string } => {
  const row = directory.institution(id);
  return { nameZh: row?.nameZh ?? '未知机构', nameEn: row?.nameEn ?? 'Unknown institution' };
};

/** Completed years at `now`; '' without a birth date. */
function yearsAt(birthDate: string | null, now: number): number | null {
  if (!birthDate) return null;
  const today = new Date(now + 8 * 3_600_000).toISOString().slice(0, 10);
  return Number(today.slice(0, 4)) - Number(birthDate.slice(0, 4)) - (today.slice(5) < birthDate.slice(5) ? 1 : 0);
}
const ageWords = (birthDate: string | null, now: number): string => {
  const years = yearsAt(birthDate, now);
  return years === null ? '' : String(Math.max(0, years));
};

export const cardId = ({ anchor, disease }: CardRow): string => `${publicId(anchor)}.${disease}`;
const isOpen = (state: string): boolean => state === 'pending' || state === 'returned' || state === 'revise';

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

function summary(door: CardsDoor, card: CardRow, sources: SourceRow[], now: number): CardSummary {
  const disease = door.lists.diseases.findLast(({ code }) => code === card.disease);
  const name = newest(sources, 'name') ?? '';
  return {
    id: cardId(card),
    disease: {
      code: card.disease,
      class: disease?.class ?? '',
      zh: disease?.zh ?? card.disease,
      en: disease?.en ?? card.disease,
    },
    // Restricted diseases (HIV, sexually transmitted) do not show even the family name in a list.
    name: card.label > 0 ? '***' : maskName(name),
    sex: newest(sources, 'sex') ?? 'unknown',
    age: ageWords(newest(sources, 'birthDate'), now),
    area: areaName(card.area, card.day),
    caseClass: card.caseClass,
    state: card.state,
    at: card.at.toISOString(),
    receivedAt: card.received.toISOString(),
    dueAt: card.due.toISOString(),
    overdue: isOpen(card.state) && card.due.getTime() < now,
    institution: named(door.directory, card.institution),
  };
}

/** Whose cards a caller sees: the CDC all, an institution those of residents it has diagnosed or tested itself. */
const seesAll = (caller: Caller): boolean => may(caller, 'surveillance.read');
const sees = (caller: Caller, card: CardRow): boolean =>
  seesAll(caller) || (caller.institution !== null && card.institutions.includes(caller.institution));

async function page(door: CardsDoor, call: Call): Promise<Reply> {
  const caller = call.caller as Caller;
  const { query } = call;
  const limit = Math.min(Math.max(Number.parseInt(query.limit ?? '50', 10) || 50, 1), 200);
  const { rows, ...counts } = await cardPage(door.pool, {
    institution: seesAll(caller) ? null : (caller.institution ?? -1),
    state: query.state || null,
    disease: query.disease || null,
    area: query.area || null,
    limit,
    offset: Math.max(Number.parseInt(query.offset ?? '0', 10) || 0, 0),
  });
  const items = await Promise.all(
    rows.map(async (card) => summary(door, card, await door.identity.sources(card.resident), call.now)),
  );
  call.look({
    action: 'search',
    what: `report cards, ${items.length}, names masked`,
    ground: seesAll(caller) ? 'public-health' : 'own-institution',
  });
  return { body: { items, ...counts } };
}

/** Finds the card or refuses; either way the look is noted. A card of another institution is answered as if there were none. */
async function withCard(
  door: CardsDoor,
  call: Call,
  what: string,
  action: 'read' | 'update',
  answer: (card: CardRow) => Promise<Reply | Refusal>,
): Promise<Reply | Refusal> {
  const caller = call.caller as Caller;
  const [id = '', disease = ''] = (call.params.id ?? '').split('.');
  const key = fromPublicId(id);
  const card = key === null ? null : await cardBy(door.pool, key, disease);
  const allowed = card !== null && sees(caller, card);
  call.look({
    action: allowed ? action : 'refused',
    what: `${what} ${disease}`,
    resident: card?.resident ?? null,
    ground: !allowed ? 'none' : seesAll(caller) ? 'public-health' : 'own-institution',
  });
  return card && allowed ? answer(card) : refuse('HT-INPUT-004');
}

type Json = Record<string, unknown>;
const display = (value: unknown): string | null => (value as { display?: string } | undefined)?.display ?? null;

async function detail(door: CardsDoor, call: Call, card: CardRow): Promise<Reply> {
  const caller = call.caller as Caller;
  const [sources, acts, facts] = await Promise.all([
    door.identity.sources(card.resident),
    cardActs(door.pool, card.keys, card.disease),
    findingDetails(door.pool, card.keys),
  ]);
  const disease = door.lists.diseases.findLast(({ code }) => code === card.disease);
  const patients = await factsOf(
    door.pool,
    systemScope,
    sources.map(({ id }) => id),
    ['Patient'],
    10,
  );
  const resources = [...(await currentByKeys(door.pool, card.keys)).values()].map(
    ({ body }) => JSON.parse(body) as Json,
  );
  const encounters = (await factsOf(door.pool, systemScope, [card.subject], ['Encounter'], 20))
    .filter(({ occurred }) => occurred !== null && Math.abs(occurred.getTime() - card.at.getTime()) < 86_400_000)
    .map(({ body }) => JSON.parse(body) as Json);
  const doctor =
    resources.map(({ recorder, asserter }) => display(recorder) ?? display(asserter)).find(Boolean) ??
    encounters
      .flatMap(({ participant }) => (Array.isArray(participant) ? participant : []))
      .map(({ individual }: { individual?: unknown }) => display(individual))
      .find(Boolean) ??
    // Where no message names a doctor, whoever reported the card is the reporting doctor.
    acts.findLast(({ act }) => act === 'confirm')?.agent ??
    null;
  const birthDate = newest(sources, 'birthDate');
  const years = yearsAt(birthDate, card.at.getTime());
  const deceased = newest(sources, 'deceased');
  const fields = cardFields(
    {
      name: newest(sources, 'name'),
      number: newest(sources, 'number'),
      sex: newest(sources, 'sex'),
      birthDate,
      phone: newest(sources, 'phone'),
      address: newest(sources, 'address'),
      area: { code: card.area, zh: areaName(card.area, card.day).zh },
      deceased: deceased === 'true' ? null : deceased,
      patients: patients.map(({ body }) => JSON.parse(body) as Json),
      doctor: doctor?.startsWith('staff ') ? door.who(doctor) : doctor,
      institution: named(door.directory, card.institution).nameZh,
      homeArea: newest(sources, 'area'),
      institutionArea: door.directory.institution(card.institution)?.area ?? '',
      onset: card.onset,
      at: card.at.getTime(),
      caseClass: card.caseClass,
      disease: { zh: disease?.zh ?? card.disease, en: disease?.en ?? card.disease },
      isUnder14: years !== null && years < 14,
    },
    Object.assign({}, ...acts.map(({ fields: given }) => given ?? {})) as Record<string, string>,
  );
  const isOwn =
    caller.institution !== null && card.institutions.includes(caller.institution) && may(caller, 'cards.write');
  const body: CardDetail = {
    ...summary(door, card, sources, call.now),
    name: newest(sources, 'name') ?? '',
    limitHours: disease?.limitHours ?? 24,
    fields,
    resident: publicId(card.resident),
    facts: facts.map(({ institution, at, received, ...fact }) => ({
      ...fact,
      at: at.toISOString(),
      receivedAt: received.toISOString(),
      institution: named(door.directory, institution),
    })),
    acts: acts.map(({ act, reason, note: text, agent, role, at, caseClass }) => ({
      act,
      reason,
      note: text,
      who: door.who(agent),
      role,
      at: at.toISOString(),
      caseClass,
    })),
    may: {
      confirm: isOwn && mayActOnCard(card.state, 'confirm'),
      reject: isOwn && mayActOnCard(card.state, 'reject'),
      review: may(caller, 'surveillance.act') && mayActOnCard(card.state, 'approve'),
    },
    rejectReasons: [...cardReasons.reject],
    returnReasons: [...cardReasons.return],
  };
  return { body };
}

/** Doctors decide on cards of their own institution; the CDC reviews what was reported. The act, the state and the counts change together. */
async function decide(door: CardsDoor, call: Call, act: CardAct['act']): Promise<Reply | Refusal> {
  const caller = call.caller as Caller;
  const {
    reason = null,
    note: text = null,
    fields = null,
  } = (call.body ?? {}) as { reason?: string; note?: string; fields?: Record<string, string> };
  if (act === 'return' && reason === null)
    return refuse('HT-INPUT-001', { zh: '退卡须选择原因', en: 'A returned card needs a reason' });
  return withCard(door, call, `report card ${act}`, 'update', async ({ anchor, disease }) => {
    const outcome = await inTransaction(door.pool, async (client) => {
      const card = await cardBy(client, anchor, disease, true);
      if (!card || !mayActOnCard(card.state, act)) return null;
      if (
        (act === 'confirm' || act === 'reject') &&
        (caller.institution === null || !card.institutions.includes(caller.institution))
      )
        return null;
      await addCardAct(client, card, {
        act,
        reason,
        note: text,
        fields,
        caseClass: card.caseClass,
        agent: `${caller.kind} ${caller.id}`,
        role: caller.role,
        institution: caller.institution,
        at: new Date(call.now),
      });
      const state = cardState(card.caseClass, await cardActs(client, card.keys, card.disease));
      await setCardState(client, card, state);
      await recountCells(client, [{ channel: 'cases', topic: card.disease, area: card.area, day: card.day }]);
      return state;
    });
    return outcome
      ? { body: { state: outcome } }
      : refuse('HT-INPUT-001', { zh: '该卡目前不能做这一步', en: 'This step is not possible for the card now' });
  });
}
