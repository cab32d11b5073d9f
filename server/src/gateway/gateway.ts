import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import swagger from '@fastify/swagger';
import { type ErrorCode, errors } from '@hutong/contract/errors.ts';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest, LogController } from 'fastify';
import { type Caller, may, permissions } from '../core/access/index.ts';
import { type AuditEntry, auditWriter } from '../core/audit/index.ts';
import type { Config } from '../kit/config.ts';
import { isDatabaseAway } from '../kit/database-away.ts';
import { type GroupCommitter, Unit } from '../kit/group-commit.ts';
import { sessionCookie } from './login/sessions.ts';
import { type Call, isRefusal, personalPermissions, type Refusal, type Reply, type Route } from './route.ts';

export type Authenticate = (request: {
  headers: Record<string, string | undefined>;
  method: string;
  path: string;
}) => Promise<{ caller: Caller | null } | { refusal: ErrorCode }>;
/** A handler below a path that speaks Node's own HTTP (the OpenID provider). */
export type RawMount = { prefix: string; handle(request: IncomingMessage, response: ServerResponse): void };

export type GatewayOptions = {
  config: Config;
  committer: GroupCommitter;
  routes: Route[];
  authenticate: Authenticate;
  raw: RawMount[];
};

/** The error's shape on the two faces: ours, and FHIR's OperationOutcome around it. */
export function errorBody(face: 'api' | 'fhir', refusal: Refusal, traceId: string): object {
  const row = errors[refusal.refusal];
  const zh = refusal.detail?.zh ?? row.zh;
  const en = refusal.detail?.en ?? row.en;
  if (face === 'fhir') {
    const extra = (refusal.extra as { issue?: object[] } | undefined)?.issue;
    const kind =
      {
        401: 'login',
        403: 'forbidden',
        404: 'not-found',
        409: 'conflict',
        410: 'deleted',
        412: 'conflict',
        413: 'too-long',
        422: 'processing',
        429: 'throttled',
        503: 'transient',
      }[row.status as number] ?? 'invalid';
    return {
      resourceType: 'OperationOutcome',
      issue: extra ?? [
        {
          severity: 'error',
          code: kind,
          details: { coding: [{ system: 'urn:hutong:error', code: refusal.refusal }], text: zh },
          diagnostics: `${en} [${traceId}]`,
        },
      ],
    };
  }
  return {
    code: refusal.refusal,
    zh,
    en,
    ...('fixZh' in row && { fix: { zh: row.fixZh, en: 'fixEn' in row ? row.fixEn : '' } }),
    traceId,
    ...refusal.extra,
  };
}

/** Node joins repeated headers of a request itself, Set-Cookie apart, which no request carries. */
const headersOf = (request: FastifyRequest): Record<string, string | undefined> =>
  request.headers as Record<string, string | undefined>;

/** Said with every answer; what a page sets itself stands. */
const contentPolicy =
  "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; font-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

/** Refuses to start with a route that nobody has said who may use. */
function checkRoutes(routes: Route[]): void {
  const seen = new Set<string>();
  for (const { method, path, permission } of routes) {
    if (permission !== 'public' && !(permissions as readonly string[]).includes(permission))
      throw new Error(`Route ${method} ${path} declares no permission; name one of core/access or 'public'`);
    if (seen.has(`${method} ${path}`)) throw new Error(`Route ${method} ${path} is declared twice`);
    seen.add(`${method} ${path}`);
  }
}

export async function openGateway({
  config,
  committer,
  routes,
  authenticate,
  raw,
}: GatewayOptions): Promise<FastifyInstance> {
  checkRoutes(routes);
  const app = fastify({
    // What is logged is written in one place below: methods, route patterns, status and time; never a URL's values, a body, a name or an id.
    logger: { level: config.logLevel },
    logController: new LogController({ disableRequestLogging: true }),
    // The trace is written where a line is: a logger of its own for every request is not needed.
    childLoggerFactory: (logger) => logger,
    genReqId: () => randomUUID(),
    bodyLimit: config.maxBodyBytes,
    requestTimeout: 120_000,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 200 },
    serverFactory: (handler: (request: IncomingMessage, response: ServerResponse) => void) =>
      createServer((request, response) => {
        const mount = raw.find(({ prefix }) => request.url === prefix || request.url?.startsWith(`${prefix}/`));
        if (mount) mount.handle(request, response);
        else handler(request, response);
      }),
  });
  // Hooks that wait for nothing end by their callback: a promise for each is a tenth of what a read by id takes here.
  app.addHook('onSend', (request, reply, payload, done) => {
    reply
      .header('x-content-type-options', 'nosniff')
      .header('referrer-policy', 'no-referrer')
      .header('x-frame-options', 'DENY')
      .header('x-trace-id', request.id);
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store');
    if (!reply.hasHeader('content-security-policy')) reply.header('content-security-policy', contentPolicy);
    done(null, payload);
  });
  const isTold = ['trace', 'debug', 'info'].includes(config.logLevel);
  app.addHook('onResponse', (request, reply, done) => {
    if (!isTold) return done();
    app.log.info(
      {
        method: request.method,
        route: request.routeOptions?.url ?? 'none',
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime),
        trace: request.id,
      },
      'request',
    );
    done();
  });
  const send = (reply: FastifyReply, face: 'api' | 'fhir', refusal: Refusal, trace: string): FastifyReply =>
    reply
      .status(errors[refusal.refusal].status)
      .type(face === 'fhir' ? 'application/fhir+json; charset=utf-8' : 'application/json; charset=utf-8')
      .send(errorBody(face, refusal, trace));
  app.setErrorHandler(
    (
      error: { statusCode?: number; validation?: { instancePath: string; message?: string }[]; code?: string },
      request,
      reply,
    ) => {
      const face = (request.routeOptions?.config as { face?: 'api' | 'fhir' } | undefined)?.face ?? 'api';
      if (error.validation) {
        const places = error.validation
          .map(({ instancePath, message }) => `${instancePath || '/'} ${message ?? ''}`.trim())
          .join('; ');
        return send(
          reply,
          face,
          {
            refusal: 'HT-INPUT-001',
            detail: { zh: `请求内容不符合要求：${places}`, en: `The request is not valid: ${places}` },
          },
          request.id,
        );
      }
      if (error.statusCode === 413) return send(reply, face, { refusal: 'HT-INPUT-002' }, request.id);
      if (error.statusCode === 415) return send(reply, face, { refusal: 'HT-INPUT-003' }, request.id);
      if (error.statusCode !== undefined && error.statusCode < 500)
        return send(reply, face, { refusal: 'HT-INPUT-001' }, request.id);
      // The kind and place of the failure; a database's or parser's message may quote data.
      request.log.error(
        {
          kind: (error as Error).name,
          code: error.code,
          at: (error as Error).stack?.split('\n').slice(1, 4),
          trace: request.id,
        },
        'failure',
      );
      return send(reply, face, { refusal: isDatabaseAway(error) ? 'HT-PLATFORM-001' : 'HT-PLATFORM-002' }, request.id);
    },
  );
  await app.register(swagger, {
    openapi: {
      info: {
        title: 'Hutong 互通',
        version: config.version,
        description: 'Made from the routes that are mounted.',
        license: { name: 'Apache-2.0' },
      },
      components: {
        securitySchemes: {
          token: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
          session: { type: 'apiKey', in: 'cookie', name: sessionCookie },
        },
      },
    },
  });

  app.removeContentTypeParser(['application/json', 'text/plain']);
  app.addContentTypeParser(/^application\/(.+\+)?json/, { parseAs: 'buffer' }, (request, body, done) => {
    if ((request.routeOptions.config as { takes?: string }).takes === 'bytes') return done(null, body);
    try {
      done(null, body.length === 0 ? undefined : JSON.parse(body.toString()));
    } catch {
      done(Object.assign(new Error('not JSON'), { statusCode: 400 }));
    }
  });
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (request, body, done) => {
    if ((request.routeOptions.config as { takes?: string }).takes === 'bytes' || body.length === 0)
      return done(null, body);
    done(Object.assign(new Error('content type'), { statusCode: 415 }));
  });

  // A place in the request itself: a map beside it costs the garbage collector a look at each.
  app.decorateRequest('caller', null);
  const asking = (request: FastifyRequest): { caller: Caller | null } =>
    request as unknown as { caller: Caller | null };
  for (const route of routes) mount(route);

  function mount(route: Route): void {
    const face = route.face ?? 'api';
    app.route({
      method: route.method,
      url: route.path,
      config: { face, takes: route.takes ?? 'json' },
      schema: {
        summary: route.summary,
        ...route.schema,
        ...(route.permission === 'public'
          ? { security: [] }
          : { security: [{ token: [] }, { session: [] }], 'x-permission': route.permission }),
      },
      // Before the body is read: whoever may not use the route neither fills the memory nor learns what the route would have asked for.
      onRequest: async (request, reply) => {
        const who = await authenticate({ headers: headersOf(request), method: request.method, path: route.path });
        if ('refusal' in who) return send(reply, face, who, request.id);
        const { caller } = who;
        asking(request).caller = caller;
        if (route.permission === 'public') return;
        if (!caller) return send(reply, face, { refusal: 'HT-ACCESS-001' }, request.id);
        if (!may(caller, route.permission)) {
          await committer.commit(
            new Unit().add(auditWriter, [
              entry(caller, request.id, {
                action: 'refused',
                what: `${route.method} ${route.path}`,
                ground: 'permission',
              }),
            ]),
          );
          return send(reply, face, { refusal: 'HT-ACCESS-002' }, request.id);
        }
      },
      handler: async (request, reply) => {
        const headers = headersOf(request);
        const caller = asking(request).caller;
        const looks: AuditEntry[] = [];
        let noted = false;
        const call: Call = {
          caller,
          params: request.params as Record<string, string>,
          query: request.query as Record<string, string>,
          rawQuery: request.url.includes('?') ? request.url.slice(request.url.indexOf('?') + 1) : '',
          headers,
          body: request.body,
          trace: request.id,
          now: Date.now(),
          origin: config.publicUrl,
          look: (what) => looks.push(entry(caller, request.id, what)),
          lookIn(unit, what) {
            unit.add(auditWriter, [entry(caller, request.id, what)]);
            noted = true;
          },
        };
        const answer = await route.handle(call);
        if (looks.length > 0) {
          const kept = await committer.commit(new Unit().add(auditWriter, looks));
          if (!kept.ok) return send(reply, face, { refusal: 'HT-PLATFORM-001' }, request.id);
        } else if (personalPermissions.has(route.permission) && !route.impersonal && !noted && !isRefusal(answer)) {
          throw new Error(`Route ${route.method} ${route.path} answered about a person without an audit entry`);
        }
        if (isRefusal(answer)) return send(reply, face, answer, request.id);
        return respond(reply, face, answer);
      },
    });
  }

  function respond(reply: FastifyReply, face: 'api' | 'fhir', { status, headers, body }: Reply): FastifyReply {
    reply.status(status ?? 200);
    for (const [name, value] of Object.entries(headers ?? {})) reply.header(name, value);
    if (body === undefined) return reply.send();
    if (!reply.hasHeader('content-type'))
      reply.type(face === 'fhir' ? 'application/fhir+json; charset=utf-8' : 'application/json; charset=utf-8');
    // A string or stream is a prepared text: bytes out untouched.
    return reply.send(
      typeof body === 'string' || Buffer.isBuffer(body) || typeof (body as { pipe?: unknown }).pipe === 'function'
        ? body
        : JSON.stringify(body),
    );
  }

  return app;
}

const entry = (
  caller: Caller | null,
  trace: string,
  what: Omit<AuditEntry, 'at' | 'agent' | 'role' | 'institution' | 'trace'>,
): AuditEntry => ({
  ...what,
  at: Date.now(),
  agent: caller ? `${caller.kind} ${caller.id}` : 'nobody',
  role: caller?.role ?? 'none',
  institution: caller?.institution ?? null,
  trace,
});
