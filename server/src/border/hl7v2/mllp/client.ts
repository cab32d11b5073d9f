import { connect, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import { FrameDecoder, frame } from './frames.ts';

export type MllpClientOptions = {
  host: string;
  port: number;
  /** Messages sent before their answers are back; 1 is the classic one-by-one. */
  pipeline?: number;
  /** How long one answer may take before the connection is given up and the messages are sent again. */
  answerMs?: number;
  /** Waits between connection attempts double from `least` to `most`. */
  retry?: { least: number; most: number };
  /** Authorities of the server, and the certificate of this sender. Absent: plain TCP. */
  tls?: ConnectionOptions;
};

type Job = { bytes: Buffer; resolve: (answer: Buffer) => void; reject: (error: Error) => void; sentAt: number };

/**
 * Sends messages the way a careful hospital does: in order, up to `pipeline` at once, and again on a new connection when
 * one breaks before the answer came. A message may therefore arrive twice; the border takes it once.
 */
export class MllpClient {
  readonly #options: Required<Omit<MllpClientOptions, 'tls'>> & Pick<MllpClientOptions, 'tls'>;
  readonly #queue: Job[] = [];
  #flying: Job[] = [];
  #socket: Socket | undefined;
  #decoder = new FrameDecoder(16 * 1024 * 1024);
  #ready = false;
  #closed = false;
  #wait: number;
  #timer: NodeJS.Timeout | undefined;
  #watch: NodeJS.Timeout | undefined;

  constructor(options: MllpClientOptions) {
    this.#options = { pipeline: 1, answerMs: 30_000, retry: { least: 50, most: 5000 }, ...options };
    this.#wait = this.#options.retry.least;
  }

  /** Connections made so far, this one included. */
  connections = 0;

  /** The answer to one message (unframed). Rejects only when the client is closed first. */
  send(bytes: Buffer): Promise<Buffer> {
    if (this.#closed) return Promise.reject(new Error('the MLLP client is closed'));
    return new Promise((resolve, reject) => {
      this.#queue.push({ bytes, resolve, reject, sentAt: 0 });
      this.#pump();
    });
  }

  /** Gives up what is not answered yet and closes. Await the answers first to close cleanly. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    clearInterval(this.#watch);
    this.#socket?.destroy();
    for (const job of [...this.#flying, ...this.#queue]) job.reject(new Error('the MLLP client was closed'));
    this.#flying = [];
    this.#queue.length = 0;
  }

  #pump(): void {
    if (!this.#socket && !this.#timer && !this.#closed) this.#connect();
    if (!this.#ready) return;
    while (this.#queue.length > 0 && this.#flying.length < this.#options.pipeline) {
      const job = this.#queue.shift()!;
      job.sentAt = Date.now();
      this.#flying.push(job);
      this.#socket!.write(frame(job.bytes));
    }
  }

  #connect(): void {
    const { host, port, tls } = this.#options;
    const socket: Socket = tls
      ? connectTls({ ...tls, host, port }).setNoDelay(true)
      : connect({ host, port, noDelay: true });
    this.#socket = socket;
    this.#decoder = new FrameDecoder(16 * 1024 * 1024);
    socket.on(tls ? 'secureConnect' : 'connect', () => {
      this.connections += 1;
      this.#ready = true;
      this.#watch = setInterval(() => this.#checkAnswers(), Math.max(20, this.#options.answerMs / 4));
      this.#pump();
    });
    socket.on('data', (chunk: Buffer) => {
      for (const event of this.#decoder.push(chunk)) {
        if (event.kind !== 'frame') continue;
        this.#wait = this.#options.retry.least;
        this.#flying.shift()?.resolve(event.bytes);
      }
      this.#pump();
    });
    socket.on('error', () => socket.destroy());
    socket.on('end', () => socket.destroy());
    socket.on('close', () => this.#lost());
  }

  #lost(): void {
    clearInterval(this.#watch);
    this.#socket = undefined;
    this.#ready = false;
    this.#queue.unshift(...this.#flying);
    this.#flying = [];
    if (this.#closed || this.#queue.length === 0) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#pump();
    }, this.#wait);
    this.#wait = Math.min(this.#wait * 2, this.#options.retry.most);
  }

  #checkAnswers(): void {
    const oldest = this.#flying[0];
    if (oldest && Date.now() - oldest.sentAt > this.#options.answerMs) this.#socket?.destroy();
  }
}
