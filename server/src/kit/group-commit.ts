import { type Copy, copyAll } from './copy.ts';
import type { Client, Pool } from './pool.ts';

/**
 * How a room writes its rows inside somebody's transaction; both functions get the rows of many units at once. `write` runs first, for what
 * must look or decide, and answers with the positions of rows that met another version than they expected (empty: all
 * written). `copies` are rows that only go in: those of every writer travel together with the commit, in one round trip. A unit whose
 * writers have nothing to decide (`decides` false, or no `write`) is one round trip altogether.
 */
export type TableWriter<Row> = {
  name: string;
  decides?(rows: Row[]): boolean;
  write?(client: Client, rows: Row[]): Promise<number[]>;
  copies?(rows: Row[], client: Client): Copy[];
};

/** One writer's rows inside a transaction that somebody else ends. @returns the positions of refused rows, as `write` does */
export async function writeInto<Row>(client: Client, writer: TableWriter<Row>, rows: Row[]): Promise<number[]> {
  const refused = writer.write && writer.decides?.(rows) !== false ? await writer.write(client, rows) : [];
  if (refused.length === 0 && writer.copies) await copyAll(client, writer.copies(rows, client));
  return refused;
}

/** All or nothing: the rows that must be committed together, in the order in which the writers were first named. */
export class Unit {
  readonly parts = new Map<TableWriter<unknown>, unknown[]>();
  /** Keys of what this unit changes: two units with a key in common never share a transaction or run at once. */
  readonly touches = new Set<string>();
  rows = 0;

  add<Row>(writer: TableWriter<Row>, rows: Row[]): this {
    if (rows.length === 0) return this;
    const part = this.parts.get(writer as TableWriter<unknown>);
    if (part) for (const row of rows) part.push(row);
    else this.parts.set(writer as TableWriter<unknown>, [...rows]);
    this.rows += rows.length;
    return this;
  }

  touch(key: string): this {
    this.touches.add(key);
    return this;
  }
}

/** 'conflict': somebody changed a row in between, read again and decide again. 'unavailable': the database refused or is away. */
export type CommitOutcome = { ok: true } | { ok: false; error: 'conflict' | 'unavailable'; cause?: unknown };

type Waiting = { unit: Unit; resolve(outcome: CommitOutcome): void };

const uniqueViolation = '23505';

/**
 * Group commit: units that arrive while the lanes are busy are committed together, so one fsync serves many senders
 * (a single commit a message is 325 to 1,600/s where COPY in groups is beyond 10,000 rows/s). There is no timer: an idle lane takes
 * what is there at once, so a lone message never waits.
 */
export class GroupCommitter {
  private readonly pool: Pool;
  private readonly lanes: number;
  private readonly maxRows: number;
  private queue: Waiting[] = [];
  private busy = 0;
  private readonly held = new Set<string>();
  readonly counters = { commits: 0, units: 0, rows: 0, conflicts: 0, failures: 0 };

  constructor(pool: Pool, options: { lanes?: number; maxRows?: number } = {}) {
    this.pool = pool;
    this.lanes = options.lanes ?? 2;
    this.maxRows = options.maxRows ?? 4000;
  }

  get waiting(): number {
    return this.queue.length;
  }

  /** Resolves when the unit is durable (fsync done), or says why it is not; then nothing of it was written. */
  commit(unit: Unit): Promise<CommitOutcome> {
    return new Promise((resolve) => {
      this.queue.push({ unit, resolve });
      // Let the senders of this turn of the event loop join the same group.
      if (this.queue.length === 1) setImmediate(() => this.pump());
    });
  }

  private pump(): void {
    while (this.busy < this.lanes && this.queue.length > 0) {
      const group = this.take();
      if (group.length === 0) return;
      this.busy++;
      void this.run(group).finally(() => {
        this.busy--;
        for (const { unit } of group) for (const key of unit.touches) this.held.delete(key);
        this.pump();
      });
    }
  }

  private take(): Waiting[] {
    const group: Waiting[] = [];
    const left: Waiting[] = [];
    // Keys of units passed over hold back later units too: what touches the same thing keeps its order.
    const blocked = new Set<string>();
    let rows = 0;
    for (const waiting of this.queue) {
      const { touches } = waiting.unit;
      let free = rows < this.maxRows;
      if (free)
        for (const key of touches)
          if (this.held.has(key) || blocked.has(key)) {
            free = false;
            break;
          }
      if (!free) {
        for (const key of touches) blocked.add(key);
        left.push(waiting);
        continue;
      }
      for (const key of touches) this.held.add(key);
      rows += waiting.unit.rows;
      group.push(waiting);
    }
    this.queue = left;
    return group;
  }

  private async run(group: Waiting[]): Promise<void> {
    const outcome = await this.attempt(group.map(({ unit }) => unit));
    if (outcome.ok || group.length === 1) {
      for (const { resolve } of group) resolve(outcome);
      return;
    }
    // One unit spoils the group: each gets its own transaction, so that only the culprit is told.
    for (const { unit, resolve } of group) resolve(await this.attempt([unit]));
  }

  private async attempt(units: Unit[]): Promise<CommitOutcome> {
    const parts = new Map<TableWriter<unknown>, unknown[]>();
    for (const unit of units)
      for (const [writer, rows] of unit.parts) {
        const all = parts.get(writer);
        if (all) for (const row of rows) all.push(row);
        else parts.set(writer, [...rows]);
      }
    let client: Client | undefined;
    let open = false;
    let broken: Error | undefined;
    try {
      client = await this.pool.connect();
      for (const [writer, rows] of parts) {
        if (!writer.write || writer.decides?.(rows) === false) continue;
        if (!open) await client.query('begin');
        open = true;
        const refused = await writer.write(client, rows);
        if (refused.length > 0) {
          await client.query('rollback');
          this.counters.conflicts++;
          return { ok: false, error: 'conflict' };
        }
      }
      const copies: Copy[] = [];
      for (const [writer, rows] of parts) if (writer.copies) copies.push(...writer.copies(rows, client));
      await copyAll(client, copies, open ? 'commit' : undefined);
      this.counters.commits++;
      this.counters.units += units.length;
      for (const rows of parts.values()) this.counters.rows += rows.length;
      return { ok: true };
    } catch (cause) {
      if (open)
        await client?.query('rollback').catch((second: Error) => {
          broken = second;
        });
      // A connection that failed outside a transaction of ours is not trusted either, unless the server itself said what was wrong.
      else if (!(cause as { code?: string }).code) broken = cause as Error;
      if ((cause as { code?: string }).code === uniqueViolation) {
        this.counters.conflicts++;
        return { ok: false, error: 'conflict', cause };
      }
      this.counters.failures++;
      return { ok: false, error: 'unavailable', cause };
    } finally {
      client?.release(broken);
    }
  }
}
