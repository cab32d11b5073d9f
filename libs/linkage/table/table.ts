import { type Field, foldValue } from '../compare/field.ts';
import type { LinkageRecord } from '../schema.ts';
import { buildPool, type Pool, readPool } from './pool.ts';

/** Records as columns of numbers into pools of distinct folded values (0 = missing). Everything lies in shared buffers. */
export type Table = {
  size: number;
  /** Identifiers as given, in canonical order: rows are sorted by them, so the order of a file changes nothing. */
  ids: Pool;
  rowIds: Int32Array<SharedArrayBuffer>;
  /** 0 or 1: first or second file when two are linked; all 0 otherwise. */
  source: Uint8Array<SharedArrayBuffer>;
  columns: Column[];
  pools: Pool[];
};

export type Column = { values: Int32Array<SharedArrayBuffer>; pool: number };

export type TableResult = { ok: true; table: Table } | { ok: false; reason: 'duplicate-id'; id: string };

export type TableBuilder = {
  add: (id: string, record: LinkageRecord, source?: 0 | 1) => void;
  finish: () => TableResult;
};

/** Takes records one by one; nothing of a record is kept but its folded values. Fields that may be swapped share a pool. */
export function buildTable(fields: readonly Field[]): TableBuilder {
  const poolOf = fields.map((field, index) => (field.partner >= 0 ? Math.min(index, field.partner) : index));
  const distinct = [...new Set(poolOf)];
  const pools = distinct.map(() => buildPool());
  const place = poolOf.map((pool) => distinct.indexOf(pool));
  const ids: string[] = [];
  const sources: number[] = [];
  const columns = fields.map(() => ({ values: new Int32Array(1024) }));
  return {
    add(id, record, source = 0) {
      const row = ids.length;
      ids.push(id);
      sources.push(source);
      for (let f = 0; f < fields.length; f++) {
        const column = columns[f]!;
        if (row >= column.values.length) {
          const larger = new Int32Array(column.values.length * 2);
          larger.set(column.values);
          column.values = larger;
        }
        column.values[row] = pools[place[f]!]!.add(foldValue(fields[f]!, record[fields[f]!.spec.name]));
      }
    },
    finish() {
      const order = Array.from(ids.keys());
      order.sort((a, b) => sources[a]! - sources[b]! || (ids[a]! < ids[b]! ? -1 : ids[a]! > ids[b]! ? 1 : 0));
      for (let i = 1; i < order.length; i++) {
        const [before, now] = [order[i - 1]!, order[i]!];
        if (ids[before] === ids[now] && sources[before] === sources[now]) {
          return { ok: false, reason: 'duplicate-id', id: ids[now]! };
        }
      }
      const idPool = buildPool();
      const rowIds = new Int32Array(new SharedArrayBuffer(ids.length * 4));
      const source = new Uint8Array(new SharedArrayBuffer(ids.length));
      for (let row = 0; row < order.length; row++) {
        rowIds[row] = idPool.add(ids[order[row]!]!);
        source[row] = sources[order[row]!]!;
      }
      const sorted = columns.map((column, f): Column => {
        const values = new Int32Array(new SharedArrayBuffer(ids.length * 4));
        for (let row = 0; row < order.length; row++) values[row] = column.values[order[row]!]!;
        column.values = new Int32Array(0);
        return { values, pool: place[f]! };
      });
      const finished = pools.map((pool) => pool.finish());
      return {
        ok: true,
        table: { size: ids.length, ids: idPool.finish(), rowIds, source, columns: sorted, pools: finished },
      };
    },
  };
}

/** Reads identifiers and folded values of a table back as text. */
export function readTable(table: Table): {
  id: (row: number) => string;
  value: (field: number, row: number) => string;
} {
  const ids = readPool(table.ids);
  const texts = table.pools.map((pool) => readPool(pool));
  return {
    id: (row) => ids(table.rowIds[row]!),
    value: (field, row) => texts[table.columns[field]!.pool]!(table.columns[field]!.values[row]!),
  };
}
