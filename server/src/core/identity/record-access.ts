import type { Pool } from '../../kit/pool.ts';
import {
  breakGlassUntil,
  type Caller,
  decideRecordAccess,
  type Ground,
  isNotifiable,
  presentedUntil,
  type RecordAccess,
} from '../access/index.ts';
import { factsOf, type Scope, systemScope } from '../store/index.ts';
import type { Identity } from './index.ts';
import type { KnownSource, SourceRow } from './tables/find.ts';

/** One resident as one caller may see them: the decision, the ground for the audit, and the scope for every query. */
export type OpenRecord = {
  resident: bigint;
  access: RecordAccess;
  sources: SourceRow[];
  subjects: bigint[];
  scope: Scope;
};

/** What one row about somebody may be looked at with; `ground` is what the audit says. */
export type OpenSubject = { scope: Scope; ground: Ground; resident: bigint | null };

export type RecordAccessDoor = {
  /** Gathers the facts (relationship, open break-glass, notifiable disease) and decides. Null: there is no such resident. */
  open(caller: Caller, resident: bigint, now: number): Promise<OpenRecord | null>;
  /** For a row that the caller's own eyes ({@link ownScope}) do not see: the ground that the record of its resident gives, if any. */
  openSubject(caller: Caller, subject: bigint | null, now: number): Promise<OpenSubject>;
};

/** What the caller sees without naming a person: what its own institution wrote. */
export const ownScope = (caller: Caller): Scope => ({
  institutions: caller.institution === null ? [] : [caller.institution],
  subjects: [],
  maxLabel: 1,
});

const icd10 = 'http://hl7.org/fhir/sid/icd-10';
type Coded = { code?: { coding?: { system?: string; code?: string }[] } };

export function openRecordAccess(pool: Pool, identity: Identity): RecordAccessDoor {
  const notifiable = async (subjects: bigint[]): Promise<boolean> => {
    const conditions = await factsOf(pool, systemScope, subjects, ['Condition'], 200);
    return conditions.some(({ body }) =>
      (JSON.parse(body) as Coded).code?.coding?.some(
        ({ system, code }) => system === icd10 && code && isNotifiable(code),
      ),
    );
  };
  async function decide(
    caller: Caller,
    resident: bigint,
    sources: readonly KnownSource[],
    now: number,
  ): Promise<Omit<OpenRecord, 'sources'>> {
    const subjects = sources.map(({ id }) => id);
    const own = sources.filter(({ institution }) => institution === caller.institution);
    const isStaff = caller.kind === 'staff';
    const [glass, presented] = await Promise.all([
      // Only people break glass, and only people are shown a code.
      isStaff ? breakGlassUntil(pool, caller.id, resident) : null,
      isStaff ? presentedUntil(pool, caller.institution, resident) : null,
    ]);
    const access = decideRecordAccess(caller, {
      now,
      lastCareAt: own.length > 0 ? Math.max(...own.map(({ lastAt }) => lastAt.getTime())) : null,
      breakGlassUntil: glass,
      notifiable: caller.role === 'epidemiologist' && (await notifiable(subjects)),
      presentedUntil: presented,
      own: caller.kind === 'resident' && caller.subject !== undefined && subjects.includes(caller.subject),
    });
    const institutions = caller.institution === null ? [] : [caller.institution];
    const scope: Scope = access.allowed
      ? { institutions, subjects, maxLabel: access.maxLabel }
      : { institutions, subjects: [], maxLabel: 0 };
    return { resident, access, subjects, scope };
  }
  const door: RecordAccessDoor = {
    async open(caller, asked, now) {
      let resident = asked;
      let sources = await identity.sources(resident);
      if (sources.length === 0) {
        // Merged away since the address was written: the record lives on under another id.
        const next = await identity.livesOnAs(asked);
        if (next === null) return null;
        resident = next;
        sources = await identity.sources(resident);
      }
      return { ...(await decide(caller, resident, sources, now)), sources };
    },
    async openSubject(caller, subject, now) {
      const own: OpenSubject = { scope: ownScope(caller), ground: 'own-institution', resident: null };
      if (subject === null) return own;
      const known = await identity.beside(subject);
      if (!known) return own;
      const { access, scope, resident } = await decide(caller, known.resident, known.sources, now);
      return access.allowed ? { scope, ground: access.ground, resident } : { ...own, resident };
    },
  };
  return door;
}
