// The package ships no types; this is the part of it that this room uses (lib/provider.js of 9.13).
declare module 'oidc-provider' {
  import type { IncomingMessage, ServerResponse } from 'node:http';

  export type InteractionDetails = { uid: string; params: Record<string, unknown>; prompt: { name: string } };
  export type StoredClient = { clientId: string };
  export type Grant = { addOIDCScope(scope: string): void; save(): Promise<string> };
  export type Context = {
    type: string;
    body: unknown;
    status: number;
    headers: Record<string, string | undefined>;
    set(name: string, value: string): void;
    oidc: {
      provider: Provider;
      client?: StoredClient;
      params?: Record<string, unknown>;
      session?: { accountId?: string };
    };
  };

  export default class Provider {
    constructor(issuer: string, configuration: object);
    proxy: boolean;
    Grant: new (of: {
      clientId: string;
      accountId: string;
    }) => Grant;
    callback(): (request: IncomingMessage, response: ServerResponse) => Promise<void>;
    interactionDetails(request: IncomingMessage, response: ServerResponse): Promise<InteractionDetails>;
    interactionFinished(request: IncomingMessage, response: ServerResponse, result: object): Promise<void>;
    on(event: 'server_error', listener: (context: Context, error: Error) => void): this;
  }

  type OAuthError = new (description?: string, detail?: string) => Error;
  export const errors: Record<
    'InvalidClientAuth' | 'InvalidGrant' | 'InvalidScope' | 'InvalidTarget' | 'SessionNotFound',
    OAuthError
  >;
}
