import { existsSync } from 'node:fs';
import type fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { errorBody } from '../gateway.ts';

/**
 * Hands out the built web applications: the console at `/`, the resident's at `/resident/`. Hashed files for ever, pages and the service worker
 * fresh; every path that is no file and no API is the page of the application it lies under.
 */
export async function serveWeb(
  app: FastifyInstance,
  plugin: typeof fastifyStatic,
  folders: { console: string; resident: string },
): Promise<void> {
  const built = (folder: string): boolean => existsSync(`${folder}/index.html`);
  const hand = async (root: string, prefix: string): Promise<void> => {
    await app.register(plugin, {
      root,
      prefix,
      decorateReply: prefix === '/',
      wildcard: true,
      index: false,
      cacheControl: false,
      setHeaders: (reply, path) => {
        reply.header('cache-control', path.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache');
      },
    });
  };
  const hasConsole = built(folders.console);
  const hasResident = built(folders.resident);
  if (hasConsole) await hand(folders.console, '/');
  if (hasResident) await hand(folders.resident, '/resident/');
  const face = /^\/(api|fhir|oidc|hl7v2|documents|login|metrics|healthz|openapi\.json)(\/|$)/;
  app.get('/', (_request, reply) => page(reply, false));
  app.get('/openapi.json', (_request, reply) => reply.send(app.swagger()));
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?')[0] ?? '';
    // A file that is not there; but ids of signals and cards have dots too, and who opens one asks for a page.
    const file = /\.\w+$/.test(path) && !request.headers.accept?.includes('text/html');
    if (request.method !== 'GET' || face.test(path) || file)
      return reply
        .status(404)
        .send(errorBody(path.startsWith('/fhir') ? 'fhir' : 'api', { refusal: 'HT-INPUT-004' }, request.id));
    return page(reply, /^\/resident(\/|$)/.test(path));
  });
  const page = (reply: FastifyReply, resident: boolean) => {
    if (resident ? !hasResident : !hasConsole)
      return reply
        .status(503)
        .type('text/plain; charset=utf-8')
        .send('The web pages are not built yet: npm start builds them.\n');
    return reply
      .header('cache-control', 'no-cache')
      .sendFile('index.html', resident ? folders.resident : folders.console);
  };
}
