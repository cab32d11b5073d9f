import type { TraceQuery } from '@hutong/contract/identity.ts';
import { auditWriter } from '../../../core/audit/index.ts';
import type { Directory } from '../../../core/directory/index.ts';
import type { Identity, SourceRow } from '../../../core/identity/index.ts';
import { type GroupCommitter, Unit } from '../../../kit/group-commit.ts';

/** Somebody found: the registration that answers best, and everything else the resident is registered under. */
export type Found = { best: SourceRow; sources: readonly SourceRow[]; score: number | null; grade: string | null };
export type Asker = { id: number; code: string } | null;
export type PersonQueries = {
  /** Candidates; one certain one at most for whoever may not trace. */
  candidates(asked: TraceQuery, most: number, institution: number, now: number): Promise<Found[] | 'insufficient'>;
  /**
   * Whoever is registered under an identifier: only to institutions that know the person already, or may trace; to others it is unknown, as if it did
   * not exist.
   */
  registered(
    identifier: { id: string; authority: string },
    institution: number,
  ): Promise<{ source: SourceRow; sources: readonly SourceRow[] } | 'unknown'>;
  /** Whoever was named was looked at: the answer may leave only once this is true. */
  note(query: {
    what: string;
    asker: Asker;
    at: number;
    trace: string;
    residents: readonly bigint[];
  }): Promise<boolean>;
};

const chinaDay = (at: number): string => new Date(at + 8 * 3_600_000).toISOString().slice(0, 10);

/** What a message that asks about a person is answered from, whatever its format. */
export function openPersonQueries({
  directory,
  identity,
  committer,
}: {
  directory: Directory;
  identity: Identity;
  committer: GroupCommitter;
}): PersonQueries {
  return {
    async candidates(asked, most, institution, now) {
      const mayTrace = await identity.mayTrace({ permissions: [], institution });
      const answer = await identity.match(asked, { today: chinaDay(now), mayTrace, count: most });
      if (answer === 'insufficient') return answer;
      return Promise.all(
        answer.matches.map(async ({ best, resident, score, grade }) => ({
          best,
          sources: await identity.sources(resident),
          score,
          grade,
        })),
      );
    },
    async registered({ id, authority }, institution) {
      const found = (await identity.byLocalId(id)).filter(
        (source) =>
          authority === source.authority ||
          authority === directory.institution(source.institution)?.code ||
          (authority === '' && source.institution === institution),
      );
      const source = found.find((one) => one.institution === institution) ?? found[0];
      const sources = source ? await identity.sources(source.resident) : [];
      const known = sources.some((one) => one.institution === institution);
      if (!source || !(known || (await identity.mayTrace({ permissions: [], institution })))) return 'unknown';
      return { source, sources };
    },
    async note({ what, asker, at, trace, residents }) {
      const entry = {
        at,
        agent: `institution ${asker?.code ?? 'unregistered'}`,
        role: 'client',
        institution: asker?.id ?? null,
        action: 'search' as const,
        what,
        ground: 'identity-match',
        trace,
      };
      const kept = await committer.commit(
        new Unit().add(auditWriter, [entry, ...residents.map((resident) => ({ ...entry, resident }))]),
      );
      return kept.ok;
    },
  };
}
