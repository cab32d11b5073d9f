import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { WebSocket } from 'ws';

type Part = { name: string; part?: Part[]; [value: string]: unknown };
/** A notification, taken apart. */
export type Heard = {
  kind: string;
  status: string;
  total: number;
  events: { number: number; focus: string | null }[];
  resources: Record<string, unknown>[];
  requests: string[];
  headers: IncomingHttpHeaders;
  text: string;
};

export function readNotification(text: string, headers: IncomingHttpHeaders = {}): Heard {
  const bundle = JSON.parse(text) as {
    type: string;
    entry: { resource?: Record<string, unknown>; request: { method: string } }[];
  };
  if (bundle.type !== 'history') throw new Error(`a notification is a history, not ${bundle.type}`);
  const [first, ...rest] = bundle.entry;
  const parts = first?.resource?.parameter as Part[];
  const value = (list: Part[], name: string, type: string): unknown => list.find((one) => one.name === name)?.[type];
  return {
    kind: value(parts, 'type', 'valueCode') as string,
    status: value(parts, 'status', 'valueCode') as string,
    total: Number(value(parts, 'events-since-subscription-start', 'valueString')),
    events: parts
      .filter(({ name }) => name === 'notification-event')
      .map(({ part = [] }) => ({
        number: Number(value(part, 'event-number', 'valueString')),
        focus:
          (value(part, 'focus', 'valueReference') as { reference: string } | undefined)?.reference.split('/fhir/')[1] ??
          null,
      })),
    resources: rest.flatMap(({ resource }) => (resource ? [resource] : [])),
    requests: rest.map(({ request }) => request.method),
    headers,
    text,
  };
}

/** A real endpoint: what it heard, and what it answers. */
export type Receiver = {
  url: string;
  origin: string;
  heard: Heard[];
  raw: string[];
  answer(status: number): void;
  close(): Promise<void>;
};

export async function openReceiver(): Promise<Receiver> {
  const heard: Heard[] = [];
  const raw: string[] = [];
  let status = 200;
  const server: Server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      raw.push(body);
      if (status === 200 && body.startsWith('{')) heard.push(readNotification(body, request.headers));
      response.writeHead(status, { location: '/elsewhere' }).end();
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as { port: number };
  const origin = `http://127.0.0.1:${port}`;
  return {
    origin,
    url: `${origin}/hook?for=us`,
    heard,
    raw,
    answer: (next) => {
      status = next;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

export async function until<T>(what: () => T | undefined | false | null, ms = 15_000): Promise<T> {
  for (const end = Date.now() + ms; Date.now() < end; ) {
    const found = what();
    if (found) return found;
    await new Promise((done) => setTimeout(done, 25));
  }
  throw new Error(`nothing came within ${ms} ms`);
}

export async function openSocket(
  url: string,
  token: string,
): Promise<{ heard: Heard[]; closed: () => number | null; close(): void }> {
  const heard: Heard[] = [];
  let closed: number | null = null;
  const socket = new WebSocket(url);
  socket.on('message', (data) => heard.push(readNotification(String(data))));
  socket.on('close', (code) => {
    closed = code;
  });
  await new Promise((done, fail) => socket.once('open', done).once('error', fail));
  socket.send(`bind-with-token ${token}`);
  return { heard, closed: () => closed, close: () => socket.close() };
}

const extension = (name: string, value: object): object => ({
  url: `http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/backport-${name}`,
  ...value,
});

export type Wanted = {
  topic?: string;
  filters?: string[];
  channel?: 'rest-hook' | 'websocket';
  endpoint?: string;
  content?: string;
  header?: string[];
  heartbeat?: number;
  maxCount?: number;
  timeout?: number;
  payload?: string;
  more?: object;
};

const settingsOf = ({ heartbeat, timeout, maxCount }: Wanted): object[] => [
  ...(heartbeat === undefined ? [] : [extension('heartbeat-period', { valueUnsignedInt: heartbeat })]),
  ...(timeout === undefined ? [] : [extension('timeout', { valueUnsignedInt: timeout })]),
  ...(maxCount === undefined ? [] : [extension('max-count', { valuePositiveInt: maxCount })]),
];

export const subscriptionOf = (
  wanted: Wanted,
  settings = settingsOf(wanted),
): { resourceType: string; [element: string]: unknown } => ({
  resourceType: 'Subscription',
  status: 'requested',
  reason: 'test',
  criteria: wanted.topic ?? 'urn:hutong:topic:record-changed',
  ...(wanted.filters?.length && {
    _criteria: { extension: wanted.filters.map((valueString) => extension('filter-criteria', { valueString })) },
  }),
  channel: {
    ...(settings.length > 0 && { extension: settings }),
    type: wanted.channel ?? 'rest-hook',
    ...(wanted.endpoint && { endpoint: wanted.endpoint }),
    payload: wanted.payload ?? 'application/fhir+json',
    _payload: { extension: [extension('payload-content', { valueCode: wanted.content ?? 'id-only' })] },
    ...(wanted.header && { header: wanted.header }),
  },
  ...wanted.more,
});
