import type { IncomingMessage, ServerResponse } from 'node:http';
import type Provider from 'oidc-provider';
import type { Pool } from '../../kit/pool.ts';
import { attempt, setPassword } from './accounts.ts';
import { readCookie } from './cookies.ts';
import { errors } from './oidc-library.ts';
import { type DemoAccount, failurePage, type LoginPage, loginPage, pageHeaders } from './pages.ts';
import { isAcceptablePassword } from './password.ts';
import { type Language, languageOf, type Word } from './words.ts';

export type InteractionOptions = {
  provider: Provider;
  pool: Pool;
  demoAccounts(): Promise<readonly DemoAccount[]>;
  isStaff(login: string): Promise<boolean>;
  /** Durable before the page answers. */
  auditRefusal(login: string | null): Promise<void>;
};

const longestForm = 8192;

async function readForm(request: IncomingMessage): Promise<URLSearchParams | null> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > longestForm) return null;
    parts.push(part);
  }
  return new URLSearchParams(Buffer.concat(parts).toString('utf8'));
}

export const languageOfRequest = (request: IncomingMessage, ...wishes: (string | undefined)[]): Language =>
  languageOf([...wishes, readCookie(request.headers.cookie, 'lang'), request.headers['accept-language']]);

export function sendPage(
  response: ServerResponse,
  status: number,
  page: string,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { ...pageHeaders, ...headers }).end(page);
}

/** The password page: the provider sends the browser here and waits for the answer (`/oidc/interaction/<uid>`). */
export function openInteraction({ provider, pool, demoAccounts, isStaff, auditRefusal }: InteractionOptions) {
  return async function handle(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const chosenLanguage = url.searchParams.get('lang') ?? undefined;
    let details: Awaited<ReturnType<Provider['interactionDetails']>>;
    try {
      details = await provider.interactionDetails(request, response);
    } catch (error) {
      if (!(error instanceof errors.SessionNotFound)) throw error;
      return sendPage(response, 400, failurePage(languageOfRequest(request, chosenLanguage), 'expired'));
    }
    const asked = (name: string): string | undefined =>
      typeof details.params[name] === 'string' ? (details.params[name] as string) : undefined;
    const language = languageOfRequest(request, chosenLanguage, asked('ui_locales'));
    const demo = await demoAccounts();
    const remember: Record<string, string> = chosenLanguage
      ? { 'set-cookie': `lang=${language}; Path=/; Max-Age=31536000; SameSite=Lax` }
      : {};
    const show = (status: number, page: Partial<LoginPage>): void =>
      sendPage(
        response,
        status,
        loginPage({ language, login: '', password: '', problem: null, mustChange: false, demo, ...page }),
        remember,
      );

    if (request.method === 'GET' || request.method === 'HEAD') {
      // Only a demo login is filled in: elsewhere a link must not be able to put words into the form.
      const wished = url.searchParams.get('as') ?? asked('login_hint');
      const chosen = demo.find((account) => account.login === wished);
      return show(200, { login: chosen?.login ?? '', password: chosen?.password ?? '' });
    }
    // The interaction's cookie is SameSite=Lax and so absent from other sites' forms; a sibling host is stopped here.
    const site = request.headers['sec-fetch-site'];
    if (request.method !== 'POST' || (site !== undefined && site !== 'same-origin'))
      return sendPage(response, 403, failurePage(language, 'expired'));
    const form = await readForm(request);
    const login = (form?.get('login') ?? '').trim();
    const password = form?.get('password') ?? '';
    if (!login || login.length > 200 || !password || password.length > 200) return show(400, { problem: 'wrong' });

    const { outcome, known } = await attempt(pool, login, password);
    if (outcome === 'busy') return show(429, { login, problem: 'busy' });
    if (outcome === 'wrong' || !(await isStaff(login))) {
      // What was typed for an unknown login may be a password in the wrong field: it is written nowhere.
      await auditRefusal(known ? login : null);
      return show(401, { login, problem: 'wrong' });
    }
    if (outcome === 'must-change') {
      const problem = chosenPasswordProblem(login, password, form?.get('new') ?? null, form?.get('again') ?? null);
      if (problem) return show(problem === 'mustChange' ? 200 : 400, { login, problem, mustChange: true });
      await setPassword(pool, login, form?.get('new') ?? '');
    }
    await provider.interactionFinished(request, response, {
      login: { accountId: login, remember: false, amr: ['pwd'] },
    });
  };
}

/** null: it may be taken. */
export function chosenPasswordProblem(
  login: string,
  present: string,
  chosen: string | null,
  again: string | null,
): Word | null {
  if (chosen === null || again === null) return 'mustChange';
  if (!isAcceptablePassword(chosen, login) || chosen === present) return 'weak';
  return chosen === again ? null : 'different';
}
