import type { Client } from './pool.ts';

/** The column types our COPY speaks; times are milliseconds since 1970, keys are bigint. */
export type ColumnType =
  | 'int2'
  | 'int4'
  | 'int8'
  | 'float8'
  | 'text'
  | 'bytea'
  | 'bool'
  | 'timestamptz'
  | 'int8[]'
  | 'text[]'
  | 'jsonb';
export type Column = readonly [name: string, type: ColumnType];
export type Cell = number | bigint | string | boolean | Uint8Array | bigint[] | readonly string[] | null;

const header = Buffer.from('5047434f50590aff0d0a000000000000000000', 'hex');
/** PostgreSQL counts microseconds from 2000-01-01. */
const epoch2000 = Date.UTC(2000, 0, 1);
const int8Oid = 20;
const textOid = 25;

/** A growing buffer in PostgreSQL's binary COPY format (manual, COPY, "Binary Format"). No escaping: JSON text goes through untouched. */
class CopyWriter {
  private buffer: Buffer;
  private at = 0;

  constructor(size: number) {
    this.buffer = Buffer.allocUnsafe(size);
    this.room(header.length);
    this.at += header.copy(this.buffer, 0);
  }

  private room(more: number): void {
    if (this.at + more <= this.buffer.length) return;
    const bigger = Buffer.allocUnsafe(Math.max(this.buffer.length * 2, this.at + more));
    this.buffer.copy(bigger, 0, 0, this.at);
    this.buffer = bigger;
  }

  row(columns: readonly Column[], cells: readonly Cell[]): void {
    this.room(2);
    this.at = this.buffer.writeInt16BE(columns.length, this.at);
    for (let i = 0; i < columns.length; i++) this.cell((columns[i] as Column)[1], cells[i] ?? null);
  }

  private bytes(data: Uint8Array, prefix = 0): void {
    this.room(5 + data.length);
    this.at = this.buffer.writeInt32BE(data.length + prefix, this.at);
    if (prefix) this.buffer[this.at++] = 1;
    this.buffer.set(data, this.at);
    this.at += data.length;
  }

  private text(value: string, prefix = 0): void {
    // Three bytes a UTF-16 unit is the most that UTF-8 takes.
    this.room(5 + value.length * 3);
    const lengthAt = this.at;
    this.at += 4;
    if (prefix) this.buffer[this.at++] = 1;
    const written = this.buffer.write(value, this.at, 'utf8');
    this.at += written;
    this.buffer.writeInt32BE(written + prefix, lengthAt);
  }

  private cell(type: ColumnType, value: Cell): void {
    this.room(16);
    if (value === null) {
      this.at = this.buffer.writeInt32BE(-1, this.at);
      return;
    }
    switch (type) {
      case 'text':
        this.text(value as string);
        return;
      case 'jsonb':
        this.text(value as string, 1);
        return;
      case 'bytea':
        this.bytes(value as Uint8Array);
        return;
      case 'int8':
        this.at = this.buffer.writeInt32BE(8, this.at);
        this.at = this.buffer.writeBigInt64BE(BigInt(value as bigint | number), this.at);
        return;
      case 'int4':
        this.at = this.buffer.writeInt32BE(4, this.at);
        this.at = this.buffer.writeInt32BE(value as number, this.at);
        return;
      case 'int2':
        this.at = this.buffer.writeInt32BE(2, this.at);
        this.at = this.buffer.writeInt16BE(value as number, this.at);
        return;
      case 'bool':
        this.at = this.buffer.writeInt32BE(1, this.at);
        this.at = this.buffer.writeInt8(value ? 1 : 0, this.at);
        return;
      case 'float8':
        this.at = this.buffer.writeInt32BE(8, this.at);
        this.at = this.buffer.writeDoubleBE(value as number, this.at);
        return;
      case 'timestamptz':
        this.at = this.buffer.writeInt32BE(8, this.at);
        this.at = this.buffer.writeBigInt64BE(BigInt(Math.round(((value as number) - epoch2000) * 1000)), this.at);
        return;
      case 'int8[]':
        this.keys(value as bigint[]);
        return;
      case 'text[]':
        this.words(value as readonly string[]);
        return;
    }
  }

  /** Dimensions, whether there are nulls, type of the elements; then the length and lower bound of the one dimension. */
  private list(oid: number, length: number, size: number): void {
    this.room(24 + size);
    this.at = this.buffer.writeInt32BE((length === 0 ? 12 : 20) + size, this.at);
    this.at = this.buffer.writeInt32BE(length === 0 ? 0 : 1, this.at);
    this.at = this.buffer.writeInt32BE(0, this.at);
    this.at = this.buffer.writeInt32BE(oid, this.at);
    if (length === 0) return;
    this.at = this.buffer.writeInt32BE(length, this.at);
    this.at = this.buffer.writeInt32BE(1, this.at);
  }

  private words(list: readonly string[]): void {
    const texts = list.map((text) => Buffer.from(text));
    this.list(
      textOid,
      texts.length,
      texts.reduce((sum, { length }) => sum + 4 + length, 0),
    );
    for (const text of texts) {
      this.at = this.buffer.writeInt32BE(text.length, this.at);
      this.at += text.copy(this.buffer, this.at);
    }
  }

  private keys(list: bigint[]): void {
    this.list(int8Oid, list.length, list.length * 12);
    for (const key of list) {
      this.at = this.buffer.writeInt32BE(8, this.at);
      this.at = this.buffer.writeBigInt64BE(key, this.at);
    }
  }

  finish(): Buffer {
    this.room(2);
    this.at = this.buffer.writeInt16BE(-1, this.at);
    return this.buffer.subarray(0, this.at);
  }
}

/** Rows that go into one table. `table` and the column names come from the code, never from outside. */
export type Copy = { table: string; columns: readonly Column[]; rows: readonly (readonly Cell[])[] };

const copyDone = Buffer.of(0x63, 0, 0, 0, 4);
/** One CopyData message carries this much at most: the server takes a message whole into its memory. */
const frameBytes = 4 * 1024 * 1024;

function frames(data: Buffer): Buffer[] {
  const made: Buffer[] = [];
  for (let at = 0; at < data.length; at += frameBytes) {
    const body = data.subarray(at, at + frameBytes);
    const head = Buffer.allocUnsafe(5);
    head[0] = 0x64;
    head.writeInt32BE(body.length + 4, 1);
    made.push(head, body);
  }
  made.push(copyDone);
  return made;
}

type Wire = { query(text: string): void; stream: { cork(): void; uncork(): void; write(data: Buffer): boolean } };

/**
 * Several COPYs, and what ends the transaction, as one simple query with the data right behind it (protocol manual, "Simple Query" and "COPY
 * Operations"): the server finds each table's data in the stream when it comes to it, so the whole transaction costs one round trip instead of one a
 * table, and none of it waits for our event loop. After an error the server passes over the rest of the data by itself.
 */
class CopyQuery {
  callback: (error?: Error | null) => void = () => {};
  private readonly text: string;
  private readonly data: Buffer[];

  constructor(text: string, data: Buffer[]) {
    this.text = text;
    this.data = data;
  }

  submit(connection: Wire): void {
    connection.stream.cork();
    connection.query(this.text);
    for (const part of this.data) connection.stream.write(part);
    connection.stream.uncork();
  }

  // What pg calls on whatever it runs.
  handleCopyInResponse(): void {}
  handleCommandComplete(): void {}
  handleRowDescription(): void {}
  handleDataRow(): void {}
  handleError(error: Error): void {
    this.callback(error);
  }
  handleReadyForQuery(): void {
    this.callback(null);
  }
}

/**
 * Inserts rows into any number of tables in one round trip. Outside a transaction all of it is one transaction of its own (one simple query
 * is); with `then: 'commit'` it ends the one that is open.
 * @throws DatabaseError 23505 when a key exists; nothing of the transaction stays then
 */
export async function copyAll(client: Client, copies: readonly Copy[], then?: 'commit'): Promise<void> {
  const some = copies.filter(({ rows }) => rows.length > 0);
  const texts = some.map(
    ({ table, columns }) => `copy ${table} (${columns.map(([name]) => name).join(', ')}) from stdin (format binary)`,
  );
  if (then) texts.push(then);
  if (texts.length === 0) return;
  const data = some.flatMap(({ columns, rows }) => {
    const writer = new CopyWriter(Math.max(4096, rows.length * 512));
    for (const row of rows) writer.row(columns, row);
    return frames(writer.finish());
  });
  await new Promise<void>((done, fail) => {
    const query = new CopyQuery(texts.join('; '), data);
    query.callback = (error) => (error ? fail(error) : done());
    client.query(query as never);
  });
}

/** Inserts rows with one COPY. @throws DatabaseError 23505 when a key exists (the caller's transaction is then aborted) */
export const copyRows = (
  client: Client,
  table: string,
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
): Promise<void> => copyAll(client, [{ table, columns, rows }]);
