import { areaAt } from '@hutong/china';
import type { CardField } from '@hutong/contract/surveillance.ts';
import type { SourceRow } from '../../../core/identity/index.ts';
import { currentByKeys, factsOf, type Stored, systemScope } from '../../../core/store/index.ts';
import { dayOf } from '../decide.ts';
import { type CardActRow, type CardRow, cardActs } from '../tables/cards.ts';
import { type CardsDoor, named, newest, yearsAt } from './door.ts';
import { cardFields } from './fields.ts';
import { openFields } from './seal.ts';
import { type Warning, warningsOf } from './warnings.ts';

type Json = Record<string, unknown>;
export type Gathered = {
  sources: SourceRow[];
  acts: CardActRow[];
  fields: CardField[];
  /** What the record says by itself, field by field. */
  recorded: Map<string, string>;
  warnings: Warning[];
};

const list = (value: unknown): Json[] => (Array.isArray(value) ? (value as Json[]) : []);
const display = (value: unknown): string | null => (value as { display?: string } | undefined)?.display ?? null;
const local = (at: number): string => new Date(at + 8 * 3_600_000).toISOString().slice(0, 16).replace('T', ' ');
const parsed = ({ body }: Stored): Json => JSON.parse(body) as Json;

/** 病人属于: where the resident lives against where the reporting unit stands, by the first digits of the area code (GB/T 2260). */
export function belongsTo(home: string | null, unit: string): string | null {
  if (!home) return null;
  if (home === unit) return '1';
  if (/^(71|81|82)/.test(home)) return '5';
  if (home.slice(0, 4) === unit.slice(0, 4) || (home.slice(0, 2) === unit.slice(0, 2) && /^(11|12|31|50)/.test(home)))
    return '2';
  return home.slice(0, 2) === unit.slice(0, 2) ? '3' : '4';
}

function extensionOf(patients: Json[], end: string): string | null {
  const found = patients.flatMap(({ extension }) => list(extension)).find(({ url }) => String(url).endsWith(end));
  const concept = (found?.valueCodeableConcept ?? { coding: [found?.valueCoding] }) as {
    text?: string;
    coding?: ({ display?: string } | undefined)[];
  };
  return (found?.valueString as string | undefined) ?? concept.text ?? concept.coding?.[0]?.display ?? null;
}

/**
 * Everything that a card shows: the record's values, what people filled in over them, and what was not believed. `next` is what is being
 * filled in now: it is cleaned (unknown and unchanged values are left out) and laid over the rest; `reporter` is who signs if no message names a doctor.
 */
export async function gather(
  door: CardsDoor,
  card: CardRow,
  { next = {}, reporter = null }: { next?: Record<string, string>; reporter?: string | null } = {},
): Promise<Gathered & { given: Record<string, string> }> {
  const [sources, acts, stored] = await Promise.all([
    door.identity.sources(card.resident),
    cardActs(door.pool, card.keys, card.disease),
    currentByKeys(door.pool, card.keys),
  ]);
  const ids = sources.map(({ id }) => id);
  const [patients, visits] = await Promise.all([
    factsOf(door.pool, systemScope, ids, ['Patient'], 10),
    factsOf(door.pool, systemScope, [card.subject], ['Encounter'], 20),
  ]);
  const given = Object.assign({}, ...acts.map(({ sealed }) => openFields(door.pool, sealed))) as Record<string, string>;
  const recorded = recordedOf(door, card, { sources, acts, stored: [...stored.values()], patients, visits });
  recorded.doctor ??= reporter;
  const before: Record<string, string | null> = { ...recorded, ...given };
  const cleaned = Object.fromEntries(
    Object.entries(next).flatMap(([key, value]) => {
      const text = value.normalize('NFKC').trim();
      return fillable(door, card.disease).has(key) && text !== '' && text !== before[key] ? [[key, text]] : [];
    }),
  );
  const birthDate = cleaned.birthDate ?? before.birthDate ?? null;
  const years = yearsAt(birthDate, card.at.getTime());
  const fields = cardFields(door.lists, { disease: card.disease, isUnder14: years !== null && years < 14 }, recorded, {
    ...given,
    ...cleaned,
  });
  const known = Object.entries(recorded).filter((pair): pair is [string, string] => Boolean(pair[1]));
  return {
    sources,
    acts,
    fields,
    given: cleaned,
    recorded: new Map(known),
    warnings: warningsOf(door, [...stored.values()], recorded),
  };
}

/** The fields that a doctor may fill in for a disease. */
const fillable = ({ lists }: CardsDoor, disease: string): Set<string> =>
  new Set(
    [
      ...lists.cardFields,
      ...lists.annexes.filter(({ diseases }) => diseases.includes(disease)).flatMap((one) => one.fields),
    ]
      .filter(({ kind }) => kind !== 'shown')
      .map(({ key }) => key),
  );

type Known = { sources: SourceRow[]; acts: CardActRow[]; stored: Stored[]; patients: Stored[]; visits: Stored[] };

function recordedOf(
  door: CardsDoor,
  card: CardRow,
  { sources, acts, stored, patients, visits }: Known,
): Record<string, string | null> {
  const people = patients.map(parsed);
  const near = visits.filter(
    ({ occurred }) => occurred !== null && Math.abs(occurred.getTime() - card.at.getTime()) < 86_400_000,
  );
  const doctor =
    stored
      .map(parsed)
      .map(({ recorder, asserter }) => display(recorder) ?? display(asserter))
      .find(Boolean) ??
    near
      .map(parsed)
      .flatMap(({ participant }) => list(participant))
      .map(({ individual }) => display(individual))
      .find(Boolean) ??
    // Where no message names a doctor, whoever reported the card is the reporting doctor.
    acts.findLast(({ act }) => act === 'confirm')?.agent ??
    null;
  const contact = people.flatMap(({ contact: contacts }) => list(contacts))[0]?.name as
    | { text?: string; family?: string }
    | undefined;
  const job = extensionOf(people, 'occupation');
  const number = newest(sources, 'number');
  const deceased = newest(sources, 'deceased');
  const home = newest(sources, 'area');
  const disease = door.lists.diseases.findLast(({ code }) => code === card.disease);
  const returned = acts.findLast(({ act }) => act === 'return');
  const reported = acts.findLast(({ act }) => act === 'confirm' || act === 'correct');
  return {
    name: newest(sources, 'name'),
    guardian: contact?.text ?? contact?.family ?? null,
    documentKind: number && /^\d{17}[\dX]$/.test(number) ? '01' : null,
    number,
    sex: newest(sources, 'sex'),
    birthDate: newest(sources, 'birthDate'),
    workplace: extensionOf(people, 'workplace'),
    phone: newest(sources, 'phone'),
    belongsTo: belongsTo(home, door.directory.institution(card.institution)?.area ?? ''),
    area: home,
    address: newest(sources, 'address'),
    occupation: (door.lists.choices.get('occupation') ?? []).find(({ zh }) => job && zh.startsWith(job))?.code ?? null,
    // A positive test alone, or a hint, is no class of the norm: whether it is a case or a carrier is for the doctor to say.
    caseClass: ['positive-test', 'question', 'none'].includes(card.caseClass) ? null : card.caseClass,
    onset: card.onset,
    diagnosedAt: card.caseClass === 'question' ? null : local(card.at.getTime()),
    deceased: deceased === 'true' ? null : deceased,
    disease: disease?.zh ?? card.disease,
    returnReason: returned?.reason ?? null,
    unit: named(door.directory, card.institution).nameZh,
    doctor: doctor?.startsWith('staff ') ? door.who(doctor) : (doctor ?? null),
    filledAt: reported ? local(reported.at.getTime()) : null,
  };
}

/** The name of a district by its code, for whoever reads the card. */
export const areaWords = (code: string, at: Date): string => areaAt(code, dayOf(at.getTime()))?.area.zh ?? code;
