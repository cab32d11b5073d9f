import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, TLSSocket, type TlsOptions } from 'node:tls';
import { MllpConnection } from './connection.ts';

export type MllpLimits = {
  /** Largest message in bytes; a larger one is answered AR and the connection closed, without keeping its bytes. */
  maxBytes: number;
  /** A connection with nothing under way is closed after this. */
  idleMs: number;
  /** A frame that has begun must be complete within this, however slowly its bytes drip in. */
  frameMs: number;
  /** Bytes of unfinished frames over all connections; the frame that goes beyond is refused like one that is too large. */
  maxHeldBytes: number;
  /** Messages of one connection waiting for their answer; reading pauses when they are as many. */
  maxPending: number;
  maxConnections: number;
};

export const mllpLimits: MllpLimits = {
  maxBytes: 32 * 1024 * 1024,
  idleMs: 600_000,
  frameMs: 120_000,
  maxHeldBytes: 256 * 1024 * 1024,
  maxPending: 256,
  maxConnections: 1000,
};

/**
 * Who is speaking; `id` counts from 1 per server. `certified`: the common name of the certificate that the peer has shown and an authority
 * of ours has signed; null where certificates are not asked for.
 */
export type MllpPeer = { id: number; remoteAddress: string; remotePort: number; certified: string | null };

export type MllpServerOptions = {
  host: string;
  /** 0 takes a free port; see `MllpServer.port`. */
  port: number;
  /** Other listeners of this program share the port; the kernel spreads the connections over them (SO_REUSEPORT). */
  shared?: boolean;
  limits?: Partial<MllpLimits>;
  /** Server certificate and key; `requestCert` and `ca` for node authentication. Absent: plain TCP. */
  tls?: TlsOptions;
  /** The answer to one message (bare, unframed). A rejection is answered with `refusal`. */
  onMessage: (bytes: Buffer, peer: MllpPeer) => Promise<Buffer>;
  /** The answer when `onMessage` rejected, or the message was too large (then only its beginning is given). */
  refusal: (beginning: Buffer, reason: 'too-large' | 'failed') => Buffer;
  /** For counters and logs; never given any content. */
  onNotice?: (notice: MllpNotice, peer: MllpPeer) => void;
};

export type MllpNotice = 'connected' | 'closed' | 'garbage' | 'truncated' | 'oversize' | 'idle' | 'failed';

export type MllpServer = {
  port: number;
  /** Open connections. */
  connections: () => number;
  /** Stops listening and reading, answers what is under way, then closes; connections left after `graceMs` are cut. */
  close: (graceMs?: number) => Promise<void>;
};

/** Bytes of unfinished frames that all connections of a server hold together. */
export type Budget = { held: number };

/** '' where an authority signed a certificate without exactly one common name: nobody is called that. */
function nameOf(socket: Socket): string | null {
  if (!(socket instanceof TLSSocket) || !socket.authorized) return null;
  const name: unknown = socket.getPeerCertificate().subject?.CN;
  return typeof name === 'string' ? name : '';
}

/** Listens and answers in order per connection. Resolves when it listens, rejects when it cannot. */
export async function createMllpServer(options: MllpServerOptions): Promise<MllpServer> {
  const limits = { ...mllpLimits, ...options.limits };
  const open = new Set<MllpConnection>();
  const budget: Budget = { held: 0 };
  let counter = 0;
  const accept = (socket: Socket): void => {
    counter += 1;
    const peer = {
      id: counter,
      remoteAddress: socket.remoteAddress ?? '',
      remotePort: socket.remotePort ?? 0,
      certified: nameOf(socket),
    };
    const connection = new MllpConnection(socket, peer, limits, budget, options, () => open.delete(connection));
    open.add(connection);
    options.onNotice?.('connected', peer);
  };
  const server: Server = options.tls
    ? createTlsServer({ allowHalfOpen: true, ...options.tls }, accept)
    : createServer({ noDelay: true, allowHalfOpen: true }, accept);
  server.maxConnections = limits.maxConnections;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port: options.port, host: options.host, reusePort: options.shared === true }, () => {
      server.off('error', reject);
      resolve();
    });
  });
  // After listening, an error is one failed accept (too many open files): the next one may work.
  server.on('error', () => undefined);
  // A handshake that fails is over; the next sender may do better.
  server.on('tlsClientError', (_error: Error, socket: Socket) => socket.destroy());
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : options.port,
    connections: () => open.size,
    close: async (graceMs = 5000) => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      await Promise.all([...open].map((connection) => connection.finish(graceMs)));
      await closed;
    },
  };
}
