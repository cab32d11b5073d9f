import type { lookup } from 'node:dns';
import { createServer, type RequestListener, type Server } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { openEgress } from './egress.ts';

let server: Server | undefined;
afterEach(() => server?.close());
async function listen(answer: RequestListener): Promise<number> {
  server = createServer(answer);
  await new Promise<void>((done) => server?.listen(0, '127.0.0.1', done));
  return (server.address() as { port: number }).port;
}
/** A name server of our own: what a name leads to is what an attacker says. */
const leadsTo = (...addresses: string[]): typeof lookup =>
  ((_host: string, _options: object, done: (error: null, found: object[]) => void) =>
    done(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    )) as unknown as typeof lookup;

test('only origins that were named may be called, whatever an address looks like', async () => {
  const egress = openEgress(['https://hooks.example', 'http://10.1.2.3:8080']);
  for (const url of ['https://hooks.example/a?b', 'http://10.1.2.3:8080/x']) expect(egress.allows(url)).toBe(true);
  for (const url of [
    'https://hooks.example.evil.com/',
    'https://hooks.example@evil.com/',
    'https://user:pw@hooks.example/',
    'http://hooks.example/',
    'https://hooks.example:444/',
    'http://2130706433:8080/',
    'http://10.1.2.3/',
    'file:///etc/passwd',
    'gopher://hooks.example/',
    '//hooks.example/',
    '',
  ])
    expect([url, egress.allows(url)]).toEqual([url, false]);
  expect(await egress.post('http://169.254.169.254/', {}, 'x', 500)).toEqual({ ok: false, status: 'not allowed' });
});

test('a name that leads to a private address is not called, unless its network was named', async () => {
  let calls = 0;
  const port = await listen((_request, response) => {
    calls++;
    response.end();
  });
  const url = `http://hook.example:${port}/`;
  for (const address of [
    '127.0.0.1',
    '10.0.0.9',
    '169.254.169.254',
    '::1',
    '::ffff:127.0.0.1',
    'fd00::1',
    '64:ff9b::7f00:1',
  ])
    expect([address, (await openEgress([url], [], leadsTo(address)).post(url, {}, 'x', 500)).status]).toEqual([
      address,
      'not allowed',
    ]);
  // One public address beside a private one does not help.
  expect((await openEgress([url], [], leadsTo('203.0.114.9', '127.0.0.1')).post(url, {}, 'x', 500)).status).toBe(
    'not allowed',
  );
  expect(calls).toBe(0);
  expect(await openEgress([url], ['127.0.0.0/8'], leadsTo('127.0.0.1')).post(url, {}, 'x', 2000)).toEqual({
    ok: true,
    status: '200',
  });
  expect(calls).toBe(1);
});

test('a redirect is not followed, and a slow answer is not waited for', async () => {
  let calls = 0;
  const port = await listen((request, response) => {
    calls++;
    if (request.url === '/slow') return;
    response.writeHead(307, { location: '/elsewhere' }).end();
  });
  const egress = openEgress([`http://127.0.0.1:${port}`]);
  expect(await egress.post(`http://127.0.0.1:${port}/`, {}, 'x', 2000)).toEqual({ ok: false, status: '307' });
  expect(await egress.post(`http://127.0.0.1:${port}/slow`, {}, 'x', 100)).toEqual({ ok: false, status: 'timeout' });
  expect(calls).toBe(2);
  server?.closeAllConnections();
});
