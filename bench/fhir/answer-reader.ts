/** Takes an HTTP/1.1 answer apart as its bytes come (RFC 9112 sections 6 and 7.1): nothing is copied twice, however long it is. */
export type AnswerReader = { push(chunk: Buffer): boolean; status: number; headers: string };

const endOfHead = Buffer.from('\r\n\r\n');

/** @param sink gets the body's bytes. `push` answers whether the answer is complete. */
export function readAnswer(sink: (bytes: Buffer) => void): AnswerReader {
  let held: Buffer = Buffer.alloc(0);
  /** Bytes still to come of the body, or of the chunk; -1: the size of the next chunk is still to be read. */
  let left = -1;
  let chunked = false;
  const reader: AnswerReader = { push, status: 0, headers: '' };

  function head(): boolean {
    const end = held.indexOf(endOfHead);
    if (end < 0) return false;
    reader.headers = held.toString('latin1', 0, end);
    reader.status = Number(reader.headers.slice(9, 12));
    held = held.subarray(end + 4);
    const length = /\r\ncontent-length: *(\d+)/i.exec(reader.headers)?.[1];
    chunked = length === undefined && /\r\ntransfer-encoding: *chunked/i.test(reader.headers);
    left = chunked ? -1 : Number(length ?? 0);
    if (reader.status === 204 || reader.status === 304) {
      left = 0;
      chunked = false;
    }
    return true;
  }

  function push(bytes: Buffer): boolean {
    held = held.length === 0 ? bytes : Buffer.concat([held, bytes]);
    if (reader.status === 0 && !head()) return false;
    for (;;) {
      if (left > 0) {
        const part = held.subarray(0, left);
        if (part.length > 0) sink(part);
        held = held.subarray(part.length);
        left -= part.length;
        if (left > 0) return false;
        if (chunked) left = -2;
      }
      if (!chunked) return true;
      // The line break after a chunk.
      if (left === -2) {
        if (held.length < 2) return false;
        held = held.subarray(2);
        left = -1;
      }
      const line = held.indexOf('\r\n');
      if (line < 0) return false;
      const size = Number.parseInt(held.toString('latin1', 0, line), 16);
      if (size === 0) return held.length >= line + 4;
      held = held.subarray(line + 2);
      left = size;
    }
  }
  return reader;
}
