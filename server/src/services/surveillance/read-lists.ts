import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Annex, Channel, Choice, Disease, FieldRow, Lists, Syndrome, Topic } from './model.ts';

type Row = Record<string, string>;

function rowsOf(name: string): Row[] {
  const [head = '', ...lines] = readFileSync(join(import.meta.dirname, 'data', `${name}.tsv`), 'utf8')
    .split('\n')
    .filter((line) => line !== '');
  const names = head.split('\t');
  return lines.map((line) => {
    const cells = line.split('\t');
    return Object.fromEntries(names.map((column, index) => [column, cells[index] ?? '']));
  });
}

const prefixes = (text: string | undefined): string[] => (text ? text.split(' ') : []);

/** The versioned tables under `data/`; read once at the start. */
export function readLists(): Lists {
  const quiet = new Map(rowsOf('first-cases').map(({ code = '', quietDays }) => [code, Number(quietDays)]));
  const diseases = rowsOf('diseases').map((row) => ({
    ...row,
    firstAfterDays: quiet.get(row.code ?? '') ?? null,
    limitHours: Number(row.limitHours),
    episodeDays: Number(row.episodeDays),
    icd10: prefixes(row.icd10),
    text: row.text ? new RegExp(row.text) : null,
    singleCase: row.singleCase === '1',
    parent: row.parent || null,
    to: row.to || null,
  })) as unknown as Disease[];
  const syndromes = rowsOf('syndromes').map((row) => ({
    ...row,
    icd10: prefixes(row.icd10),
    text: new RegExp(row.text ?? '(?!)'),
  })) as unknown as Syndrome[];
  const annexFields = rowsOf('annex-fields') as unknown as (FieldRow & { annex: string })[];
  return {
    diseases,
    syndromes,
    cardFields: rowsOf('card-fields') as unknown as FieldRow[],
    choices: Map.groupBy(rowsOf('choices') as unknown as (Choice & { list: string })[], ({ list }) => list),
    subtypes: rowsOf('subtypes') as unknown as (Choice & { disease: string })[],
    observationDays: new Map(rowsOf('observation-days').map(({ disease = '', days }) => [disease, Number(days)])),
    exchangeFields: rowsOf('exchange-fields').map((row) => ({
      ...(row as unknown as Lists['exchangeFields'][number]),
      personal: row.personal === '1',
      required: row.required === '1',
    })),
    advice: new Map(
      rowsOf('advice').map((row) => [
        row.family ?? '',
        { public: row.public ?? '', departments: row.departments ?? '' },
      ]),
    ),
    keyCategories: rowsOf('key-categories') as unknown as (Choice & { kind: string })[],
    annexes: rowsOf('annexes').map((row) => ({
      ...(row as unknown as Annex),
      diseases: prefixes(row.diseases),
      fields: annexFields.filter(({ annex }) => annex === row.code),
    })),
    drugHints: rowsOf('drug-hints').map(({ disease = '', atc, text = '', zh = '', en = '', from = '', to }) => ({
      disease,
      atc: prefixes(atc),
      text: new RegExp(text, 'i'),
      zh,
      en,
      from,
      to: to || null,
    })),
    textHints: rowsOf('text-hints').map(({ disease = '', text = '', from = '', to }) => ({
      disease,
      text: new RegExp(text, 'i'),
      from,
      to: to || null,
    })),
    laboratory: rowsOf('laboratory').map(({ loinc = '', disease = '', text = '' }) => ({
      loinc,
      disease,
      text: new RegExp(text),
    })),
    channels: rowsOf('channels').map((row) => ({
      ...row,
      cadenceDays: Number(row.cadenceDays),
    })) as unknown as Channel[],
    topics: [
      ...diseases
        .filter(({ to }) => to === null)
        .flatMap(({ code, zh, en, family }) =>
          ['cases', 'laboratory'].map((channel) => ({ channel, code, zh, en, family })),
        ),
      ...syndromes.map(({ code, zh, en, family }) => ({ channel: 'syndromes', code, zh, en, family })),
      ...(rowsOf('topics') as unknown as Topic[]),
    ],
  };
}
