import type { Directory } from '../../../core/directory/index.ts';
import { publicId, type SourceRow } from '../../../core/identity/index.ts';
import type { BorderIssue, Translation } from '../../fact.ts';
import {
  type AnswerCode,
  type FoundPerson,
  issue,
  type Message,
  readMessage,
  readQuery,
  residentRoot,
  translate,
  writeAcknowledgement,
  writeQueryAnswer,
} from '../../registration/index.ts';
import type { Incoming, Intake } from '../receive.ts';
import type { Submission } from './cda.ts';
import type { PersonQueries } from './person-query.ts';

export type RegistrationDoor = { intake: Intake; directory: Directory; persons: PersonQueries };
export type RegistrationAnswer = { text: string; outcome: string };

const codes: Readonly<Record<string, AnswerCode>> = { taken: 'AA', held: 'AE', conflict: 'AE' };
const nothing = (issues: BorderIssue[]): Translation => ({
  kind: 'registration',
  controlId: '',
  facts: [],
  merges: [],
  unmapped: [],
  issues,
});

/** A registration's bytes to facts again. */
export function translateRegistration(bytes: Buffer, institution: string, receivedAt: number): Translation {
  const message = readMessage(bytes);
  return Array.isArray(message)
    ? nothing(message)
    : translate(message, { institution, receivedAt: new Date(receivedAt).toISOString() });
}

/** One message of the registration service: told things go through the intake like every other message, questions are answered at once. */
export async function answerRegistration(door: RegistrationDoor, submission: Submission): Promise<RegistrationAnswer> {
  const message = readMessage(submission.bytes);
  if (!Array.isArray(message) && (message.act === 'find' || message.act === 'identifiers'))
    return ask(door, message, submission);
  const { outcome, acknowledgement } = await door.intake.receive(incomingOf(message, submission));
  return { text: acknowledgement, outcome };
}

function incomingOf(message: Message | BorderIssue[], { bytes, ...submission }: Submission): Incoming {
  const read = Array.isArray(message) ? null : message;
  const receivedAt = new Date(submission.receivedAt).toISOString();
  const translation = read
    ? translate(read, { institution: submission.institution.code, receivedAt })
    : nothing(message as BorderIssue[]);
  return {
    protocol: 'registration',
    raw: bytes,
    charset: read?.charset ?? 'UTF-8',
    translation,
    acknowledge: (outcome, issues) =>
      writeAcknowledgement(read, { ...frameOf(submission), code: codes[outcome] ?? 'AR', issues }),
    ...submission,
  };
}

const frameOf = ({ trace, receivedAt }: Pick<Submission, 'trace' | 'receivedAt'>): { id: string; at: string } => ({
  id: `HT${trace.replaceAll('-', '').slice(0, 18)}`,
  at: new Date(receivedAt).toISOString(),
});

async function ask(
  { directory, persons }: RegistrationDoor,
  message: Message,
  submission: Submission,
): Promise<RegistrationAnswer> {
  const { institution, receivedAt, trace } = submission;
  const today = new Date(receivedAt + 8 * 3_600_000).toISOString().slice(0, 10);
  const { query, issues } = readQuery(message, today);
  const people: FoundPerson[] = [];
  const residents: bigint[] = [];
  const answered = (best: SourceRow, sources: readonly SourceRow[], score: number | null): void => {
    people.push(personOf(directory, best, sources, score));
    residents.push(best.resident);
  };
  if (query?.kind === 'find') {
    const found = await persons.candidates(query.asked, query.most, institution.id, receivedAt);
    if (found === 'insufficient') issues.push(issue('registration.query-insufficient', `/${message.interaction}`));
    else for (const { best, sources, score } of found) answered(best, sources, score);
  } else if (query) {
    const found = await persons.registered(query, institution.id);
    if (found === 'unknown') issues.push(issue('registration.identifier-unknown', `/${message.interaction}`));
    else {
      answered(found.source, found.sources, null);
      const [person] = people as [FoundPerson];
      const wanted = person.identifiers.filter(
        ({ root, authority }) =>
          query.domains.length === 0 || query.domains.includes(root) || query.domains.includes(authority),
      );
      people.splice(0, 1, ...(wanted.length > 0 ? [{ ...person, identifiers: wanted }] : []));
    }
  }
  const kept = await persons.note({ what: message.interaction, asker: institution, at: receivedAt, trace, residents });
  const failed = !kept || issues.some(({ severity }) => severity === 'error');
  const frame = { ...frameOf(submission), code: (failed ? 'AE' : 'AA') as AnswerCode, issues };
  return {
    text: writeQueryAnswer(message, frame, failed ? [] : people),
    outcome: kept ? 'answered' : 'unavailable',
  };
}

function personOf(
  directory: Directory,
  best: SourceRow,
  sources: readonly SourceRow[],
  score: number | null,
): FoundPerson {
  const numbers = [...new Set(sources.flatMap(({ number }) => number ?? []))];
  return {
    identifiers: [
      ...sources.map(({ localId, authority, institution }) => ({
        root: authority,
        value: localId,
        authority: directory.institution(institution)?.code ?? '',
      })),
      ...numbers.map((value) => ({ root: residentRoot, value, authority: 'GB11643' })),
      { root: '', value: publicId(best.resident), authority: 'HUTONG' },
    ],
    name: best.name,
    birthDate: best.birthDate,
    sex: best.sex,
    phone: score === null ? null : best.phone,
    address: score === null ? null : best.address,
    score,
  };
}
