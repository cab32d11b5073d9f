import { setTimeout as wait } from 'node:timers/promises';
import { MllpClient } from '../../server/src/border/hl7v2/index.ts';
import type { Message, Story } from './stories.ts';

export const keyOf = ({ protocol, hospital, controlId }: Message): string => `${protocol}|${hospital}|${controlId}`;

export type SendersOptions = {
  base: string;
  mllpPort: number;
  /** A bearer token of a hospital's client. */
  token(hospital: string): Promise<string>;
  nextStory(): Story;
  random(): number;
  connections: number;
  /** Pause of each loop after an answer, so that a long run stays of a size that can be compared at its end. */
  pauseMs: number;
};

export type Senders = {
  /** Every message of every story that was begun, in story order. */
  readonly stories: Story[];
  /** What was answered with AA, AE or 2xx: the sender may forget these. */
  readonly acknowledged: Map<string, string>;
  readonly counters: { sent: number; refused: number; differing: number; unexpected: string[] };
  /** Messages on their way at this moment: whether they were taken, the sender cannot know. */
  underWay(): string[];
  /** Resolves at the next acknowledgement. */
  nextAcknowledgement(): Promise<void>;
  /** Begins no new story, and resolves when everything begun is acknowledged. */
  finish(): Promise<void>;
  /** Gives up. */
  abort(): void;
};

const windowSize = 80;
const duplicateShare = 0.1;

/**
 * Hospitals that never give up: what is not answered, or refused with AR or 503, is sent again with the same control id. HL7 v2 messages
 * leave in any order and some twice, over several sockets; bundles leave in order, person by person.
 */
export function startSenders(options: SendersOptions): Senders {
  const { random, pauseMs } = options;
  const stories: Story[] = [];
  const acknowledged = new Map<string, string>();
  const counters = { sent: 0, refused: 0, differing: 0, unexpected: [] as string[] };
  const flying = new Map<string, number>();
  const waiters: (() => void)[] = [];
  let finishing = false;
  let aborted = false;
  const pool: Message[] = [];
  const bundles: Message[][] = [];

  const begin = (): void => {
    const story = options.nextStory();
    stories.push(story);
    for (const message of story.hl7) {
      pool.push(message);
      if (random() < duplicateShare) pool.push(message);
    }
    if (story.fhir.length > 0)
      bundles.push(random() < duplicateShare ? [...story.fhir, story.fhir[0] as Message] : story.fhir);
  };
  const nextMessage = (): Message | undefined => {
    while (!finishing && pool.length < windowSize && bundles.length < 60) begin();
    const [message] = pool.splice(Math.floor(random() * pool.length), 1);
    return message;
  };

  const answered = (message: Message, answer: string): void => {
    const before = acknowledged.get(keyOf(message));
    if (before !== undefined && before !== answer) counters.differing++;
    acknowledged.set(keyOf(message), answer);
    for (const wake of waiters.splice(0)) wake();
  };

  const deliver = async (message: Message, attempt: () => Promise<string | null>): Promise<void> => {
    const key = keyOf(message);
    flying.set(key, (flying.get(key) ?? 0) + 1);
    try {
      while (!aborted) {
        counters.sent++;
        const answer = await attempt();
        if (answer !== null) {
          answered(message, answer);
          return;
        }
        counters.refused++;
        await wait(50 + random() * 200);
      }
    } finally {
      const left = (flying.get(key) ?? 1) - 1;
      if (left > 0) flying.set(key, left);
      else flying.delete(key);
    }
  };

  const mllpLoop = async (client: MllpClient): Promise<void> => {
    while (!aborted) {
      const message = nextMessage();
      if (!message) {
        // Everything begun has left; or the bundles lag behind, and are waited for.
        if (finishing) return;
        await wait(20);
        continue;
      }
      await deliver(message, async () => {
        const answer = (await client.send(message.bytes)).toString();
        const code = /^MSA\|(\w\w)/m.exec(answer.replaceAll('\r', '\n'))?.[1];
        if (code === 'AR') return null;
        if (code !== (message.held ? 'AE' : 'AA')) counters.unexpected.push(`${keyOf(message)}: ${code}`);
        return answer;
      });
      await wait(pauseMs * random() * 2);
    }
  };

  const tokens = new Map<string, Promise<string>>();
  const tokenOf = (hospital: string): Promise<string> => {
    const known = tokens.get(hospital) ?? options.token(hospital);
    tokens.set(hospital, known);
    known.catch(() => tokens.delete(hospital));
    return known;
  };
  const postBundle = async (message: Message): Promise<string | null> => {
    try {
      const response = await fetch(`${options.base}/fhir`, {
        method: 'POST',
        body: message.bytes as never,
        signal: AbortSignal.timeout(15_000),
        headers: {
          'content-type': 'application/fhir+json',
          'x-request-id': message.controlId,
          authorization: `Bearer ${await tokenOf(message.hospital)}`,
        },
      });
      const text = await response.text();
      if (response.ok) return text;
      if (response.status === 401) tokens.delete(message.hospital);
      else if (response.status !== 503)
        counters.unexpected.push(`${keyOf(message)}: ${response.status} ${text.slice(0, 300)}`);
      return response.status === 401 || response.status === 503 ? null : text;
    } catch {
      return null;
    }
  };
  const fhirLoop = async (): Promise<void> => {
    while (!aborted) {
      const story = bundles.shift();
      if (!story) {
        if (finishing && pool.length === 0) return;
        await wait(20);
        continue;
      }
      for (const message of story) {
        await deliver(message, () => postBundle(message));
        await wait(pauseMs * random() * 2);
      }
    }
  };

  const httpConnections = Math.max(1, Math.floor(options.connections / 4));
  const clients = Array.from(
    { length: Math.max(1, options.connections - httpConnections) },
    () =>
      new MllpClient({
        host: '127.0.0.1',
        port: options.mllpPort,
        pipeline: 4,
        answerMs: 15_000,
        retry: { least: 30, most: 300 },
      }),
  );
  const loops = [
    ...clients.flatMap((client) => Array.from({ length: 4 }, () => mllpLoop(client))),
    ...Array.from({ length: httpConnections }, fhirLoop),
  ];
  const done = Promise.all(loops);
  done.catch(() => {});

  return {
    stories,
    acknowledged,
    counters,
    underWay: () => [...flying.keys()],
    nextAcknowledgement: () => new Promise((resolve) => waiters.push(resolve)),
    async finish() {
      finishing = true;
      await done;
      for (const client of clients) client.close();
    },
    abort() {
      aborted = true;
      for (const client of clients) client.close();
    },
  };
}
