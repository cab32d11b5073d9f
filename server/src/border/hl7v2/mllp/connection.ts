import type { Socket } from 'node:net';
import { FrameDecoder, type FrameEvent, frame } from './frames.ts';
import type { Budget, MllpLimits, MllpPeer, MllpServerOptions } from './server.ts';

/** A peer that reads no answers is cut when this much waits for it. */
const MOST_UNSENT = 4 * 1024 * 1024;

/**
 * One peer. Messages are handed on as they come (several at once, so that they can share one commit) and answered in the
 * order in which they came. Reading pauses while `maxPending` messages wait for their answer.
 */
export class MllpConnection {
  readonly #socket: Socket;
  readonly #peer: MllpPeer;
  readonly #limits: MllpLimits;
  readonly #budget: Budget;
  readonly #options: MllpServerOptions;
  readonly #decoder: FrameDecoder;
  readonly #waiting: FrameEvent[] = [];
  /** Answers in order; undefined while still being made. */
  readonly #answers: { answer: Buffer | undefined; last: boolean }[] = [];
  /** What of the budget is this connection's. */
  #held = 0;
  #frameTimer: NodeJS.Timeout | undefined;
  #finishing = false;
  #finished: (() => void) | undefined;

  constructor(
    socket: Socket,
    peer: MllpPeer,
    limits: MllpLimits,
    budget: Budget,
    options: MllpServerOptions,
    onClosed: () => void,
  ) {
    this.#socket = socket;
    this.#peer = peer;
    this.#limits = limits;
    this.#budget = budget;
    this.#options = options;
    this.#decoder = new FrameDecoder(limits.maxBytes);
    socket.setTimeout(limits.idleMs, () => this.#idle());
    socket.on('data', (chunk: Buffer) => this.#read(chunk));
    // The peer may close its side after the last message and still wait for answers; `end` closes ours when all are sent.
    socket.on('end', () => this.finish(limits.idleMs));
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      clearTimeout(this.#frameTimer);
      this.#hold(0);
      if (this.#decoder.inside) this.#notice('truncated');
      this.#notice('closed');
      this.#finished?.();
      onClosed();
    });
  }

  /** Reads no more, sends the answers that are under way, closes. */
  finish(graceMs: number): Promise<void> {
    if (this.#socket.destroyed) return Promise.resolve();
    this.#finishing = true;
    this.#socket.pause();
    return new Promise((resolve) => {
      const cut = setTimeout(() => this.#socket.destroy(), graceMs);
      const before = this.#finished;
      this.#finished = () => {
        clearTimeout(cut);
        before?.();
        resolve();
      };
      this.#send();
    });
  }

  #read(chunk: Buffer): void {
    if (this.#finishing) return;
    let completed = false;
    for (const event of this.#decoder.push(chunk)) {
      completed ||= event.kind === 'frame';
      this.#waiting.push(event);
    }
    this.#hold(this.#decoder.held);
    if (this.#held > 0 && this.#budget.held > this.#limits.maxHeldBytes) {
      this.#waiting.push(this.#decoder.refuse());
      this.#hold(0);
    }
    this.#watchFrame(completed);
    this.#start();
  }

  #start(): void {
    while (this.#waiting.length > 0 && this.#answers.length < this.#limits.maxPending) {
      const event = this.#waiting.shift()!;
      if (event.kind === 'frame') this.#handle(event.bytes);
      else if (event.kind === 'oversize') this.#refuseLarge(event.head);
      else this.#notice(event.kind);
    }
    const full = this.#answers.length >= this.#limits.maxPending || this.#socket.writableLength > MOST_UNSENT / 4;
    if (full && !this.#socket.isPaused()) this.#socket.pause();
    else if (!full && !this.#finishing && this.#socket.isPaused()) this.#socket.resume();
  }

  #handle(bytes: Buffer): void {
    const slot: { answer: Buffer | undefined; last: boolean } = { answer: undefined, last: false };
    this.#answers.push(slot);
    const done = (answer: Buffer): void => {
      slot.answer = answer;
      this.#send();
    };
    let answer: Promise<Buffer>;
    try {
      answer = this.#options.onMessage(bytes, this.#peer);
    } catch (error) {
      answer = Promise.reject(error);
    }
    answer.then(done, () => {
      this.#notice('failed');
      done(this.#options.refusal(bytes, 'failed'));
    });
  }

  #refuseLarge(head: Buffer): void {
    this.#notice('oversize');
    this.#answers.push({ answer: this.#options.refusal(head, 'too-large'), last: true });
    this.#finishing = true;
    this.#send();
    // The rest of the large message is thrown away as it comes: closing at once would reset the answer on its way.
    this.#socket.resume();
    setTimeout(() => this.#socket.destroy(), 2000).unref();
  }

  #send(): void {
    while (this.#answers[0]?.answer) {
      const { answer, last } = this.#answers.shift()!;
      if (this.#socket.destroyed) continue;
      if (!this.#socket.write(frame(answer!))) this.#socket.once('drain', () => this.#start());
      if (last) this.#socket.end();
    }
    if (this.#socket.writableLength > MOST_UNSENT) this.#socket.destroy();
    if (this.#finishing && this.#answers.length === 0 && this.#waiting.length === 0) this.#socket.end();
    this.#start();
  }

  #hold(bytes: number): void {
    this.#budget.held += bytes - this.#held;
    this.#held = bytes;
  }

  /** A frame that never ends holds memory and a connection. The clock starts anew with every frame that was completed. */
  #watchFrame(completed: boolean): void {
    if (completed || !this.#decoder.inside) {
      clearTimeout(this.#frameTimer);
      this.#frameTimer = undefined;
    }
    if (!this.#decoder.inside) return;
    this.#frameTimer ??= setTimeout(() => {
      this.#notice('idle');
      this.#socket.destroy();
    }, this.#limits.frameMs);
  }

  #idle(): void {
    if (this.#answers.length > 0) return;
    this.#notice('idle');
    this.#socket.destroy();
  }

  #notice(notice: Parameters<NonNullable<MllpServerOptions['onNotice']>>[0]): void {
    this.#options.onNotice?.(notice, this.#peer);
  }
}
