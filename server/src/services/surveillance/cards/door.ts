import type { Directory } from '../../../core/directory/index.ts';
import type { Identity, SourceRow } from '../../../core/identity/index.ts';
import type { Pool } from '../../../kit/pool.ts';
import type { Lists } from '../model.ts';

export type CardsDoor = {
  pool: Pool;
  directory: Directory;
  identity: Identity;
  lists: Lists;
  /** The name of whoever acted. */
  who(agent: string): string;
};

export const newest = <K extends keyof SourceRow>(sources: SourceRow[], field: K): SourceRow[K] | null =>
  sources.find((source) => source[field] !== null)?.[field] ?? null;

export const named = (directory: Directory, id: number): { nameZh: string; nameEn: string } => {
  const row = directory.institution(id);
  return { nameZh: row?.nameZh ?? '未知机构', nameEn: row?.nameEn ?? 'Unknown institution' };
};

/** Completed years on the day of `now` in Asia/Shanghai; null without a birth date. */
export function yearsAt(birthDate: string | null, now: number): number | null {
  if (!birthDate) return null;
  const today = new Date(now + 8 * 3_600_000).toISOString().slice(0, 10);
  return Number(today.slice(0, 4)) - Number(birthDate.slice(0, 4)) - (today.slice(5) < birthDate.slice(5) ? 1 : 0);
}
export const ageWords = (birthDate: string | null, now: number): string => {
  const years = yearsAt(birthDate, now);
  return years === null ? '' : String(Math.max(0, years));
};
