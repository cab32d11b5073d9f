/**
 * DEVELOPER TOOL, not part of the product and not used by its tests: answers the contract's routes with invented data so that
 * screens can be looked at before or without the real server. `node web/console/dev/server.ts [port]`, after `npx vite build web/console`.
 * Query `?fail=<path part>` on /dev makes matching routes answer 500; `/dev?clear` undoes it; `/dev?expire` forgets the login.
 */
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { extname, join, normalize } from 'node:path';
import type { Operations, Trace } from '@hutong/contract/console.ts';
import { counts, inbox, messageOf, ruleCounts, unmapped } from './messages.ts';
import { connections, institutions, logins, sessionOf } from './places.ts';
import { analytes, breakGlassOf, detailOf, events, groundOf, hits, looks, record } from './record.ts';

const dist = join(import.meta.dirname, '../dist');
const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
};
const startedAt = Date.now();
let failing = '';
let login = '';
let held = false;
const traces = new Map<string, number>();

const problem = (code: string, zh: string, en: string, fix?: { zh: string; en: string }) => ({
  code,
  zh,
  en,
  ...(fix && { fix }),
  traceId: 'dev-7f3a',
});
type Answer = { status?: number; body: unknown };

const operations = (): Operations => ({
  versions: { hutong: '0.1.0', node: process.version, postgresql: '18.4', schema: 12 },
  startedAt: new Date(startedAt).toISOString(),
  memory: { rssMb: process.memoryUsage.rss() / 1e6, limitMb: 600 },
  queues: [
    { name: 'intake', waiting: 14, oldestSeconds: 0.8, perMinute: 812 },
    { name: 'jobs', waiting: 0, oldestSeconds: null, perMinute: 6 },
  ],
  consumers: [
    {
      name: 'case-reporting',
      position: '1048576',
      lag: 0,
      deadLetters: 0,
      lastAt: new Date().toISOString(),
      state: 'running',
    },
    {
      name: 'recognition',
      position: '1047910',
      lag: 666,
      deadLetters: 2,
      lastAt: new Date(Date.now() - 90_000).toISOString(),
      state: 'retrying',
    },
    { name: 'statistics', position: '900112', lag: 148464, deadLetters: 0, lastAt: null, state: 'stopped' },
  ],
  storage: [
    { table: 'store.resource', rows: 1_204_511, bytes: 3.2e9 },
    { table: 'border.message', rows: 402_118, bytes: 1.1e9 },
    { table: 'audit.entry', rows: 903_221, bytes: 2.4e8 },
    { table: 'identity.resident', rows: 20_000, bytes: 1.2e7 },
  ],
  audit: {
    rows: 903_221,
    sealed: 903_000,
    lastSealAt: new Date(Date.now() - 30_000).toISOString(),
    headSm3: '66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0',
    verified: { at: new Date(Date.now() - 7_200_000).toISOString(), ok: true },
  },
});

function traceOf(id: string): Trace {
  const start = traces.get(id) ?? Date.now();
  const way: [Trace['steps'][number]['kind'], string, string, number, string?][] = [
    ['sent', '发热门诊从 MLLP 发出 ADT^A04', 'The fever clinic sent ADT^A04 over MLLP', 0, '412 bytes'],
    ['stored', '原文已落盘', 'The bytes are on disk', 6.2],
    ['acknowledged', '已应答 AA', 'Acknowledged AA', 7.9, 'MSA|AA'],
    ...(held
      ? [
          [
            'held',
            '出生日期晚于收到日期，留住待处理',
            'The birth date lies in the future: held',
            12,
            'hl7v2.birth-date-future',
          ] as [Trace['steps'][number]['kind'], string, string, number, string],
        ]
      : ([
          [
            'translated',
            '译成 4 条临床事实',
            'Translated into 4 clinical facts',
            11.4,
            'Patient, Encounter, Condition, Observation',
          ],
          ['resident-found', '按身份证号找到居民', 'Resident found by number', 13],
          ['record-written', '写入健康档案', 'Written to the record', 21.7],
          ['event-published', '发出“病例报告”事件', 'Event published', 22],
          ['read-by-service', '传染病报告服务已读取', 'Read by case reporting', 64.8],
        ] as [Trace['steps'][number]['kind'], string, string, number, string?][])),
  ];
  const steps = way
    .filter(([, , , ms]) => Date.now() - start >= ms * 8)
    .map(([kind, zh, en, milliseconds, detail]) => ({
      at: new Date(start + milliseconds).toISOString(),
      kind,
      zh,
      en,
      milliseconds,
      ...(detail && { detail }),
    }));
  return { id, done: steps.length === way.length, steps };
}

function page<Row>(
  rows: Row[],
  url: URL,
  size = Number(url.searchParams.get('limit') ?? 50),
): { items: Row[]; next: string | null } {
  const from = Number(url.searchParams.get('before') ?? 0);
  return { items: rows.slice(from, from + size), next: from + size < rows.length ? String(from + size) : null };
}

async function api(method: string, path: string, url: URL, body: Record<string, string>): Promise<Answer> {
  const wants = (name: string): string => url.searchParams.get(name) ?? '';
  if (path === '/tour')
    return {
      body: {
        demo: true,
        city: {
          residents: 20_000,
          institutions: institutions.length,
          messages: 402_118,
          resources: 1_204_511,
          events: 1_048_576,
        },
        logins,
      },
    };
  if (path === '/tour/fever-case') {
    const id = `t${traces.size + 1}`;
    traces.set(id, Date.now());
    return { status: 202, body: { traceId: id } };
  }
  if (path.startsWith('/tour/trace/')) return { body: traceOf(path.slice(12)) };
  const session = sessionOf(login);
  if (!session)
    return {
      status: 401,
      body: problem('HT-ACCESS-001', '尚未登录', 'Nobody is logged in', { zh: '请先登录', en: 'Log in first' }),
    };
  if (path === '/session') return { body: session };
  if (path === '/logout') {
    login = '';
    return { body: {} };
  }
  if (path === '/connections') return { body: { connections: connections(Date.now()) } };
  if (path === '/inbox' && method === 'GET') {
    const rows = inbox.filter(
      (item) =>
        (!wants('state') || item.state === wants('state')) &&
        (!wants('institution') || item.institution?.code === wants('institution')) &&
        (!wants('protocol') || item.protocol === wants('protocol')) &&
        (!wants('rule') || item.rule === wants('rule')) &&
        (!wants('kind') || item.kind === wants('kind')) &&
        item.controlId.includes(wants('q')),
    );
    return { body: { ...page(rows, url), counts: counts(), rules: ruleCounts() } };
  }
  if (path === '/inbox/replay') return { body: { replayed: 12, done: 11, held: 1 } };
  const message = /^\/inbox\/([^/]+)(?:\/(replay|dismiss))?$/.exec(path);
  if (message) {
    const item = inbox.find((candidate) => candidate.id === message[1]);
    if (!item) return { status: 404, body: problem('HT-INPUT-004', '没有找到', 'Not found') };
    if (message[2])
      Object.assign(
        item,
        message[2] === 'dismiss'
          ? { state: 'dismissed' }
          : { state: 'replayed', rule: null, zh: null, en: null, tries: item.tries + 1 },
      );
    return { body: messageOf(item) };
  }
  if (path === '/unmapped') return { body: { rows: unmapped } };
  if (path === '/residents/search')
    return { body: body.query?.includes('李') ? { items: hits(), total: 3 } : { items: [], total: 0 } };
  const resident = /^\/residents\/([^/]+)(?:\/(.+))?$/.exec(path);
  if (resident) {
    const [, id = '', rest = ''] = resident;
    if (rest === 'break-glass') return { body: breakGlassOf(id) };
    if (!groundOf(id).allowed)
      return {
        status: 403,
        body: {
          ...problem('HT-ACCESS-003', '没有查看该居民档案的依据', 'There is no ground for opening this record'),
          access: groundOf(id),
        },
      };
    if (rest === '') return { body: record(id) };
    if (rest === 'laboratory') return { body: { analytes } };
    if (rest === 'looks') return { body: page(looks, url, 12) };
    if (rest === 'events')
      return {
        body: page(
          events.filter(
            (event) =>
              (!wants('kind') || event.kind === wants('kind')) &&
              (!wants('institution') || event.institution.code === wants('institution')) &&
              (!wants('from') || event.at >= wants('from')) &&
              (!wants('to') || event.at.slice(0, 10) <= wants('to')),
          ),
          url,
          20,
        ),
      };
    const event = events.find((candidate) => `events/${candidate.id}` === rest);
    return event ? { body: detailOf(event) } : { status: 404, body: problem('HT-INPUT-004', '没有找到', 'Not found') };
  }
  if (path === '/operations') return { body: operations() };
  if (path === '/operations/dead-letters')
    return {
      body: {
        items: [1, 2].map((n) => ({
          consumer: 'recognition',
          position: String(1047000 + n),
          error: 'unit mg/dl cannot become mmol/L for 2345-7',
          at: new Date(startedAt).toISOString(),
          tries: 8,
        })),
      },
    };
  if (path === '/operations/audit/verify')
    return { body: { ok: true, rows: 903_000, blocks: 903, firstBad: null, milliseconds: 1840 } };
  if (path.startsWith('/operations/consumers/')) return { body: {} };
  if (path === '/directory/institutions')
    return {
      body: {
        items: institutions.filter(
          (item) =>
            (!wants('area') || item.area === wants('area')) &&
            `${item.code}${item.nameZh}${item.nameEn}`.includes(wants('q')),
        ),
      },
    };
  return { status: 404, body: problem('HT-INPUT-004', '没有找到', 'Not found') };
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://dev');
  if (url.pathname === '/dev') {
    failing = url.searchParams.get('fail') ?? '';
    held = url.searchParams.has('held');
    if (url.searchParams.has('expire')) login = '';
    return void response.end('ok');
  }
  if (url.pathname === '/login') {
    login = url.searchParams.get('as') ?? '';
    return void response
      .writeHead(302, { location: login ? (url.searchParams.get('to') ?? '/') : '/?login-page' })
      .end();
  }
  if (url.pathname.startsWith('/api/')) {
    let text = '';
    for await (const chunk of request) text += chunk;
    const path = url.pathname.slice(4);
    const { status = 200, body } =
      failing !== '' && path.includes(failing)
        ? {
            status: 500,
            body: problem('HT-PLATFORM-002', '平台内部错误', 'The platform failed', {
              zh: '请记下追踪号并联系运维',
              en: 'Note the trace id and tell the operators',
            }),
          }
        : await api(request.method ?? 'GET', path, url, text ? JSON.parse(text) : {});
    return void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  }
  const file = join(dist, normalize(url.pathname));
  const content = extname(file) && file.startsWith(dist) ? await readFile(file).catch(() => null) : null;
  response
    .writeHead(200, {
      'content-type': content ? (types[extname(file)] ?? 'application/octet-stream') : types['.html']!,
    })
    .end(content ?? (await readFile(join(dist, 'index.html'))));
}

const port = Number(process.argv[2] ?? 4321);
createServer(
  (request, response) =>
    void answer(request, response).catch((failure) => response.writeHead(500).end(String(failure))),
).listen(port, '127.0.0.1', () => console.log(`Invented data on http://127.0.0.1:${port}`));
