import type { CardField } from '@hutong/contract/surveillance.ts';
import type { Reply } from '../../../core/access/index.ts';
import type { CardRow } from '../tables/cards.ts';
import { numberOfCard } from './detail.ts';
import { type CardsDoor, named } from './door.ts';
import { gather } from './gather.ts';

type Code = { code: string; zh: string };
type Answer = { label: string; value: string; codes?: Code[] };

/** A report card as plain values, for whoever writes it as a document. What is not known is null. */
export type ReportValues = {
  id: string;
  setId: string;
  version: number;
  replaces: string | null;
  time: string;
  institution: { code: string; name: string };
  doctor: string | null;
  resident: {
    localId: string | null;
    name: string | null;
    guardian: string | null;
    number: string | null;
    documentKind: Code | null;
    sex: string;
    birthDate: string | null;
    age: string | null;
    phone: string | null;
    address: string | null;
    area: string | null;
    workplace: string | null;
    occupation: Code | null;
    belongsTo: Code | null;
  };
  kind: 'initial' | 'correction';
  disease: Code;
  diseaseClass: Code | null;
  subtype: Code | null;
  caseClass: Code | null;
  acuteness: Code | null;
  onset: string | null;
  diagnosedAt: string | null;
  deceased: string | null;
  formerName: string | null;
  returnReason: string | null;
  filledAt: string | null;
  notes: string | null;
  annexes: { title: string; answers: Answer[] }[];
};

const classes: Record<string, Code> = {
  A: { code: '1', zh: '甲类传染病' },
  B: { code: '2', zh: '乙类传染病' },
  C: { code: '3', zh: '丙类传染病' },
};
const moment = (text: string | null): string | null => (text ? `${text.replace(' ', 'T')}:00+08:00` : null);

/** The card as a shared document (HSDB03.02); the words come from `write`, which the border lends. */
export async function cardDocument(
  door: CardsDoor & { writeReport(values: ReportValues): string },
  card: CardRow,
): Promise<Reply> {
  const { fields, acts, sources } = await gather(door, card);
  const byKey = new Map(fields.map((field) => [field.key, field]));
  const text = (key: string): string | null => byKey.get(key)?.value || null;
  const code = (key: string): Code | null => {
    const field = byKey.get(key);
    return field?.value && field.shown ? { code: field.value, zh: field.shown.zh } : null;
  };
  const answer = ({ zh, value, choices }: CardField): Answer => ({
    label: zh,
    value: value ?? '',
    ...(choices.length > 0 && {
      codes: (value ?? '').split(',').flatMap((one) => choices.filter((choice) => choice.code === one)),
    }),
  });
  const reports = acts.filter(({ act }) => act === 'confirm' || act === 'correct');
  const version = Math.max(1, reports.length);
  const setId = numberOfCard(door, card);
  const age = text('age');
  const disease = door.lists.diseases.findLast(({ code: known }) => known === card.disease);
  const subtype = code('subtype');
  const values: ReportValues = {
    id: `${setId}-${version}`,
    setId,
    version,
    replaces: version > 1 ? `${setId}-${version - 1}` : null,
    time: (reports.at(-1)?.at ?? card.received).toISOString(),
    institution: {
      code: door.directory.institution(card.institution)?.code ?? '',
      name: named(door.directory, card.institution).nameZh,
    },
    doctor: text('doctor'),
    resident: {
      localId: sources.find(({ institution }) => institution === card.institution)?.localId ?? null,
      name: text('name'),
      guardian: text('guardian'),
      number: text('number'),
      documentKind: code('documentKind'),
      sex: text('sex') ?? 'unknown',
      birthDate: text('birthDate'),
      age: age && `${age}${byKey.get('ageUnit')?.shown?.zh ?? '岁'}`,
      phone: text('phone'),
      address: text('address'),
      area: text('area'),
      workplace: text('workplace'),
      occupation: code('occupation'),
      belongsTo: code('belongsTo'),
    },
    kind: version > 1 ? 'correction' : 'initial',
    disease: { code: disease?.icd10[0] ?? card.disease, zh: disease?.zh ?? card.disease },
    diseaseClass: classes[disease?.class ?? ''] ?? null,
    subtype,
    caseClass: code('caseClass'),
    acuteness: code('acuteness'),
    onset: text('onset'),
    diagnosedAt: moment(text('diagnosedAt')),
    deceased: text('deceased'),
    formerName: text('formerName'),
    returnReason: text('returnReason'),
    filledAt: moment(text('filledAt')),
    notes: text('notes'),
    annexes: door.lists.annexes
      .filter(({ diseases }) => diseases.includes(card.disease))
      .map((annex) => ({
        title: annex.zh,
        answers: fields.filter(({ group, value }) => group === annex.code && value).map(answer),
      })),
  };
  return {
    headers: { 'content-type': 'application/xml; charset=utf-8' },
    body: door.writeReport(values),
  };
}
