import type { TraceQuery } from '@hutong/contract/identity.ts';
import type { Directory } from '../../../core/directory/index.ts';
import { publicId, type SourceRow } from '../../../core/identity/index.ts';
import {
  type AnsweredPerson,
  answerQuery,
  decode,
  describe,
  encode,
  isPersonQuery,
  type Message,
  type PersonQuery,
  parse,
  type QueryAnswer,
  readPersonQuery,
} from '../../hl7v2/index.ts';
import type { Hl7Arrival } from './hl7v2.ts';
import { hl7SenderOf } from './hl7v2-sender.ts';
import type { PersonQueries } from './person-query.ts';

/** Answers questions about persons that come as HL7 v2; null for a message that tells instead of asking. */
export type Hl7Queries = { answer(arrival: Hl7Arrival): Promise<{ answer: Buffer; outcome: string } | null> };
type Tools = { directory: Directory; persons: PersonQueries };
type Answered = Pick<QueryAnswer, 'status' | 'people' | 'error'> & { residents: bigint[] };

const nobody = (code: number, location: string[], text: string): Answered => ({
  status: 'AE',
  people: [],
  residents: [],
  error: { code, location, text },
});

const hl7Sex: Readonly<Record<string, string>> = { M: 'male', F: 'female', O: 'other', '1': 'male', '2': 'female' };

/** `@PID.5.1^张~@PID.5.2^三` and so on as a question to the index. */
function traceQueryOf(parameters: ReadonlyMap<string, string>): TraceQuery {
  const get = (...paths: string[]): string | undefined => paths.map((path) => parameters.get(path)).find(Boolean);
  const [family = '', given = ''] = [get('PID.5.1', 'PID.5.1.1', 'PID.5'), get('PID.5.2')];
  const name = /\p{Script=Han}/u.test(family + given) ? family + given : [given, family].filter(Boolean).join(' ');
  const born = (get('PID.7', 'PID.7.1') ?? '').slice(0, 8);
  const sex = hl7Sex[get('PID.8') ?? ''];
  const number = get('PID.19', 'PID.3.1', 'PID.3');
  const phone = get('PID.13', 'PID.13.1');
  const address = get('PID.11', 'PID.11.1', 'PID.11.1.1');
  return {
    ...(name && { name }),
    ...(/^\d{8}$/.test(born) && { birthDate: `${born.slice(0, 4)}-${born.slice(4, 6)}-${born.slice(6)}` }),
    ...(sex && { sex }),
    ...(number && { number }),
    ...(phone && { phone }),
    ...(address && { address }),
  };
}

export function openHl7Queries({ directory, persons }: Tools): Hl7Queries {
  const identifiersOf = (sources: readonly SourceRow[], resident: bigint): AnsweredPerson['identifiers'] => [
    ...sources.map(({ localId, authority, institution }) => ({
      value: localId,
      authority: authority || (directory.institution(institution)?.code ?? ''),
      type: 'PI',
    })),
    ...[...new Set(sources.flatMap(({ number }) => number ?? []))].map((value) => ({
      value,
      authority: 'GB11643',
      type: 'NI',
    })),
    { value: publicId(resident), authority: 'HUTONG', type: 'PI' },
  ];
  const person = (
    best: SourceRow,
    sources: readonly SourceRow[],
    score: number | null,
    grade: string | null,
  ): AnsweredPerson => ({
    identifiers: identifiersOf(sources, best.resident),
    name: best.name,
    birthDate: best.birthDate,
    sex: best.sex,
    address: score === null ? null : best.address,
    score,
    grade,
  });

  async function candidates(query: PersonQuery & { kind: 'Q22' }, institution: number, now: number): Promise<Answered> {
    const found = await persons.candidates(traceQueryOf(query.parameters), query.most, institution, now);
    if (found === 'insufficient')
      return nobody(101, ['QPD', '1', '3'], 'What is asked does not suffice to recognise a person');
    return {
      status: found.length > 0 ? 'OK' : 'NF',
      people: found.map(({ best, sources, score, grade }) => person(best, sources, score, grade)),
      residents: found.map(({ best }) => best.resident),
    };
  }

  async function otherIdentifiers(query: PersonQuery & { kind: 'Q23' }, institution: number): Promise<Answered> {
    const found = await persons.registered(query, institution);
    if (found === 'unknown') return nobody(204, ['QPD', '1', '3', '1', '1'], 'The identifier is not known');
    const { source, sources } = found;
    const whole = person(
      source,
      sources.filter(({ id }) => id !== source.id),
      null,
      null,
    );
    const identifiers = whole.identifiers.filter(
      ({ authority }) => query.domains.length === 0 || query.domains.includes(authority),
    );
    const answered = identifiers.length > 0;
    return {
      status: answered ? 'OK' : 'NF',
      people: answered ? [{ ...whole, identifiers }] : [],
      residents: [source.resident],
    };
  }

  async function find(query: PersonQuery | null, institution: number, now: number): Promise<Answered> {
    if (!query) return nobody(101, ['QPD', '1', '3'], 'QPD names nobody');
    return query.kind === 'Q22' ? candidates(query, institution, now) : otherIdentifiers(query, institution);
  }

  function messageOf(bytes: Buffer): Message | null {
    // A cheap look first: most messages tell, and are decoded by whoever keeps them.
    if (!bytes.subarray(0, 400).includes('QBP')) return null;
    const decoded = decode(bytes);
    const message = 'rule' in decoded ? decoded : parse(decoded.text, decoded.charset);
    return 'rule' in message || !isPersonQuery(message) ? null : message;
  }

  return {
    async answer(arrival) {
      const message = messageOf(arrival.bytes);
      if (!message) return null;
      const { application, facility, event } = describe(message);
      const { institution: sender, refusal } = hl7SenderOf(arrival, directory, { application, facility });
      const found = sender
        ? await find(readPersonQuery(message), sender.id, arrival.receivedAt)
        : nobody(204, ['MSH', '1', '4'], refusal?.en ?? 'The sender is not registered');
      const kept = await persons.note({
        what: `QBP^${event}`,
        asker: sender,
        at: arrival.receivedAt,
        trace: arrival.trace,
        residents: found.residents,
      });
      const answer = kept ? found : nobody(207, ['MSH', '1'], 'The platform cannot answer at this moment');
      const text = answerQuery(message, event === 'Q22' ? 'K22' : 'K23', {
        ...answer,
        controlId: `HT${arrival.trace.replaceAll('-', '').slice(0, 18)}`,
        at: new Date(arrival.receivedAt).toISOString(),
      });
      return { answer: encode(text, message.charset), outcome: kept ? 'answered' : 'unavailable' };
    },
  };
}
