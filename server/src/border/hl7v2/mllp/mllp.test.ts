import { connect, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { RECEIVED } from '../fixtures/send.ts';
import { MllpClient } from './client.ts';
import { FrameDecoder, type FrameEvent, frame } from './frames.ts';
import { refusal } from './refusal.ts';
import { createMllpServer, type MllpNotice, type MllpServer, type MllpServerOptions } from './server.ts';

const open: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

async function serve(options: Partial<MllpServerOptions> = {}): Promise<MllpServer & { notices: MllpNotice[] }> {
  const notices: MllpNotice[] = [];
  const server = await createMllpServer({
    host: '127.0.0.1',
    port: 0,
    onMessage: async (bytes) => Buffer.concat([Buffer.from('ACK '), bytes]),
    refusal: (head, reason) =>
      refusal(head, reason === 'too-large' ? 'hl7v2.limit-exceeded' : 'hl7v2.not-stored', RECEIVED),
    onNotice: (notice) => notices.push(notice),
    ...options,
  });
  open.push(() => server.close(200));
  return { ...server, notices };
}

function client(port: number, pipeline = 1, answerMs = 5000): MllpClient {
  const made = new MllpClient({ host: '127.0.0.1', port, pipeline, answerMs, retry: { least: 10, most: 50 } });
  open.push(() => made.close());
  return made;
}

/** A raw connection that keeps what comes back. */
async function raw(port: number): Promise<{ socket: Socket; answers: () => string[]; closed: Promise<void> }> {
  const socket = connect(port, '127.0.0.1');
  const decoder = new FrameDecoder(1 << 20);
  const answers: string[] = [];
  socket.on('data', (chunk: Buffer) => {
    for (const event of decoder.push(chunk)) if (event.kind === 'frame') answers.push(event.bytes.toString());
  });
  socket.on('error', () => undefined);
  const closed = new Promise<void>((resolve) => socket.on('close', () => resolve()));
  await new Promise((resolve) => socket.once('connect', resolve));
  open.push(() => socket.destroy());
  return { socket, answers: () => answers, closed };
}

async function until(condition: () => boolean): Promise<void> {
  for (let at = 0; at < 500 && !condition(); at++) await wait(10);
  expect(condition()).toBe(true);
}

describe('frames', () => {
  const all = (decoder: FrameDecoder, bytes: Buffer, sizes: readonly number[]): FrameEvent[] => {
    const events: FrameEvent[] = [];
    let at = 0;
    for (const size of sizes) {
      events.push(...decoder.push(bytes.subarray(at, at + size)));
      at += size;
    }
    events.push(...decoder.push(bytes.subarray(at)));
    return events;
  };

  it('are found however the stream is cut', () => {
    const message = fc
      .uint8Array({ maxLength: 50 })
      .map((bytes) => Buffer.from(bytes.filter((byte) => byte !== 0x0b && byte !== 0x1c)));
    fc.assert(
      fc.property(
        fc.array(message, { maxLength: 6 }),
        fc.array(fc.integer({ min: 1, max: 20 }), { maxLength: 30 }),
        (messages, sizes) => {
          const events = all(new FrameDecoder(1000), Buffer.concat(messages.map(frame)), sizes);
          expect(events.map((event) => event.kind === 'frame' && event.bytes.toString('hex'))).toEqual(
            messages.map((bytes) => bytes.toString('hex')),
          );
        },
      ),
    );
  });

  it('are told from garbage and from frames that were cut off', () => {
    const stream = Buffer.from('junk\x0bMSH cut\x0bMSH 1\x1c\r\nmore\x0bMSH 2\x1c\x0bMSH 3\x1c\r');
    const kinds = all(new FrameDecoder(1000), stream, []).map((event) =>
      event.kind === 'frame' ? event.bytes.toString() : event.kind,
    );
    expect(kinds).toEqual(['garbage', 'truncated', 'MSH 1', 'garbage', 'MSH 2', 'MSH 3']);
  });

  it('that are too large are told once and nothing of them is kept', () => {
    const decoder = new FrameDecoder(100);
    const events = [
      ...decoder.push(Buffer.from('\x0bMSH|')),
      ...decoder.push(Buffer.alloc(200, 65)),
      ...decoder.push(Buffer.alloc(1000, 65)),
    ];
    expect(events.map((event) => event.kind)).toEqual(['oversize']);
    expect(decoder.held).toBe(0);
  });
});

describe('the MLLP server', () => {
  it('answers in order, even when later messages are ready first', async () => {
    const server = await serve({
      onMessage: async (bytes) => wait(bytes.toString() === '0' ? 60 : 0).then(() => bytes),
    });
    const sender = client(server.port, 10);
    const answers = await Promise.all(Array.from({ length: 10 }, (_, at) => sender.send(Buffer.from(String(at)))));
    expect(answers.map(String)).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
    expect(sender.connections).toBe(1);
  });

  it('hands messages on together, so that they can share a commit, and never more than maxPending', async () => {
    let now = 0;
    let most = 0;
    const server = await serve({
      limits: { maxPending: 8 },
      onMessage: async (bytes) => {
        now += 1;
        most = Math.max(most, now);
        await wait(2);
        now -= 1;
        return bytes;
      },
    });
    const sender = client(server.port, 200);
    const answers = await Promise.all(Array.from({ length: 200 }, (_, at) => sender.send(Buffer.from(`m${at}`))));
    expect(answers.map(String)).toEqual(Array.from({ length: 200 }, (_, at) => `m${at}`));
    expect(most).toBe(8);
  });

  it('refuses 200 MB with AR without holding them, and closes', async () => {
    const server = await serve({ limits: { maxBytes: 1024 * 1024 } });
    const { socket, answers, closed } = await raw(server.port);
    const before = process.memoryUsage().rss;
    socket.write('\x0bMSH|^~\\&|HIS|H1|||20261101||ADT^A01|BIG1|P|2.5.1||||||GB18030\rPID|');
    const block = Buffer.alloc(1024 * 1024, 0x41);
    for (let at = 0; at < 200 && !socket.destroyed; at++)
      if (!socket.write(block)) await Promise.race([new Promise((resolve) => socket.once('drain', resolve)), closed]);
    await closed;
    expect(answers()[0]).toContain('MSA|AR|BIG1');
    expect(server.notices).toContain('oversize');
    expect(process.memoryUsage().rss - before).toBeLessThan(120 * 1024 * 1024);
  });

  it('answers AR when the message could not be kept, and goes on', async () => {
    let first = true;
    const server = await serve({
      onMessage: async (bytes) => {
        if (!first) return bytes;
        first = false;
        throw new Error('the database is away');
      },
    });
    const sender = client(server.port);
    expect(String(await sender.send(Buffer.from('MSH|^~\\&|HIS|H1|||20261101||ADT^A01|M1|P|2.5.1\rPID|1')))).toContain(
      'MSA|AR|M1',
    );
    expect(String(await sender.send(Buffer.from('2')))).toBe('2');
    expect(server.notices).toContain('failed');
  });

  it('passes garbage and cut-off frames over and answers the rest', async () => {
    const server = await serve();
    const { socket, answers } = await raw(server.port);
    socket.write('GET / HTTP/1.1\r\n\r\n\x0bMSH half\x0bwhole\x1c\r');
    await until(() => answers().length === 1);
    expect(answers()).toEqual(['ACK whole']);
    expect(server.notices).toEqual(['connected', 'garbage', 'truncated']);
    socket.end('\x0bhalf again');
    await until(() => server.notices.filter((notice) => notice === 'truncated').length === 2);
  });

  it('still answers a sender that closed its side after the last message', async () => {
    const server = await serve({ onMessage: async (bytes) => wait(50).then(() => bytes) });
    const { socket, answers, closed } = await raw(server.port);
    socket.end(frame(Buffer.from('last')));
    await closed;
    expect(answers()).toEqual(['last']);
  });

  it('cuts a sender that drips its message and one that says nothing', async () => {
    const server = await serve({ limits: { idleMs: 150, frameMs: 150 } });
    const slow = await raw(server.port);
    const silent = await raw(server.port);
    const drip = setInterval(() => slow.socket.write(slow.socket.bytesWritten === 0 ? '\x0b' : 'A'), 20);
    await Promise.all([slow.closed, silent.closed]);
    clearInterval(drip);
    expect(server.notices.filter((notice) => notice === 'idle')).toHaveLength(2);
    expect(slow.answers()).toEqual([]);
  });

  it('does not take a steady stream for a slow one when every packet ends inside a frame', async () => {
    const server = await serve({ limits: { frameMs: 100 } });
    const { socket, answers } = await raw(server.port);
    socket.write('\x0bpart');
    for (let at = 0; at < 12; at++) {
      await wait(25);
      socket.write(`${at}\x1c\r\x0bpart`);
    }
    await until(() => answers().length === 12);
    expect(server.notices).toEqual(['connected']);
  });

  it('refuses what many connections hold together', async () => {
    const server = await serve({ limits: { maxHeldBytes: 1_000_000 } });
    const senders = await Promise.all(Array.from({ length: 4 }, () => raw(server.port)));
    for (const { socket } of senders) {
      socket.write(
        Buffer.concat([Buffer.from('\x0bMSH|^~\\&|A|B|||1||ADT^A01|H1|P|2.5\r'), Buffer.alloc(400_000, 0x41)]),
      );
      await wait(30);
    }
    await until(() => senders.some(({ answers }) => answers().length > 0));
    expect(senders.flatMap(({ answers }) => answers()).every((answer) => answer.includes('MSA|AR|H1'))).toBe(true);
    const [first] = senders;
    first!.socket.write('\x1c\r');
    await until(() => first!.answers().length === 1);
    expect(first!.answers()[0]).toMatch(/^ACK MSH/);
  });

  it('answers what is under way before it closes, and takes nothing new', async () => {
    const server = await serve({ onMessage: async (bytes) => wait(80).then(() => bytes) });
    const { socket, answers, closed } = await raw(server.port);
    socket.write(frame(Buffer.from('one')));
    await wait(20);
    await server.close(2000);
    await closed;
    expect(answers()).toEqual(['one']);
    await expect(
      new Promise((resolve, reject) => connect(server.port, '127.0.0.1').on('connect', resolve).on('error', reject)),
    ).rejects.toThrow();
  });
});

describe('the MLLP client', () => {
  it('sends again on a new connection what was not answered', async () => {
    const seen: string[] = [];
    let cut = true;
    const server = await serve({
      onMessage: async (bytes) => {
        seen.push(bytes.toString());
        if (bytes.toString() === '3' && cut) {
          cut = false;
          await new Promise(() => undefined);
        }
        return bytes;
      },
    });
    const sender = client(server.port, 4, 100);
    const answers = await Promise.all(['1', '2', '3', '4', '5', '6'].map((text) => sender.send(Buffer.from(text))));
    expect(answers.map(String)).toEqual(['1', '2', '3', '4', '5', '6']);
    expect(sender.connections).toBe(2);
    expect(seen.filter((text) => text === '3')).toHaveLength(2);
  });

  it('waits for a server that is not there yet', async () => {
    const server = await serve();
    const { port } = server;
    await server.close();
    const sender = client(port);
    const answer = sender.send(Buffer.from('early'));
    await wait(60);
    await serve({ port });
    expect(String(await answer)).toBe('ACK early');
  });

  it('gives up when it is closed', async () => {
    const sender = client(1);
    const answer = sender.send(Buffer.from('x'));
    sender.close();
    await expect(answer).rejects.toThrow('closed');
    await expect(sender.send(Buffer.from('y'))).rejects.toThrow('closed');
  });
});
