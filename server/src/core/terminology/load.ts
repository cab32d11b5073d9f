import { createHash } from 'node:crypto';
import type { Pool } from 'pg';
import { inTransaction } from '../../kit/pool.ts';
import type { Mapping, TerminologyData } from './model.ts';
import { readTerminologyData } from './read-data.ts';
import { addMaps, endMaps, loadedHash, noteLoaded, readAll, replaceStandards } from './tables.ts';
import { type Terminology, terminologyFrom } from './terminology.ts';

const NAME = 'standards';

/**
 * Brings the tables to the data files' content; does nothing when they hold it already. Local tables of institutions stay.
 * @returns whether anything was written
 */
export async function loadTerminology(
  pool: Pool,
  data: TerminologyData = readTerminologyData(),
): Promise<{ loaded: boolean; concepts: number }> {
  const sha256 = createHash('sha256')
    .update(JSON.stringify({ ...data, units: [...data.units] }))
    .digest('hex');
  const loaded = await inTransaction(pool, async (client) => {
    // Two servers starting at once: the second waits here and then finds the work done.
    await client.query('select pg_advisory_xact_lock($1)', [0x5445524d]);
    if ((await loadedHash(client, NAME)) === sha256) return false;
    await replaceStandards(client, data);
    await noteLoaded(client, NAME, sha256);
    return true;
  });
  return { loaded, concepts: data.concepts.length };
}

/** Reads everything once; later changes (local tables) show after opening again. */
export async function openTerminology(pool: Pool): Promise<Terminology> {
  return terminologyFrom(await readAll(pool));
}

/**
 * An institution's crosswalk from day `maps[i].from` on: what was open for the same source codes ends the day before, so
 * that a result of last year is still read by last year's table.
 */
export async function setLocalMaps(pool: Pool, maps: readonly Mapping[], setBy: string): Promise<void> {
  const groups = new Map<string, Mapping[]>();
  for (const map of maps) {
    const key = JSON.stringify([map.institution, map.sourceSystem, map.from]);
    groups.set(key, [...(groups.get(key) ?? []), map]);
  }
  await inTransaction(pool, async (client) => {
    for (const group of groups.values()) {
      const { institution, sourceSystem, from } = group[0]!;
      await endMaps(client, institution, sourceSystem, [...new Set(group.map(({ sourceCode }) => sourceCode))], from);
    }
    await addMaps(client, maps, setBy);
  });
}
