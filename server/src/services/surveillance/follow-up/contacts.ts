import { randomUUID } from 'node:crypto';
import type { Contact, ContactPage, ContactResult } from '@hutong/contract/surveillance.ts';
import { type Call, type Caller, type Refusal, type Reply, type Route, refuse } from '../../../core/access/index.ts';
import { fromPublicId } from '../../../core/identity/index.ts';
import { inTransaction } from '../../../kit/pool.ts';
import { cardId } from '../cards/detail.ts';
import type { CardsDoor } from '../cards/door.ts';
import { scopeOf, sees } from '../cards/scope.ts';
import { dayOf } from '../decide.ts';
import { type CardRow, cardBy } from '../tables/cards.ts';
import {
  addContact,
  type ContactRow,
  contactBy,
  contactsOf,
  noteVisit,
  setContactState,
  type VisitRow,
  visitsOf,
} from '../tables/contacts.ts';
import { addDays, followUpDays, owedOf } from './decide.ts';
import { maskedName, openPerson, personIndex, personOfBody, personSchema, sealPerson } from './persons.ts';

const column = 'surveillance.contact.sealed';
const usualDays = 14;
const text = (maxLength: number): object => ({ type: 'string', minLength: 1, maxLength });
const body = (properties: Record<string, unknown>, required: string[]): Record<string, unknown> => ({
  type: 'object',
  required,
  additionalProperties: false,
  properties,
});

/** Contacts of cases and their follow-up day by day. Lists mask names; a person is opened one at a time, and noted. */
export function contactRoutes(door: CardsDoor): Route[] {
  return [
    {
      method: 'GET',
      path: '/api/surveillance/contacts',
      permission: 'surveillance.names',
      summary: 'Contacts of a case, or all who are being watched; names masked',
      handle: (call) => list(door, call),
    },
    {
      method: 'POST',
      path: '/api/surveillance/contacts',
      permission: 'surveillance.names',
      summary: 'Adds a contact of a case',
      schema: {
        body: body(
          {
            ...personSchema,
            card: text(80),
            relation: text(60),
            setting: text(120),
            lastExposure: { type: 'string', format: 'date' },
          },
          ['card', 'name', 'relation', 'setting', 'lastExposure'],
        ),
      },
      handle: (call) => add(door, call),
    },
    {
      method: 'GET',
      path: '/api/surveillance/contacts/:id/person',
      permission: 'surveillance.names',
      summary: 'Name, telephone and number of one contact; noted',
      handle: (call) =>
        withContact(door, call, 'contact person', 'read', async (contact) => ({
          body: openPerson(door.pool, contact.sealed, column),
        })),
    },
    {
      method: 'POST',
      path: '/api/surveillance/contacts/:id/visit',
      permission: 'surveillance.names',
      summary: 'What was found on a day of the follow-up',
      schema: {
        body: body(
          {
            day: { type: 'string', format: 'date' },
            result: { enum: ['well', 'symptoms', 'not-reached'] },
            temperature: { type: ['number', 'null'], minimum: 30, maximum: 45 },
            note: { type: 'string', maxLength: 500 },
          },
          ['day', 'result'],
        ),
      },
      handle: (call) => withContact(door, call, 'contact visit', 'update', (contact) => visit(door, call, contact)),
    },
    {
      method: 'POST',
      path: '/api/surveillance/contacts/:id/close',
      permission: 'surveillance.names',
      summary: 'Ends the follow-up: completed, lost, or become a case',
      schema: {
        body: body(
          { state: { enum: ['completed', 'lost', 'became-case'] }, card: { type: ['string', 'null'], maxLength: 80 } },
          ['state'],
        ),
      },
      handle: (call) => withContact(door, call, 'contact close', 'update', (contact) => close(door, call, contact)),
    },
  ];
}

/** The card of a public id, if the caller may see it. */
export async function cardOf(door: CardsDoor, call: Call, id: string): Promise<CardRow | null> {
  const [anchor = '', disease = ''] = id.split('.');
  const key = fromPublicId(anchor);
  const card = key === null ? null : await cardBy(door.pool, key, disease);
  return card && sees(door, call.caller as Caller, card) ? card : null;
}
const agentOf = (call: Call): string => `${(call.caller as Caller).kind} ${(call.caller as Caller).id}`;

function contactOf(door: CardsDoor, row: ContactRow, visits: VisitRow[], today: string): Contact {
  const disease = door.lists.diseases.findLast(({ code }) => code === row.disease);
  const own = visits.filter(({ contact }) => contact === row.id);
  return {
    id: row.id,
    card: cardId(row),
    disease: { code: row.disease, zh: disease?.zh ?? row.disease, en: disease?.en ?? row.disease },
    name: maskedName(door.pool, row.sealed, column),
    relation: row.relation,
    setting: row.setting,
    lastExposure: row.lastExposure,
    until: row.until,
    state: row.state,
    becameCard: row.became,
    days: followUpDays(row.lastExposure, row.until).map((day) => {
      const found = own.find((one) => one.day === day);
      return { day, result: found?.result ?? null, temperature: found?.temperature ?? null };
    }),
    ...owedOf({ ...row, since: dayOf(row.createdAt.getTime()) }, own, today),
  };
}

async function list(door: CardsDoor, call: Call): Promise<Reply | Refusal> {
  const card = call.query.card ? await cardOf(door, call, call.query.card) : null;
  if (call.query.card && !card) {
    call.look({ action: 'refused', what: 'contacts of a card', ground: 'none' });
    return refuse('HT-INPUT-004');
  }
  const { reach, unitsInReach } = scopeOf(door, call.caller as Caller);
  const rows = await contactsOf(door.pool, {
    reach,
    unitsInReach,
    anchors: card ? card.keys : null,
    disease: card?.disease ?? null,
    limit: 500,
  });
  const visits = await visitsOf(
    door.pool,
    rows.map(({ id }) => id),
  );
  const today = dayOf(call.now);
  const items = rows.map((row) => contactOf(door, row, visits, today));
  call.look({
    action: 'search',
    what: `contacts, ${items.length}, names masked`,
    resident: card?.resident ?? null,
    ground: 'public-health',
  });
  const page: ContactPage = {
    items,
    total: items.length,
    dueToday: items.filter(({ dueToday }) => dueToday).length,
    missed: items.filter(({ missedDays }) => missedDays > 0).length,
  };
  return { body: page };
}

async function add(door: CardsDoor, call: Call): Promise<Reply | Refusal> {
  const given = call.body as Record<string, string>;
  const card = await cardOf(door, call, given.card ?? '');
  call.look({
    action: card ? 'create' : 'refused',
    what: 'contact of a case',
    resident: card?.resident ?? null,
    ground: card ? 'public-health' : 'none',
  });
  if (!card) return refuse('HT-INPUT-004');
  const today = dayOf(call.now);
  const lastExposure = given.lastExposure ?? '';
  if (lastExposure > today || lastExposure < addDays(card.day, -60))
    return refuse('HT-INPUT-001', {
      zh: '最后接触日期不能在将来，也不能早于病例发病前 60 天',
      en: 'The last exposure cannot lie in the future, nor more than 60 days before the case',
    });
  const person = personOfBody(given);
  const days = door.lists.observationDays.get(card.disease) ?? usualDays;
  const row = {
    id: randomUUID(),
    anchor: card.anchor,
    disease: card.disease,
    sealed: sealPerson(door.pool, person, column),
    person: personIndex(door.pool, person),
    relation: given.relation ?? '',
    setting: given.setting ?? '',
    lastExposure,
    until: addDays(lastExposure, days),
    state: 'watching' as const,
    became: null,
    createdAt: new Date(call.now),
    agent: agentOf(call),
  };
  const kept = await inTransaction(door.pool, (client) => addContact(client, row));
  if (!kept)
    return refuse('HT-INPUT-001', {
      zh: '此人已是该病例的接触者',
      en: 'This person is a contact of this case already',
    });
  return { status: 201, body: contactOf(door, { ...row, version: 1 }, [], today) };
}

async function withContact(
  door: CardsDoor,
  call: Call,
  what: string,
  action: 'read' | 'update',
  answer: (contact: ContactRow) => Promise<Reply | Refusal>,
): Promise<Reply | Refusal> {
  const contact = await contactBy(door.pool, call.params.id ?? '');
  const card = contact ? await cardOf(door, call, cardId(contact)) : null;
  call.look({
    action: card ? action : 'refused',
    what: contact ? `${what} ${contact.id}` : what,
    resident: card?.resident ?? null,
    ground: card ? 'public-health' : 'none',
  });
  return contact && card ? answer(contact) : refuse('HT-INPUT-004');
}

async function visit(door: CardsDoor, call: Call, contact: ContactRow): Promise<Reply | Refusal> {
  const {
    day,
    result,
    temperature = null,
    note = null,
  } = call.body as {
    day: string;
    result: ContactResult;
    temperature?: number | null;
    note?: string;
  };
  const today = dayOf(call.now);
  if (contact.state !== 'watching' || day > today || !followUpDays(contact.lastExposure, contact.until).includes(day))
    return refuse('HT-INPUT-001', {
      zh: '这一天不在该接触者的随访期内',
      en: 'This day is not within the follow-up of the contact',
    });
  await noteVisit(door.pool, {
    contact: contact.id,
    day,
    result,
    temperature,
    note,
    agent: agentOf(call),
    at: new Date(call.now),
  });
  return { body: contactOf(door, contact, await visitsOf(door.pool, [contact.id]), today) };
}

async function close(door: CardsDoor, call: Call, contact: ContactRow): Promise<Reply | Refusal> {
  const { state, card = null } = call.body as { state: ContactRow['state']; card?: string | null };
  if (contact.state !== 'watching')
    return refuse('HT-INPUT-001', { zh: '随访已结束', en: 'The follow-up has ended already' });
  const became = state === 'became-case' && card ? await cardOf(door, call, card) : null;
  if (state === 'became-case' && !became)
    return refuse('HT-INPUT-001', {
      zh: '须写明转为哪一张报告卡',
      en: 'It needs the card that the contact has become',
    });
  await setContactState(door.pool, contact.id, state, became && cardId(became));
  const now = (await contactBy(door.pool, contact.id)) ?? contact;
  return { body: contactOf(door, now, await visitsOf(door.pool, [contact.id]), dayOf(call.now)) };
}
