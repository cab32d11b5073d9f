import { existsSync } from 'node:fs';
import type fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { errorBody } from '../gateway.ts';

/** Hands out the built console: hashed files for ever, the page itself fresh; every path that is no file and no API is the page. */
export async function serveConsole(app: FastifyInstance, plugin: typeof fastifyStatic, folder: string): Promise<void> {
  const built = existsSync(`${folder}/index.html`);
  if (built)
    await app.register(plugin, {
      root: folder,
      wildcard: true,
      index: false,
      cacheControl: false,
      setHeaders: (reply, path) => {
        reply.header('cache-control', path.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache');
      },
    });
  const face = /^\/(api|fhir|oidc|hl7v2|documents|login|metrics|healthz|openapi\.json)(\/|$)/;
  app.get('/', (_request, reply) => page(reply));
  app.get('/openapi.json', (_request, reply) => reply.send(app.swagger()));
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?')[0] ?? '';
    if (request.method !== 'GET' || face.test(path) || /\.\w+$/.test(path))
      return reply
        .status(404)
        .send(errorBody(path.startsWith('/fhir') ? 'fhir' : 'api', { refusal: 'HT-INPUT-004' }, request.id));
    return page(reply);
  });
  const page = (reply: import('fastify').FastifyReply) =>
    built
      ? reply.header('cache-control', 'no-cache').sendFile('index.html')
      : reply
          .status(503)
          .type('text/plain; charset=utf-8')
          .send('The console is not built yet: npm start builds it.\n');
}
