import type { CareEvent as CareEventView, Look, ResidentHit } from '@hutong/contract/console.ts';
import {
  breakGlassHours,
  type Call,
  type Caller,
  openBreakGlass,
  type Refusal,
  type Reply,
  type Route,
  refuse,
} from '../../core/access/index.ts';
import { looksAt } from '../../core/audit/index.ts';
import type { Directory } from '../../core/directory/index.ts';
import {
  fromPublicId,
  type Identity,
  type OpenRecord,
  publicId,
  type RecordAccessDoor,
} from '../../core/identity/index.ts';
import { factsOf, parseLocalReference, readResource, resourceKey, visibleByKeys } from '../../core/store/index.ts';
import type { Pool } from '../../kit/pool.ts';
import { narrativeOf, observationRow, resourceRows } from './event-detail.ts';
import { analytesOf, type LaboratoryTerms } from './laboratory.ts';
import { frontPage, groundOf, groundWords, hitOf, institutionName } from './residents.ts';
import { countsByKind, lastEvents, type TimelineRow, timeline, timelineEvent } from './tables.ts';

export type RecordIndexDoor = {
  pool: Pool;
  directory: Directory;
  identity: Identity;
  records: RecordAccessDoor;
  terms: LaboratoryTerms;
};

export function recordIndexRoutes(door: RecordIndexDoor): Route[] {
  const read = { permission: 'record.read' as const };
  return [
    {
      method: 'POST',
      path: '/api/residents/search',
      permission: 'residents.search',
      summary: 'Find residents by number, phone, local id or name',
      handle: (call) => search(door, call),
      schema: {
        body: {
          type: 'object',
          required: ['query'],
          properties: { query: { type: 'string', minLength: 1, maxLength: 60 } },
        },
      },
    },
    {
      ...read,
      method: 'GET',
      path: '/api/residents/:id',
      summary: 'Front page of a resident’s record',
      handle: (call) => withRecord(door, call, 'front page', (record) => front(door, call, record)),
    },
    {
      ...read,
      method: 'GET',
      path: '/api/residents/:id/events',
      summary: 'Time-line',
      handle: (call) => withRecord(door, call, 'time-line', (record) => events(door, call, record)),
    },
    {
      ...read,
      method: 'GET',
      path: '/api/residents/:id/events/:event',
      summary: 'One care event with its resources',
      handle: (call) => withRecord(door, call, 'care event', (record) => event(door, call, record)),
    },
    {
      ...read,
      method: 'GET',
      path: '/api/residents/:id/laboratory',
      summary: 'Laboratory values of all hospitals',
      handle: (call) => withRecord(door, call, 'laboratory values', (record) => laboratory(door, record)),
    },
    {
      method: 'GET',
      path: '/api/residents/:id/looks',
      permission: 'record.looks',
      summary: 'Who looked',
      handle: (call) => looks(door, call),
    },
    {
      method: 'POST',
      path: '/api/residents/:id/break-glass',
      permission: 'record.break-glass',
      summary: 'Open a record in an emergency',
      handle: (call) => breakGlass(door, call),
      schema: {
        body: {
          type: 'object',
          required: ['reasonCode', 'text'],
          properties: {
            reasonCode: { enum: ['emergency', 'unconscious', 'public-health', 'other'] },
            text: { type: 'string', minLength: 4, maxLength: 500 },
          },
        },
      },
    },
  ];
}

const hitLimit = 20;

async function search(door: RecordIndexDoor, call: Call): Promise<Reply> {
  const caller = call.caller as Caller;
  const { residents, total } = await door.identity.find((call.body as { query: string }).query, hitLimit);
  const items: ResidentHit[] = [];
  for (const resident of residents) {
    const record = await door.records.open(caller, resident, call.now);
    if (!record) continue;
    const last = [...(await lastEvents(door.pool, record.subjects)).values()].sort(
      (a, b) => b.getTime() - a.getTime(),
    )[0];
    items.push(hitOf(record, call.now, last ?? null));
    call.look({ action: 'search', what: 'resident found', resident, ground: record.access.ground });
  }
  if (items.length === 0) call.look({ action: 'search', what: 'residents, none found', ground: 'search' });
  return { body: { items, total } };
}

/** Opens the record or refuses; either way the look is noted, with its ground. */
async function withRecord(
  door: RecordIndexDoor,
  call: Call,
  what: string,
  answer: (record: OpenRecord) => Promise<Reply | Refusal>,
): Promise<Reply | Refusal> {
  const resident = fromPublicId(call.params.id ?? '');
  const record = resident === null ? null : await door.records.open(call.caller as Caller, resident, call.now);
  if (!record) {
    call.look({ action: 'read', what: `${what}, no such resident`, ground: 'none' });
    return refuse('HT-INPUT-004');
  }
  call.look({
    action: record.access.allowed ? 'read' : 'refused',
    what,
    resident: record.resident,
    ground: record.access.ground,
    breakGlass: record.access.ground === 'break-glass',
  });
  return record.access.allowed
    ? answer(record)
    : refuse('HT-ACCESS-003', undefined, { access: groundOf(record.access) });
}

const bloodTypeCode = '883-9';

async function front(door: RecordIndexDoor, call: Call, record: OpenRecord): Promise<Reply> {
  const { pool } = door;
  const [conditions, allergies, medicines, observations, counts] = await Promise.all([
    factsOf(pool, record.scope, record.subjects, ['Condition'], 300),
    factsOf(pool, record.scope, record.subjects, ['AllergyIntolerance'], 50),
    factsOf(pool, record.scope, record.subjects, ['MedicationRequest', 'MedicationStatement'], 60),
    factsOf(pool, record.scope, record.subjects, ['Observation'], 2000),
    countsByKind(pool, record.scope),
  ]);
  const bloodTypes = observations.filter(({ body }) => body.includes(`"${bloodTypeCode}"`));
  return {
    body: frontPage(
      record,
      { patients: [], conditions, allergies, medicines, bloodTypes },
      counts,
      door.directory,
      call.now,
    ),
  };
}

const viewOf = (door: RecordIndexDoor, row: TimelineRow): CareEventView => ({
  id: BigInt.asUintN(64, BigInt(row.key)).toString(36),
  kind: row.kind,
  at: row.at.toISOString(),
  recordedAt: (row.recordedAt ?? row.receivedAt).toISOString(),
  receivedAt: row.receivedAt.toISOString(),
  zh: row.zh,
  en: row.en,
  institution: institutionName(door.directory, row.institution),
  summary: row.summary,
  abnormal: row.abnormal,
  source: { resourceType: row.type, id: row.id, version: row.version, inboxId: row.message },
});

const dateOf = (text: string | undefined): Date | null =>
  text && !Number.isNaN(Date.parse(text))
    ? new Date(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00+08:00` : text)
    : null;

async function events(door: RecordIndexDoor, call: Call, record: OpenRecord): Promise<Reply | Refusal> {
  const { query } = call;
  const limit = Math.min(Math.max(Number.parseInt(query.limit ?? '50', 10) || 50, 1), 200);
  const [at, key] = (query.before ?? '').split('_');
  const before =
    at && key && /^\d+$/.test(at) && fromPublicId(key) !== null
      ? { at: new Date(Number(at)), key: String(fromPublicId(key)) }
      : null;
  if (query.before && !before) return refuse('HT-INPUT-001');
  const institution = query.institution ? (door.directory.institutionByCode(query.institution)?.id ?? -1) : null;
  const to = dateOf(query.to);
  // "To" names a day that is still included.
  const end = to && /^\d{4}-\d{2}-\d{2}$/.test(query.to ?? '') ? new Date(to.getTime() + 86_400_000) : to;
  const rows = await timeline(door.pool, record.scope, {
    kind: query.kind || null,
    institution,
    from: dateOf(query.from),
    to: end,
    before,
    limit: limit + 1,
  });
  const last = rows[limit - 1];
  return {
    body: {
      items: rows.slice(0, limit).map((row) => viewOf(door, row)),
      next: rows.length > limit && last ? `${last.at.getTime()}_${publicId(BigInt(last.key))}` : null,
    },
  };
}

async function event(door: RecordIndexDoor, call: Call, record: OpenRecord): Promise<Reply | Refusal> {
  const key = fromPublicId(call.params.event ?? '');
  const row = key === null ? null : await timelineEvent(door.pool, record.scope, String(key));
  const stored = row && (await readResource(door.pool, record.scope, row.type, row.id));
  if (!row || !stored || stored === 'gone') return refuse('HT-INPUT-004');
  const resource = JSON.parse(stored.body) as Record<string, unknown>;
  const results = (Array.isArray(resource.result) ? (resource.result as { reference?: string }[]) : []).flatMap(
    ({ reference }) => {
      const local = reference ? parseLocalReference(reference) : null;
      return local ? [resourceKey(local.type, local.id)] : [];
    },
  );
  const observations = (await visibleByKeys(door.pool, record.scope, results)).map(
    ({ body }) => JSON.parse(body) as Record<string, unknown>,
  );
  const rows = observations.length > 0 ? observations.map(observationRow) : resourceRows(resource);
  return {
    body: { event: viewOf(door, row), resources: [resource, ...observations], rows, narrative: narrativeOf(resource) },
  };
}

async function laboratory(door: RecordIndexDoor, record: OpenRecord): Promise<Reply> {
  const observations = await factsOf(door.pool, record.scope, record.subjects, ['Observation'], 5000);
  return { body: { analytes: analytesOf(observations, door.terms, door.directory) } };
}

/** Whoever may open the record, and the auditor, see who looked at it. */
async function looks(door: RecordIndexDoor, call: Call): Promise<Reply | Refusal> {
  const caller = call.caller as Caller;
  const resident = fromPublicId(call.params.id ?? '');
  const record = resident === null ? null : await door.records.open(caller, resident, call.now);
  const allowed = record !== null && (caller.role === 'auditor' || record.access.allowed);
  call.look({
    action: allowed ? 'read' : 'refused',
    what: 'who looked',
    resident,
    ground: caller.role === 'auditor' ? 'audit' : (record?.access.ground ?? 'none'),
  });
  if (!record) return refuse('HT-INPUT-004');
  if (!allowed) return refuse('HT-ACCESS-003');
  const before = /^\d{1,18}$/.test(call.query.before ?? '') ? Number(call.query.before) : null;
  const rows = await looksAt(door.pool, { residents: [record.resident], subjects: record.subjects }, before, 50);
  const items: Look[] = rows.map((row) => {
    const staff = row.agent.startsWith('staff ') ? door.directory.staff(row.agent.slice(6)) : undefined;
    const sender = row.agent.startsWith('institution ')
      ? door.directory.institutionByCode(row.agent.slice(12))
      : undefined;
    const ground = groundWords(row.ground);
    return {
      at: row.at.toISOString(),
      who: staff?.nameZh ?? sender?.nameZh ?? (row.role === 'resident' ? '居民本人' : row.agent),
      role: row.role,
      institution: row.institution === null ? null : institutionName(door.directory, row.institution).nameZh,
      action: row.action as Look['action'],
      what: row.what,
      groundZh: ground.zh,
      groundEn: ground.en,
      breakGlass: row.breakGlass,
    };
  });
  return { body: { items, next: rows.length === 50 ? String(rows.at(-1)?.seq) : null } };
}

async function breakGlass(door: RecordIndexDoor, call: Call): Promise<Reply | Refusal> {
  const caller = call.caller as Caller;
  const resident = fromPublicId(call.params.id ?? '');
  const record = resident === null ? null : await door.records.open(caller, resident, call.now);
  call.look({
    action: record ? 'read' : 'refused',
    what: 'break-glass',
    resident,
    ground: 'break-glass',
    breakGlass: true,
  });
  if (!record || resident === null) return refuse('HT-INPUT-004');
  const { reasonCode, text } = call.body as { reasonCode: string; text: string };
  const until = new Date(call.now + breakGlassHours * 3_600_000);
  await openBreakGlass(door.pool, {
    agent: caller.id,
    institution: caller.institution,
    resident,
    reasonCode,
    reason: text,
    at: new Date(call.now),
    until,
  });
  const opened = await door.records.open(caller, resident, call.now);
  return opened ? { body: groundOf(opened.access) } : refuse('HT-INPUT-004');
}
