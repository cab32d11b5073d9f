import { randomUUID } from 'node:crypto';
import type { KeyItem, KeyItemPage, KeyKind } from '@hutong/contract/surveillance.ts';
import { type Call, type Caller, type Refusal, type Reply, type Route, refuse } from '../../../core/access/index.ts';
import { inTransaction } from '../../../kit/pool.ts';
import type { CardsDoor } from '../cards/door.ts';
import { scopeOf } from '../cards/scope.ts';
import { dayOf } from '../decide.ts';
import { areaName, isArea } from '../places.ts';
import {
  addKeyItem,
  addTask,
  closeKeyItem,
  finishTask,
  type KeyItemRow,
  keyItemBy,
  keyItems,
  type TaskRow,
  tasksOf,
} from '../tables/key-items.ts';
import { maskedName, openPerson, personOfBody, personSchema, sealPerson } from './persons.ts';

const column = 'surveillance.key_item.sealed';
const kinds: readonly KeyKind[] = ['person', 'place', 'thing'];
const line = (maxLength: number): object => ({ type: 'string', minLength: 1, maxLength });
const schema = (properties: Record<string, unknown>, required: string[]): { body: Record<string, unknown> } => ({
  body: { type: 'object', required, additionalProperties: false, properties },
});
const task = { title: line(200), due: { type: 'string', format: 'date' } };

/** Key people, places and things (重点人物事) and what is to be done about each, by when. */
export function keyItemRoutes(door: CardsDoor): Route[] {
  const act = { method: 'POST' as const, permission: 'surveillance.names' as const };
  return [
    {
      method: 'GET',
      path: '/api/surveillance/key-items',
      permission: 'surveillance.names',
      summary: 'Key people (names masked), places and things with their tasks',
      handle: (call) => list(door, call),
    },
    {
      ...act,
      path: '/api/surveillance/key-items',
      summary: 'Registers a key person, place or thing with its first task',
      schema: schema(
        {
          ...personSchema,
          kind: { enum: [...kinds] },
          category: line(40),
          area: { type: 'string', pattern: '^[0-9]{6}$' },
          reason: line(300),
          card: { type: ['string', 'null'], maxLength: 80 },
          signal: { type: ['string', 'null'], maxLength: 200 },
          ...task,
        },
        ['kind', 'category', 'name', 'area', 'reason', 'title', 'due'],
      ),
      handle: (call) => add(door, call),
    },
    {
      method: 'GET',
      path: '/api/surveillance/key-items/:id/person',
      permission: 'surveillance.names',
      summary: 'Name, telephone and number of one key person; noted',
      handle: (call) =>
        withItem(door, call, 'key person', 'read', async ({ sealed }) =>
          sealed ? { body: openPerson(door.pool, sealed, column) } : refuse('HT-INPUT-004'),
        ),
    },
    {
      ...act,
      path: '/api/surveillance/key-items/:id/tasks',
      summary: 'Adds a task',
      schema: schema(task, ['title', 'due']),
      handle: (call) =>
        withItem(door, call, 'task added', 'update', async (item) => {
          const { title, due } = call.body as { title: string; due: string };
          if (item.state === 'closed') return closedAlready();
          await addTask(door.pool, {
            id: randomUUID(),
            item: item.id,
            title,
            due,
            agent: agentOf(call),
            at: new Date(call.now),
          });
          return { status: 201, body: await viewOf(door, item, call) };
        }),
    },
    {
      ...act,
      path: '/api/surveillance/key-items/:id/tasks/:task/done',
      summary: 'Finishes a task with its result',
      schema: schema({ result: line(500) }, ['result']),
      handle: (call) =>
        withItem(door, call, 'task done', 'update', async (item) => {
          const own = (await tasksOf(door.pool, [item.id])).some(({ id }) => id === call.params.task);
          const { result } = call.body as { result: string };
          const done =
            own && (await finishTask(door.pool, call.params.task ?? '', result, agentOf(call), new Date(call.now)));
          return done ? { body: await viewOf(door, item, call) } : refuse('HT-INPUT-004');
        }),
    },
    {
      ...act,
      path: '/api/surveillance/key-items/:id/close',
      summary: 'Closes the entry; open tasks are cancelled',
      handle: (call) =>
        withItem(door, call, 'key item closed', 'update', async (item) => {
          if (item.state === 'closed') return closedAlready();
          await inTransaction(door.pool, (client) => closeKeyItem(client, item.id));
          return { body: await viewOf(door, { ...item, state: 'closed' }, call) };
        }),
    },
  ];
}

const closedAlready = (): Refusal => refuse('HT-INPUT-001', { zh: '该条目已关闭', en: 'This entry is closed' });
const agentOf = (call: Call): string => `${(call.caller as Caller).kind} ${(call.caller as Caller).id}`;
const viewOf = async (door: CardsDoor, item: KeyItemRow, call: Call): Promise<KeyItem> =>
  itemOf(door, item, await tasksOf(door.pool, [item.id]), dayOf(call.now));

function itemOf(door: CardsDoor, row: KeyItemRow, tasks: TaskRow[], today: string): KeyItem {
  return {
    id: row.id,
    kind: row.kind,
    category: row.category,
    label: row.sealed ? maskedName(door.pool, row.sealed, column) : (row.label ?? ''),
    area: { code: row.area, ...areaName(row.area, today) },
    reason: row.reason,
    card: row.card,
    signal: row.signal,
    source: row.source,
    state: row.state,
    createdAt: row.createdAt.toISOString(),
    tasks: tasks
      .filter(({ item }) => item === row.id)
      .map(({ id, title, due, state, result, doneAt, doneBy }) => ({
        id,
        title,
        due,
        state,
        overdue: state === 'open' && due < today,
        result,
        doneAt: doneAt?.toISOString() ?? null,
        doneBy: doneBy && door.who(doneBy),
      })),
  };
}

async function list(door: CardsDoor, call: Call): Promise<Reply> {
  const today = dayOf(call.now);
  const { rows, ...counts } = await keyItems(door.pool, {
    kind: call.query.kind || null,
    state: call.query.state || null,
    reach: scopeOf(door, call.caller as Caller).reach,
    today,
    limit: 300,
  });
  const tasks = await tasksOf(
    door.pool,
    rows.map(({ id }) => id),
  );
  call.look({
    action: 'search',
    what: `key people, places and things, ${rows.length}, names masked`,
    ground: 'public-health',
  });
  const categories = Object.fromEntries(
    kinds.map((kind) => [kind, door.lists.keyCategories.filter((row) => row.kind === kind)]),
  ) as unknown as KeyItemPage['categories'];
  const body: KeyItemPage = { items: rows.map((row) => itemOf(door, row, tasks, today)), ...counts, categories };
  return { body };
}

async function add(door: CardsDoor, call: Call): Promise<Reply | Refusal> {
  const given = call.body as Record<string, string>;
  const kind = given.kind as KeyKind;
  call.look({ action: 'create', what: `key ${kind}`, ground: 'public-health' });
  const today = dayOf(call.now);
  if (!door.lists.keyCategories.some((row) => row.kind === kind && row.code === given.category))
    return refuse('HT-INPUT-001', { zh: '没有这个类别', en: 'There is no such category' });
  if (!isArea(given.area ?? '', today))
    return refuse('HT-INPUT-001', { zh: '没有这个行政区划代码', en: 'There is no such area' });
  const row: KeyItemRow = {
    id: randomUUID(),
    kind,
    category: given.category ?? '',
    label: kind === 'person' ? null : (given.name ?? ''),
    sealed: kind === 'person' ? sealPerson(door.pool, personOfBody(given), column) : null,
    area: given.area ?? '',
    reason: given.reason ?? '',
    card: given.card ?? null,
    signal: given.signal ?? null,
    source: 'cdc',
    state: 'open',
    createdAt: new Date(call.now),
  };
  await inTransaction(door.pool, async (client) => {
    await addKeyItem(client, row, agentOf(call));
    await addTask(client, {
      id: randomUUID(),
      item: row.id,
      title: given.title ?? '',
      due: given.due ?? '',
      agent: agentOf(call),
      at: new Date(call.now),
    });
  });
  return { status: 201, body: await viewOf(door, row, call) };
}

async function withItem(
  door: CardsDoor,
  call: Call,
  what: string,
  action: 'read' | 'update',
  answer: (item: KeyItemRow) => Promise<Reply | Refusal>,
): Promise<Reply | Refusal> {
  const item = await keyItemBy(door.pool, call.params.id ?? '');
  const { reach } = scopeOf(door, call.caller as Caller);
  const allowed = item?.area.startsWith(reach) ?? false;
  call.look({
    action: allowed ? action : 'refused',
    what: item ? `${what} ${item.id}` : what,
    ground: allowed ? 'public-health' : 'none',
  });
  return item && allowed ? answer(item) : refuse('HT-INPUT-004');
}
