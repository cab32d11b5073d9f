import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readModel } from '@hutong/linkage';
import type { Queryable } from '../../../kit/pool.ts';
import { ensureModel, modelInUse, sourcesNearly } from '../tables/models.ts';
import { type OpenModel, openModel } from './judge.ts';

const shippedVersion = 'model-1';
const freshForMs = 60_000;

/** The model in use, opened for the index as large as it is now; read again every minute and when another one is put to use. */
export type CurrentModel = { get(db: Queryable): Promise<OpenModel>; forget(): void };

export function openCurrentModel(): CurrentModel {
  let opened: { model: OpenModel; at: number; made: string } | null = null;
  let shipped = false;
  return {
    async get(db) {
      if (opened && Date.now() - opened.at < freshForMs) return opened.model;
      if (!shipped) {
        const reading = readModel(readFileSync(join(import.meta.dirname, `${shippedVersion}.json`), 'utf8'));
        if (!reading.ok) throw new Error(`the shipped model cannot be read: ${reading.reason}`);
        await ensureModel(db, shippedVersion, reading.model);
        shipped = true;
      }
      const [row, size] = [await modelInUse(db), await sourcesNearly(db)];
      const made = `${row.version} ${Math.ceil(Math.log2(size + 1))}`;
      if (opened?.made === made) opened.at = Date.now();
      else opened = { model: openModel(row.version, row.body, size), at: Date.now(), made };
      return opened.model;
    },
    forget() {
      opened = null;
    },
  };
}
