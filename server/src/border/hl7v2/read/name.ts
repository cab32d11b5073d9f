import type { Context } from '../context.ts';
import type { CodeTable } from './codes.ts';
import type { Repetition } from './segment-reader.ts';
import { periodOf } from './simple.ts';

type HumanName = {
  extension?: unknown[];
  use?: string;
  text?: string;
  family?: string;
  given?: string[];
  prefix?: string[];
  suffix?: string[];
  period?: { start?: string; end?: string };
};

/** Table 0200. An empty use is one that FHIR does not tell apart. */
const USES: CodeTable<string> = {
  number: '0200',
  values: {
    L: 'official',
    R: 'official',
    OR: 'official',
    D: 'usual',
    B: 'old',
    BAD: 'old',
    NOUSE: 'old',
    C: 'old',
    M: 'maiden',
    N: 'nickname',
    A: 'nickname',
    K: 'nickname',
    MSK: 'anonymous',
    S: 'anonymous',
    NAV: 'temp',
    T: 'temp',
    TEMP: 'temp',
    U: '',
    I: '',
    P: '',
    F: '',
    PB: '',
    AV: '',
    G: '',
  },
};

const REPRESENTATION_URL = 'http://hl7.org/fhir/StructureDefinition/iso21090-EN-representation';
const REPRESENTATIONS: Record<string, string> = { I: 'IDE', A: 'ABC', P: 'SYL' };
const HAN = /\p{Script=Han}/u;

/** Double surnames in use (China's name statistics list them); every other surname of a Han name is one character. */
const DOUBLE_SURNAMES = new Set(
  '欧阳 太史 端木 上官 司马 东方 独孤 南宫 万俟 闻人 夏侯 诸葛 尉迟 公羊 赫连 澹台 皇甫 宗政 濮阳 公冶 太叔 申屠 公孙 慕容 仲孙 钟离 长孙 宇文 司徒 鲜于 司空 闾丘 令狐 第五 百里 呼延 东郭 西门 轩辕 纳兰'.split(
    ' ',
  ),
);

/**
 * XPN as HumanName. `at` is the component of the family name: 1 in XPN, 2 in XCN (which begins with an id).
 * A Chinese name usually comes whole in the family component; it is cut behind the surname, except for names with a middle
 * dot (transliterations), which stay whole in `text`. The representation code (ideographic, alphabetic, phonetic) is kept.
 */
export function humanName(value: Repetition, context: Context, at = 1): HumanName | undefined {
  const inXcn = at > 1;
  const family = value.text(at);
  const given = [value.text(at + 1), value.text(at + 2)].filter((part) => part !== '');
  const prefix = value.text(at + 4);
  const suffix = [value.text(at + 3), value.text(at + 5), inXcn ? '' : value.text(14)].filter((part) => part !== '');
  if (family === '' && given.length === 0) return undefined;
  const name: HumanName = HAN.test(family) ? chinese(family, given) : western(family, given, prefix, suffix);
  const use = lookUse(value, context, inXcn ? 10 : 7);
  if (use) name.use = use;
  if (prefix) name.prefix = [prefix];
  if (suffix.length > 0) name.suffix = suffix;
  const representation = REPRESENTATIONS[value.text(inXcn ? 15 : 8).toUpperCase()];
  if (representation) name.extension = [{ url: REPRESENTATION_URL, valueCode: representation }];
  const period = inXcn ? undefined : periodOf(value, 12, 13, context);
  if (period) name.period = period;
  return name;
}

function lookUse(value: Repetition, context: Context, c: number): string | undefined {
  const code = value.text(c).toUpperCase();
  if (code === '') return undefined;
  const use = Object.hasOwn(USES.values, code) ? USES.values[code] : undefined;
  if (use === undefined) context.report('hl7v2.unknown-code', `${value.path}.${c}`, USES.number);
  return use || undefined;
}

function chinese(family: string, given: string[]): HumanName {
  if (given.length > 0) return { text: family + given.join(''), family, given };
  const characters = [...family];
  if (characters.length < 2 || /[·•.\s]/.test(family)) return { text: family };
  const size = characters.length > 2 && DOUBLE_SURNAMES.has(characters.slice(0, 2).join('')) ? 2 : 1;
  return { text: family, family: characters.slice(0, size).join(''), given: [characters.slice(size).join('')] };
}

function western(family: string, given: string[], prefix: string, suffix: string[]): HumanName {
  const text = [prefix, ...given, family, ...suffix].filter((part) => part !== '').join(' ');
  return { text, ...(family ? { family } : {}), ...(given.length > 0 ? { given } : {}) };
}
