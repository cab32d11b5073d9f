import { type Caller, may } from '../../../core/access/index.ts';
import type { CardRow } from '../tables/cards.ts';
import type { CardsDoor } from './door.ts';
import { levelOfReviewer, reachOf } from './review.ts';

/** Which cards a caller sees: the CDC those of its area, an institution those of residents it has diagnosed or tested itself. */
export type CardScope = { institution: number | null; reach: string; unitsInReach: number[] };

export function scopeOf({ directory }: Pick<CardsDoor, 'directory'>, caller: Caller): CardScope {
  if (!may(caller, 'surveillance.read')) return { institution: caller.institution ?? -1, reach: '', unitsInReach: [] };
  const reach = reachOf(areaOf(directory, caller));
  return {
    institution: null,
    reach,
    unitsInReach:
      reach === '' ? [] : directory.institutions().flatMap(({ id, area }) => (area.startsWith(reach) ? [id] : [])),
  };
}

const areaOf = (directory: CardsDoor['directory'], caller: Caller): string | null =>
  caller.institution === null ? null : (directory.institution(caller.institution)?.area ?? null);

export function sees(door: Pick<CardsDoor, 'directory'>, caller: Caller, card: CardRow): boolean {
  const { institution, reach, unitsInReach } = scopeOf(door, caller);
  if (institution !== null) return card.institutions.includes(institution);
  return reach === '' || card.area.startsWith(reach) || card.institutions.some((id) => unitsInReach.includes(id));
}

/** Whether this card waits for the caller's level. */
export function mayReview(door: Pick<CardsDoor, 'directory'>, caller: Caller, card: CardRow): boolean {
  const level = levelOfReviewer(areaOf(door.directory, caller));
  return card.reviewLevel !== null && (level === 'any' || level === card.reviewLevel);
}
export const groundOf = (caller: Caller): 'public-health' | 'own-institution' =>
  may(caller, 'surveillance.read') ? 'public-health' : 'own-institution';
