import { mkdtempSync, readFileSync, statSync } from 'node:fs';
import { createServer as createHttp, type Server as HttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { afterEach, describe, expect, it } from 'vitest';
import { generateCity } from '../generate-city.ts';
import type { CityMessage } from '../messages/message.ts';
import { cityInstitutions } from '../places/institutions.ts';
import { HttpSender } from './http.ts';
import { KeyRing } from './keys.ts';
import { judge } from './mllp.ts';
import { registrations } from './register.ts';
import { Progress } from './resume.ts';
import { type Counts, type SendOptions, sendCity } from './send-city.ts';
import { Tokens } from './tokens.ts';

/** The far end of the wire: keeps what came, answers what it is told to. */
type Peer = {
  address: string;
  came: { controlId: string; facility: string }[];
  answer: (controlId: string, turn: number) => string;
  server: Server;
};
const open: (Server | HttpServer)[] = [];

afterEach(() => {
  for (const server of open.splice(0)) server.close();
});

async function peer(answer: Peer['answer']): Promise<Peer> {
  const it: Peer = { address: '', came: [], answer, server: createServer() };
  const turns = new Map<string, number>();
  it.server.on('connection', (socket) => {
    let waiting = Buffer.alloc(0);
    socket.on('error', () => socket.destroy());
    socket.on('data', (bytes) => {
      waiting = Buffer.concat([waiting, bytes as Buffer]);
      for (let end = waiting.indexOf('\x1c\r'); end >= 0; end = waiting.indexOf('\x1c\r')) {
        const fields = waiting.subarray(1, end).toString('latin1').split('\r')[0]!.split('|');
        waiting = waiting.subarray(end + 2);
        const controlId = fields[9]!;
        const turn = (turns.get(controlId) ?? 0) + 1;
        turns.set(controlId, turn);
        it.came.push({ controlId, facility: fields[3]! });
        const body = it.answer(controlId, turn);
        if (body === 'hang up') socket.destroy();
        else socket.write(`\x0bMSH|^~\\&|HUTONG|||||||A|P|2.5\rMSA|${body}\r\x1c\r`);
      }
    });
  });
  open.push(it.server);
  await new Promise<void>((resolve) => it.server.listen(0, '127.0.0.1', resolve));
  it.address = `127.0.0.1:${(it.server.address() as AddressInfo).port}`;
  return it;
}

async function* some(count: number): AsyncGenerator<CityMessage> {
  let left = count;
  for await (const message of generateCity({ size: 300, days: 40, until: '2026-11-23', dirt: 0 })) {
    if (message.protocol !== 'hl7v2-mllp') continue;
    if (left-- <= 0) return;
    yield message;
  }
}

const options = (it: Peer, more: Partial<SendOptions> = {}): SendOptions => ({
  mllp: it.address,
  http: null,
  connections: 4,
  progress: new Progress(null, {}),
  onProgress: () => {},
  onRefusal: () => {},
  ...more,
});

describe('sending over MLLP', () => {
  it('delivers everything, each institution in its order', async () => {
    const it_ = await peer((id) => `AA|${id}`);
    const counts = await sendCity(some(200), options(it_));
    expect(counts).toMatchObject<Partial<Counts>>({ sent: 200, taken: 200, refused: 0, retried: 0 });
    const wanted: { controlId: string; facility: string }[] = [];
    for await (const message of some(200))
      wanted.push({ controlId: message.controlId, facility: message.institution.code });
    for (const facility of new Set(wanted.map((one) => one.facility))) {
      expect(it_.came.filter((one) => one.facility === facility)).toEqual(
        wanted.filter((one) => one.facility === facility),
      );
    }
  });

  it('asks again after a busy answer or a broken connection, and not after a refusal of the message', async () => {
    const refusals: string[] = [];
    let number = 0;
    const fate = new Map<string, string>();
    const it_ = await peer((id, turn) => {
      if (!fate.has(id)) fate.set(id, ['AA', 'busy', 'hang up', 'AE'][number++ % 4]!);
      const kind = fate.get(id)!;
      if (turn > 1 || kind === 'AA') return `AA|${id}`;
      return kind === 'busy'
        ? `AR|${id}\rERR||MSH|207^Application internal error^HL70357|E`
        : kind === 'AE'
          ? `AE|${id}\rERR||PID^1^7|102^Data type error^HL70357|E`
          : kind;
    });
    const counts = await sendCity(some(16), options(it_, { onRefusal: (refusal) => refusals.push(refusal.controlId) }));
    expect(counts).toMatchObject({ sent: 16, taken: 12, refused: 4, retried: 8 });
    expect(refusals).toHaveLength(4);
  });

  it('stops with what is done recorded when nobody answers, and goes on there', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'city-')), 'progress.json');
    const it_ = await peer((id) => `AA|${id}`);
    await sendCity(some(50), options(it_, { progress: Progress.open(file, { seed: 1 }, () => true) }));
    const second = Progress.open(file, { seed: 1 }, () => true);
    expect(second.done).toBe(50);
    const counts = await sendCity(some(80), options(it_, { progress: second }));
    expect(counts).toMatchObject({ skipped: 50, sent: 30 });
    const gone = options(it_, {
      mllp: '127.0.0.1:1',
      tries: 2,
      progress: Progress.open(file, { seed: 1 }, () => true),
    });
    await expect(sendCity(some(90), gone)).rejects.toThrow(/takes nothing/);
    expect(Progress.open(file, { seed: 1 }, () => true).done).toBe(80);
    expect(Progress.open(file, { seed: 2 }, () => false).done).toBe(0);
  });

  it('reads acknowledgements of both modes', () => {
    expect(judge('MSH|\rMSA|AA|1').kind).toBe('taken');
    expect(judge('MSH|\rMSA|CA|1').kind).toBe('taken');
    expect(judge('MSH|\rMSA|AR|1\rERR||MSH|207^x^HL70357').kind).toBe('try-again');
    expect(judge('MSH|\rMSA|AR|1\rERR||MSH|102^x^HL70357').kind).toBe('refused');
    expect(judge('nothing').kind).toBe('refused');
  });
});

describe('sending over HTTP', () => {
  it('proves who it is with a signed assertion, keeps the token, and gets a new one when it is no longer taken', async () => {
    const keys = new KeyRing(mkdtempSync(join(tmpdir(), 'city-')));
    await keys.ensure(['h1']);
    expect(statSync(keys.file).mode & 0o077).toBe(0);
    expect(JSON.parse(readFileSync(keys.file, 'utf8')).h1.d).toBe(keys.privateKey('h1').d);
    let tokens = 0;
    const seen: string[] = [];
    const server = createHttp((request, response) => {
      let body = '';
      request.on('data', (part) => {
        body += part;
      });
      request.on('end', async () => {
        const base = `http://${request.headers.host}`;
        if (request.url?.endsWith('openid-configuration'))
          return response.end(JSON.stringify({ token_endpoint: `${base}/oidc/token` }));
        if (request.url === '/oidc/token') {
          const assertion = new URLSearchParams(body).get('client_assertion')!;
          const { payload } = await jwtVerify(assertion, createLocalJWKSet(keys.publicKeys('h1')), {
            audience: `${base}/oidc/token`,
            issuer: 'h1',
            subject: 'h1',
          });
          expect(payload.exp! - payload.iat!).toBeLessThanOrEqual(300);
          return response.end(JSON.stringify({ access_token: `t${++tokens}`, expires_in: 600 }));
        }
        seen.push(`${request.headers.authorization} ${request.headers['content-type']}`);
        response.statusCode = request.headers.authorization === 'Bearer t1' && seen.length > 1 ? 401 : 200;
        response.end('{}');
      });
    });
    open.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const http = new HttpSender(url, new Tokens(url), keys);
    expect((await http.send('fhir', 'h1', Buffer.from('{}'))).kind).toBe('taken');
    expect((await http.send('cda', 'h1', Buffer.from('<a/>'))).kind).toBe('taken');
    expect(seen).toEqual(['Bearer t1 application/fhir+json', 'Bearer t1 application/xml', 'Bearer t2 application/xml']);
  });

  it('registers public keys only', async () => {
    const keys = new KeyRing(mkdtempSync(join(tmpdir(), 'city-')));
    const institutions = cityInstitutions({ seed: 1, size: 1_000 });
    await keys.ensure(institutions.map((one) => one.clientId));
    const text = JSON.stringify(registrations(institutions, keys));
    expect(text).not.toContain('"d":');
    expect(text).toContain('"kty":"EC"');
  });
});
