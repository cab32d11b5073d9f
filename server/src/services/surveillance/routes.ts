import type { SignalDetail } from '@hutong/contract/surveillance.ts';
import { type Call, type Caller, may, type Refusal, type Reply, type Route, refuse } from '../../core/access/index.ts';
import { inTransaction } from '../../kit/pool.ts';
import { caseOf } from './cards/detail.ts';
import type { CardsDoor } from './cards/door.ts';
import { cardRoutes } from './cards/routes.ts';
import { dueOf, nextLife } from './decide.ts';
import { departmentRoutes } from './departments.ts';
import { exchangeRoutes } from './exchange/routes.ts';
import { chainRoutes } from './follow-up/chains.ts';
import { contactRoutes } from './follow-up/contacts.ts';
import { keyItemRoutes } from './follow-up/key-items.ts';
import { lineListRoutes } from './line-list/line-list.ts';
import { type SignalAct, signalActs, signalReasons } from './model.ts';
import { notifyRoutes } from './notify/routes.ts';
import type { SenderDoor } from './notify/sender.ts';
import { channelName, topicName, wholeRegion } from './places.ts';
import { productRoutes } from './products/routes.ts';
import { summaryOf } from './signal-summary.ts';
import { type CardRow, cardsOfCell, cardsOfKeys } from './tables/cards.ts';
import { addSignalAct, type SignalRow, setSignalLife, signalActsOf, signalBy, signalPage } from './tables/signals.ts';
import type { Boundaries } from './watch/boundaries.ts';
import { watchRoutes } from './watch/routes.ts';

export type SurveillanceDoor = SenderDoor &
  CardsDoor &
  Parameters<typeof cardRoutes>[0] & {
    /** Outlines of the operator's boundary file; null without one. */
    boundaries: Boundaries | null;
  };

const text = (maxLength: number): object => ({ type: 'string', maxLength });
const actBody = {
  type: 'object',
  required: ['act', 'version'],
  additionalProperties: false,
  properties: {
    act: { enum: [...signalActs] },
    version: { type: 'integer', minimum: 1 },
    reason: text(60),
    note: text(1000),
  },
};

/** Signals and their life, cards, channels, and what other departments send. */
export function surveillanceRoutes(door: SurveillanceDoor): Route[] {
  return [
    {
      method: 'GET',
      path: '/api/surveillance/signals',
      permission: 'surveillance.read',
      summary: 'Ranked inbox of signals',
      handle: (call) => inbox(door, call),
    },
    {
      method: 'GET',
      path: '/api/surveillance/signals/:id',
      permission: 'surveillance.read',
      summary: 'One signal with its evidence, cases and history',
      handle: (call) => signal(door, call),
    },
    {
      method: 'POST',
      path: '/api/surveillance/signals/:id/act',
      permission: 'surveillance.act',
      summary: 'Acknowledge, verify, investigate, answer',
      schema: { body: actBody },
      handle: (call) => act(door, call),
    },
    ...departmentRoutes(door),
    ...cardRoutes(door),
    ...lineListRoutes(door),
    ...contactRoutes(door),
    ...chainRoutes(door),
    ...keyItemRoutes(door),
    ...productRoutes(door),
    ...notifyRoutes(door),
    ...exchangeRoutes(door),
    ...watchRoutes(door),
  ];
}

const pageOf = (query: Call['query']): { limit: number; offset: number } => ({
  limit: Math.min(Math.max(Number.parseInt(query.limit ?? '50', 10) || 50, 1), 200),
  offset: Math.max(Number.parseInt(query.offset ?? '0', 10) || 0, 0),
});

async function inbox(door: SurveillanceDoor, { query, now }: Call): Promise<Reply> {
  const { rows, ...counts } = await signalPage(door.pool, {
    state: query.state || null,
    area: query.area || null,
    channel: query.channel || null,
    ...pageOf(query),
  });
  return { body: { items: rows.map((row) => summaryOf(door, row, now)), ...counts } };
}

/** The cards behind a signal: of its cases, of its cell and window, or of every area of its circle. Positive tests have opened cards too. */
async function contributing(door: SurveillanceDoor, row: SignalRow): Promise<CardRow[]> {
  if (row.channel !== 'cases' && row.channel !== 'laboratory') return [];
  if (row.rule === 'single-case') return cardsOfKeys(door.pool, row.cards);
  const areas = row.evidence.circle?.areas ?? [row.area === wholeRegion ? null : row.area];
  const found = await Promise.all(areas.map((area) => cardsOfCell(door.pool, row.topic, area, row.from, row.to)));
  return found.flat();
}

const possible = (row: SignalRow): SignalDetail['may'] =>
  signalActs.flatMap((name) => {
    const reasons = name === 'acknowledge' ? [] : [...signalReasons[name]];
    return nextLife(row, name, reasons[0] ?? null) ? [{ act: name, reasons }] : [];
  });

async function signal(door: SurveillanceDoor, call: Call): Promise<Reply | Refusal> {
  const row = await signalBy(door.pool, call.params.id ?? '');
  if (!row) return refuse('HT-INPUT-004');
  const cards = await contributing(door, row);
  const cases = await Promise.all(cards.map((card) => caseOf(door, card, call.now)));
  call.look({
    action: 'read',
    what: `signal ${row.topic}, ${cases.length} cases without names`,
    ground: 'public-health',
  });
  const { evidence } = row;
  const body: SignalDetail = {
    ...summaryOf(door, row, call.now),
    method: evidence.method,
    p: evidence.p,
    baselineWindows: evidence.baselineWindows,
    series: evidence.series,
    cases,
    corroborating: evidence.corroborating.map(({ channel, topic, p }) => ({
      channel: channelName(door.lists, channel),
      topic: topicName(door.lists, channel, topic),
      p,
    })),
    acts: (await signalActsOf(door.pool, row.id)).map(({ agent, at, ...rest }) => ({
      ...rest,
      who: door.who(agent),
      at: at.toISOString(),
    })),
    may: may(call.caller as Caller, 'surveillance.act') ? possible(row) : [],
  };
  return { body };
}

async function act(door: SurveillanceDoor, call: Call): Promise<Reply | Refusal> {
  const caller = call.caller as Caller;
  const {
    act: name,
    version,
    reason = null,
    note = null,
  } = call.body as { act: SignalAct; version: number; reason?: string; note?: string };
  const row = await signalBy(door.pool, call.params.id ?? '');
  if (!row) return refuse('HT-INPUT-004');
  const life = nextLife(row, name, reason);
  if (!life)
    return refuse('HT-INPUT-001', {
      zh: '现在不能做这一步，或缺少规定的理由代码',
      en: 'This step is not possible now, or its reason code is missing',
    });
  const at = new Date(call.now);
  const due = life.state === 'answered' ? row.due : new Date(dueOf(life, row.rule, row.formed.getTime(), call.now));
  const kept = await inTransaction(door.pool, async (client) => {
    if (!(await setSignalLife(client, row.id, version, life, due))) return false;
    await addSignalAct(client, row.id, {
      act: name,
      reason,
      note,
      agent: `${caller.kind} ${caller.id}`,
      role: caller.role,
      at,
    });
    return true;
  });
  call.look({
    action: kept ? 'update' : 'refused',
    what: `signal ${row.id}: ${name}${reason ? ` ${reason}` : ''}`,
    ground: 'public-health',
  });
  const now = await signalBy(door.pool, row.id);
  return kept && now ? { body: summaryOf(door, now, call.now) } : refuse('HT-INPUT-006');
}
