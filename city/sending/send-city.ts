import { setTimeout as sleep } from 'node:timers/promises';
import type { CityMessage } from '../messages/message.ts';
import type { HttpSender } from './http.ts';
import { MllpConnection } from './mllp.ts';
import type { Outcome } from './outcome.ts';
import type { Progress } from './resume.ts';

export type Counts = { sent: number; taken: number; refused: number; retried: number; skipped: number; bytes: number };
export type Refusal = { index: number; institution: string; kind: string; controlId: string; answer: string };

export type SendOptions = {
  /** `host:port`; null: HL7 v2 over MLLP is refused. */
  mllp: string | null;
  http: HttpSender | null;
  /** Messages on the way at once. An institution never has two on the way, so its messages arrive in order. */
  connections: number;
  progress: Progress;
  onProgress: (counts: Counts) => void;
  onRefusal: (refusal: Refusal) => void;
  /** Gives up on one message after this many refusals to take it now. Default 12 (about two minutes). */
  tries?: number;
};

/** Waiting messages: the generator stands still while the server is slow, so memory stays small. */
const WAITING = 400;

type Item = { index: number; message: CityMessage };

/**
 * Sends messages with back-pressure, retries and a record of what is done. Throws when the server takes nothing any more;
 * what is done stays recorded.
 */
export async function sendCity(messages: AsyncIterable<CityMessage>, options: SendOptions): Promise<Counts> {
  const counts: Counts = { sent: 0, taken: 0, refused: 0, retried: 0, skipped: 0, bytes: 0 };
  const board = new Board();
  const workers = Array.from({ length: options.connections }, () => new Worker(options, counts, board).run());
  const finished = Promise.all(workers).catch((error: unknown) => board.fail(error));
  let index = -1;
  try {
    for await (const message of messages) {
      index++;
      if (board.failure !== null) break;
      if (options.progress.has(index)) counts.skipped++;
      else await board.offer({ index, message });
    }
  } finally {
    board.end();
    await finished;
    options.progress.save();
  }
  if (board.failure !== null) throw board.failure;
  return counts;
}

/** What waits, by institution; an institution is handed to one worker at a time. */
class Board {
  queues = new Map<string, Item[]>();
  ready: string[] = [];
  busy = new Set<string>();
  waiting = 0;
  ended = false;
  failure: unknown = null;
  idle: (() => void)[] = [];
  writer: (() => void) | null = null;

  async offer(item: Item): Promise<void> {
    while (this.waiting >= WAITING && this.failure === null)
      await new Promise<void>((resolve) => {
        this.writer = resolve;
      });
    const { code } = item.message.institution;
    const queue = this.queues.get(code);
    this.waiting++;
    if (queue) queue.push(item);
    else {
      this.queues.set(code, [item]);
      if (!this.busy.has(code)) this.announce(code);
    }
  }

  announce(code: string): void {
    this.ready.push(code);
    this.idle.shift()?.();
  }

  /** The next message of an institution that has none on the way; null when there will be none. */
  async take(): Promise<Item | null> {
    for (;;) {
      if (this.failure !== null) return null;
      const code = this.ready.shift();
      if (code !== undefined) {
        const queue = this.queues.get(code)!;
        const item = queue.shift()!;
        if (queue.length === 0) this.queues.delete(code);
        this.busy.add(code);
        this.waiting--;
        this.writer?.();
        return item;
      }
      if (this.ended && this.waiting === 0) return null;
      await new Promise<void>((resolve) => this.idle.push(resolve));
    }
  }

  release(code: string): void {
    this.busy.delete(code);
    if (this.queues.has(code)) this.announce(code);
    if (this.ended && this.waiting === 0) this.wakeAll();
  }

  end(): void {
    this.ended = true;
    this.wakeAll();
  }

  fail(error: unknown): void {
    this.failure ??= error;
    this.wakeAll();
  }

  wakeAll(): void {
    for (const wake of this.idle.splice(0)) wake();
    this.writer?.();
  }
}

class Worker {
  options: SendOptions;
  counts: Counts;
  board: Board;
  connection: MllpConnection | null = null;

  constructor(options: SendOptions, counts: Counts, board: Board) {
    this.options = options;
    this.counts = counts;
    this.board = board;
  }

  async run(): Promise<void> {
    try {
      for (let item = await this.board.take(); item; item = await this.board.take()) {
        await this.deliver(item);
        this.board.release(item.message.institution.code);
      }
    } catch (error) {
      this.board.fail(error);
    } finally {
      this.connection?.close();
    }
  }

  async deliver({ index, message }: Item): Promise<void> {
    const tries = this.options.tries ?? 12;
    const takenBefore = this.counts.taken;
    for (let turn = 1; ; turn++) {
      const outcome = await this.once(message);
      if (outcome.kind === 'taken') {
        this.counts.taken++;
        return this.answered(index, message);
      }
      if (outcome.kind === 'refused') return this.refuse(index, message, outcome.acknowledgement);
      if (turn >= tries) {
        // The server answers others: it is this message. When nobody is answered, the server is gone and the run stops.
        if (this.counts.taken > takenBefore) return this.refuse(index, message, outcome.why);
        throw new Error(`the server takes nothing: ${outcome.why}`);
      }
      if (this.board.failure !== null) return;
      this.counts.retried++;
      await sleep(Math.min(30_000, 100 * 2 ** turn) * (0.5 + Math.random() / 2));
    }
  }

  refuse(index: number, message: CityMessage, answer: string): void {
    this.counts.refused++;
    this.options.onRefusal({
      index,
      institution: message.institution.code,
      kind: message.kind,
      controlId: message.controlId,
      answer,
    });
    this.answered(index, message);
  }

  answered(index: number, message: CityMessage): void {
    this.counts.sent++;
    this.counts.bytes += message.bytes.length;
    this.options.progress.mark(index);
    this.options.onProgress(this.counts);
  }

  async once(message: CityMessage): Promise<Outcome> {
    const { protocol, clientId } = message.institution;
    if (protocol === 'hl7v2-mllp') {
      if (!this.options.mllp) return { kind: 'refused', acknowledgement: 'no MLLP address was given' };
      this.connection ??= new MllpConnection(this.options.mllp);
      return await this.connection.send(message.bytes);
    }
    if (!this.options.http) return { kind: 'refused', acknowledgement: 'no server was given' };
    return await this.options.http.send(protocol, clientId, message.bytes);
  }
}
