import { connect } from 'node:net';
import { target } from './fhir/wire.ts';

export type LoadResult = {
  done: number;
  seconds: number;
  perSecond: number;
  p50: number;
  p95: number;
  p99: number;
  errors: number;
};

const percentile = (sorted: number[], share: number): number =>
  Number((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(1));

export function summarise(latencies: number[], seconds: number, errors: number): LoadResult {
  const sorted = latencies.toSorted((a, b) => a - b);
  return {
    done: sorted.length,
    seconds: Number(seconds.toFixed(2)),
    perSecond: Math.round(sorted.length / seconds),
    p50: percentile(sorted, 0.5),
    p95: percentile(sorted, 0.95),
    p99: percentile(sorted, 0.99),
    errors,
  };
}

const accepts = ['MSA|AA', 'MSA|CA'];

/** Closed loop over `connections` MLLP sockets: each keeps `inFlight` messages unanswered. An answer other than AA or CA is an error. */
export async function mllpLoad(
  port: number,
  messages: Buffer[],
  connections: number,
  inFlight = 1,
): Promise<LoadResult> {
  const latencies: number[] = [];
  let errors = 0;
  let next = 0;
  const started = performance.now();
  await Promise.all(
    Array.from(
      { length: connections },
      () =>
        new Promise<void>((resolve, reject) => {
          const socket = connect(port, '127.0.0.1');
          socket.setNoDelay(true);
          const sent: number[] = [];
          let rest: Buffer = Buffer.alloc(0);
          const send = (): void => {
            while (sent.length < inFlight && next < messages.length) {
              sent.push(performance.now());
              socket.write(Buffer.concat([Buffer.of(0x0b), messages[next++] as Buffer, Buffer.of(0x1c, 0x0d)]));
            }
            if (sent.length === 0) {
              socket.end();
              resolve();
            }
          };
          socket
            .on('connect', send)
            .on('error', reject)
            .on('data', (chunk: Buffer) => {
              rest = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
              for (let end = rest.indexOf(0x1c); end >= 0; end = rest.indexOf(0x1c)) {
                if (!accepts.some((answer) => rest.subarray(0, end).includes(answer))) errors++;
                rest = rest.subarray(end + 2);
                latencies.push(performance.now() - (sent.shift() as number));
              }
              send();
            });
        }),
    ),
  );
  return summarise(latencies, (performance.now() - started) / 1000, errors);
}

/** Closed loop over `connections` HTTP requests; `request` makes the n-th one. */
export async function httpLoad(
  count: number,
  connections: number,
  request: (n: number) => Promise<Response>,
  good: (response: Response) => boolean,
): Promise<LoadResult> {
  const latencies: number[] = [];
  let errors = 0;
  let next = 0;
  const started = performance.now();
  await Promise.all(
    Array.from({ length: connections }, async () => {
      for (let n = next++; n < count; n = next++) {
        const from = performance.now();
        const response = await request(n);
        await response.arrayBuffer();
        latencies.push(performance.now() - from);
        if (!good(response)) errors++;
      }
    }),
  );
  return summarise(latencies, (performance.now() - started) / 1000, errors);
}

/**
 * The same with the lean client of `fhir/wire.ts`: a general client takes more of the shared cores than the server that is measured.
 * @param body of the n-th POST to `path`
 * @param to.session headers instead of a bearer token
 * @param onAnswer gets the body of each expected answer
 */
export async function postLoad(
  count: number,
  connections: number,
  { base, token = '', path, session = {} }: { base: string; token?: string; path: string; session?: object },
  body: (n: number) => object,
  status: number,
  onAnswer: (body: Buffer) => void = () => {},
): Promise<LoadResult> {
  const to = target(base, () => token);
  const headers = Object.entries(session)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('');
  const latencies: number[] = [];
  let errors = 0;
  let next = 0;
  const started = performance.now();
  await Promise.all(
    Array.from({ length: connections }, async () => {
      const connection = to.open();
      for (let n = next++; n < count; n = next++) {
        const answer = await connection.send('POST', path, { body: JSON.stringify(body(n)), headers });
        latencies.push(answer.ms);
        if (answer.status === status) onAnswer(answer.body);
        else errors++;
      }
      connection.close();
    }),
  );
  return summarise(latencies, (performance.now() - started) / 1000, errors);
}
