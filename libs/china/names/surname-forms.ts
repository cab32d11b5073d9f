import { foldName } from './fold-name.ts';

/**
 * Surnames written in two ways by the same families: the Second Simplification draft (1977, withdrawn 1986) and naming
 * taboos left 肖/萧, 付/傅, 闫/阎, 代/戴, 兰/蓝, 邱/丘 and others on one person's papers side by side. They are different
 * surnames too, so this is a level of likeness, never equality.
 */
const GROUPS: readonly (readonly string[])[] = [
  ...[
    ['肖', '萧'],
    ['付', '傅'],
    ['闫', '阎'],
    ['邱', '丘'],
    ['代', '戴'],
    ['兰', '蓝'],
    ['员', '贠'],
    ['曲', '麹'],
    ['郤', '郄'],
  ],
];

const BY_SURNAME = new Map(GROUPS.flatMap((group) => group.map((surname) => [surname, group] as const)));

/** All ways to write a surname, the folded form itself first. */
export function surnameForms(surname: string): readonly string[] {
  const folded = foldName(surname).text;
  const group = BY_SURNAME.get(folded) ?? [];
  return [folded, ...group.filter((form) => form !== folded)];
}

/** Whether two surnames are different characters for what one family may write; false when they are equal. */
export function isSurnameRewrite(a: string, b: string): boolean {
  const [first, second] = [foldName(a).text, foldName(b).text];
  return first !== second && (BY_SURNAME.get(first)?.includes(second) ?? false);
}
