import { dayOf, eventTime, milliseconds, notThere, type Times } from './decide.ts';
import { affirmed } from './mentions.ts';
import type { Disease, Lists, Reading } from './model.ts';

type Json = Record<string, unknown>;
const list = (value: unknown): Json[] => (Array.isArray(value) ? (value as Json[]) : []);
const wordsOf = (concept: unknown): string => {
  const { text, coding } = (concept ?? {}) as { text?: string; coding?: unknown };
  return [text, ...list(coding).map(({ display }) => display)].filter(Boolean).join(' ');
};
/** Longer texts are read to here. */
const longest = 20_000;
/** Sections of a document about other times and other people. */
const elsewhere = /既往|家族|个人史|婚育|过敏|预防接种|健康指导|宣教/;

/** Every text of a fact in which somebody may have written what they suspect: impressions, complaints, notes. Undiagnosed text of a Condition too. */
function textsOf(resource: Json): string[] {
  const texts = (): string[] => {
    switch (resource.resourceType) {
      case 'DiagnosticReport':
        return [String(resource.conclusion ?? ''), ...list(resource.conclusionCode).map(wordsOf)];
      case 'Encounter':
        return list(resource.reasonCode).map(wordsOf);
      case 'Condition':
        return [wordsOf(resource.code)];
      case 'DocumentReference':
        return list(resource.content).map(({ attachment }) => plainText(attachment as Json | undefined));
      case 'Composition':
        return sectionTexts(resource.section);
      default:
        return [];
    }
  };
  return texts()
    .map((text) => text.slice(0, longest))
    .filter((text) => text !== '');
}

function plainText(attachment: Json | undefined): string {
  const { contentType = '', data } = (attachment ?? {}) as { contentType?: string; data?: string };
  if (!contentType.startsWith('text/plain') || typeof data !== 'string') return '';
  return Buffer.from(data.slice(0, longest * 4), 'base64').toString('utf8');
}

function sectionTexts(sections: unknown): string[] {
  return list(sections).flatMap((section): string[] => {
    if (elsewhere.test(`${section.title ?? ''} ${wordsOf(section.code)}`)) return [];
    const div = String((section.text as Json | undefined)?.div ?? '');
    return [div.replaceAll(/<[^>]*>/g, '\n'), ...sectionTexts(section.section)];
  });
}

type At = { at: number; day: string };

const inForce = ({ from, to }: { from: string; to: string | null }, day: string): boolean =>
  from <= day && (to === null || day <= to);

const reading = (channel: 'drugs' | 'texts', disease: Disease, code: string, { at, day }: At): Reading => ({
  channel,
  topic: disease.code,
  certainty: 'hint',
  code,
  zh: disease.zh,
  en: disease.en,
  at,
  onset: null,
  day,
});

/** What words in a fact's texts may mean: one question for each disease, with the word that raised it. */
function textHints(resource: Json, when: At, lists: Lists): Reading[] {
  const texts = textsOf(resource);
  if (texts.length === 0) return [];
  return lists.textHints.flatMap((row): Reading[] => {
    const disease = lists.diseases.find((one) => one.code === row.disease && inForce(one, when.day));
    if (!disease || !inForce(row, when.day)) return [];
    const word = texts.map((text) => affirmed(text, row.text)).find((found) => found !== null);
    return word ? [reading('texts', disease, word, when)] : [];
  });
}

const notGiven = new Set(['cancelled', 'entered-in-error', 'stopped', 'draft', 'declined', 'not-done', 'not-taken']);

/** What a drug that is given for hardly anything else may mean: by its ATC code, or by its name. A drug not given says nothing. */
function drugHints(resource: Json, when: At, lists: Lists): Reading[] {
  if (notGiven.has(String(resource.status ?? '')) || resource.doNotPerform === true) return [];
  const concept = resource.medicationCodeableConcept;
  const name = wordsOf(concept);
  const atc = list((concept as Json | undefined)?.coding)
    .filter(({ system }) => /atc/i.test(String(system ?? '')))
    .map(({ code }) => String(code));
  return lists.drugHints.flatMap((row): Reading[] => {
    const disease = lists.diseases.find((one) => one.code === row.disease && inForce(one, when.day));
    if (!disease || !inForce(row, when.day)) return [];
    const byCode = atc.find((code) => row.atc.some((prefix) => code.startsWith(prefix)));
    const word = row.text.exec(name)?.[0] ?? byCode;
    return word ? [reading('drugs', disease, word, when)] : [];
  });
}

/** When a fact was written, by its own word. */
const written = ({ recordedDate, period, authoredOn, whenHandedOver, issued, date }: Json): unknown =>
  recordedDate ?? (period as Json | undefined)?.start ?? authoredOn ?? whenHandedOver ?? issued ?? date;

/**
 * What a fact hints at beside what it says (`found`): a drug by what it is given for, a text by words that nobody denies. A coded diagnosis speaks for
 * itself, its words are no second voice. Pure.
 */
export function hintsOf(resource: Json, times: Times, lists: Lists, found: readonly Reading[]): Reading[] {
  const verified = (resource.verificationStatus as { coding?: { code?: string }[] } | undefined)?.coding?.[0]?.code;
  const status = String(verified ?? resource.status ?? '');
  if (notThere.has(status) || status === 'superseded' || found.some(({ channel }) => channel === 'cases')) return [];
  const at = eventTime(milliseconds(written(resource)), times);
  const when = { at, day: dayOf(at) };
  return String(resource.resourceType).startsWith('Medication')
    ? drugHints(resource, when, lists)
    : textHints(resource, when, lists);
}
