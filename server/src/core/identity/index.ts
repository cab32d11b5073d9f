import { foldName } from '@hutong/china';
import type { TraceQuery } from '@hutong/contract/identity.ts';
import { coalesce } from '../../kit/coalesce.ts';
import type { Unit } from '../../kit/group-commit.ts';
import type { Pool } from '../../kit/pool.ts';
import type { Caller, Route } from '../access/index.ts';
import type { Directory } from '../directory/index.ts';
import type { Consumer } from '../events/index.ts';
import { addSightings } from './add-sightings.ts';
import { openCurrentModel } from './matching/current-model.ts';
import { type Answer, matchPerson, suffices, withoutTracing } from './matching/match-person.ts';
import { openMatcher } from './matching/matcher.ts';
import { comparableOfQuery } from './matching/query.ts';
import type { Merge, Rule, Sighting } from './model.ts';
import { identityRoutes } from './review/routes.ts';
import { openClosures } from './tables/closure.ts';
import {
  countResidents,
  countResidentsByArea,
  findResidents,
  type KnownSource,
  livesOnAs,
  residentsOfSources,
  type SourceRow,
  sourcesBeside,
  sourcesByLocalId,
  wellKnownResidents,
} from './tables/find.ts';
import { openLookups } from './tables/lookups.ts';

export { eraseSources } from './erase.ts';
export type { Matched } from './matching/match-person.ts';
export { readDocument } from './matching/query.ts';
export type { Demographics, Merge, Rule, Sighting, Source } from './model.ts';
export { sourceId } from './model.ts';
export { fromPublicId, publicId } from './public-id.ts';
export {
  type OpenRecord,
  type OpenSubject,
  openRecordAccess,
  ownScope,
  type RecordAccessDoor,
} from './record-access.ts';
export type { SourceRow } from './tables/find.ts';
export { sealOlderRows } from './tables/seal-older-rows.ts';

/** `today`: YYYY-MM-DD in Asia/Shanghai. `onlyCertain`: one certain match or none (FHIR onlyCertainMatches). */
export type MatchOptions = { today: string; mayTrace: boolean; onlyCertain?: boolean; count?: number };

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
  /** Every registration of the resident to whom a source identity belongs, newest word first; none where there is no such identity. */
  sourcesBeside(source: bigint): Promise<SourceRow[]>;
  /** Registrations under an institution's own number, of whatever institution. */
  byLocalId(localId: string): Promise<SourceRow[]>;
  residentsOf(sources: bigint[]): Promise<Map<bigint, bigint>>;
  /** The resident of a source identity with every source of that resident; those asked for at one moment share a query. */
  beside(source: bigint): Promise<{ resident: bigint; sources: KnownSource[] } | undefined>;
  /** The resident in whom one that was merged away lives on; itself where it has sources, null where it never was. */
  livesOnAs(resident: bigint): Promise<bigint | null>;
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
  /** The engine: compares whoever is new or has changed, beside the intake. */
  matcher: Consumer;
  /**
   * Who this may be, strongest first. Whoever may not trace gets one record, and only if it is certainly this person and no other.
   * @returns 'insufficient' when what is asked does not suffice to recognise a person
   */
  match(asked: TraceQuery, options: MatchOptions): Promise<Answer | 'insufficient'>;
  /** Whether staff (by permission) or an institution's system (by grant) may trace. */
  mayTrace(caller: Pick<Caller, 'permissions' | 'institution'>): Promise<boolean>;
  /** What the console asks: the review queue, decisions, residents, models. `twoPeople`: a link by hand needs two members of staff. */
  routes(options: { directory: Directory; twoPeople: boolean }): Route[];
};

export function openIdentity(pool: Pool): Identity {
  const model = openCurrentModel();
  const lookups = openLookups(pool);
  const closureOf = openClosures(pool);
  return {
    matcher: openMatcher(model),
    async match(asked, { today, mayTrace, onlyCertain = false, count = 20 }) {
      const person = comparableOfQuery(asked, today);
      if (!suffices(person)) return 'insufficient';
      const { matches, skipped } = await matchPerson(pool, await model.get(pool), person, lookups);
      const allowed = mayTrace ? matches : withoutTracing(matches);
      const wanted = onlyCertain ? withoutTracing(allowed) : allowed;
      return { matches: wanted.slice(0, count), skipped };
    },
    mayTrace: async ({ permissions, institution }) =>
      permissions.includes('identity.trace') || (institution !== null && (await lookups.mayTrace(institution))),
    routes: ({ directory, twoPeople }) => identityRoutes({ pool, directory, model, twoPeople }),
    addTo: (unit, sightings, merges) => addSightings(pool, closureOf, unit, sightings, merges),
    sources: (resident) => lookups.of(resident),
    sourcesBeside: (source) => lookups.beside(source),
    byLocalId: (localId) => sourcesByLocalId(pool, localId),
    residentsOf: (sources) => residentsOfSources(pool, sources),
    beside: coalesce((ids: bigint[]) => sourcesBeside(pool, ids), { lanes: 2 }),
    livesOnAs: (resident) => livesOnAs(pool, resident),
    async find(query, limit) {
      const text = query.normalize('NFKC').trim();
      const compact = text.replace(/[\s-]/g, '').toUpperCase();
      if (compact.length < 2) return { residents: [], total: 0 };
      for (const kind of /^\d{17}[\dX]$/.test(compact)
        ? (['number', 'local-id'] as const)
        : /^1\d{10}$/.test(compact)
          ? (['phone', 'local-id'] as const)
          : (['local-id'] as const)) {
        const found = await lookups.find(kind, kind === 'local-id' ? text : compact, limit);
        if (found.total > 0) return found;
      }
      return findResidents(pool, 'name', foldName(text).key, limit);
    },
    count: () => countResidents(pool),
    countByArea: () => countResidentsByArea(pool),
    wellKnown: (wanted) => wellKnownResidents(pool, wanted),
  };
}
