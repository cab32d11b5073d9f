import { parseResidentNumber } from '@hutong/china';
import type { Rule, Source } from '../model.ts';
import { namesOf } from './absorb.ts';
import { namesFit } from './names-fit.ts';

/** More claimants than any person has registrations: a number typed in for whoever has none. It links nobody. */
export const mostClaimants = 100;

/** Identities that an institution has merged, with the one that survives. */
export type Family = { root: Source; members: Source[] };
/** What a family says its number is, or why that number does not count. */
export type Claim = { number: string; stamp: string; refused: Rule | null };

/** What the number itself says against the person: a parent's or an agent's number used for a child, most often. */
export function contradiction(
  number: string,
  { birthDate, sex }: Pick<Source, 'birthDate' | 'sex'>,
): 'number-contradicts-birth-date' | 'number-contradicts-sex' | null {
  const parsed = parseResidentNumber(number, '9999-12-31');
  if (!parsed.ok) return null;
  if (birthDate && birthDate.length >= 10 && parsed.value.birthDate !== birthDate.slice(0, 10))
    return 'number-contradicts-birth-date';
  if ((sex === 'male' || sex === 'female') && parsed.value.sex !== sex) return 'number-contradicts-sex';
  return null;
}

/** The survivor's number speaks for the family; where it has none, the newest usable one of those merged into it. */
export function claimOf({ root, members }: Family): Claim | null {
  if (root.number)
    return { number: root.number, stamp: root.numberStamp ?? '', refused: contradiction(root.number, root) };
  const usable = members.flatMap(({ number, numberStamp, ...person }) =>
    number && contradiction(number, person) === null ? [{ number, stamp: numberStamp ?? '', refused: null }] : [],
  );
  usable.sort((a, b) => (`${a.stamp} ${a.number}` < `${b.stamp} ${b.number}` ? 1 : -1));
  return usable[0] ?? null;
}

const knownNames = ({ root, members }: Family): string[] => {
  const own = namesOf(root);
  return own.length > 0 ? own : members.flatMap(namesOf);
};

/** Claimants of one number whose names can be one person's, in groups; more than one group is a contradiction that a person must judge. */
export function groupsByName(claimants: readonly Family[]): Family[][] {
  const groups: Family[][] = [];
  for (const family of claimants.toSorted((a, b) => (a.root.id < b.root.id ? -1 : 1))) {
    const fitting = groups.filter((group) => group.some((other) => namesFit(knownNames(family), knownNames(other))));
    for (const group of fitting) groups.splice(groups.indexOf(group), 1);
    groups.push([...fitting.flat(), family]);
  }
  return groups;
}
