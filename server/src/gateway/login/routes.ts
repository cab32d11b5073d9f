import { randomUUID } from 'node:crypto';
import type { Session } from '@hutong/contract/console.ts';
import type { Caller } from '../../core/access/index.ts';
import type { AuditEntry } from '../../core/audit/index.ts';
import type { Directory } from '../../core/directory/index.ts';
import type { Config } from '../../kit/config.ts';
import { type Call, type Reply, type Route, refuse } from '../route.ts';
import { begin, type CodeFlow, finish } from './code-flow.ts';
import { readCookie, writeCookie } from './cookies.ts';
import type { Issuer } from './issuer.ts';
import { failurePage, pageHeaders } from './pages.ts';
import type { Residents } from './residents.ts';
import { type Sessions, sessionCookie } from './sessions.ts';
import { smartConfiguration } from './smart.ts';
import { languageOf, type Word } from './words.ts';

export type LoginRoutesOptions = {
  config: Config;
  flow: CodeFlow;
  issuer(): Promise<Issuer>;
  sessions: Sessions;
  directory: Directory;
  residents: Residents;
  fresh(): Promise<void>;
  /** Writes durably, or says that it could not. */
  audit(entry: AuditEntry): Promise<boolean>;
};

export function loginRoutes({
  config,
  flow,
  issuer,
  sessions,
  directory,
  residents,
  fresh,
  audit,
}: LoginRoutesOptions): Route[] {
  const home = new URL(config.publicUrl);
  const language = (call: Call) =>
    languageOf([call.query.lang, readCookie(call.headers.cookie, 'lang'), call.headers['accept-language']]);
  const fail = (call: Call, status: number, why: Word): Reply => ({
    status,
    headers: pageHeaders,
    body: failurePage(language(call), why),
  });

  const start = async (call: Call): Promise<Reply> => {
    // The cookie of a login must lie where the issuer sends the browser back to. `home` stops a proxy that renames hosts from turning this into a circle.
    if (call.headers.host !== home.host && !call.headers['x-forwarded-host'] && call.query.home === undefined) {
      const query = new URLSearchParams(call.rawQuery);
      query.set('home', '1');
      return { status: 302, headers: { location: `${config.publicUrl}/login?${query}` } };
    }
    let who: Issuer;
    try {
      who = await issuer();
    } catch {
      return fail(call, 503, 'away');
    }
    const { location, cookie } = begin(flow, who, {
      as: call.query.as?.slice(0, 200),
      to: call.query.to,
      language: /^(zh|en)/.exec(call.query.lang ?? '')?.[0],
    });
    return { status: 302, headers: { location, 'set-cookie': cookie } };
  };

  const callback = async (call: Call): Promise<Reply> => {
    let who: Issuer;
    try {
      who = await issuer();
    } catch {
      return fail(call, 503, 'away');
    }
    const end = await finish(flow, who, call.query, call.headers.cookie);
    if (!end.ok) return fail(call, end.error === 'away' ? 503 : end.error === 'denied' ? 403 : 400, end.error);
    await fresh();
    const { login, to } = end.value;
    const staff = directory.staff(login) ?? (await residents.find(login));
    const entry = {
      at: call.now,
      what: 'console session',
      ground: who.kind === 'inside' ? 'password' : 'outside issuer',
      trace: call.trace,
    };
    if (!staff) {
      await audit({ ...entry, agent: 'nobody', role: 'none', institution: null, action: 'refused' });
      return fail(call, 403, 'unknownStaff');
    }
    // Whoever was logged in here before is not any more.
    const before = readCookie(call.headers.cookie, sessionCookie);
    if (before) await sessions.end(before);
    if (
      !(await audit({
        ...entry,
        agent: `${staff.role === 'resident' ? 'resident' : 'staff'} ${login}`,
        role: staff.role,
        institution: staff.institution,
        action: 'login',
      }))
    )
      return fail(call, 503, 'storage');
    const id = await sessions.start(login);
    return {
      status: 303,
      headers: { location: to, 'set-cookie': writeCookie(sessionCookie, id, { path: '/', secure: flow.secure }) },
    };
  };

  const session = async ({ caller }: Call) => {
    if (caller?.kind === 'resident') return residentSession(caller);
    const staff = caller?.kind === 'staff' ? directory.staff(caller.id) : undefined;
    if (!caller || !staff) return refuse('HT-ACCESS-001');
    const institution = staff.institution === null ? undefined : directory.institution(staff.institution);
    const body: Session = {
      id: staff.login,
      nameZh: staff.nameZh,
      nameEn: staff.nameEn,
      role: caller.role as Session['role'],
      institution: institution
        ? { code: institution.code, nameZh: institution.nameZh, nameEn: institution.nameEn }
        : null,
      permissions: [...caller.permissions],
      demo: config.demo,
    };
    return { body };
  };

  const residentSession = async (caller: Caller) => {
    const name = (await residents.find(caller.id))?.name ?? '';
    const body: Session = {
      id: caller.id,
      nameZh: name,
      nameEn: name,
      role: 'resident',
      institution: null,
      permissions: [...caller.permissions],
      demo: config.demo,
    };
    return { body };
  };

  const logout = async (call: Call): Promise<Reply> => {
    const id = readCookie(call.headers.cookie, sessionCookie);
    if (id) await sessions.end(id);
    return {
      status: 204,
      headers: { 'set-cookie': writeCookie(sessionCookie, '', { path: '/', secure: flow.secure, seconds: 0 }) },
    };
  };

  const smart = async (): Promise<Reply> => ({
    headers: { 'cache-control': 'public, max-age=3600', 'access-control-allow-origin': '*' },
    body: smartConfiguration(config),
  });
  const open = { permission: 'public' as const };
  return [
    {
      method: 'GET',
      path: '/login',
      ...open,
      summary: 'Starts the login; `as` proposes a login, `to` is the page to go to afterwards',
      handle: start,
    },
    {
      method: 'GET',
      path: '/login/callback',
      ...open,
      summary: 'Where the issuer sends the browser back to',
      handle: callback,
    },
    { method: 'GET', path: '/api/session', ...open, summary: 'Who is logged in', handle: session },
    { method: 'POST', path: '/api/logout', ...open, summary: 'Ends the session', handle: logout },
    {
      method: 'GET',
      path: '/fhir/.well-known/smart-configuration',
      ...open,
      summary: 'SMART App Launch discovery',
      handle: smart,
    },
    {
      method: 'GET',
      path: '/.well-known/smart-configuration',
      ...open,
      summary: 'SMART App Launch discovery',
      handle: smart,
    },
  ];
}

/** The entry of a password that was refused; the trace is its own, as the page stands outside the gateway's routes. */
export const refusedPassword = (
  login: string | null,
  staff: { role: string; institution: number | null } | undefined,
): AuditEntry => ({
  at: Date.now(),
  agent: login === null ? 'nobody' : `staff ${login}`,
  role: staff?.role ?? 'none',
  institution: staff?.institution ?? null,
  action: 'refused',
  what: login === null ? 'console session, unknown login' : 'console session',
  ground: 'password',
  trace: randomUUID(),
});
