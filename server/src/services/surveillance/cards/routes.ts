import { type Call, type Caller, type Refusal, type Reply, type Route, refuse } from '../../../core/access/index.ts';
import { fromPublicId } from '../../../core/identity/index.ts';
import { cardReasons } from '../model.ts';
import { type CardRow, cardBy, cardPage } from '../tables/cards.ts';
import { notePushSeen, pushCounts } from '../tables/push-backs.ts';
import { type ActBody, actOnCard } from './acts.ts';
import { cardDetail, cardSummary } from './detail.ts';
import { cardDocument, type ReportValues } from './document.ts';
import type { CardsDoor } from './door.ts';
import { missedReports } from './missed.ts';
import { groundOf, scopeOf, sees } from './scope.ts';

const note = { type: 'string', maxLength: 1000 };
const fields = { type: 'object', maxProperties: 80, additionalProperties: { type: 'string', maxLength: 300 } };
const body = (properties: Record<string, unknown>, required: string[] = []): object => ({
  type: 'object',
  ...(required.length > 0 && { required }),
  additionalProperties: false,
  properties: { ...properties, note },
});

export function cardRoutes(door: CardsDoor & { writeReport(values: ReportValues): string }): Route[] {
  const write = { method: 'POST' as const, permission: 'cards.write' as const };
  const review = { method: 'POST' as const, permission: 'surveillance.act' as const };
  const act = (call: Call, name: Parameters<typeof actOnCard>[3]): Promise<Reply | Refusal> =>
    withCard(door, call, `report card ${name}`, 'update', (card) => actOnCard(door, call, card, name));
  return [
    {
      method: 'GET',
      path: '/api/surveillance/cards',
      permission: 'cards.read',
      summary: 'Report cards: one’s own institution’s, or those of one’s area for the CDC',
      handle: (call) => page(door, call),
    },
    {
      method: 'GET',
      path: '/api/surveillance/missed',
      permission: 'cards.read',
      summary: 'Notifiable findings not reported in time, and how timely each institution is',
      handle: (call) => missedReports(door, call),
    },
    {
      method: 'GET',
      path: '/api/surveillance/cards/:id',
      permission: 'cards.read',
      summary: 'One report card with its facts',
      handle: (call) => withCard(door, call, 'report card', 'read', (card) => opened(door, call, card)),
    },
    {
      method: 'GET',
      path: '/api/surveillance/cards/:id/document',
      permission: 'cards.read',
      summary: 'The reported card as a shared document (CDA HSDB03.02, WS/T 483)',
      handle: (call) =>
        withCard(door, call, 'report card document', 'export', async (card) =>
          card.reported ? cardDocument(door, card) : refuse('HT-INPUT-004'),
        ),
    },
    {
      ...write,
      path: '/api/surveillance/cards/:id/confirm',
      summary: 'The doctor reports the case',
      schema: { body: body({ fields }) as Record<string, unknown> },
      handle: (call) => act(call, 'confirm'),
    },
    {
      ...write,
      path: '/api/surveillance/cards/:id/reject',
      summary: 'The doctor says it is no case',
      schema: { body: body({ reason: { enum: [...cardReasons.reject] } }, ['reason']) as Record<string, unknown> },
      handle: (call) => act(call, 'reject'),
    },
    {
      ...write,
      path: '/api/surveillance/cards/:id/correct',
      summary: 'The doctor corrects a reported card; it goes through the review again',
      schema: {
        body: body({ fields, reason: { enum: [...cardReasons.correct] } }, ['reason', 'fields']) as Record<
          string,
          unknown
        >,
      },
      handle: (call) => act(call, 'correct'),
    },
    {
      ...review,
      path: '/api/surveillance/cards/:id/review',
      summary: 'County, city or province approves a reported card or returns it',
      schema: {
        body: body({ outcome: { enum: ['approve', 'return'] }, reason: { enum: [...cardReasons.return] } }, [
          'outcome',
        ]) as Record<string, unknown>,
      },
      handle: (call) => act(call, (call.body as ActBody & { outcome: 'approve' | 'return' }).outcome),
    },
    {
      ...review,
      path: '/api/surveillance/cards/:id/duplicate',
      summary: 'The CDC marks a card as the same case as another, or takes the mark back',
      schema: { body: body({ of: { type: ['string', 'null'], maxLength: 80 } }, ['of']) as Record<string, unknown> },
      handle: (call) => act(call, (call.body as ActBody).of ? 'duplicate' : 'undo-duplicate'),
    },
  ];
}

async function page(door: CardsDoor, call: Call): Promise<Reply> {
  const caller = call.caller as Caller;
  const { query } = call;
  const limit = Math.min(Math.max(Number.parseInt(query.limit ?? '50', 10) || 50, 1), 200);
  const { rows, ...counts } = await cardPage(door.pool, {
    ...scopeOf(door, caller),
    state: query.state || null,
    disease: query.disease || null,
    area: query.area || null,
    limit,
    offset: Math.max(Number.parseInt(query.offset ?? '0', 10) || 0, 0),
  });
  const pushed = new Set(
    (
      await pushCounts(
        door.pool,
        rows.map(({ anchor }) => anchor),
      )
    ).map(({ anchor, disease }) => `${anchor} ${disease}`),
  );
  const items = await Promise.all(
    rows.map(async (card) =>
      cardSummary(
        door,
        card,
        await door.identity.sources(card.resident),
        call.now,
        pushed.has(`${card.anchor} ${card.disease}`),
      ),
    ),
  );
  call.look({
    action: 'search',
    what: `report cards, ${items.length}, names masked`,
    ground: groundOf(caller),
  });
  return { body: { items, ...counts } };
}

async function opened(door: CardsDoor, call: Call, card: CardRow): Promise<Reply> {
  const { kind, id, institution } = call.caller as Caller;
  if (institution !== null && card.institutions.includes(institution))
    await notePushSeen(door.pool, card.keys, card.disease, `${kind} ${id}`, new Date(call.now));
  return cardDetail(door, call, card);
}

/** Finds the card or refuses; either way the look is noted. A card of another institution or area is answered as if there were none. */
export async function withCard(
  door: CardsDoor,
  call: Call,
  what: string,
  action: 'read' | 'update' | 'export',
  answer: (card: CardRow) => Promise<Reply | Refusal>,
): Promise<Reply | Refusal> {
  const caller = call.caller as Caller;
  const [id = '', disease = ''] = (call.params.id ?? '').split('.');
  const key = fromPublicId(id);
  const card = key === null ? null : await cardBy(door.pool, key, disease);
  const allowed = card !== null && sees(door, caller, card);
  call.look({
    action: allowed ? action : 'refused',
    what: `${what} ${disease}`,
    resident: card?.resident ?? null,
    ground: allowed ? groundOf(caller) : 'none',
  });
  return card && allowed ? answer(card) : refuse('HT-INPUT-004');
}
