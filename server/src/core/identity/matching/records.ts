import type { LinkageRecord, Schema } from '@hutong/linkage';
import { namesOf } from '../decide/absorb.ts';
import { isNoName } from '../decide/names-fit.ts';
import type { Document, Source } from '../model.ts';

/** What of a person is compared. A value may have alternatives: former names, further telephones, several documents. */
export type Comparable = {
  names: readonly string[];
  sex: string | null;
  birthDate: string | null;
  numbers: readonly string[];
  documents: readonly Document[];
  phones: readonly string[];
  address: string | null;
};

/**
 * The fields of the model. The vetoes keep a pair from being linked without a person, whatever else agrees: a name that is more than a spelling or a sound
 * away (twins share birth date, home, telephone and half the name), and two valid numbers that differ as those of twins or of a slip do.
 */
export const matchSchema: Schema = {
  fields: [
    {
      name: 'name',
      kind: 'chinese-name',
      veto: [
        'order-or-missing',
        'one-near-character',
        'one-character',
        'not-yet-named',
        'one-of-several-births',
        'differs',
      ],
      label: { zh: '姓名', en: 'Name' },
    },
    { name: 'sex', kind: 'category', label: { zh: '性别', en: 'Sex' } },
    { name: 'birthDate', kind: 'date', label: { zh: '出生日期', en: 'Birth date' } },
    {
      name: 'number',
      kind: 'identifier',
      check: 'mod11-2',
      veto: ['both-valid-same-stem', 'both-valid-one-slip'],
      label: { zh: '居民身份证号', en: 'Resident number' },
    },
    { name: 'documents', kind: 'identifier', label: { zh: '其他证件', en: 'Other documents' } },
    { name: 'phone', kind: 'phone', label: { zh: '电话', en: 'Telephone' } },
    { name: 'address', kind: 'address', label: { zh: '住址', en: 'Address' } },
  ],
};

const distinct = (values: readonly (string | null)[]): string[] => [
  ...new Set(values.filter((value): value is string => Boolean(value))),
];

export const comparableOf = (source: Source): Comparable => ({
  names: namesOf(source).filter((name) => !isNoName(name)),
  sex: source.sex,
  birthDate: source.birthDate,
  numbers: distinct([source.number, ...source.told.filter(({ kind }) => kind === 'number').map(({ value }) => value)]),
  documents: source.documents,
  phones: distinct([source.phone, ...source.told.filter(({ kind }) => kind === 'phone').map(({ value }) => value)]),
  address: source.address,
});

export const linkageRecordOf = (person: Comparable): LinkageRecord => ({
  name: person.names,
  sex: person.sex === 'male' || person.sex === 'female' ? person.sex : null,
  birthDate: person.birthDate,
  number: person.numbers,
  documents: person.documents.map(({ number }) => number),
  phone: person.phones,
  address: person.address,
});
