import type { IncomingMessage, ServerResponse } from 'node:http';
import type Provider from 'oidc-provider';
import type { RawMount } from '../gateway.ts';
import { languageOfRequest, sendPage } from './interaction.ts';
import { pageAssets } from './page-assets.ts';
import { failurePage } from './pages.ts';

export type MountOptions = {
  publicUrl: string;
  provider: Provider;
  interaction(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void>;
  onFailure(error: Error): void;
};

const metadata = '/.well-known/oauth-authorization-server';

/** The provider below `/oidc`, the password page inside it, and its metadata where RFC 8414 section 3.1 looks for an issuer with a path. */
export function mountProvider({ publicUrl, provider, interaction, onFailure }: MountOptions): RawMount[] {
  const home = new URL(publicUrl);
  const callback = provider.callback();
  const assetOf = pageAssets();

  async function serve(
    request: IncomingMessage & { originalUrl?: string },
    response: ServerResponse,
    path: string,
  ): Promise<void> {
    for (const [name, value] of [
      ['x-content-type-options', 'nosniff'],
      ['x-frame-options', 'DENY'],
      ['referrer-policy', 'same-origin'],
    ] as const)
      response.setHeader(name, value);
    // Addresses that the provider writes (its endpoints, the audience of assertions) are the public ones, whatever name or proxy was used.
    request.headers.host = home.host;
    request.headers['x-forwarded-proto'] = home.protocol.slice(0, -1);
    delete request.headers['x-forwarded-host'];
    request.originalUrl = `/oidc${path}`;
    request.url = path;
    const url = new URL(path, home);
    const asset = request.method === 'GET' || request.method === 'HEAD' ? assetOf(url.pathname) : null;
    if (asset) {
      response.writeHead(200, {
        'content-type': asset.type,
        'cache-control': 'public, max-age=86400',
        'content-length': asset.body.length,
      });
      response.end(request.method === 'HEAD' ? undefined : asset.body);
      return;
    }
    if (url.pathname.startsWith('/interaction/')) return interaction(request, response, url);
    // Every login stands alone: on a shared workstation the person before must not be logged in again silently.
    if (/^\/auth(\/|$)/i.test(url.pathname) && request.headers.cookie)
      request.headers.cookie = request.headers.cookie
        .split(';')
        .filter((cookie) => !/^\s*_session(\.sig)?=/.test(cookie))
        .join(';');
    await callback(request, response);
  }

  const handle = (request: IncomingMessage, response: ServerResponse, path: string): void => {
    serve(request, response, path).catch((error: Error) => {
      onFailure(error);
      if (response.headersSent) response.destroy();
      else sendPage(response, 503, failurePage(languageOfRequest(request), 'storage'));
    });
  };
  return [
    {
      prefix: '/oidc',
      handle: (request, response) => handle(request, response, (request.url ?? '').slice('/oidc'.length) || '/'),
    },
    { prefix: `${metadata}/oidc`, handle: (request, response) => handle(request, response, metadata) },
  ];
}
