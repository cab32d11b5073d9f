import { parseNewbornName } from '@hutong/china';
import type { GoldenRecord, IdentityWords } from '@hutong/contract/identity.ts';
import { contradiction } from '../decide/claims.ts';
import { isNoName } from '../decide/names-fit.ts';
import { publicId } from '../public-id.ts';
import type { SourceRow } from '../tables/find.ts';

type GoldenField = keyof GoldenRecord;
type RuleCode = 'with-agreeing-number' | 'proper-name' | 'most-agree' | 'newest' | 'any-says';

/**
 * The rules of survivorship, as data: for each field the rules in the order in which they are asked; the first that finds a value decides. To change
 * what wins, change this table.
 */
const survivorship: Readonly<Record<GoldenField, readonly RuleCode[]>> = {
  name: ['with-agreeing-number', 'proper-name', 'newest'],
  sex: ['with-agreeing-number', 'most-agree', 'newest'],
  birthDate: ['with-agreeing-number', 'most-agree', 'newest'],
  number: ['with-agreeing-number'],
  phone: ['newest'],
  address: ['newest'],
  ethnicGroup: ['most-agree', 'newest'],
  deceased: ['any-says'],
};

const ruleWords: Readonly<Record<RuleCode | 'nobody-says', IdentityWords>> = {
  'with-agreeing-number': {
    zh: '取自证件号与出生日期、性别一致的最新登记',
    en: 'From the newest registration whose number agrees with birth date and sex',
  },
  'proper-name': { zh: '最新的正式姓名（非“某某之子”）', en: 'The newest proper name (not “child of”)' },
  'most-agree': { zh: '多数登记一致', en: 'What most registrations say' },
  newest: { zh: '最新登记', en: 'The newest registration' },
  'any-says': { zh: '任一登记注明', en: 'Any registration says so' },
  'nobody-says': { zh: '无登记', en: 'Nobody says' },
};

const named = ({ name }: SourceRow): boolean => Boolean(name && !isNoName(name) && parseNewbornName(name) === null);
const numbered = (source: SourceRow): boolean =>
  Boolean(source.number) && contradiction(source.number as string, source) === null;

function most(field: GoldenField, sources: readonly SourceRow[]): readonly SourceRow[] {
  const counts = new Map<string, number>();
  for (const source of sources) {
    const value = source[field];
    if (value) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  const [first, second] = [...counts].sort(([, a], [, b]) => b - a);
  return !first || first[1] === second?.[1] ? [] : sources.filter((source) => source[field] === first[0]);
}

/** Who may speak for a field under a rule; sources come newest first, and the first who says something is heard. */
const speakers: Readonly<
  Record<RuleCode, (field: GoldenField, sources: readonly SourceRow[]) => readonly SourceRow[]>
> = {
  'with-agreeing-number': (_field, sources) => sources.filter(numbered),
  'proper-name': (_field, sources) => sources.filter(named),
  'most-agree': most,
  newest: (_field, sources) => sources,
  'any-says': (_field, sources) => sources,
};

/** The best value of each field over all sources of a resident, whose it is, and by which rule. */
export function goldenRecord(sources: readonly SourceRow[]): GoldenRecord {
  const entries = (Object.keys(survivorship) as GoldenField[]).map((field) => {
    for (const code of survivorship[field]) {
      const source = speakers[code](field, sources).find((candidate) => candidate[field]);
      if (source)
        return [field, { value: source[field], source: publicId(source.id), rule: { code, ...ruleWords[code] } }];
    }
    return [field, { value: null, source: null, rule: { code: 'nobody-says', ...ruleWords['nobody-says'] } }];
  });
  return Object.fromEntries(entries) as GoldenRecord;
}
