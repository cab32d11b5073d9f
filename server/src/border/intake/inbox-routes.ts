import type { Connection, InboxItem, InboxMessage, InboxState, UnmappedRow } from '@hutong/contract/console.ts';
import iconv from 'iconv-lite';
import type { Call, Caller, Refusal, Reply, Route } from '../../core/access/index.ts';
import { refuse } from '../../core/access/index.ts';
import type { Directory, InstitutionRow } from '../../core/directory/index.ts';
import type { GroupCommitter } from '../../kit/group-commit.ts';
import type { Pool } from '../../kit/pool.ts';
import { decode as decodeHl7 } from '../hl7v2/index.ts';
import {
  connectionRows,
  type FullMessage,
  heldByRule,
  type InboxRow,
  inboxCounts,
  inboxMessage,
  inboxPage,
  inboxRules,
  lastMessages,
  messageTrail,
  unmappedRows,
} from './inbox-tables.ts';
import type { Processor } from './processor.ts';
import { dismissMessage, replayMessage } from './replay.ts';

export type InboxDoor = { pool: Pool; directory: Directory; committer: GroupCommitter; processor: Processor };

const states: readonly InboxState[] = ['waiting', 'done', 'held', 'refused', 'replayed', 'dismissed'];
const reasonSchema = {
  type: 'object',
  required: ['reason'],
  properties: { reason: { type: 'string', minLength: 2, maxLength: 500 } },
};

/** The hospital integrator's pages: is my connection healthy, what of mine was not understood, and let me repair it. */
export function inboxRoutes(door: InboxDoor): Route[] {
  return [
    {
      method: 'GET',
      path: '/api/connections',
      permission: 'connections.read',
      summary: 'Health of every connection',
      handle: (call) => connections(door, call),
    },
    {
      method: 'GET',
      path: '/api/unmapped',
      permission: 'inbox.read',
      summary: 'What arrives and has no place in the record yet',
      handle: (call) => unmapped(door, call),
    },
    {
      method: 'GET',
      path: '/api/inbox',
      permission: 'inbox.read',
      summary: 'Messages, newest first',
      handle: (call) => list(door, call),
    },
    {
      method: 'GET',
      path: '/api/inbox/:id',
      permission: 'inbox.read',
      summary: 'One message with its bytes, issues and trail',
      handle: (call) => open(door, call),
    },
    {
      method: 'POST',
      path: '/api/inbox/:id/replay',
      permission: 'inbox.repair',
      summary: 'Replay, with a corrected text if given',
      handle: (call) => replay(door, call),
      schema: {
        body: {
          ...reasonSchema,
          properties: { ...reasonSchema.properties, raw: { type: 'string', maxLength: 10_000_000 } },
        },
      },
    },
    {
      method: 'POST',
      path: '/api/inbox/:id/dismiss',
      permission: 'inbox.repair',
      summary: 'Set aside for good',
      schema: { body: reasonSchema },
      handle: (call) => dismiss(door, call),
    },
    {
      method: 'POST',
      path: '/api/inbox/replay',
      permission: 'inbox.repair',
      summary: 'Replay everything held by one rule',
      handle: (call) => replayRule(door, call),
      schema: {
        body: { type: 'object', required: ['rule'], properties: { rule: { type: 'string', maxLength: 200 } } },
      },
    },
  ];
}

const named = (row: InstitutionRow | undefined): { code: string; nameZh: string; nameEn: string } | null =>
  row ? { code: row.code, nameZh: row.nameZh, nameEn: row.nameEn } : null;

/** An integrator sees the own institution; the commission's people see all, or the one they ask for. */
function institutionOf(door: InboxDoor, caller: Caller, asked: string | undefined): number | null | 'none' {
  if (caller.institution !== null) return caller.institution;
  if (!asked) return null;
  return door.directory.institutionByCode(asked)?.id ?? 'none';
}

const mayOpen = (caller: Caller, { institution }: { institution: number | null }): boolean =>
  caller.institution === null || caller.institution === institution;

async function connections(door: InboxDoor, call: Call): Promise<Reply> {
  const caller = call.caller as Caller;
  const hours = Math.min(Number.parseInt(call.query.window ?? '24', 10) || 24, 24 * 31);
  const rows = await connectionRows(door.pool, hours, caller.institution);
  const last = await lastMessages(door.pool, caller.institution);
  const result: Connection[] = [];
  for (const institution of door.directory.institutions()) {
    if (caller.institution !== null && institution.id !== caller.institution) continue;
    const heads = {
      institution: {
        code: institution.code,
        nameZh: institution.nameZh,
        nameEn: institution.nameEn,
        area: institution.area,
        tier: institution.tier,
      },
    };
    const own = rows.filter((row) => row.institution === institution.id);
    for (const { institution: _id, lastMessageAt, ...row } of own)
      result.push({
        ...heads,
        ...row,
        lastMessageAt: lastMessageAt?.toISOString() ?? null,
        state: stateOf(row.held + row.refused, row.taken, lastMessageAt),
      });
    if (own.length === 0 && institution.senders[0])
      result.push({
        ...heads,
        protocol: institution.senders[0].protocol,
        lastMessageAt: last.get(institution.id)?.toISOString() ?? null,
        taken: 0,
        held: 0,
        refused: 0,
        duplicates: 0,
        delaySeconds: null,
        hourly: Array.from({ length: 24 }, () => 0),
        state: last.has(institution.id) ? 'quiet' : 'never',
      });
  }
  return { body: { connections: result } };
}

/** Failing: more than one message in twenty was not understood. Quiet: nothing for six hours. */
function stateOf(troubled: number, taken: number, last: Date | null): Connection['state'] {
  if (troubled > 0 && troubled * 20 > taken + troubled) return 'failing';
  return last && Date.now() - last.getTime() > 6 * 3_600_000 ? 'quiet' : 'healthy';
}

const unmappedPage = 2000;

async function unmapped(door: InboxDoor, call: Call): Promise<Reply> {
  const offset = Math.max(Number.parseInt(call.query.offset ?? '0', 10) || 0, 0);
  const { rows, total } = await unmappedRows(door.pool, (call.caller as Caller).institution, offset, unmappedPage);
  const body: { rows: UnmappedRow[]; total: number; next: number | null } = {
    rows: rows.map(({ institution, lastAt, ...row }) => ({
      ...row,
      institution: named(door.directory.institution(institution)),
      lastAt: lastAt.toISOString(),
    })),
    total,
    next: offset + rows.length < total ? offset + rows.length : null,
  };
  return { body };
}

function toItem(door: InboxDoor, row: InboxRow): InboxItem {
  const { id, sender, protocol, kind, controlId, bytes, state, rule, zh, en, tries } = row;
  return {
    id,
    receivedAt: row.receivedAt.toISOString(),
    sentAt: row.sentAt?.toISOString() ?? null,
    institution: named(row.institution === null ? undefined : door.directory.institution(row.institution)),
    sender,
    protocol,
    kind,
    controlId,
    bytes,
    state,
    rule,
    zh,
    en,
    tries,
  };
}

async function list(door: InboxDoor, call: Call): Promise<Reply | Refusal> {
  const { query } = call;
  const institution = institutionOf(door, call.caller as Caller, query.institution);
  const state = query.state ? (states.find((known) => known === query.state) ?? 'unknown') : null;
  if (state === 'unknown' || institution === 'none' || (query.before && !/^\d{1,18}$/.test(query.before)))
    return refuse('HT-INPUT-001');
  const limit = Math.min(Math.max(Number.parseInt(query.limit ?? '50', 10) || 50, 1), 200);
  const [rows, counts, rules] = await Promise.all([
    inboxPage(door.pool, {
      institution,
      state,
      protocol: query.protocol || null,
      kind: query.kind || null,
      rule: query.rule || null,
      controlId: query.q || null,
      before: query.before || null,
      limit: limit + 1,
    }),
    inboxCounts(door.pool, institution),
    inboxRules(door.pool, institution),
  ]);
  const items = rows.slice(0, limit).map((row) => toItem(door, row));
  return { body: { items, next: rows.length > limit ? (items.at(-1)?.id ?? null) : null, counts, rules } };
}

async function find(door: InboxDoor, call: Call): Promise<FullMessage | null> {
  const { id = '' } = call.params;
  const message = /^\d{1,18}$/.test(id) ? await inboxMessage(door.pool, id) : null;
  return message && mayOpen(call.caller as Caller, message) ? message : null;
}

const decodeForDisplay = (raw: Buffer, charset: string): string => {
  if (/18030|GBK|GB2312/i.test(charset)) return iconv.decode(raw, 'gb18030');
  return raw.toString('utf8');
};

const trailWords: Record<string, { zh: string; en: string }> = {
  replayed: { zh: '重放', en: 'Replayed' },
  corrected: { zh: '更正后重放', en: 'Corrected and replayed' },
  dismissed: { zh: '不再处理', en: 'Dismissed' },
};

async function shown(door: InboxDoor, message: FullMessage): Promise<InboxMessage> {
  const trail = await messageTrail(door.pool, message.id);
  return {
    ...toItem(door, message),
    raw: decodeForDisplay(message.correction ?? message.raw, message.charset),
    charset: message.charset,
    rawSm3: message.contentSm3,
    acknowledgement: message.acknowledgement,
    issues: message.issues,
    unmapped: message.unmapped,
    written: message.written,
    history: [
      {
        at: message.receivedAt.toISOString(),
        who: message.sender,
        what: 'received',
        zh: '已接收并落盘',
        en: 'Received and stored',
      },
      ...(message.again > 0
        ? [
            {
              at: message.receivedAt.toISOString(),
              who: message.sender,
              what: 'again',
              zh: `又收到 ${message.again} 次，未重复入档`,
              en: `Received ${message.again} more times; not taken twice`,
            },
          ]
        : []),
      ...(message.conflicts > 0
        ? [
            {
              at: message.receivedAt.toISOString(),
              who: message.sender,
              what: 'conflict',
              zh: `同一控制号又来过 ${message.conflicts} 条内容不同的消息，已另存，未入档`,
              en: `${message.conflicts} messages with other content came under the same control id; kept, not recorded`,
            },
          ]
        : []),
      ...trail.map(({ at, who, what, note }) => ({
        at: at.toISOString(),
        who,
        what,
        zh: `${trailWords[what]?.zh ?? what}：${note}`,
        en: `${trailWords[what]?.en ?? what}: ${note}`,
      })),
    ],
  };
}

/** The bytes of a message are a person's data: opening it is a look. */
async function open(door: InboxDoor, call: Call): Promise<Reply | Refusal> {
  const message = await find(door, call);
  if (!message) return refuse('HT-INPUT-004');
  call.look({ action: 'read', what: `message ${message.kind} ${message.id}`, ground: 'message-repair' });
  return { body: await shown(door, message) };
}

/** Waits until the processor has judged the message again, at most a few seconds. */
async function judged(door: InboxDoor, id: string, tries: number): Promise<FullMessage | null> {
  for (let wait = 0; wait < 100; wait++) {
    const message = await inboxMessage(door.pool, id);
    if (!message || (message.tries > tries && message.state !== 'waiting')) return message;
    await new Promise((done) => setTimeout(done, 50));
  }
  return inboxMessage(door.pool, id);
}

const bytesOf = (text: string, message: FullMessage): Buffer => {
  const wire = message.protocol.startsWith('hl7v2') ? text.replace(/\r?\n/g, '\r') : text;
  const decoded = message.protocol.startsWith('hl7v2') ? decodeHl7(message.raw) : null;
  return decoded && !('rule' in decoded) && decoded.charset === 'GB 18030-2000'
    ? iconv.encode(wire, 'gb18030')
    : Buffer.from(wire, 'utf8');
};

async function replay(door: InboxDoor, call: Call): Promise<Reply | Refusal> {
  const message = await find(door, call);
  const { raw, reason } = call.body as { raw?: string; reason: string };
  call.look({ action: 'update', what: `replay message ${call.params.id}`, ground: 'message-repair' });
  if (!message) return refuse('HT-INPUT-004');
  if (message.state !== 'held' && message.state !== 'dismissed')
    return refuse('HT-INPUT-001', {
      zh: '只有待处理或已搁置的消息可以重放',
      en: 'Only a held or dismissed message can be replayed',
    });
  if (message.protocol === 'fhir')
    return refuse('HT-INPUT-001', {
      zh: 'FHIR 请求由发送方重发；此处只供查看',
      en: 'A FHIR request is sent again by its sender; here it can only be read',
    });
  const corrected = raw !== undefined ? bytesOf(raw, message) : null;
  const outcome = await replayMessage(door.committer, door.processor, message, corrected, {
    caller: call.caller as Caller,
    reason,
    at: call.now,
    trace: call.trace,
  });
  if (!outcome.ok) return refuse('HT-PLATFORM-001');
  const after = await judged(door, message.id, message.tries);
  return after ? { body: await shown(door, after) } : refuse('HT-INPUT-004');
}

async function dismiss(door: InboxDoor, call: Call): Promise<Reply | Refusal> {
  const message = await find(door, call);
  call.look({ action: 'update', what: `dismiss message ${call.params.id}`, ground: 'message-repair' });
  if (!message) return refuse('HT-INPUT-004');
  if (message.state !== 'held')
    return refuse('HT-INPUT-001', { zh: '只有待处理的消息可以搁置', en: 'Only a held message can be dismissed' });
  const outcome = await dismissMessage(door.committer, message, {
    caller: call.caller as Caller,
    reason: (call.body as { reason: string }).reason,
    at: call.now,
    trace: call.trace,
  });
  if (!outcome.ok) return refuse('HT-PLATFORM-001');
  return { body: await shown(door, (await inboxMessage(door.pool, message.id)) ?? message) };
}

const bulkLimit = 1000;

async function replayRule(door: InboxDoor, call: Call): Promise<Reply | Refusal> {
  const caller = call.caller as Caller;
  const { rule } = call.body as { rule: string };
  call.look({ action: 'update', what: `replay rule ${rule}`, ground: 'message-repair' });
  const ids = await heldByRule(door.pool, rule, caller.institution, bulkLimit);
  let done = 0;
  const tries = new Map<string, number>();
  for (const id of ids) {
    const message = await inboxMessage(door.pool, id);
    if (!message || message.protocol === 'fhir') continue;
    tries.set(id, message.tries);
    await replayMessage(door.committer, door.processor, message, null, {
      caller,
      reason: `rule ${rule}`,
      at: call.now,
      trace: call.trace,
    });
  }
  for (const [id, before] of tries) if ((await judged(door, id, before))?.state === 'replayed') done++;
  return { body: { replayed: tries.size, done, held: tries.size - done } };
}
