import type { LineList, LineListCase, LineListNames } from '@hutong/contract/surveillance.ts';
import {
  type Call,
  type Caller,
  may,
  type Refusal,
  type Reply,
  type Route,
  refuse,
} from '../../../core/access/index.ts';
import { fromPublicId, publicId } from '../../../core/identity/index.ts';
import { type CardsDoor, named, newest } from '../cards/door.ts';
import { scopeOf, sees } from '../cards/scope.ts';
import { dayOf } from '../decide.ts';
import { areaName } from '../places.ts';
import { cardBy } from '../tables/cards.ts';
import { contactCounts } from '../tables/contacts.ts';
import { type LineFilter, type LineRow, lineFigures, linePage, linePyramid } from '../tables/line-list.ts';
import { csvText } from './csv-text.ts';

const dayMs = 86_400_000;
const usualDays = 90;
const mostDays = 3660;
const mostExported = 50_000;

/** The line list of one disease: cases without names, the curve by onset and report, ages and sexes, duplicates marked. */
export function lineListRoutes(door: CardsDoor): Route[] {
  return [
    {
      method: 'GET',
      path: '/api/surveillance/line-list',
      permission: 'surveillance.read',
      summary: 'Line list of a disease: cases without names, epidemic curve, ages and sexes',
      handle: (call) => lineList(door, call),
    },
    {
      method: 'GET',
      path: '/api/surveillance/line-list/export',
      permission: 'surveillance.read',
      summary: 'The line list as CSV, without names',
      handle: (call) => exported(door, call),
    },
    {
      method: 'POST',
      path: '/api/surveillance/line-list/names',
      permission: 'surveillance.names',
      summary: 'Names and telephones of up to 100 cases; each opening is noted',
      schema: {
        body: {
          type: 'object',
          required: ['cards'],
          additionalProperties: false,
          properties: {
            cards: { type: 'array', minItems: 1, maxItems: 100, items: { type: 'string', maxLength: 80 } },
          },
        },
      },
      handle: (call) => names(door, call),
    },
  ];
}

const isDay = (text: string | undefined): text is string =>
  /^\d{4}-\d{2}-\d{2}$/.test(text ?? '') && !Number.isNaN(Date.parse(text as string));

function filterOf(door: CardsDoor, { caller, query, now }: Call): LineFilter | Refusal {
  const to = query.to || dayOf(now);
  const from = query.from || dayOf(now - usualDays * dayMs);
  if (!isDay(from) || !isDay(to) || from > to || Date.parse(to) - Date.parse(from) > mostDays * dayMs)
    return refuse('HT-INPUT-001', {
      zh: '日期范围无效（最长十年）',
      en: 'The range of days is not valid (ten years at most)',
    });
  const { reach, unitsInReach } = scopeOf(door, caller as Caller);
  const known = door.lists.diseases.some(({ code }) => code === query.disease);
  return {
    disease: known
      ? (query.disease as string)
      : (door.lists.diseases.find(({ code }) => code === 'measles')?.code ?? ''),
    area: query.area || null,
    from,
    to,
    reach,
    unitsInReach,
  };
}

function caseOfRow(door: CardsDoor, disease: string, row: LineRow, contacts: number): LineListCase {
  return {
    id: `${publicId(BigInt(row.anchor))}.${disease}`,
    sex: row.sex,
    age: row.age,
    area: { code: row.area, ...areaName(row.area, row.day) },
    onset: row.onset,
    diagnosedAt: row.at.toISOString(),
    reportedAt: row.reported?.toISOString() ?? null,
    caseClass: row.caseClass,
    state: row.state,
    institution: named(door.directory, row.institution),
    twin: row.twin,
    contacts,
  };
}

async function lineList(door: CardsDoor, call: Call): Promise<Reply | Refusal> {
  const filter = filterOf(door, call);
  if ('refusal' in filter) return filter;
  const limit = Math.min(Math.max(Number.parseInt(call.query.limit ?? '100', 10) || 100, 1), 200);
  const offset = Math.max(Number.parseInt(call.query.offset ?? '0', 10) || 0, 0);
  const [rows, { counts, curve }, pyramid] = await Promise.all([
    linePage(door.pool, filter, limit, offset),
    lineFigures(door.pool, filter),
    linePyramid(door.pool, filter),
  ]);
  const contacts = await contactCounts(
    door.pool,
    rows.map(({ anchor }) => anchor),
    filter.disease,
  );
  call.look({
    action: 'search',
    what: `line list ${filter.disease}, ${rows.length} of ${counts.total} cases without names`,
    ground: 'public-health',
  });
  const body: LineList = {
    items: rows.map((row) => caseOfRow(door, filter.disease, row, contacts.get(row.anchor) ?? 0)),
    ...counts,
    curve,
    pyramid,
    diseases: door.lists.diseases.filter(({ to }) => to === null).map(({ code, zh, en }) => ({ code, zh, en })),
    mayName: may(call.caller as Caller, 'surveillance.names'),
  };
  return { body };
}

async function exported(door: CardsDoor, call: Call): Promise<Reply | Refusal> {
  const filter = filterOf(door, call);
  if ('refusal' in filter) return filter;
  const rows = await linePage(door.pool, filter, mostExported, 0);
  call.look({
    action: 'export',
    what: `line list ${filter.disease}, ${rows.length} cases without names`,
    ground: 'public-health',
  });
  const text = csvText(
    [
      'case',
      'sex',
      'age',
      'area',
      'onset',
      'diagnosed',
      'reported',
      'class',
      'state',
      'institution',
      'possible duplicate',
    ],
    rows.map((row) => [
      publicId(BigInt(row.anchor)),
      row.sex,
      row.age ?? '',
      row.area,
      row.onset ?? '',
      row.at.toISOString(),
      row.reported?.toISOString() ?? '',
      row.caseClass,
      row.state,
      named(door.directory, row.institution).nameZh,
      row.twin ? 1 : 0,
    ]),
  );
  return { headers: { 'content-type': 'text/csv; charset=utf-8' }, body: text };
}

async function names(door: CardsDoor, call: Call): Promise<Reply> {
  const items: LineListNames['items'] = [];
  for (const id of (call.body as { cards: string[] }).cards) {
    const [anchor = '', disease = ''] = id.split('.');
    const key = fromPublicId(anchor);
    const card = key === null ? null : await cardBy(door.pool, key, disease);
    const allowed = card !== null && sees(door, call.caller as Caller, card);
    call.look({
      action: allowed ? 'read' : 'refused',
      what: `name in the line list ${disease}`,
      resident: card?.resident ?? null,
      ground: allowed ? 'public-health' : 'none',
    });
    if (!card || !allowed) continue;
    const sources = await door.identity.sources(card.resident);
    items.push({ id, name: newest(sources, 'name') ?? '', phone: newest(sources, 'phone') });
  }
  return { body: { items } satisfies LineListNames };
}
