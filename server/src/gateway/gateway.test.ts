import { makeResidentNumber } from '@hutong/china';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freshDatabase } from '../../test/database.ts';
import { type TestPlatform, testPlatform } from '../../test/platform.ts';
import { type Caller, type Route, roles } from '../core/access/index.ts';
import { readConfig } from '../kit/config.ts';
import { GroupCommitter } from '../kit/group-commit.ts';
import { openGateway } from './gateway.ts';
import { TestBrowser } from './login/test-city.ts';

/** Who may use which route, reviewed by hand and on purpose not computed from the permissions. 'all': no login is asked for. */
const reviewed: Record<string, string> = {
  // The login, the landing page, what load balancers and clients discover.
  'GET /': 'all',
  'GET /openapi.json': 'all',
  'GET /healthz': 'all',
  'GET /metrics': 'all',
  'GET /login': 'all',
  'GET /login/callback': 'all',
  'GET /api/session': 'all',
  'POST /api/logout': 'all',
  'GET /fhir/.well-known/smart-configuration': 'all',
  'GET /.well-known/smart-configuration': 'all',
  'GET /fhir/metadata': 'all',
  'GET /api/tour': 'all',
  'POST /api/tour/fever-case': 'all',
  'GET /api/tour/trace/:id': 'all',
  // Hospitals' systems.
  'POST /hl7v2': 'hospital',
  'POST /documents': 'hospital',
  'POST /files/rows': 'hospital',
  'POST /registration': 'hospital',
  'GET /documents/:kind/:type/:id': 'hospital',
  'GET /fhir': 'hospital',
  'POST /fhir': 'hospital',
  'POST /fhir/$process-message': 'hospital',
  'POST /fhir/_search': 'hospital',
  'GET /fhir/_history': 'hospital',
  'GET /fhir/:type': 'hospital',
  'POST /fhir/:type': 'hospital',
  'PUT /fhir/:type': 'hospital',
  'PATCH /fhir/:type': 'hospital',
  'DELETE /fhir/:type': 'hospital',
  'POST /fhir/:type/_search': 'hospital',
  'GET /fhir/:type/_history': 'hospital',
  'POST /fhir/:type/$validate': 'hospital',
  'POST /fhir/:type/:id/$validate': 'hospital',
  'GET /fhir/:type/:id': 'hospital',
  'PUT /fhir/:type/:id': 'hospital',
  'PATCH /fhir/:type/:id': 'hospital',
  'DELETE /fhir/:type/:id': 'hospital',
  'GET /fhir/Patient/:id/$everything': 'hospital',
  'GET /fhir/$export': 'hospital',
  'GET /api/erasures': 'administrator auditor',
  'POST /api/erasures': 'administrator auditor',
  'POST /api/erasures/:id/agree': 'administrator auditor',
  'POST /api/erasures/:id/lift': 'administrator auditor',
  'GET /fhir/Patient/$export': 'hospital',
  'GET /fhir/Group/:id/$export': 'hospital',
  'GET /fhir/$export-status/:job': 'hospital',
  'DELETE /fhir/$export-status/:job': 'hospital',
  'GET /fhir/$export-file/:job/:file': 'hospital',
  'DELETE /fhir/$import-status/:job': 'hospital',
  'GET /fhir/$import-file/:job': 'hospital',
  'GET /fhir/$import-status/:job': 'hospital',
  'GET /fhir/Subscription/$get-ws-binding-token': 'hospital',
  'GET /fhir/Subscription/$status': 'hospital',
  'GET /fhir/Subscription/$topics': 'hospital',
  'GET /fhir/Subscription/:id/$events': 'hospital',
  'GET /fhir/Subscription/:id/$get-ws-binding-token': 'hospital',
  'GET /fhir/Subscription/:id/$status': 'hospital',
  'POST /fhir/$import': 'hospital',
  'POST /fhir/Subscription/$get-ws-binding-token': 'hospital',
  'POST /fhir/Subscription/$status': 'hospital',
  'POST /fhir/Subscription/:id/$events': 'hospital',
  'POST /fhir/Subscription/:id/$get-ws-binding-token': 'hospital',
  'POST /fhir/Subscription/:id/$status': 'hospital',
  'GET /fhir/:type/:id/$meta': 'hospital',
  'POST /fhir/:type/:id/$meta-add': 'hospital',
  'POST /fhir/:type/:id/$meta-delete': 'hospital',
  'GET /fhir/CodeSystem/$lookup': 'hospital',
  'POST /fhir/CodeSystem/$lookup': 'hospital',
  'GET /fhir/CodeSystem/$validate-code': 'hospital',
  'POST /fhir/CodeSystem/$validate-code': 'hospital',
  'GET /fhir/CodeSystem/:id/$validate-code': 'hospital',
  'POST /fhir/CodeSystem/:id/$validate-code': 'hospital',
  'GET /fhir/CodeSystem/$subsumes': 'hospital',
  'POST /fhir/CodeSystem/$subsumes': 'hospital',
  'GET /fhir/CodeSystem/:id/$subsumes': 'hospital',
  'POST /fhir/CodeSystem/:id/$subsumes': 'hospital',
  'GET /fhir/ValueSet/$expand': 'hospital',
  'POST /fhir/ValueSet/$expand': 'hospital',
  'GET /fhir/ValueSet/:id/$expand': 'hospital',
  'POST /fhir/ValueSet/:id/$expand': 'hospital',
  'GET /fhir/ValueSet/$validate-code': 'hospital',
  'POST /fhir/ValueSet/$validate-code': 'hospital',
  'GET /fhir/ValueSet/:id/$validate-code': 'hospital',
  'POST /fhir/ValueSet/:id/$validate-code': 'hospital',
  'GET /fhir/ConceptMap/$translate': 'hospital',
  'POST /fhir/ConceptMap/$translate': 'hospital',
  'GET /fhir/ConceptMap/:id/$translate': 'hospital',
  'POST /fhir/ConceptMap/:id/$translate': 'hospital',
  'GET /fhir/:type/:id/_history': 'hospital',
  'GET /fhir/:type/:id/_history/:version': 'hospital',
  // Messages: repaired by the hospital's integrator alone; the operator may look.
  'GET /api/connections': 'integrator administrator operator',
  'GET /api/unmapped': 'integrator operator',
  'GET /api/inbox': 'integrator operator',
  'GET /api/inbox/:id': 'integrator operator',
  'POST /api/inbox/:id/replay': 'integrator',
  'POST /api/inbox/:id/dismiss': 'integrator',
  'POST /api/inbox/replay': 'integrator',
  // A table of registrations: whoever registers people for an institution.
  // A table of registrations: whoever registers people for an institution.
  'GET /api/registration-batches': 'integrator primary-care',
  'POST /api/registration-batches': 'integrator primary-care',
  'GET /api/registration-batches/:id': 'integrator primary-care',
  'GET /api/registration-batches/:id/results.csv': 'integrator primary-care',
  'GET /api/health-code/expected-visits': 'integrator administrator operator',
  // Residents' records: whoever treats or protects, and residents their own; never whoever runs or audits the system.
  'POST /api/residents/search': 'clinician primary-care epidemiologist',
  'GET /api/residents/:id': 'clinician primary-care epidemiologist resident',
  'GET /api/residents/:id/events': 'clinician primary-care epidemiologist resident',
  'GET /api/residents/:id/events/:event': 'clinician primary-care epidemiologist resident',
  'GET /api/residents/:id/laboratory': 'clinician primary-care epidemiologist resident',
  'GET /api/residents/:id/looks': 'clinician primary-care epidemiologist auditor resident',
  'POST /api/residents/:id/break-glass': 'clinician',
  // Surveillance: the CDC acts, the commission reads and agrees, doctors decide on their own cards.
  'GET /api/surveillance/signals': 'epidemiologist administrator',
  'GET /api/surveillance/signals/:id': 'epidemiologist administrator',
  'POST /api/surveillance/signals/:id/act': 'epidemiologist',
  'GET /api/surveillance/channels': 'epidemiologist administrator',
  'GET /api/surveillance/signals/:id/past': 'epidemiologist administrator',
  'GET /api/surveillance/situation': 'epidemiologist administrator',
  'GET /api/surveillance/map': 'epidemiologist administrator',
  'GET /api/surveillance/boundaries': 'epidemiologist administrator',
  'GET /api/surveillance/estimates': 'epidemiologist administrator',
  'GET /api/surveillance/estimate': 'epidemiologist administrator',
  'GET /api/surveillance/performance': 'epidemiologist administrator',
  'GET /api/surveillance/bulletin': 'epidemiologist administrator',
  'GET /api/surveillance/rules': 'epidemiologist administrator',
  'GET /api/surveillance/rule': 'epidemiologist administrator',
  'POST /api/surveillance/rules': 'epidemiologist',
  'POST /api/surveillance/rules/try': 'epidemiologist',
  'POST /api/surveillance/rules/act': 'epidemiologist',
  'POST /api/surveillance/missed-outbreaks': 'epidemiologist',
  'GET /api/surveillance/population': 'epidemiologist administrator',
  'POST /api/surveillance/population': 'administrator',
  'GET /api/surveillance/agreements': 'administrator',
  'POST /api/surveillance/agreements': 'administrator',
  'POST /api/surveillance/counts': '',
  'GET /api/surveillance/cards': 'clinician primary-care prevention epidemiologist',
  'GET /api/surveillance/cards/:id': 'clinician primary-care prevention epidemiologist',
  'POST /api/surveillance/cards/:id/confirm': 'clinician primary-care prevention',
  'POST /api/surveillance/cards/:id/reject': 'clinician primary-care prevention',
  'POST /api/surveillance/cards/:id/review': 'epidemiologist',
  'GET /api/surveillance/missed': 'clinician primary-care prevention epidemiologist',
  'GET /api/surveillance/cards/:id/document': 'clinician primary-care prevention epidemiologist',
  'POST /api/surveillance/cards/:id/correct': 'clinician primary-care prevention',
  'POST /api/surveillance/cards/:id/duplicate': 'epidemiologist',
  'GET /api/surveillance/line-list': 'epidemiologist administrator',
  'GET /api/surveillance/line-list/export': 'epidemiologist administrator',
  'POST /api/surveillance/line-list/names': 'epidemiologist',
  'GET /api/surveillance/contacts': 'epidemiologist',
  'POST /api/surveillance/contacts': 'epidemiologist',
  'GET /api/surveillance/contacts/:id/person': 'epidemiologist',
  'POST /api/surveillance/contacts/:id/visit': 'epidemiologist',
  'POST /api/surveillance/contacts/:id/close': 'epidemiologist',
  'GET /api/surveillance/chains': 'epidemiologist administrator',
  'POST /api/surveillance/chains': 'epidemiologist',
  'GET /api/surveillance/key-items': 'epidemiologist',
  'POST /api/surveillance/key-items': 'epidemiologist',
  'GET /api/surveillance/key-items/:id/person': 'epidemiologist',
  'POST /api/surveillance/key-items/:id/tasks': 'epidemiologist',
  'POST /api/surveillance/key-items/:id/tasks/:task/done': 'epidemiologist',
  'POST /api/surveillance/key-items/:id/close': 'epidemiologist',
  'GET /api/surveillance/products': 'epidemiologist administrator',
  'POST /api/surveillance/products': 'epidemiologist',
  'GET /api/surveillance/products/:id': 'epidemiologist administrator',
  'POST /api/surveillance/products/:id/edit': 'epidemiologist',
  'POST /api/surveillance/products/:id/submit': 'epidemiologist',
  'POST /api/surveillance/products/:id/sign': 'administrator',
  'POST /api/surveillance/products/:id/return': 'administrator',
  'POST /api/surveillance/products/:id/withdraw': 'administrator',
  'GET /api/surveillance/hooks': 'administrator',
  'POST /api/surveillance/hooks': 'administrator',
  'POST /api/surveillance/hooks/:id/active': 'administrator',
  'GET /api/surveillance/hooks/:id/deliveries': 'administrator',
  'GET /api/surveillance/push/key':
    'integrator clinician primary-care prevention epidemiologist administrator auditor operator',
  'POST /api/surveillance/push/subscribe': 'clinician primary-care prevention epidemiologist',
  'POST /api/surveillance/push/unsubscribe': 'clinician primary-care prevention epidemiologist',
  'GET /api/surveillance/exchange': 'epidemiologist administrator',
  'POST /api/surveillance/exchange/agreements': 'administrator',
  'POST /api/surveillance/exchange/in': '',
  'GET /api/surveillance/exchange/out': '',
  'POST /api/surveillance/exchange/:id/settle': 'epidemiologist',
  // Health codes: counters scan and serve, residents have their own, terminals fetch keys.
  'POST /api/health-code/scan': 'hospital clinician primary-care',
  'GET /api/health-code/keys': 'all',
  'GET /api/health-code/revoked': 'all',
  'POST /api/card-centre/register': 'hospital clinician primary-care',
  'POST /api/card-centre/register-batch': 'hospital clinician primary-care',
  'GET /api/card-centre/waiting': 'hospital clinician primary-care',
  'POST /api/card-centre/query': 'hospital clinician primary-care',
  'POST /api/card-centre/code': 'hospital clinician primary-care',
  'POST /api/card-centre/verify': 'hospital clinician primary-care',
  'POST /api/card-centre/change': 'hospital clinician primary-care',
  'POST /api/card-centre/cancel': 'hospital clinician primary-care',
  'POST /api/card-centre/review': 'hospital clinician primary-care',
  'POST /api/card-centre/use': 'hospital clinician primary-care',
  'POST /api/card-centre/temporary': 'hospital clinician primary-care',
  'POST /api/card-centre/family/bind': 'hospital clinician primary-care',
  'POST /api/card-centre/family/unbind': 'hospital clinician primary-care',
  'POST /api/card-centre/family/list': 'hospital clinician primary-care',
  'GET /api/my': 'resident',
  'POST /api/my/codes': 'resident',
  'POST /api/my/printed': 'resident',
  'POST /api/my/printed/revoke': 'resident',
  'POST /api/my/lost': 'resident',
  'POST /api/my/family/end': 'resident',
  'GET /api/my/scans': 'resident',
  // The master index: who is who is the commission's business administrator's; nobody who treats decides it.
  'GET /api/identity/summary': 'administrator',
  'GET /api/identity/pairs': 'administrator',
  'GET /api/identity/pairs/:id': 'administrator',
  'GET /api/identity/next': 'administrator',
  'POST /api/identity/pairs/:id/decide': 'administrator',
  'POST /api/identity/acts/:id/undo': 'administrator',
  'GET /api/identity/residents/:id': 'administrator',
  'POST /api/identity/merge': 'administrator',
  'POST /api/identity/residents/:id/split': 'administrator',
  'POST /api/identity/sources/:id/unlink': 'administrator',
  'GET /api/identity/models': 'administrator',
  'POST /api/identity/models/learn': 'administrator',
  'POST /api/identity/models/:version/use': 'administrator',
  'GET /api/identity/tracers': 'administrator',
  'POST /api/identity/tracers': 'administrator',
  'POST /api/identity/trace': 'administrator',
  'POST /fhir/Patient/$match': 'hospital',
  'GET /fhir/Patient/$ihe-pix': 'hospital',
  'POST /fhir/Patient/$ihe-pix': 'hospital',
  // The system itself.
  'GET /api/directory/institutions':
    'integrator clinician primary-care prevention epidemiologist administrator auditor operator',
  'POST /api/directory/institutions': 'administrator',
  'GET /api/operations': 'auditor operator',
  'GET /api/operations/dead-letters': 'auditor operator',
  'POST /api/operations/consumers/:name/replay': 'operator',
  'POST /api/operations/audit/verify': 'auditor operator',
};

type Ask = (path: string, init?: RequestInit) => Promise<Response>;

describe('the whole platform', () => {
  let platform: TestPlatform;
  const people = new Map<string, Ask>();
  beforeAll(async () => {
    platform = await testPlatform();
    const hospital = await platform.hospital('GATE-1');
    people.set('hospital', hospital.fetch);
    // Somebody whom the demo's resident can be.
    await hospital.fetch('/fhir/Patient', {
      method: 'POST',
      headers: { 'content-type': 'application/fhir+json' },
      body: JSON.stringify({
        resourceType: 'Patient',
        identifier: [
          { system: 'urn:hospital:GATE-1', value: '1' },
          {
            system: 'urn:oid:2.16.156.10011.1.3',
            value: makeResidentNumber({ areaCode: '500999', birthDate: '1985-03-04', sequence: 1 }),
          },
        ],
        name: [{ text: '周明远' }],
        birthDate: '1985-03-04',
      }),
    });
    await platform.refreshDemo();
    people.set('nobody', (path, init) => fetch(`${platform.base}${path}`, init));
    for (const role of roles) people.set(role, await platform.staff(role));
  }, 240_000);
  afterAll(() => platform.close());

  const mounted = async (): Promise<string[]> => {
    const { paths } = (await (await fetch(`${platform.base}/openapi.json`)).json()) as {
      paths: Record<string, object>;
    };
    return Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1')}`),
    );
  };
  /** A request that gets through the door if it may, and does nothing behind it. */
  const request = (route: string): [path: string, init: RequestInit] => {
    const [method = '', pattern = ''] = route.split(' ');
    const type = pattern.startsWith('/documents') ? 'DiagnosticReport' : 'Patient';
    const path = pattern
      .replace(':kind', 'C0007')
      .replace(':type', type)
      .replace(':version', '1')
      .replace(/:(id|event|name|task|job|file)/g, 'x1');
    const asBytes = /^\/(hl7v2|documents)$/.test(pattern);
    const type_ = pattern.startsWith('/fhir') ? 'application/fhir+json' : 'application/json';
    const body =
      method === 'GET' || method === 'DELETE' || asBytes ? {} : { headers: { 'content-type': type_ }, body: '{}' };
    return [path, { method, redirect: 'manual', ...body }];
  };

  test('every mounted route is in the reviewed table, and nothing else is', async () => {
    expect((await mounted()).sort()).toEqual(Object.keys(reviewed).sort());
  });

  test('every route lets in exactly whom the table names, and refuses everybody else in the face’s own shape', async () => {
    const wrong: string[] = [];
    const refused: string[] = [];
    for (const [route, allowed] of Object.entries(reviewed))
      for (const [who, ask] of people) {
        // Staff do not press these: they would end their own session, or start the demo's clinic.
        if (allowed === 'all' && route.startsWith('POST') && who !== 'nobody') continue;
        const response = await ask(...request(route));
        const text = await response.text();
        const code = /HT-ACCESS-00[12]/.exec(text)?.[0];
        const said = `${who}: ${route} -> ${response.status} ${code ?? ''}`;
        if (allowed === 'all') {
          if (response.status >= 500 && route !== 'GET /') wrong.push(said);
          if (code && !(route === 'GET /api/session' && (who === 'nobody' || who === 'hospital'))) wrong.push(said);
        } else if (who === 'nobody') {
          if (response.status !== 401 || code !== 'HT-ACCESS-001') wrong.push(said);
        } else if (allowed.split(' ').includes(who)) {
          if (code || response.status === 401 || response.status >= 500) wrong.push(said);
        } else {
          refused.push(`${route}|${who}`);
          if (response.status !== 403 || code !== 'HT-ACCESS-002') wrong.push(said);
          if (route.includes('/fhir') !== text.includes('"OperationOutcome"')) wrong.push(`${said} has the other face`);
        }
      }
    expect(wrong).toEqual([]);
    expect(refused.length).toBeGreaterThan(300);
    const { rows } = await platform.pool.query<{ entry: string }>(
      `select what || '|' || case when role = 'client' then 'hospital' else role end as entry from audit.entry where action = 'refused' and ground = 'permission'`,
    );
    expect(rows.map(({ entry }) => entry).sort()).toEqual(refused.sort());
  });

  test('whoever may not use a route is told so before the body is looked at', async () => {
    const path = '/api/residents/search';
    const broken = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"query":' };
    expect((await (people.get('nobody') as Ask)(path, broken)).status).toBe(401);
    expect((await (people.get('operator') as Ask)(path, broken)).status).toBe(403);
    expect((await (people.get('clinician') as Ask)(path, broken)).status).toBe(400);
  });

  test('a change with a session cookie but without X-Hutong is refused: a foreign page may have sent it', async () => {
    const browser = new TestBrowser();
    await browser.logIn({ url: platform.base }, 'auditor', 'hutong-demo');
    expect((await browser.request(`${platform.base}/api/session`)).status).toBe(200);
    const url = `${platform.base}/api/operations/audit/verify`;
    for (const headers of [{}, { 'x-hutong': '0' }] as Record<string, string>[]) {
      const forged = await browser.request(url, { method: 'POST', headers });
      expect(forged.status).toBe(403);
      expect(await forged.json()).toMatchObject({ code: 'HT-ACCESS-004' });
    }
    expect((await browser.request(url, { method: 'POST', headers: { 'x-hutong': '1' } })).status).toBe(200);
  });

  test('every answer carries the security headers, errors and pages that do not exist as well', async () => {
    for (const path of [
      '/healthz',
      '/api/tour',
      '/api/inbox',
      '/fhir/metadata',
      '/fhir/Patient/x',
      '/nowhere/at/all',
      '/api/nothing',
    ]) {
      const { headers } = await fetch(`${platform.base}${path}`);
      expect(headers.get('x-content-type-options'), path).toBe('nosniff');
      expect(headers.get('x-frame-options'), path).toBe('DENY');
      expect(headers.get('referrer-policy'), path).toBe('no-referrer');
      expect(headers.get('content-security-policy'), path).toContain("default-src 'self'");
      expect(headers.get('cache-control'), path).toMatch(/no-store|no-cache/);
      expect(headers.get('x-trace-id'), path).toMatch(/^[0-9a-f-]{36}$/);
    }
  });

  test('/healthz says that the database answers, /metrics speaks Prometheus and names nobody', async () => {
    expect(await (await fetch(`${platform.base}/healthz`)).json()).toEqual({ status: 'ok' });
    const metrics = await fetch(`${platform.base}/metrics`);
    expect(metrics.headers.get('content-type')).toContain('version=0.0.4');
    const text = await metrics.text();
    for (const line of text.trim().split('\n'))
      expect(line).toMatch(/^(# (HELP|TYPE) hutong_\w+ .+|hutong_\w+(\{\w+="[\w-]+"\})? \d+(\.\d+)?)$/);
    expect(text).toContain('hutong_messages_total{outcome="taken"}');
  });
});

describe('a gateway with routes of its own', () => {
  const secret = '这句话不得离开';
  const doctor: Caller = {
    kind: 'staff',
    id: 'doctor',
    role: 'clinician',
    institution: 1,
    permissions: ['record.read'],
    scopes: [],
  };
  const config = readConfig([], { PORT: '1', HUTONG_DEMO: 'yes', LOG_LEVEL: 'silent' }, () => 'test-secret-'.repeat(4));
  let database: Awaited<ReturnType<typeof freshDatabase>>;
  const opened: FastifyInstance[] = [];
  beforeAll(async () => {
    database = await freshDatabase();
  });
  afterAll(async () => {
    for (const app of opened) await app.close();
    await database.drop();
  });

  const gateway = async (routes: Route[]): Promise<FastifyInstance> => {
    const app = await openGateway({
      config,
      committer: new GroupCommitter(database.pool),
      routes,
      authenticate: async () => ({ caller: doctor }),
      raw: [],
    });
    opened.push(app);
    return app;
  };
  const route = (more: Partial<Route> = {}): Route => ({
    method: 'GET',
    path: '/one',
    permission: 'record.read',
    summary: 'One',
    handle: async () => ({ body: { secret } }),
    ...more,
  });
  const look = { action: 'read' as const, what: 'one', ground: 'test' };
  const looking = route({
    handle: async (call) => {
      call.look(look);
      return { body: { secret } };
    },
  });

  test('a route that declares no permission, or one that nobody has, does not start', async () => {
    const { permission: _none, ...bare } = route();
    await expect(gateway([bare as Route])).rejects.toThrow('Route GET /one declares no permission');
    await expect(gateway([route({ permission: 'record.everything' as Route['permission'] })])).rejects.toThrow(
      'declares no permission',
    );
    await expect(gateway([route({ permission: '' as Route['permission'] })])).rejects.toThrow('declares no permission');
  });

  test('a route that is declared twice does not start', async () => {
    await expect(gateway([route(), route({ permission: 'public' })])).rejects.toThrow(
      'Route GET /one is declared twice',
    );
    await expect(gateway([route(), route({ method: 'POST' })])).resolves.toBeDefined();
  });

  test('a route about persons that forgets its audit entry answers 500, and nothing leaves', async () => {
    const answer = await (await gateway([route()])).inject('/one');
    expect(answer.statusCode).toBe(500);
    expect(answer.json()).toMatchObject({ code: 'HT-PLATFORM-002' });
    expect(answer.body).not.toContain(secret);
  });

  test('with the entry it answers, and the entry says who looked', async () => {
    const answer = await (await gateway([looking])).inject('/one');
    expect(answer.json()).toEqual({ secret });
    const { rows } = await database.pool.query(
      'select agent, role, institution, action, what, ground from audit.entry where trace = $1',
      [answer.headers['x-trace-id']],
    );
    expect(rows).toEqual([{ agent: 'staff doctor', role: 'clinician', institution: 1, ...look }]);
  });

  test('when the entry cannot be stored the answer is withheld', async () => {
    const app = await gateway([looking]);
    await database.pool.query('alter table audit.entry rename to entry_away');
    const answer = await app.inject('/one');
    await database.pool.query('alter table audit.entry_away rename to entry');
    expect(answer.statusCode).toBe(503);
    expect(answer.body).not.toContain(secret);
    expect((await app.inject('/one')).statusCode).toBe(200);
  });

  test('the OpenAPI page has exactly the mounted routes, each with its permission', async () => {
    const app = await gateway([
      route(),
      route({ method: 'DELETE' }),
      route({ path: '/two/:id', method: 'POST', permission: 'public' }),
    ]);
    await app.ready();
    const { paths } = app.swagger() as unknown as { paths: Record<string, Record<string, object>> };
    expect(
      Object.entries(paths)
        .flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method} ${path}`))
        .sort(),
    ).toEqual(['delete /one', 'get /one', 'post /two/{id}']);
    expect(paths['/one']?.get).toMatchObject({
      'x-permission': 'record.read',
      security: [{ token: [] }, { session: [] }],
    });
    expect(paths['/two/{id}']?.post).toMatchObject({ security: [] });
  });
});
