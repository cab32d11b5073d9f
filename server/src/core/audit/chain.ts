import { createHash } from 'node:crypto';
import type { Pool } from '../../kit/pool.ts';
import { blocksFrom, insertBlock, lastBlock, rowsBetween, rowsToSeal, type SealableRow } from './tables.ts';

/** The hash before the first block. */
const genesis = '0'.repeat(64);
const start = { xid: '0', seq: '0' };
const rowsPerBlock = 1000;

/** SM3 over the block before and each row as one JSON array of its columns in a fixed order. */
export function blockHash(previous: string, rows: SealableRow[]): string {
  const digest = createHash('sm3').update(previous);
  for (const row of rows)
    digest.update(
      JSON.stringify([
        row.seq,
        row.xid,
        row.at,
        row.agent,
        row.role,
        row.institution,
        row.action,
        row.what,
        row.subject,
        row.resident,
        row.ground,
        row.break_glass,
        row.trace,
      ]),
    );
  return digest.digest('hex');
}

/** Seals what has been committed since the last block. Called by a timer; two servers may call it at once (one wins). */
export async function sealAudit(pool: Pool): Promise<number> {
  let sealed = 0;
  for (;;) {
    const head = await lastBlock(pool);
    const rows = await rowsToSeal(pool, head ?? start, rowsPerBlock);
    const last = rows.at(-1);
    if (!last) return sealed;
    const previous = head?.hash ?? genesis;
    const number = String(BigInt(head?.number ?? 0) + 1n);
    const won = await insertBlock(pool, {
      number,
      xid: last.xid,
      seq: last.seq,
      rows: rows.length,
      previous,
      hash: blockHash(previous, rows),
    });
    if (won) sealed += rows.length;
    if (rows.length < rowsPerBlock) return sealed;
  }
}

export type Verification = { ok: boolean; rows: number; blocks: number; firstBad: string | null };

/**
 * Recomputes every block from the rows. Finds a changed, removed, added or moved row, a changed block, and a missing block.
 * @returns `firstBad`: the first block whose hash does not follow from its rows and its forerunner
 */
export async function verifyAudit(pool: Pool, onProgress?: (rows: number) => void): Promise<Verification> {
  let previous = genesis;
  let position = start;
  let expected = 1n;
  let rows = 0;
  for (;;) {
    const blocks = await blocksFrom(pool, String(expected), 200);
    for (const block of blocks) {
      const found = await rowsBetween(pool, position, block);
      const good =
        BigInt(block.number) === expected &&
        block.previous === previous &&
        found.length === block.rows &&
        blockHash(previous, found) === block.hash;
      if (!good) return { ok: false, rows, blocks: Number(expected - 1n), firstBad: String(expected) };
      rows += found.length;
      previous = block.hash;
      position = block;
      expected++;
      onProgress?.(rows);
    }
    if (blocks.length === 0) return { ok: true, rows, blocks: Number(expected - 1n), firstBad: null };
  }
}
