import type { CipherName } from '../../../kit/vault.ts';

/** What the thread is given at its start. `underWay` is one Int32 that both sides see: messages that wait for their acknowledgement. */
export type ThreadSettings = {
  databaseUrl: string;
  secret: string;
  cipher: CipherName;
  host: string;
  port: number;
  maxBytes: number;
  underWay: SharedArrayBuffer;
};

export type ThreadCounters = {
  taken: number;
  held: number;
  refused: number;
  again: number;
  conflict: number;
  unavailable: number;
};

/** What it says. `stored`: new messages are on the waiting list; with `judged`, some have their verdict already (an event of the feed). */
export type FromThread =
  | { kind: 'listening'; port: number }
  | { kind: 'failed'; message: string; code: string | undefined }
  | { kind: 'stored'; judged: boolean; counters: ThreadCounters; connections: number }
  | { kind: 'trouble'; name: string; code: string | undefined };

export type ToThread = { kind: 'stop' };
