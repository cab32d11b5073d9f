import { foldName } from './fold-name.ts';
import { isCompoundSurname } from './surnames.ts';

/** A child recorded before it had a name. The mother is a relation to look up, never this child's identity. */
export type NewbornName = {
  /** Folded name of the mother (or, seldom, the father): two characters or more. */
  mother: string;
  sex: 'male' | 'female' | null;
  /** Place in a multiple birth, from 1; null: a single child, or not said. */
  order: number | null;
};

const ORDER: ReadonlyMap<string, number> = new Map([
  ...(['大', '长', '甲', 'A', '1', '一'] as const).map((mark) => [mark, 1] as const),
  ...(['小', '次', '二', '乙', 'B', '2'] as const).map((mark) => [mark, 2] as const),
  ...(['三', '丙', 'C', '3'] as const).map((mark) => [mark, 3] as const),
  ...(['四', '丁', 'D', '4'] as const).map((mark) => [mark, 4] as const),
]);

const MARK = '[大小长次甲乙丙丁一二三四ABCD1234]';
/** 之子, 之女, 之长子, 之大女, 之子2, 之女(大), 之大双, 之婴, 之男婴 ... */
const WITH_ZHI = new RegExp(
  `^(.+?)之(${MARK})?(?:(男|女)?(?:婴儿?|孩|宝宝?)|(子|儿|女)|(双))[(]?(${MARK})?双?[)]?$`,
  'u',
);
/** 大双, 小双: twins; 婴儿, 女婴, 宝宝: no 之. */
const TWIN = /^(.+?)(大|小)双$/u;
const BABY = new RegExp(`^(.+?)(男|女)?(?:婴儿?|宝宝|毛毛|孩儿)[(]?(${MARK})?双?[)]?$`, 'u');

/**
 * Reads `李梅之子`, `李梅之女(大)`, `李梅之次女`, `李梅大双`, `李梅女婴` and the like; null for an ordinary name. One
 * character, or a bare compound surname, before the ending is not a mother's name (王小双 and 欧阳小双 are people).
 */
export function parseNewbornName(name: string): NewbornName | null {
  const text = foldName(name).text.replace(/\s/gu, '');
  return readZhi(text) ?? readTwin(text) ?? readBaby(text);
}

function readZhi(text: string): NewbornName | null {
  const found = WITH_ZHI.exec(text);
  if (!found) return null;
  const [, mother, before, babySex, child, twin, after] = found;
  if (twin !== undefined && before === undefined && after === undefined) return null;
  const sign = child ?? babySex;
  const sex = sign === undefined ? null : sign === '女' ? 'female' : 'male';
  return newborn(mother!, sex, before ?? after);
}

function readTwin(text: string): NewbornName | null {
  const found = TWIN.exec(text);
  return found && newborn(found[1]!, null, found[2]);
}

function readBaby(text: string): NewbornName | null {
  const found = BABY.exec(text);
  if (!found) return null;
  const sex = found[2] === undefined ? null : found[2] === '女' ? 'female' : 'male';
  return newborn(found[1]!, sex, found[3]);
}

function newborn(mother: string, sex: NewbornName['sex'], mark: string | undefined): NewbornName | null {
  if ([...mother].length < 2 || isCompoundSurname(mother)) return null;
  return { mother, sex, order: mark === undefined ? null : (ORDER.get(mark) ?? null) };
}
