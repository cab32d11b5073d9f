import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call, loginAddress, Problem, queryOf } from './api.ts';

let server: Server;
let browserFetch: typeof fetch;
const seen: { url?: string; header?: unknown; body?: string }[] = [];

/** A browser resolves `/api/...` against its page; Node's fetch needs the origin. Everything else is the real network. */
beforeAll(async () => {
  server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    seen.push({ url: request.url!, header: request.headers['x-hutong'], body });
    if (request.url === '/api/refused') {
      response.writeHead(403, { 'content-type': 'application/json' });
      return response.end(
        JSON.stringify({
          code: 'HT-ACCESS-003',
          zh: '没有依据',
          en: 'No ground',
          traceId: 't1',
          access: { ground: 'none' },
        }),
      );
    }
    if (request.url === '/api/proxy-page') return response.writeHead(502).end('<html>Bad gateway</html>');
    if (request.url === '/api/slow') return;
    response.end(JSON.stringify({ ok: true }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  browserFetch = globalThis.fetch;
  globalThis.fetch = (input, init) => browserFetch(`${origin}${String(input)}`, init);
});
afterAll(() => {
  globalThis.fetch = browserFetch;
  server.closeAllConnections();
  server.close();
});

describe('the fetch client', () => {
  it('sends the guard header and a JSON body', async () => {
    await call('/residents/search', { method: 'POST', body: { query: '李' } });
    expect(seen.at(-1)).toEqual({ url: '/api/residents/search', header: '1', body: '{"query":"李"}' });
  });

  it('throws the server’s own error with its status and the rest of the answer', async () => {
    const problem = await call('/refused').catch((failure: unknown) => failure);
    expect(problem).toBeInstanceOf(Problem);
    expect(problem).toMatchObject({
      status: 403,
      error: { code: 'HT-ACCESS-003', en: 'No ground' },
      body: { access: { ground: 'none' } },
    });
  });

  it('says that an answer which is not JSON cannot be read', async () => {
    await expect(call('/proxy-page')).rejects.toMatchObject({ status: 502, error: { code: 'HTTP 502' } });
  });

  it('passes an abort on as an abort, not as a lost network', async () => {
    const controller = new AbortController();
    const running = call('/slow', { signal: controller.signal });
    controller.abort();
    await expect(running).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('leaves empty filters out of the address and keeps the login’s way back', () => {
    expect(queryOf({ state: 'held', q: '', rule: undefined, limit: 50 })).toBe('?state=held&limit=50');
    expect(loginAddress('/inbox?state=held', 'lin')).toBe('/login?as=lin&to=%2Finbox%3Fstate%3Dheld');
  });
});
