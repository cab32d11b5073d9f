import { randomBytes } from 'node:crypto';
import { maskName } from '@hutong/china';
import { type ErrorCode, errors } from '@hutong/contract/errors.ts';
import type { LostAnswer, MyCode, MyCodes, MyScan, PrintedText } from '@hutong/contract/health-code.ts';
import { type Call, type Caller, type Refusal, type Reply, type Route, refuse } from '../../core/access/index.ts';
import { fromPublicId, publicId } from '../../core/identity/index.ts';
import { shardOfPerson } from '../../core/store/index.ts';
import { Unit } from '../../kit/group-commit.ts';
import type { HealthCodeDoor } from './door.ts';
import { familyOf } from './family.ts';
import type { KeyStore } from './key-store.ts';
import { codesAhead, liveSeconds, printedDays } from './model.ts';
import { type OwnCode, ownCodeBytes, ownCodeText } from './own-code.ts';
import { maskedNumber, type Person, personOf } from './people.ts';
import { agentOf } from './scan.ts';
import { loseCards } from './tables/cards.ts';
import { addPrinted, knownLiveHandle, liveHandle, printedOf, revokeHandles } from './tables/codes.ts';
import { endProxy, heldBy } from './tables/family.ts';
import { scansOf } from './tables/scans.ts';

const person = { type: 'string', pattern: '^[0-9a-z]{1,13}$' };
const body = (properties: object, required: string[] = []): { body: Record<string, unknown> } => ({
  body: { type: 'object', additionalProperties: false, properties, required },
});

/** What residents do with their own code. Everything here is about the caller, or about somebody whose code the caller holds. */
export function residentRoutes(door: HealthCodeDoor): Route[] {
  const own = { permission: 'codes.own' as const };
  const asMyself =
    (
      what: string,
      action: 'read' | 'create' | 'update',
      work: (me: Person, call: Call) => Promise<Reply | Refusal>,
    ): Route['handle'] =>
    async (call) => {
      const caller = call.caller as Caller;
      const me = caller.subject === undefined ? null : await personOf(door.identity, caller.subject, call.now);
      call.look({ action, what, resident: me?.resident ?? null, ground: 'own-record' });
      return me ? work(me, call) : refuse('HT-INPUT-004');
    };
  return [
    {
      ...own,
      method: 'GET',
      path: '/api/my',
      summary: 'The resident as they know themselves, with family and printed codes',
      handle: asMyself('own health code page', 'read', (me, call) => overview(door, me, call.now)),
    },
    {
      ...own,
      method: 'POST',
      path: '/api/my/codes',
      summary: 'Codes for the following minutes, each for one use',
      schema: body({ person, count: { type: 'integer', minimum: 1, maximum: codesAhead } }),
      handle: (call) => codes(door, call),
    },
    {
      ...own,
      method: 'POST',
      path: '/api/my/printed',
      summary: 'A code to print: it identifies and opens nothing',
      schema: body({ person }),
      handle: asMyself('printed health code', 'create', (me, call) => printed(door, me, call)),
    },
    {
      ...own,
      method: 'POST',
      path: '/api/my/printed/revoke',
      summary: 'Void one printed code',
      schema: body({ serial: { type: 'string', pattern: '^[0-9a-f]{32}$' } }, ['serial']),
      handle: asMyself('printed health code voided', 'update', async (me, call) => {
        const { serial } = call.body as { serial: string };
        const revoked = await revokeHandles(door.pool, await allMine(door, me), Buffer.from(serial, 'hex'));
        return revoked > 0 ? { body: { revoked } satisfies LostAnswer } : refuse('HT-INPUT-004');
      }),
    },
    {
      ...own,
      method: 'POST',
      path: '/api/my/lost',
      summary: 'Void everything shown, printed or photographed until now',
      handle: asMyself('health codes reported lost', 'update', async (me) => {
        const handles = await revokeHandles(door.pool, me.subjects, null);
        const cards = await loseCards(door.pool, me.subjects);
        return { body: { revoked: handles + cards } satisfies LostAnswer };
      }),
    },
    {
      ...own,
      method: 'POST',
      path: '/api/my/family/end',
      summary: 'Hold somebody’s code no longer',
      schema: body({ person }, ['person']),
      handle: asMyself('health code no longer held', 'update', async (me, call) => {
        const subject = await heldPerson(door, me, call);
        if (!subject) return refuse('HT-CODE-015');
        const ended = await endProxy(door.pool, me.subjects, subject.subjects, agentOf(call.caller as Caller));
        return { body: { revoked: ended } satisfies LostAnswer };
      }),
    },
    {
      ...own,
      method: 'GET',
      path: '/api/my/scans',
      summary: 'Who scanned my code, and my family’s',
      handle: asMyself('own scan log', 'read', (me, call) => scans(door, me, call)),
    },
  ];
}

/** The caller's people: themselves and whom they hold. */
async function allMine(door: HealthCodeDoor, me: Person): Promise<bigint[]> {
  const held = await heldBy(door.pool, me.subjects);
  return [...me.subjects, ...held.map(({ subject }) => subject)];
}

/** The person a body names, if the caller holds their code at this moment; without a name the caller. */
async function heldPerson(door: HealthCodeDoor, me: Person, call: Call): Promise<Person | null> {
  const { person: wanted } = (call.body ?? {}) as { person?: string };
  if (wanted === undefined) return me;
  const subject = fromPublicId(wanted);
  if (subject !== null && me.subjects.includes(subject)) return me;
  const isHeld = (await familyOf(door, me, call.now)).some(({ id }) => id === wanted);
  return isHeld && subject !== null ? personOf(door.identity, subject, call.now) : null;
}

async function overview(door: HealthCodeDoor, me: Person, now: number): Promise<Reply> {
  const answer: MyCode = {
    id: publicId(me.resident),
    name: me.name,
    sex: me.sex,
    birthDate: me.birthDate,
    documentNumber: maskedNumber(me.number),
    family: await familyOf(door, me, now),
    printed: await printedOf(door.pool, await allMine(door, me)),
    offlineMinutes: codesAhead,
  };
  return { body: answer };
}

/** What does not wait for another is done beside it: somebody stands at a counter and waits for this answer. */
async function codes(door: HealthCodeDoor, call: Call): Promise<Reply | Refusal> {
  const { keys } = door;
  const own = (call.caller as Caller).subject;
  const [me, known] =
    own === undefined
      ? [null, null]
      : await Promise.all([personOf(door.identity, own, call.now), knownLiveHandle(door.pool, own)]);
  const unit = new Unit();
  call.lookIn(unit, {
    action: 'create',
    what: 'own health codes',
    resident: me?.resident ?? null,
    ground: 'own-record',
  });
  const noted = door.committer.commit(unit);
  const made = me && keys ? await makeCodes(door, keys, me, known, call) : refuse(me ? 'HT-CODE-013' : 'HT-INPUT-004');
  return (await noted).ok ? made : refuse('HT-PLATFORM-001');
}

async function makeCodes(
  door: HealthCodeDoor,
  keys: KeyStore,
  me: Person,
  known: Buffer | null,
  call: Call,
): Promise<Reply | Refusal> {
  const subject = await heldPerson(door, me, call);
  if (!subject) return refuse('HT-CODE-015');
  const { count = codesAhead } = (call.body ?? {}) as { count?: number };
  const isProxy = subject !== me;
  const [handle, holder] = await Promise.all([
    subject === me && known
      ? known
      : liveHandle(door.pool, subject.subject, shardOfPerson(subject.subject), randomBytes(16)),
    isProxy ? liveHandle(door.pool, me.subject, shardOfPerson(me.subject), randomBytes(16)) : null,
  ]);
  const start = Math.floor(call.now / 1000);
  const made = Array.from(
    { length: count },
    (_, minute): OwnCode => ({
      kind: isProxy ? 'proxy' : 'own',
      keyId: keys.keyId,
      issuer: keys.issuer,
      handle,
      from: start + minute * liveSeconds,
      life: liveSeconds,
      nonce: randomBytes(12),
      holder,
      name: maskName(subject.name),
    }),
  );
  const answer: MyCodes = {
    now: new Date(call.now).toISOString(),
    offlineUntil: new Date((start + count * liveSeconds) * 1000).toISOString(),
    codes: (await signed(keys, made)).map((text, at) => ({
      text,
      from: new Date((start + at * liveSeconds) * 1000).toISOString(),
      until: new Date((start + (at + 1) * liveSeconds) * 1000).toISOString(),
    })),
  };
  return { body: answer };
}

async function signed(keys: KeyStore, made: OwnCode[]): Promise<string[]> {
  const bytes = made.map(ownCodeBytes);
  const signatures = await keys.sign(bytes);
  return bytes.map((text, at) => ownCodeText(text, signatures[at] as Uint8Array));
}

async function printed(door: HealthCodeDoor, me: Person, call: Call): Promise<Reply | Refusal> {
  const { keys } = door;
  if (!keys) return refuse('HT-CODE-013');
  const subject = await heldPerson(door, me, call);
  if (!subject) return refuse('HT-CODE-015');
  const handle = randomBytes(16);
  const from = Math.floor(call.now / 1000);
  const until = new Date((from + printedDays * 86_400) * 1000);
  const [text] = await signed(keys, [
    {
      kind: 'printed',
      keyId: keys.keyId,
      issuer: keys.issuer,
      handle,
      from,
      life: printedDays * 86_400,
      nonce: randomBytes(12),
      holder: null,
      name: maskName(subject.name),
    },
  ]);
  await addPrinted(door.pool, { handle, shard: shardOfPerson(subject.subject), subject: subject.subject, until });
  const answer: PrintedText = {
    text: text as string,
    serial: handle.toString('hex'),
    madeAt: new Date(from * 1000).toISOString(),
    until: until.toISOString(),
    revokedAt: null,
  };
  return { body: answer };
}

const pageSize = 30;

async function scans(door: HealthCodeDoor, me: Person, call: Call): Promise<Reply> {
  const before = /^\d{1,18}$/.test(call.query.before ?? '') ? (call.query.before as string) : null;
  const held = await heldBy(door.pool, me.subjects);
  const rows = await scansOf(door.pool, [...me.subjects, ...held.map(({ subject }) => subject)], before, pageSize);
  const names = new Map<bigint, string>();
  for (const subject of new Set(rows.flatMap((row) => [row.subject, ...(row.presentedBy ? [row.presentedBy] : [])]))) {
    const known = me.subjects.includes(subject) ? me : await personOf(door.identity, subject, call.now);
    names.set(subject, known ? maskName(known.name) : '');
  }
  const items = rows.map((row): MyScan => {
    const institution = row.institution === null ? undefined : door.directory.institution(row.institution);
    const staff = row.agent.startsWith('staff ') ? door.directory.staff(row.agent.slice(6)) : undefined;
    const refusal = row.refusal === null ? null : (row.refusal as ErrorCode);
    return {
      at: row.at.toISOString(),
      person: me.subjects.includes(row.subject) ? null : (names.get(row.subject) ?? ''),
      kind: row.kind,
      institution: institution ? { nameZh: institution.nameZh, nameEn: institution.nameEn } : null,
      who: staff?.nameZh ?? '',
      step: row.step,
      channel: row.channel,
      refused: refusal && { code: refusal, zh: errors[refusal].zh, en: errors[refusal].en },
      permitted: row.permitted,
      presentedBy: row.presentedBy === null ? null : (names.get(row.presentedBy) ?? ''),
    };
  });
  return { body: { items, next: rows.length === pageSize ? rows.at(-1)?.seq : null } };
}
