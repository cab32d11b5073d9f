import { connect, type Socket } from 'node:net';
import iconv from 'iconv-lite';
import type { Outcome } from './outcome.ts';

const START = Buffer.from([0x0b]);
const END = Buffer.from([0x1c, 0x0d]);
const PATIENCE = 60_000;

/** One MLLP connection, one message on the way at a time; it opens itself again after a break. */
export class MllpConnection {
  host: string;
  port: number;
  socket: Socket | null = null;
  received: Buffer = Buffer.alloc(0);
  waiting: ((outcome: Outcome) => void) | null = null;

  constructor(address: string) {
    const at = address.lastIndexOf(':');
    this.host = address.slice(0, at) || '127.0.0.1';
    this.port = Number(address.slice(at + 1));
  }

  async send(message: Buffer): Promise<Outcome> {
    let socket: Socket;
    try {
      socket = await this.open();
    } catch (error) {
      return { kind: 'try-again', why: `cannot connect: ${(error as Error).message}` };
    }
    return await new Promise<Outcome>((resolve) => {
      const timer = setTimeout(() => this.broke('no acknowledgement in 60 s'), PATIENCE);
      this.waiting = (outcome) => {
        clearTimeout(timer);
        this.waiting = null;
        resolve(outcome);
      };
      socket.write(Buffer.concat([START, message, END]));
    });
  }

  close(): void {
    this.socket?.destroy();
    this.socket = null;
  }

  async open(): Promise<Socket> {
    if (this.socket && !this.socket.destroyed) return this.socket;
    return await new Promise<Socket>((resolve, reject) => {
      const socket = connect({ host: this.host, port: this.port, noDelay: true });
      socket.once('connect', () => {
        this.socket = socket;
        this.received = Buffer.alloc(0);
        resolve(socket);
      });
      socket.once('error', reject);
      socket.on('data', (bytes) => this.read(bytes as Buffer));
      socket.on('close', () => this.broke('connection closed'));
      socket.on('error', (error) => this.broke(error.message));
    });
  }

  broke(why: string): void {
    this.close();
    this.waiting?.({ kind: 'try-again', why });
  }

  read(bytes: Buffer): void {
    this.received = Buffer.concat([this.received, bytes]);
    const end = this.received.indexOf(END);
    if (end < 0) return;
    const bytesOfAnswer = this.received.subarray(this.received[0] === 0x0b ? 1 : 0, end);
    const chinese = /^MSH[^\r]*\|GB/.test(bytesOfAnswer.toString('latin1'));
    const text = chinese ? iconv.decode(bytesOfAnswer, 'gb18030') : bytesOfAnswer.toString('utf8');
    this.received = this.received.subarray(end + 2);
    this.waiting?.(judge(text));
  }
}

/** AA: taken. AE: kept and held, or refused for what it says. AR: not now (MSA-1, HL7 v2.8.2 2.9.2). */
export function judge(acknowledgement: string): Outcome {
  const code = /(?:^|\r|\n)MSA\|([A-Z]{2})/.exec(acknowledgement)?.[1] ?? '';
  if (code === 'AA' || code === 'CA') return { kind: 'taken', acknowledgement };
  if (code === 'AR' || code === 'CR') {
    // Faults of the message itself (table 0357: 100-103, 200-205) stay; a locked record (206), an internal error (207) or a
    // server that is busy or closing may be asked again.
    return /(?:^|[\r\n])ERR\|[^\r\n]*\|(10[0-3]|20[0-5])\^/.test(acknowledgement)
      ? { kind: 'refused', acknowledgement }
      : { kind: 'try-again', why: acknowledgement.slice(0, 300) };
  }
  return { kind: 'refused', acknowledgement };
}
