import { breakGlassUntil, type Caller, decideRecordAccess, isNotifiable, type RecordAccess } from '../access/index.ts';
import { factsOf, type Scope, systemScope } from '../store/index.ts';
import type { Pool } from '../../kit/pool.ts';
import type { Identity } from './index.ts';
import type { SourceRow } from './tables.ts';

/** One resident as one caller may see them: the decision, the ground for the audit, and the scope for every query. */
export type OpenRecord = { resident: bigint; access: RecordAccess; sources: SourceRow[]; subjects: bigint[]; scope: Scope };

export type RecordAccessDoor = {
  /** Gathers the facts (relationship, open break-glass, notifiable disease) and decides. Null: there is no such resident. */
  open(caller: Caller, resident: bigint, now: number): Promise<OpenRecord | null>;
};

const icd10 = 'http://hl7.org/fhir/sid/icd-10';
type Coded = { code?: { coding?: { system?: string; code?: string }[] } };

export function openRecordAccess(pool: Pool, identity: Identity): RecordAccessDoor {
  const notifiable = async (subjects: bigint[]): Promise<boolean> => {
    const conditions = await factsOf(pool, systemScope, subjects, ['Condition'], 200);
    return conditions.some(({ body }) => (JSON.parse(body) as Coded).code?.coding?.some(({ system, code }) => system === icd10 && code && isNotifiable(code)));
  };
  return {
    async open(caller, resident, now) {
      const sources = await identity.sources(resident);
      if (sources.length === 0) return null;
      const subjects = sources.map(({ id }) => id);
      const own = sources.filter(({ institution }) => institution === caller.institution);
      const access = decideRecordAccess(caller, {
        now,
        lastCareAt: own.length > 0 ? Math.max(...own.map(({ lastAt }) => lastAt.getTime())) : null,
        breakGlassUntil: await breakGlassUntil(pool, caller.id, resident),
        notifiable: caller.role === 'epidemiologist' && (await notifiable(subjects)),
      });
      const scope: Scope = access.allowed
        ? { institutions: caller.institution === null ? [] : [caller.institution], subjects, maxLabel: access.maxLabel }
        : { institutions: caller.institution === null ? [] : [caller.institution], subjects: [], maxLabel: 0 };
      return { resident, access, sources, subjects, scope };
    },
  };
}
