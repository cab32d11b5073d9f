import { randomUUID } from 'node:crypto';
import type { ExchangeKind, ExchangePage } from '@hutong/contract/surveillance.ts';
import { type Call, type Caller, type Refusal, type Reply, type Route, refuse } from '../../../core/access/index.ts';
import { inTransaction } from '../../../kit/pool.ts';
import type { CardsDoor } from '../cards/door.ts';
import { scopeOf } from '../cards/scope.ts';
import { dayOf } from '../decide.ts';
import { maskedName, openPerson, sealPerson } from '../follow-up/persons.ts';
import { csvText } from '../line-list/csv-text.ts';
import { areaName, isArea } from '../places.ts';
import {
  type AgreementRow,
  type ExchangedRow,
  exchangeAgreementBy,
  exchangeAgreements,
  exchangedBy,
  exchangedByKeys,
  exchangedRows,
  exchangeLog,
  logExchange,
  saveExchangeAgreement,
  saveExchanged,
  settleExchanged,
} from '../tables/exchange.ts';
import { addKeyItem, addTask } from '../tables/key-items.ts';
import { outgoing } from './outgoing.ts';
import { type Incoming, readRows } from './read-rows.ts';

const kinds: readonly ExchangeKind[] = ['person', 'place', 'event'];
const column = 'surveillance.exchanged.sealed';
const line = (maxLength: number): object => ({ type: 'string', minLength: 1, maxLength });

/** Exchange with police, customs and other departments under agreements: minimal fields, a stated purpose, both ways, everything noted. */
export function exchangeRoutes(door: CardsDoor): Route[] {
  return [
    {
      method: 'GET',
      path: '/api/surveillance/exchange',
      permission: 'surveillance.read',
      summary: 'Agreements with departments, what came in, and what went over',
      handle: (call) => page(door, call),
    },
    {
      method: 'POST',
      path: '/api/surveillance/exchange/agreements',
      permission: 'surveillance.agree',
      summary: 'Registers what a department may send and receive',
      schema: {
        body: {
          type: 'object',
          required: ['id', 'client', 'department', 'direction', 'kinds', 'fields', 'purpose', 'validFrom'],
          additionalProperties: false,
          properties: {
            id: { type: 'string', pattern: '^[A-Za-z0-9-]{3,40}$' },
            client: { type: 'string', pattern: '^[A-Za-z0-9._:-]{1,100}$' },
            department: line(80),
            direction: { enum: ['in', 'out', 'both'] },
            kinds: { type: 'array', minItems: 1, items: { enum: [...kinds] } },
            fields: { type: 'array', maxItems: 20, items: line(40) },
            purpose: { type: 'string', minLength: 4, maxLength: 300 },
            validFrom: { type: 'string', format: 'date' },
            validTo: { type: ['string', 'null'], format: 'date' },
          },
        },
      },
      handle: (call) => agree(door, call),
    },
    {
      method: 'POST',
      path: '/api/surveillance/exchange/in',
      permission: 'surveillance.submit',
      summary: 'People, places or events of a department (JSON or CSV, ?agreement= &kind=), whole or nothing',
      takes: 'bytes',
      handle: (call) => receive(door, call),
    },
    {
      method: 'GET',
      path: '/api/surveillance/exchange/out',
      permission: 'surveillance.submit',
      summary: 'People, places or events for a department (?agreement= &kind= &since=), JSON or CSV by Accept',
      handle: (call) => give(door, call),
    },
    {
      method: 'POST',
      path: '/api/surveillance/exchange/:id/settle',
      permission: 'surveillance.names',
      summary: 'Takes a received row over as a key person or place with a task, or dismisses it',
      schema: {
        body: {
          type: 'object',
          required: ['state'],
          additionalProperties: false,
          properties: {
            state: { enum: ['taken', 'dismissed'] },
            title: line(200),
            due: { type: 'string', format: 'date' },
          },
        },
      },
      handle: (call) => settle(door, call),
    },
  ];
}

const agentOf = (call: Call): string => `${(call.caller as Caller).kind} ${(call.caller as Caller).id}`;

async function page(door: CardsDoor, call: Call): Promise<Reply> {
  const [agreements, rows, log] = await Promise.all([
    exchangeAgreements(door.pool),
    exchangedRows(door.pool, scopeOf(door, call.caller as Caller).reach, 200),
    exchangeLog(door.pool, 100),
  ]);
  const departments = new Map(agreements.map(({ id, department }) => [id, department]));
  call.look({ action: 'search', what: `exchange, ${rows.length} rows, names masked`, ground: 'public-health' });
  const body: ExchangePage = {
    agreements: agreements.map(({ lastAt, ...row }) => ({ ...row, lastAt: lastAt?.toISOString() ?? null })),
    rows: rows.map((row) => ({
      id: row.id,
      department: departments.get(row.agreement) ?? row.agreement,
      kind: row.kind,
      area: { code: row.area, ...areaName(row.area, row.day ?? dayOf(call.now)) },
      day: row.day,
      label: row.sealed ? maskedName(door.pool, row.sealed, column) : (row.shown.name ?? row.shown.topic ?? row.key),
      shown: row.shown,
      state: row.state,
      version: row.version,
      receivedAt: row.received.toISOString(),
    })),
    log: log.map(({ agent, at, ...row }) => ({ ...row, at: at.toISOString(), who: door.who(agent) })),
    fields: door.lists.exchangeFields,
  };
  return { body };
}

async function agree(door: CardsDoor, call: Call): Promise<Reply | Refusal> {
  const given = call.body as Omit<AgreementRow, 'validTo'> & { validTo?: string | null };
  const known = given.fields.every((field) =>
    door.lists.exchangeFields.some(({ code, kind }) => code === field && given.kinds.includes(kind)),
  );
  const kept =
    known &&
    (await saveExchangeAgreement(
      door.pool,
      { ...given, validTo: given.validTo ?? null },
      agentOf(call),
      new Date(call.now),
    ));
  call.look({ action: kept ? 'update' : 'refused', what: `exchange agreement ${given.id}`, ground: 'administration' });
  if (!known) return refuse('HT-INPUT-001', { zh: '字段不在目录中', en: 'A field is not in the catalogue' });
  return kept
    ? { status: 201, body: given }
    : refuse('HT-INPUT-001', { zh: '该协议编号属于另一接口', en: 'This agreement id belongs to another client' });
}

/** The agreement that covers this request; null when there is none in force for this caller, kind and direction. */
async function covered(
  door: CardsDoor,
  call: Call,
  direction: 'in' | 'out',
): Promise<{ agreement: AgreementRow; kind: ExchangeKind } | null> {
  const agreement = await exchangeAgreementBy(door.pool, call.query.agreement ?? '');
  const kind = kinds.find((one) => one === call.query.kind);
  const today = dayOf(call.now);
  const allowed =
    agreement !== null &&
    kind !== undefined &&
    agreement.client === (call.caller as Caller).id &&
    agreement.kinds.includes(kind) &&
    (agreement.direction === 'both' || agreement.direction === direction) &&
    agreement.validFrom <= today &&
    (agreement.validTo === null || today <= agreement.validTo);
  if (allowed) return { agreement, kind };
  call.look({ action: 'refused', what: 'exchange without an agreement', ground: 'data-agreement' });
  return null;
}
const notCovered = (): Refusal =>
  refuse('HT-ACCESS-002', {
    zh: '没有对应的有效数据共享协议',
    en: 'There is no data agreement in force for this client, kind and direction',
  });

async function receive(door: CardsDoor, call: Call): Promise<Reply | Refusal> {
  const under = await covered(door, call, 'in');
  if (!under) return notCovered();
  const { agreement, kind } = under;
  const today = dayOf(call.now);
  const { rows, problems } = readRows(
    call.body as Buffer,
    call.headers['content-type'] ?? '',
    kind,
    door.lists.exchangeFields,
    agreement.fields,
    (code) => isArea(code, today),
    today,
  );
  if (problems.length > 0) {
    call.look({ action: 'refused', what: `exchange in ${kind}`, ground: 'data-agreement' });
    return refuse(
      'HT-INPUT-001',
      {
        zh: `有 ${problems.length} 处不符合要求，未保存任何内容`,
        en: `${problems.length} places are not valid; nothing was stored`,
      },
      { problems: problems.slice(0, 50) },
    );
  }
  const result = await inTransaction(door.pool, async (client) => {
    const counts = { created: 0, revised: 0, unchanged: 0 };
    const known = await exchangedByKeys(
      client,
      agreement.id,
      kind,
      rows.map(({ key = '' }) => key),
    );
    for (const row of rows) {
      const next = exchangedOf(door, agreement.id, kind, row, new Date(call.now));
      const former = known.get(next.key);
      if (former && isSame(door, former, next)) counts.unchanged++;
      else {
        await saveExchanged(client, next);
        counts[former ? 'revised' : 'created']++;
      }
    }
    await logExchange(client, {
      agreement: agreement.id,
      direction: 'in',
      kind,
      rows: rows.length,
      ...counts,
      agent: agentOf(call),
      at: new Date(call.now),
    });
    return counts;
  });
  call.look({
    action: 'create',
    what: `exchange in ${kind} ${rows.length} under ${agreement.id}`,
    ground: 'data-agreement',
  });
  return { status: 201, body: result };
}

const personal = new Set(['name', 'number', 'phone']);
function exchangedOf(door: CardsDoor, agreement: string, kind: ExchangeKind, row: Incoming, at: Date): ExchangedRow {
  const isPerson = kind === 'person';
  return {
    id: randomUUID(),
    agreement,
    kind,
    key: row.key ?? '',
    area: row.area ?? '',
    day: row.day || null,
    shown: Object.fromEntries(
      Object.entries(row).filter(
        ([name, value]) => value !== '' && !(isPerson && personal.has(name)) && !['key', 'area', 'day'].includes(name),
      ),
    ),
    sealed: isPerson
      ? sealPerson(
          door.pool,
          { name: row.name ?? '', phone: row.phone || null, number: row.number || null, address: null },
          column,
        )
      : null,
    state: 'new',
    version: 1,
    received: at,
  };
}
/** The same key with the same content again: sealed values differ each time, so what is inside is compared. */
function isSame(door: CardsDoor, former: ExchangedRow, next: ExchangedRow): boolean {
  const inside = ({ area, day, shown, sealed }: ExchangedRow): string =>
    JSON.stringify([area, day, Object.entries(shown).sort(), sealed && openPerson(door.pool, sealed, column)]);
  return inside(former) === inside(next);
}

async function give(door: CardsDoor, call: Call): Promise<Reply | Refusal> {
  const under = await covered(door, call, 'out');
  if (!under) return notCovered();
  const { agreement, kind } = under;
  const since = /^\d{4}-\d{2}-\d{2}$/.test(call.query.since ?? '') ? (call.query.since as string) : '1970-01-01';
  const items = await outgoing(door, agreement, kind, dayOf(call.now), since);
  // A person that goes over is noted one by one; places and events as one release.
  if (kind === 'person')
    for (const { key } of items)
      call.look({
        action: 'export',
        what: `exchange out person ${key} under ${agreement.id}`,
        ground: 'data-agreement',
      });
  call.look({
    action: 'export',
    what: `exchange out ${kind} ${items.length} under ${agreement.id}`,
    ground: 'data-agreement',
  });
  await logExchange(door.pool, {
    agreement: agreement.id,
    direction: 'out',
    kind,
    rows: items.length,
    created: 0,
    revised: 0,
    unchanged: 0,
    agent: agentOf(call),
    at: new Date(call.now),
  });
  if (!call.headers.accept?.includes('csv'))
    return { body: { agreement: agreement.id, purpose: agreement.purpose, kind, items } };
  const head = [...new Set(items.flatMap((item) => Object.keys(item)))];
  return {
    headers: { 'content-type': 'text/csv; charset=utf-8' },
    body: csvText(
      head,
      items.map((item) => head.map((name) => item[name] ?? '')),
    ),
  };
}

async function settle(door: CardsDoor, call: Call): Promise<Reply | Refusal> {
  const { state, title, due } = call.body as { state: 'taken' | 'dismissed'; title?: string; due?: string };
  const row = await exchangedBy(door.pool, call.params.id ?? '');
  const allowed = row?.area.startsWith(scopeOf(door, call.caller as Caller).reach) ?? false;
  call.look({
    action: allowed ? 'update' : 'refused',
    what: `exchange row ${state}`,
    ground: allowed ? 'public-health' : 'none',
  });
  if (!row || !allowed) return refuse('HT-INPUT-004');
  if (state === 'taken' && (row.kind === 'event' || !title || !due))
    return refuse('HT-INPUT-001', {
      zh: '人员和场所转为重点对象时须写明第一项任务和期限',
      en: 'A person or place is taken over with a first task and its due day',
    });
  const kept = await inTransaction(door.pool, async (client) => {
    const item = state === 'taken' ? randomUUID() : null;
    if (!(await settleExchanged(client, row.id, state, item))) return false;
    if (!item || row.kind === 'event') return true;
    const at = new Date(call.now);
    await addKeyItem(
      client,
      {
        id: item,
        kind: row.kind,
        category: row.kind === 'person' ? 'entrant' : 'port',
        label: row.kind === 'place' ? (row.shown.name ?? row.key) : null,
        sealed:
          row.sealed &&
          sealPerson(door.pool, openPerson(door.pool, row.sealed, column), 'surveillance.key_item.sealed'),
        area: row.area,
        reason: row.shown.reason ?? '',
        card: null,
        signal: null,
        source: 'exchange',
        state: 'open',
        createdAt: at,
      },
      agentOf(call),
    );
    await addTask(client, { id: randomUUID(), item, title: title ?? '', due: due ?? '', agent: agentOf(call), at });
    return true;
  });
  return kept ? { body: { state } } : refuse('HT-INPUT-001', { zh: '已经处理过', en: 'It was settled already' });
}
