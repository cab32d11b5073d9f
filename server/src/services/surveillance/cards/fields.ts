import type { CardField } from '@hutong/contract/surveillance.ts';
import type { Choice, FieldRow, Lists } from '../model.ts';

/** What conditions of fields ask about a card. */
export type CardAbout = { disease: string; isUnder14: boolean };

/** Diseases that have an acute and a chronic course, on the card a field of its own. */
const twoCourses = new Set(['viral-hepatitis', 'hepatitis-b', 'hepatitis-c', 'schistosomiasis']);

const conditions: Record<string, (about: CardAbout, values: Record<string, string | null>, lists: Lists) => boolean> = {
  always: () => true,
  no: () => false,
  'under-14': ({ isUnder14 }) => isUnder14,
  'unless-age': (_, values) => !values.age,
  'with-age': (_, values) => Boolean(values.age),
  'two-courses': ({ disease }) => twoCourses.has(disease),
  'if-subtypes': ({ disease }, _, { subtypes }) => subtypes.some((row) => row.disease === disease),
};

const choicesOf = (lists: Lists, row: FieldRow, disease: string): Choice[] =>
  row.choices === 'subtype'
    ? lists.subtypes.filter((subtype) => subtype.disease === disease)
    : (lists.choices.get(row.choices) ?? []);

const shownOf = (row: FieldRow, value: string, choices: Choice[]): { zh: string; en: string } => {
  if (row.kind !== 'choice' && row.kind !== 'choices') return { zh: value, en: value };
  const said = value.split(',').map((code) => choices.find((choice) => choice.code === code));
  const join = (of: 'zh' | 'en', mark: string): string => said.map((choice) => choice?.[of] ?? value).join(mark);
  return { zh: join('zh', '、'), en: join('en', ', ') };
};

/**
 * The report card of the 2026 norm and its annexes, row by row as `data/` has them. `recorded` is what the record knows, `given` what the doctor
 * filled in or corrected. Required fields that are empty are for the doctor: nothing is guessed.
 */
export function cardFields(
  lists: Lists,
  about: CardAbout,
  recorded: Record<string, string | null>,
  given: Record<string, string>,
): CardField[] {
  const values = { ...recorded, ...given };
  const groups = [
    { code: 'card', fields: lists.cardFields },
    ...lists.annexes.filter(({ diseases }) => diseases.includes(about.disease)),
  ];
  return groups.flatMap(({ code, fields }) =>
    fields.flatMap((row): CardField[] => {
      const choices = choicesOf(lists, row, about.disease);
      if (row.choices === 'subtype' && choices.length === 0) return [];
      const value = given[row.key] ?? recorded[row.key] ?? null;
      const noNumber = row.key === 'number' && values.documentKind === '00';
      return [
        {
          key: row.key,
          group: code,
          zh: row.zh,
          en: row.en,
          kind: row.kind,
          value,
          shown: value ? shownOf(row, value, choices) : null,
          from: given[row.key] !== undefined ? 'doctor' : value ? 'record' : 'nobody',
          required: !noNumber && (conditions[row.required]?.(about, values, lists) ?? false),
          choices: choices.map(({ code: choice, zh, en }) => ({ code: choice, zh, en })),
        },
      ];
    }),
  );
}
