import { createHash } from 'node:crypto';
import type { CardDetail, CardField, CardSummary } from '@hutong/contract/surveillance.ts';
import { type Call, type Caller, isRefusal, permissionsOfRole, type Route } from './core/access/index.ts';
import { type AuditEntry, auditWriter } from './core/audit/index.ts';
import type { Directory, InstitutionRow } from './core/directory/index.ts';
import { type GroupCommitter, Unit } from './kit/group-commit.ts';

const hourMs = 3_600_000;
/** Two pages of cards are worked off; a larger city keeps the rest open. */
const pageSize = 150;
const atOnce = 4;

type Door = { routes: Route[]; directory: Directory; committer: GroupCommitter };
type Ask = <T>(
  caller: Caller,
  now: number,
  what: { method: 'GET' | 'POST'; path: string; id?: string; query?: Call['query']; body?: object },
) => Promise<T | null>;

/** Calls a route as the gateway would, in the name of a person of the demo; what was looked at is audited like any look. */
function asker({ routes, committer }: Door): Ask {
  return async <T>(caller: Caller, now: number, { method, path, id, query = {}, body }: Parameters<Ask>[2]) => {
    const route = routes.find((one) => one.method === method && one.path === path);
    if (!route) throw new Error(`no route ${method} ${path}`);
    const looks: AuditEntry[] = [];
    const entry = (what: Parameters<Call['look']>[0]): AuditEntry => ({
      ...what,
      // What the demo's people did bears the day of their case; the log says when it was really done.
      at: Date.now(),
      agent: `${caller.kind} ${caller.id}`,
      role: caller.role,
      institution: caller.institution,
      trace: 'demo',
    });
    const answer = await route.handle({
      caller,
      params: id ? { id } : {},
      query,
      rawQuery: '',
      headers: {},
      body,
      trace: 'demo',
      now,
      origin: '',
      look: (what) => looks.push(entry(what)),
      lookIn: (unit, what) => unit.add(auditWriter, [entry(what)]),
    });
    if (looks.length > 0) await committer.commit(new Unit().add(auditWriter, looks));
    return isRefusal(answer) ? null : ((answer.body ?? {}) as T);
  };
}

const doctorOf = (institution: InstitutionRow): string => `doctor-${institution.code}`;
const person = (id: string, role: 'clinician' | 'epidemiologist', institution: number | null): Caller => ({
  kind: 'staff',
  id,
  role,
  institution,
  permissions: permissionsOfRole[role],
  scopes: [],
});

/** 0 to 99, always the same for the same card. */
const lot = (id: string, what: string): number =>
  createHash('sha256').update(`${what} ${id}`).digest().readUInt16BE() % 100;

/** What a doctor asks the patient for: a likely word for each required field that the record leaves empty. Pure. */
export function answersTo(
  fields: CardField[],
  { age, at }: { age: string; at: string },
  area: string,
): Record<string, string> {
  const years = Number(age || 40);
  const local = new Date(Date.parse(at) + 8 * hourMs).toISOString().slice(0, 16).replace('T', ' ');
  const work = years < 3 ? '02' : years < 6 ? '01' : years < 22 ? '03' : years < 60 ? '11' : '15';
  const own: Record<string, string> = { area, occupation: work, workplace: years < 22 ? '学校不详' : '无' };
  const byKind: Partial<Record<CardField['kind'], string>> = {
    day: local.slice(0, 10),
    moment: local,
    number: '1',
    phone: '无',
  };
  const empty = fields.filter(({ required, value }) => required && !value);
  return Object.fromEntries(
    empty.map(({ key, kind, choices }) =>
      // Somebody without a number has shown no document.
      key === 'number' || key === 'documentKind'
        ? ['documentKind', '00']
        : [key, own[key] ?? choices[0]?.code ?? byKind[kind] ?? '不详'],
    ),
  );
}

/**
 * The demo's past as people would have worked it off: the doctors of each hospital have reported most of what their records meant, some late, and a few
 * cards wait still, some of them too long; the CDC has reviewed what is older. By the very routes that the screens call.
 * @returns how many cards were reported
 */
export async function reportDemoCards(door: Door, now: number, isStopping: () => boolean): Promise<number> {
  const ask = asker(door);
  const cdc = person('epidemiologist', 'epidemiologist', null);
  const path = '/api/surveillance/cards';
  const pageOf = async (offset: number): Promise<CardSummary[]> => {
    const query = { state: 'pending', limit: String(pageSize), offset: String(offset) };
    return (await ask<{ items: CardSummary[] }>(cdc, now, { method: 'GET', path, query }))?.items ?? [];
  };
  const inbox = [...(await pageOf(0)), ...(await pageOf(pageSize))];
  const units = new Map(door.directory.institutions().map((row) => [row.nameZh, row]));
  const waiting = inbox.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const working = [...new Set(waiting.flatMap(({ institution }) => units.get(institution.nameZh) ?? []))];
  await door.directory.registerStaff(
    working.map((unit) => ({
      login: doctorOf(unit),
      nameZh: '值班医师',
      nameEn: 'Doctor on duty',
      role: 'clinician',
      institution: unit.id,
    })),
  );
  let reported = 0;
  const report = async (card: CardSummary): Promise<void> => {
    const unit = units.get(card.institution.nameZh);
    const [at, due] = [Date.parse(card.at), Date.parse(card.dueAt)];
    const chance = lot(card.id, 'report');
    // One card in fifteen is still forgotten; of those whose clock runs, half are still on somebody's desk.
    if (!unit || chance < (due > now ? 50 : 7)) return;
    const late = chance < 14;
    const when = late
      ? due + (1 + lot(card.id, 'late') / 8) * hourMs
      : at + ((due - at) * (5 + 0.9 * lot(card.id, 'hour'))) / 100;
    const then = Math.min(when, now - 60_000);
    const doctor = person(doctorOf(unit), 'clinician', unit.id);
    const detail = await ask<CardDetail>(doctor, then, { method: 'GET', path: `${path}/:id`, id: card.id });
    if (!detail) return;
    const body = { fields: answersTo(detail.fields, card, unit.area) };
    if (!(await ask(doctor, then, { method: 'POST', path: `${path}/:id/confirm`, id: card.id, body }))) return;
    reported++;
    // County, then province: each has a day.
    for (const [step, hours] of [6, 14].entries()) {
      const seen = then + hours * hourMs;
      if (seen > now || lot(card.id, `review ${step}`) < 8) return;
      const approve = {
        method: 'POST' as const,
        path: `${path}/:id/review`,
        id: card.id,
        body: { outcome: 'approve' },
      };
      if (!(await ask(cdc, seen, approve))) return;
    }
  };
  const queue = [...waiting];
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (let card = queue.shift(); card && !isStopping(); card = queue.shift()) await report(card);
    }),
  );
  return reported;
}
