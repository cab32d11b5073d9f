// The minimal lower layer protocol (HL7 implementation guide, appendix C): <VT> message <FS><CR>.

const VT = 0x0b;
const FS = 0x1c;
const CR = 0x0d;
const LF = 0x0a;

export function frame(message: Uint8Array): Buffer {
  const framed = Buffer.allocUnsafe(message.length + 3);
  framed[0] = VT;
  framed.set(message, 1);
  framed[message.length + 1] = FS;
  framed[message.length + 2] = CR;
  return framed;
}

/**
 * What the bytes of a connection turned out to be. `truncated` is a frame that a new VT cut off; `garbage` counts bytes
 * between frames; `oversize` comes once, with the beginning of the frame, and nothing of it is kept after that.
 */
export type FrameEvent =
  | { kind: 'frame'; bytes: Buffer }
  | { kind: 'truncated'; length: number }
  | { kind: 'garbage'; length: number }
  | { kind: 'oversize'; head: Buffer };

const HEAD = 4096;

/**
 * Cuts a byte stream into frames. FS ends a frame at once: the CR behind it is only skipped, because senders that forget it
 * exist and would wait for ever. No charset of the border uses VT or FS inside a character.
 */
export class FrameDecoder {
  readonly #maxBytes: number;
  #chunks: Buffer[] = [];
  #length = 0;
  #inside = false;
  #refused = false;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** true between VT and FS. */
  get inside(): boolean {
    return this.#inside;
  }

  /** Bytes held of an unfinished frame. */
  get held(): number {
    return this.#length;
  }

  *push(chunk: Buffer): Generator<FrameEvent> {
    let at = 0;
    while (at < chunk.length && !this.#refused) {
      if (!this.#inside) {
        const start = chunk.indexOf(VT, at);
        const end = start < 0 ? chunk.length : start;
        const length = garbage(chunk, at, end);
        if (length > 0) yield { kind: 'garbage', length };
        if (start < 0) return;
        this.#inside = true;
        at = start + 1;
        continue;
      }
      const end = chunk.indexOf(FS, at);
      const part = chunk.subarray(at, end < 0 ? chunk.length : end);
      const again = part.lastIndexOf(VT);
      if (again >= 0) yield { kind: 'truncated', length: this.#drop() + again };
      this.#keep(again >= 0 ? part.subarray(again + 1) : part);
      if (this.#length > this.#maxBytes) {
        yield this.refuse();
        return;
      }
      if (end < 0) return;
      const bytes = this.#chunks.length === 1 ? this.#chunks[0]! : Buffer.concat(this.#chunks);
      this.#drop();
      this.#inside = false;
      at = end + 1;
      yield { kind: 'frame', bytes };
    }
  }

  /** Gives the unfinished frame up: nothing of it is kept, and nothing more of the stream is read. */
  refuse(): FrameEvent {
    this.#refused = true;
    const head = Buffer.from(Buffer.concat(this.#chunks).subarray(0, HEAD));
    this.#drop();
    return { kind: 'oversize', head };
  }

  #keep(part: Buffer): void {
    if (part.length === 0) return;
    this.#chunks.push(part);
    this.#length += part.length;
  }

  #drop(): number {
    const length = this.#length;
    this.#chunks = [];
    this.#length = 0;
    return length;
  }
}

function garbage(chunk: Buffer, from: number, to: number): number {
  let count = 0;
  for (let at = from; at < to; at++) if (chunk[at] !== CR && chunk[at] !== LF) count += 1;
  return count;
}
