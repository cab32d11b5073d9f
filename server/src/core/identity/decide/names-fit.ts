import {
  characterReadings,
  foldName,
  looksAlike,
  namesAgree,
  parseNewbornName,
  readingKeys,
  soundClass,
  surnameForms,
} from '@hutong/china';

/** What stands in the name's place when nobody knows it: no name at all, and so no evidence. */
const nobody = /^(无名氏?|未知|不详|佚名|无名(男|女)?(婴|尸)?|弃婴.*|无主.*|UNKNOWN|JOHNDOE|JANEDOE|TEST)\d*$/;
export const isNoName = (name: string): boolean => nobody.test(foldName(name).key);

const shares = (a: readonly string[], b: readonly string[]): boolean => a.some((one) => b.includes(one));
const sounds = (character: string): string[] => characterReadings(character).map(soundClass);
const near = (a: string, b: string): boolean =>
  shares(sounds(a), sounds(b)) || looksAlike(a, b) || surnameForms(a).includes(b);

/** One character dropped, at least two kept. */
function within(short: readonly string[], long: readonly string[]): boolean {
  if (short.length < 2 || long.length - short.length !== 1) return false;
  let at = 0;
  for (const character of long) if (character === short[at]) at++;
  return at === short.length;
}

function hanNamesFit(a: readonly string[], b: readonly string[]): boolean {
  if (a.length !== b.length) return within(a, b) || within(b, a);
  const different = a.flatMap((character, at) => (character === b[at] ? [] : [at]));
  if (different.every((at) => shares(characterReadings(a[at] as string), characterReadings(b[at] as string))))
    return true;
  const [at] = different;
  return different.length === 1 && at !== undefined && near(a[at] as string, b[at] as string);
}

const latinWords = (text: string): string[] => text.split(/[\s·'’.,-]+/u).filter(Boolean);

function latinNamesFit(a: string, b: string): boolean {
  const [short, long] = [latinWords(a), latinWords(b)].sort((x, y) => x.length - y.length) as [string[], string[]];
  return (
    short.length > 0 &&
    short.every((word) => long.some((other) => other === word || (word.length === 1 && other[0] === word)))
  );
}

/** Whether a Han name and a Latin one can be the same name said in pinyin, in either order. */
function pinyinFits(han: string, latin: string): boolean {
  const letters = latinWords(latin).join('').toLowerCase();
  return readingKeys(han).some((key) => {
    const [surname = '', given = ''] = key.split(':');
    return letters === surname + given || letters === given + surname;
  });
}

function mayBeOne(one: string, other: string): boolean {
  const [a, b] = [foldName(one), foldName(other)];
  if (a.key === b.key || namesAgree(a.key, b.key)) return true;
  // A child that has since been named: the mother's name in 王芳之子 says nothing about the child's.
  if (parseNewbornName(one) !== null || parseNewbornName(other) !== null) return true;
  if (a.script === 'latin' && b.script === 'latin') return latinNamesFit(a.text, b.text);
  if (a.script === 'latin' && b.script === 'han') return pinyinFits(other, a.text);
  if (a.script === 'han' && b.script === 'latin') return pinyinFits(one, b.text);
  return hanNamesFit([...a.key], [...b.key]);
}

/**
 * Whether two people may bear one name: equal after folding, same sound, one character of like sound or shape, one dropped. Former names
 * count on both sides; a side that gives no name contradicts nothing.
 */
export function namesFit(a: readonly string[], b: readonly string[]): boolean {
  const [left, right] = [a, b].map((names) => names.filter((name) => name && !isNoName(name))) as [string[], string[]];
  return left.length === 0 || right.length === 0 || left.some((one) => right.some((other) => mayBeOne(one, other)));
}
