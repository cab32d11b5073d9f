import type { Caller, Ground, Permission } from './model.ts';

export const may = (caller: Caller, permission: Permission): boolean => caller.permissions.includes(permission);

/** What is known about the caller and one resident when access is decided. Times are epoch milliseconds. */
export type Relation = {
  now: number;
  /** When the caller's institution last wrote something about this resident; null: never. */
  lastCareAt: number | null;
  /** An open break-glass of this caller for this resident ends then; null: none. */
  breakGlassUntil: number | null;
  /** Whether the record carries a notifiable condition (the epidemiologist's ground). */
  notifiable: boolean;
  /** The resident showed a live health code at the caller's institution; that opens the record until then. Absent or null: no. */
  presentedUntil?: number | null;
  /** The caller is this resident. */
  own?: boolean;
};

export type RecordAccess = {
  allowed: boolean;
  ground: Ground;
  until: number | null;
  canBreakGlass: boolean;
  maxLabel: number;
};

/** A treatment relationship lasts this long after the last contact; a policy value, kept in one place. */
export const careRelationshipDays = 180;
export const breakGlassHours = 4;
/** A live health code shown at a counter lets that institution's treating staff in for one visit. */
export const presentedCodeHours = 8;
const day = 86_400_000;

/**
 * Who may open one resident's record, and why. Pure: role, institution, relationship, purpose, in that order (IHE PCF's basic level).
 * Restricted facts (label 1) are shown only to a treating institution or behind broken glass.
 */
export function decideRecordAccess(caller: Caller, relation: Relation): RecordAccess {
  const refused: RecordAccess = {
    allowed: false,
    ground: 'none',
    until: null,
    canBreakGlass: may(caller, 'record.break-glass'),
    maxLabel: 0,
  };
  if (caller.kind === 'resident')
    return relation.own === true && may(caller, 'record.read')
      ? { allowed: true, ground: 'own-record', until: null, canBreakGlass: false, maxLabel: 1 }
      : { ...refused, canBreakGlass: false };
  if (caller.kind === 'staff' && !may(caller, 'record.read')) return { ...refused, canBreakGlass: false };
  if (caller.kind === 'client' && !may(caller, 'fhir.read')) return refused;
  if (relation.breakGlassUntil !== null && relation.breakGlassUntil > relation.now)
    return { allowed: true, ground: 'break-glass', until: relation.breakGlassUntil, canBreakGlass: false, maxLabel: 1 };
  if (caller.institution !== null && relation.lastCareAt !== null) {
    const until = relation.lastCareAt + careRelationshipDays * day;
    if (until > relation.now && caller.role !== 'epidemiologist')
      return { allowed: true, ground: 'care-relationship', until, canBreakGlass: false, maxLabel: 1 };
  }
  // Whoever shows the code consents to being treated here, not to every page: restricted facts come with the care relationship.
  const presented = relation.presentedUntil ?? null;
  if (caller.kind === 'staff' && may(caller, 'codes.scan') && presented !== null && presented > relation.now)
    return {
      allowed: true,
      ground: 'presented-code',
      until: presented,
      canBreakGlass: refused.canBreakGlass,
      maxLabel: 0,
    };
  if (caller.role === 'epidemiologist' && relation.notifiable)
    return { allowed: true, ground: 'public-health', until: null, canBreakGlass: false, maxLabel: 0 };
  return refused;
}

const covers = new WeakMap<readonly string[], Map<string, boolean>>();

/**
 * Whether SMART scopes (v1 `system/Type.read` and v2 `system/Type.cruds`) cover an interaction. Those of one token are one list, asked at each request.
 * @param letter c create, r read, u update, d delete, s search
 */
export function scopeCovers(scopes: readonly string[], type: string, letter: Letter): boolean {
  const known = covers.get(scopes) ?? new Map<string, boolean>();
  covers.set(scopes, known);
  const asked = `${letter}${type}`;
  const covered = known.get(asked) ?? scopes.some((scope) => scopeAllows(scope, type, letter));
  if (known.size < 1000) known.set(asked, covered);
  return covered;
}

type Letter = 'c' | 'r' | 'u' | 'd' | 's';

function scopeAllows(scope: string, type: string, letter: Letter): boolean {
  const match = /^(?:system|user|patient)\/(\*|[A-Za-z]+)\.(read|write|\*|c?r?u?d?s?)$/.exec(scope);
  if (!match) return false;
  const [, on, what] = match as unknown as [string, string, string];
  if (on !== '*' && on !== type) return false;
  if (what === '*') return true;
  if (what === 'read') return letter === 'r' || letter === 's';
  if (what === 'write') return letter === 'c' || letter === 'u' || letter === 'd';
  return what.includes(letter);
}
