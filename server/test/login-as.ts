import { demoLogins } from '../src/gateway/pages/demo-logins.ts';

/** Walks the login pages as a browser would: redirects, cookies, the form. @returns the headers that carry the session */
export async function sessionOf(base: string, login: string): Promise<{ 'x-hutong': string; cookie: string }> {
  const jar = new Map<string, string>();
  const visit = async (url: string, init: RequestInit = {}): Promise<Response> => {
    const response = await fetch(url, {
      ...init,
      redirect: 'manual',
      headers: { ...init.headers, cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; ') },
    });
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split(';');
      const at = pair.indexOf('=');
      jar.set(pair.slice(0, at), pair.slice(at + 1));
    }
    return response;
  };
  const follow = async (start: string, init?: RequestInit): Promise<{ response: Response; url: string }> => {
    let url = start;
    let response = await visit(url, init);
    for (let hops = 0; hops < 12 && response.status >= 300 && response.status < 400; hops++) {
      url = new URL(response.headers.get('location') ?? '/', url).href;
      if (new URL(url).pathname === '/welcome-back') break;
      response = await visit(url);
    }
    return { response, url };
  };
  const form = await follow(`${base}/login?as=${login}&to=/welcome-back`);
  const html = await form.response.text();
  const action = /<form[^>]*action="([^"]+)"/.exec(html)?.[1];
  if (!action) throw new Error(`no login form at ${form.url}: ${form.response.status} ${html.slice(0, 300)}`);
  const fields = new URLSearchParams();
  for (const [input] of html.matchAll(/<input[^>]*>/g)) {
    const name = /name="([^"]*)"/.exec(input)?.[1];
    if (name) fields.set(name, /value="([^"]*)"/.exec(input)?.[1] ?? '');
  }
  fields.set('login', login);
  fields.set('password', demoLogins.find((row) => row.login === login)?.password ?? '');
  await follow(new URL(action.replaceAll('&amp;', '&'), form.url).href, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: fields,
  });
  return { 'x-hutong': '1', cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; ') };
}

/** A fetch that carries the session of a login. */
export async function loginAs(
  base: string,
  login: string,
): Promise<(path: string, init?: RequestInit) => Promise<Response>> {
  const session = await sessionOf(base, login);
  return (path, init = {}) => fetch(`${base}${path}`, { ...init, headers: { ...init.headers, ...session } });
}
