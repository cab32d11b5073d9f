import { readFileSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { type AnswerReader, readAnswer } from './answer-reader.ts';

export type Answer = { status: number; headers: string; body: Buffer; firstByteMs: number; ms: number };
/** One keep-alive connection: one request at a time. */
export type Connection = {
  send(
    method: string,
    path: string,
    /** `headers` as lines with their ends; `sink` takes the body's bytes as they come instead of gathering them. */
    more?: { body?: string | undefined; headers?: string | undefined; sink?: (bytes: Buffer) => void },
  ): Promise<Answer>;
  close(): void;
};

/** A server to be measured: any FHIR base address, with a bearer token or without. */
export type Target = {
  /** The base's path without a slash at the end, e.g. '/fhir'. */
  path: string;
  base: URL;
  open(): Connection;
  /** A path and query under the base, from whatever address the server hands out. */
  under(address: string): string;
};

/** Reads a token from a file at every request that the file changed for: a script beside may keep it fresh. */
export function tokenFrom(file: string | undefined): () => string {
  let seen = 0;
  let token = '';
  return () => {
    if (!file) return '';
    const { mtimeMs } = statSync(file);
    if (mtimeMs !== seen) {
      token = readFileSync(file, 'utf8').trim();
      seen = mtimeMs;
    }
    return token;
  };
}

/**
 * HTTP/1.1 with as little work as it can be done with: the load generator runs on the cores that it measures, and a general client takes
 * more of them than a fast server does.
 * @param token asked for at each request; empty: none is sent
 */
export function target(address: string, token: () => string): Target {
  const base = new URL(address);
  const path = base.pathname.replace(/\/$/, '');
  return {
    base,
    path,
    open: () => openConnection(base, token),
    under(given) {
      const url = new URL(given, `${base.origin}${path}/`);
      const from = url.pathname + url.search;
      return from.startsWith(`${path}/`) ? from.slice(path.length) : from;
    },
  };
}

type Waiting = {
  resolve(answer: Answer): void;
  reject(error: Error): void;
  reader: AnswerReader;
  parts: Buffer[];
  sentAt: number;
  firstAt: number;
};

function openConnection(base: URL, token: () => string): Connection {
  const secure = base.protocol === 'https:';
  const port = Number(base.port || (secure ? 443 : 80));
  const path = base.pathname.replace(/\/$/, '');
  const socket = secure
    ? connectTls({ host: base.hostname, port, servername: base.hostname })
    : connect(port, base.hostname);
  socket.setNoDelay(true);
  let waiting: Waiting | undefined;
  let broken: Error | undefined;
  const fail = (error: Error): void => {
    broken = error;
    waiting?.reject(error);
    waiting = undefined;
  };
  socket.on('error', fail).on('close', () => fail(new Error('the server closed the connection')));
  socket.on('data', (chunk: Buffer) => {
    if (!waiting) return;
    if (waiting.firstAt === 0) waiting.firstAt = performance.now();
    if (!waiting.reader.push(chunk)) return;
    const { resolve, reader, parts, sentAt, firstAt } = waiting;
    waiting = undefined;
    resolve({
      status: reader.status,
      headers: reader.headers,
      body: parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts),
      firstByteMs: firstAt - sentAt,
      ms: performance.now() - sentAt,
    });
  });
  return {
    send(method, under, { body, headers = '', sink } = {}) {
      const bearer = token();
      const content =
        body === undefined
          ? ''
          : `content-type: application/fhir+json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n`;
      const head = `${method} ${path}${under} HTTP/1.1\r\nhost: ${base.host}\r\n${/^accept:/i.test(headers) ? '' : 'accept: application/fhir+json\r\n'}${bearer ? `authorization: Bearer ${bearer}\r\n` : ''}${content}${headers}\r\n`;
      return new Promise((resolve, reject) => {
        if (broken) return reject(broken);
        const parts: Buffer[] = [];
        const reader = readAnswer(sink ?? ((bytes) => void parts.push(bytes)));
        waiting = { resolve, reject, reader, parts, sentAt: performance.now(), firstAt: 0 };
        socket.write(body === undefined ? head : head + body);
      });
    },
    close: () => void socket.destroy(),
  };
}

export const headerOf = ({ headers }: Answer, name: string): string | undefined =>
  new RegExp(`\\r\\n${name}: *([^\\r\\n]+)`, 'i').exec(headers)?.[1];
