import { foldName } from '@hutong/china';
import type { Unit } from '../../kit/group-commit.ts';
import type { Pool } from '../../kit/pool.ts';
import { decide } from './decide.ts';
import type { Merge, Rule, Sighting } from './model.ts';
import {
  countResidents,
  countResidentsByArea,
  findResidents,
  residentsOfSources,
  type SourceRow,
  sourcesOfResident,
  sourcesWithFamilies,
  sourceWriter,
  wellKnownResidents,
} from './tables.ts';

export type { Demographics, Merge, Rule, Sighting, Source } from './model.ts';
export { sourceId } from './model.ts';
export {
  type OpenRecord,
  type OpenSubject,
  openRecordAccess,
  ownScope,
  type RecordAccessDoor,
} from './record-access.ts';
export type { SourceRow } from './tables.ts';

export type Relinked = { source: bigint; from: bigint | null; to: bigint; rule: Rule };

/**
 * The resident master index. Clinical rows point to source identities, source identities to residents; linking moves the
 * second pointer and rewrites nothing.
 */
export type Identity = {
  /**
   * Reads what is known, decides, and adds the rows to `unit`. The unit must also touch every person (`touchPerson`), and be
   * decided anew on a conflict.
   */
  addTo(unit: Unit, sightings: Sighting[], merges: Merge[]): Promise<Relinked[]>;
  sources(resident: bigint): Promise<SourceRow[]>;
  residentsOf(sources: bigint[]): Promise<Map<bigint, bigint>>;
  /** By resident number, telephone, an institution's own number, or the beginning of the name (variants and traditional characters folded). */
  find(query: string, limit: number): Promise<{ residents: bigint[]; total: number }>;
  count(): Promise<number>;
  /** Residents per home area (GB/T 2260 code), as whoever wrote last says; those without one are left out. Reads every resident: for jobs. */
  countByArea(): Promise<Map<string, number>>;
  /** Residents whom many institutions know, born between two days: the demo's people. */
  wellKnown(wanted: {
    from: string;
    to: string;
    at: string | null;
    limit: number;
  }): Promise<{ subject: bigint; resident: bigint; address: string | null }[]>;
};

/** Public form of a resident's or source's id: opaque, and safe in a URL. */
export const publicId = (id: bigint): string => BigInt.asUintN(64, id).toString(36);
export function fromPublicId(text: string): bigint | null {
  if (!/^[0-9a-z]{1,13}$/.test(text)) return null;
  let value = 0n;
  for (const letter of text) value = value * 36n + BigInt(Number.parseInt(letter, 36));
  return value < 1n << 64n ? BigInt.asIntN(64, value) : null;
}

export const touchPerson = (unit: Unit, id: bigint): Unit => unit.touch(`person ${id}`);

export function openIdentity(pool: Pool): Identity {
  return {
    async addTo(unit, sightings, merges) {
      const ids = new Set([
        ...sightings.map(({ id }) => id),
        ...merges.flatMap(({ survivor, retired }) => [survivor, retired]),
      ]);
      for (const id of ids) touchPerson(unit, id);
      const known = await sourcesWithFamilies(pool, [...ids]);
      for (const id of known.keys()) touchPerson(unit, id);
      const { changed, decisions } = decide(known, sightings, merges);
      const bySource = new Map(decisions.map((decision) => [decision.source, decision]));
      const messages = new Map(sightings.map(({ id, message }) => [id, message]));
      unit.add(
        sourceWriter,
        changed.map((source) => {
          const decision = bySource.get(source.id);
          return {
            source,
            nameFolded: source.name ? foldName(source.name).key : null,
            message: messages.get(source.id) ?? null,
            decision: decision ? { from: decision.from, rule: decision.rule } : null,
          };
        }),
      );
      return decisions;
    },
    sources: (resident) => sourcesOfResident(pool, resident),
    residentsOf: (sources) => residentsOfSources(pool, sources),
    async find(query, limit) {
      const text = query.normalize('NFKC').trim();
      const compact = text.replace(/[\s-]/g, '').toUpperCase();
      if (compact.length < 2) return { residents: [], total: 0 };
      for (const kind of /^\d{17}[\dX]$/.test(compact)
        ? (['number', 'local-id'] as const)
        : /^1\d{10}$/.test(compact)
          ? (['phone', 'local-id'] as const)
          : (['local-id'] as const)) {
        const found = await findResidents(pool, kind, kind === 'local-id' ? text : compact, limit);
        if (found.total > 0) return found;
      }
      return findResidents(pool, 'name', foldName(text).key, limit);
    },
    count: () => countResidents(pool),
    countByArea: () => countResidentsByArea(pool),
    wellKnown: (wanted) => wellKnownResidents(pool, wanted),
  };
}
