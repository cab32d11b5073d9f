import type { TlsTexts } from '../../../kit/tls-files.ts';
import type { CipherName } from '../../../kit/vault.ts';
import type { Intake } from '../receive.ts';

/** What the thread is given at its start. `underWay` is one Int32 that both sides see: messages that wait for their acknowledgement. */
export type ThreadSettings = {
  databaseUrl: string;
  secret: string;
  cipher: CipherName;
  host: string;
  port: number;
  tls: TlsTexts | null;
  maxBytes: number;
  /** How many threads listen on the port; they share the limit of unfinished frames. */
  threads: number;
  underWay: SharedArrayBuffer;
};

export type ThreadCounters = Intake['counters'];

export const noneYet: ThreadCounters = { taken: 0, held: 0, refused: 0, again: 0, conflict: 0, unavailable: 0 };

export const sumOf = (a: ThreadCounters, b: ThreadCounters): ThreadCounters =>
  Object.fromEntries(
    Object.entries(a).map(([name, value]) => [name, value + b[name as keyof ThreadCounters]]),
  ) as ThreadCounters;

/** What it says. `stored`: new messages are on the waiting list; with `judged`, some have their verdict already (an event of the feed). */
export type FromThread =
  | { kind: 'listening'; port: number }
  | { kind: 'failed'; message: string; code: string | undefined }
  | { kind: 'stored'; judged: boolean; counters: ThreadCounters; connections: number }
  | { kind: 'trouble'; name: string; code: string | undefined };

export type ToThread = { kind: 'stop' };
