import { randomUUID } from 'node:crypto';
import type { ProductDetail, ProductPage, ProductSummary } from '@hutong/contract/surveillance.ts';
import {
  type Call,
  type Caller,
  may,
  type Refusal,
  type Reply,
  type Route,
  refuse,
} from '../../../core/access/index.ts';
import { inTransaction } from '../../../kit/pool.ts';
import type { CardsDoor } from '../cards/door.ts';
import { dayOf } from '../decide.ts';
import { enqueue } from '../notify/enqueue.ts';
import { areaName, topicName, wholeRegion } from '../places.ts';
import { cardsOfCell, cardsOfKeys } from '../tables/cards.ts';
import {
  addProductAct,
  insertProduct,
  type ProductRow,
  productActs,
  productBy,
  productPage,
  saveProduct,
  setProductNumber,
  takeNumber,
} from '../tables/products.ts';
import { type SignalRow, signalBy } from '../tables/signals.ts';
import { draftOf, nextProduct, numberOf, signerActs } from './decide.ts';
import { type ProductAct, type ProductKind, productKinds, riskLevels, type SignalFacts } from './model.ts';

const line = (maxLength: number): object => ({ type: 'string', minLength: 1, maxLength });
const content = {
  title: line(120),
  body: line(6000),
  audience: line(200),
  level: { enum: [...riskLevels] },
  validTo: { type: ['string', 'null'], format: 'date' },
};

/** Drafts, edits, sign-off and issue of the three products of an alert. Who drafts does not sign. */
export function productRoutes(door: CardsDoor): Route[] {
  const write = { method: 'POST' as const, permission: 'surveillance.act' as const };
  const body = (properties: Record<string, unknown>, required: string[]): { body: Record<string, unknown> } => ({
    body: { type: 'object', required, additionalProperties: false, properties },
  });
  const acting = (act: ProductAct) => (call: Call) => actOnProduct(door, call, act);
  const signing = (path: string, act: ProductAct, summary: string): Route => ({
    method: 'POST',
    permission: 'surveillance.issue',
    path: `/api/surveillance/products/:id/${path}`,
    summary,
    schema: body({ version: { type: 'integer' }, note: { type: 'string', maxLength: 500 } }, ['version']),
    handle: acting(act),
  });
  return [
    {
      method: 'GET',
      path: '/api/surveillance/products',
      permission: 'surveillance.read',
      summary: 'Products of alerts, those waiting for a signature first',
      handle: (call) => list(door, call),
    },
    {
      ...write,
      path: '/api/surveillance/products',
      summary: 'Drafts one of the three products from a signal’s facts',
      schema: body({ signal: line(200), kind: { enum: [...productKinds] } }, ['signal', 'kind']),
      handle: (call) => draft(door, call),
    },
    {
      method: 'GET',
      path: '/api/surveillance/products/:id',
      permission: 'surveillance.read',
      summary: 'One product with its history',
      handle: (call) => read(door, call),
    },
    {
      ...write,
      path: '/api/surveillance/products/:id/edit',
      summary: 'Saves an edited draft',
      schema: body({ ...content, version: { type: 'integer' } }, ['title', 'body', 'audience', 'level', 'version']),
      handle: acting('edit'),
    },
    {
      ...write,
      path: '/api/surveillance/products/:id/submit',
      summary: 'Hands a draft to whoever signs',
      schema: body({ version: { type: 'integer' } }, ['version']),
      handle: acting('submit'),
    },
    signing('sign', 'sign', 'Signs and issues a product under a number'),
    signing('return', 'return', 'Returns a draft with what is wrong'),
    signing('withdraw', 'withdraw', 'Withdraws an issued product'),
  ];
}

const agentOf = (call: Call): string => `${(call.caller as Caller).kind} ${(call.caller as Caller).id}`;

async function factsOf(door: CardsDoor, signal: SignalRow, now: number): Promise<SignalFacts> {
  const cards =
    signal.channel !== 'cases'
      ? []
      : signal.rule === 'single-case'
        ? await cardsOfKeys(door.pool, signal.cards)
        : await cardsOfCell(
            door.pool,
            signal.topic,
            signal.area === wholeRegion ? null : signal.area,
            signal.from,
            signal.to,
          );
  const family =
    door.lists.topics.find((row) => row.channel === signal.channel && row.code === signal.topic)?.family ??
    door.lists.diseases.findLast(({ code }) => code === signal.topic)?.family ??
    'other';
  return {
    topic: topicName(door.lists, signal.channel, signal.topic).zh,
    family,
    area: areaName(signal.area, signal.to).zh,
    from: signal.from,
    to: signal.to,
    observed: signal.evidence.observed,
    expected: signal.evidence.expected,
    reason: signal.evidence.zh,
    step: signal.step,
    institutions: new Set(cards.flatMap(({ institutions }) => institutions)).size,
    today: dayOf(now),
  };
}

async function draft(door: CardsDoor, call: Call): Promise<Reply | Refusal> {
  const { signal: id, kind } = call.body as { signal: string; kind: ProductKind };
  const signal = await signalBy(door.pool, id);
  call.look({ action: signal ? 'create' : 'refused', what: `product ${kind}`, ground: 'public-health' });
  if (!signal) return refuse('HT-INPUT-004');
  const facts = await factsOf(door, signal, call.now);
  const advice = door.lists.advice.get(facts.family) ??
    door.lists.advice.get('other') ?? { public: '', departments: '' };
  const row: ProductRow = {
    id: randomUUID(),
    signal: signal.id,
    kind,
    state: 'draft',
    number: null,
    ...draftOf(kind, facts, advice),
    validTo: null,
    draftedBy: agentOf(call),
    draftedAt: new Date(call.now),
    signedBy: null,
    signedAt: null,
    version: 1,
  };
  await inTransaction(door.pool, async (client) => {
    await insertProduct(client, row);
    await addProductAct(client, row.id, {
      act: 'draft',
      note: null,
      title: row.title,
      body: row.body,
      agent: row.draftedBy,
      role: (call.caller as Caller).role,
      at: row.draftedAt,
    });
  });
  return { status: 201, body: await detailOf(door, call, row) };
}

async function summaryOf(door: CardsDoor, row: ProductRow): Promise<ProductSummary> {
  const signal = await signalBy(door.pool, row.signal);
  return {
    id: row.id,
    signal: row.signal,
    kind: row.kind,
    state: row.state,
    number: row.number,
    title: row.title,
    level: row.level,
    topic: signal ? topicName(door.lists, signal.channel, signal.topic) : { zh: '', en: '' },
    area: signal ? areaName(signal.area, signal.to) : { zh: '', en: '' },
    draftedBy: door.who(row.draftedBy),
    draftedAt: row.draftedAt.toISOString(),
    signedBy: row.signedBy && door.who(row.signedBy),
    signedAt: row.signedAt?.toISOString() ?? null,
  };
}

async function detailOf(door: CardsDoor, call: Call, row: ProductRow): Promise<ProductDetail> {
  const caller = call.caller as Caller;
  const acts: ProductAct[] = ['edit', 'submit', 'sign', 'return', 'withdraw'];
  return {
    ...(await summaryOf(door, row)),
    body: row.body,
    audience: row.audience,
    validTo: row.validTo,
    version: row.version,
    acts: (await productActs(door.pool, row.id)).map(({ agent, at, ...act }) => ({
      ...act,
      who: door.who(agent),
      at: at.toISOString(),
    })),
    may: acts.filter(
      (act) =>
        nextProduct(row.state, act) !== null &&
        may(caller, signerActs.has(act) ? 'surveillance.issue' : 'surveillance.act') &&
        !(act === 'sign' && row.draftedBy === agentOf(call)),
    ),
  };
}

async function list(door: CardsDoor, call: Call): Promise<Reply> {
  const { rows, ...counts } = await productPage(door.pool, {
    state: call.query.state || null,
    kind: call.query.kind || null,
    signal: call.query.signal || null,
    limit: 200,
  });
  const body: ProductPage = { items: await Promise.all(rows.map((row) => summaryOf(door, row))), ...counts };
  return { body };
}

async function read(door: CardsDoor, call: Call): Promise<Reply | Refusal> {
  const row = await productBy(door.pool, call.params.id ?? '');
  call.look({ action: row ? 'read' : 'refused', what: `product ${row?.kind ?? ''}`, ground: 'public-health' });
  return row ? { body: await detailOf(door, call, row) } : refuse('HT-INPUT-004');
}

type Content = Partial<Pick<ProductRow, 'title' | 'body' | 'audience' | 'level' | 'validTo'>>;

/** One step of a product's life; the issue takes its number, and tells subscribers, in the same transaction. */
async function actOnProduct(door: CardsDoor, call: Call, act: ProductAct): Promise<Reply | Refusal> {
  const { version, note = null, ...given } = call.body as { version: number; note?: string } & Content;
  const row = await productBy(door.pool, call.params.id ?? '');
  const state = row && nextProduct(row.state, act);
  const own = act === 'sign' && row?.draftedBy === agentOf(call);
  call.look({
    action: state && !own ? 'update' : 'refused',
    what: `product ${act} ${row?.kind ?? ''}`,
    ground: 'public-health',
  });
  if (!row) return refuse('HT-INPUT-004');
  if (own) return refuse('HT-ACCESS-002', { zh: '拟稿人不能签发自己的稿件', en: 'Who drafted it does not sign it' });
  if (!state || (act === 'return' && !note))
    return refuse('HT-INPUT-001', {
      zh: '现在不能做这一步，或退回时没有写明原因',
      en: 'This step is not possible now, or a return lacks its reason',
    });
  const at = new Date(call.now);
  const kept = await inTransaction(door.pool, async (client) => {
    const year = Number(dayOf(call.now).slice(0, 4));
    const next: ProductRow = {
      ...row,
      ...(act === 'edit' && given),
      version,
      state,
      ...(act === 'sign' && {
        signedBy: agentOf(call),
        signedAt: at,
      }),
    };
    if (!(await saveProduct(client, next))) return false;
    if (act === 'sign') {
      next.number = numberOf(row.kind, year, await takeNumber(client, row.kind, year));
      await setProductNumber(client, row.id, next.number);
    }
    await addProductAct(client, row.id, {
      act,
      note,
      title: next.title,
      body: next.body,
      agent: agentOf(call),
      role: (call.caller as Caller).role,
      at,
    });
    if (act === 'sign' || act === 'submit') {
      const signal = await signalBy(client, row.signal);
      await enqueue(client, {
        event: act === 'sign' ? 'product-issued' : 'product-submitted',
        at,
        title: {
          zh: act === 'sign' ? `已签发：${next.title}` : `待签发：${next.title}`,
          en: act === 'sign' ? `Issued: ${next.number}` : 'A product waits for a signature',
        },
        area: signal?.area ?? null,
        institution: null,
        path: `/notices/${row.id}`,
      });
    }
    return true;
  });
  const now = await productBy(door.pool, row.id);
  return kept && now ? { body: await detailOf(door, call, now) } : refuse('HT-INPUT-006');
}
