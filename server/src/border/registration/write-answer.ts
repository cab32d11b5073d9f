import { at, type Node, node, render, roots, writeTime, type XmlElement } from '../cda/index.ts';
import type { BorderIssue } from '../fact.ts';
import type { Message } from './read-message.ts';

/** AA: durable · AE: kept with an error, or the question could not be answered · AR: not taken. */
export type AnswerCode = 'AA' | 'AE' | 'AR';
/** `id` names this answer, `at` is ISO 8601. */
export type AnswerFrame = { id: string; at: string; code: AnswerCode; issues: readonly BorderIssue[] };
export type FoundPerson = {
  identifiers: readonly { root: string; value: string; authority: string }[];
  name: string | null;
  birthDate: string | null;
  sex: string | null;
  phone: string | null;
  address: string | null;
  /** 0 to 1; null where nobody guessed. */
  score: number | null;
};

const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n';
const sexCodes: Readonly<Record<string, string>> = { male: '1', female: '2' };

function envelope(message: Message | null, frame: AnswerFrame, more: Node[] = []): string {
  const name = message?.answers[frame.code === 'AA' ? 'good' : 'bad'] ?? 'MCCI_IN000002UV01';
  const device = (kind: string, type: string, extension: string): Node =>
    node(
      kind,
      { typeCode: type },
      node('device', { classCode: 'DEV', determinerCode: 'INSTANCE' }, node('id', { root: 'HUTONG', extension })),
    );
  return `${declaration}${render(
    node(
      name,
      { xmlns: 'urn:hl7-org:v3', ITSVersion: 'XML_1.0' },
      node('id', { root: 'HUTONG', extension: frame.id }),
      node('creationTime', { value: writeTime(frame.at) }),
      node('interactionId', { root: '2.16.840.1.113883.1.6', extension: name }),
      node('processingCode', { code: 'P' }),
      node('processingModeCode', { code: 'T' }),
      node('acceptAckCode', { code: 'NE' }),
      device('receiver', 'RCV', 'sender'),
      device('sender', 'SND', 'platform'),
      node(
        'acknowledgement',
        { typeCode: frame.code },
        message !== null &&
          node(
            'targetMessage',
            {},
            node('id', { ...(message.id.root && { root: message.id.root }), extension: message.id.extension }),
          ),
        frame.issues.map(({ severity, rule, path, zh }) =>
          node(
            'acknowledgementDetail',
            { typeCode: severity === 'error' ? 'E' : 'W' },
            node('code', { code: rule }),
            node('text', {}, zh),
            path ? node('location', {}, path) : undefined,
          ),
        ),
      ),
      ...more,
    ),
  )}\n`;
}

/** The answer to a registration, an update or a merge; for bytes that could not be read, without a target. */
export const writeAcknowledgement = (message: Message | null, frame: AnswerFrame): string => envelope(message, frame);

/** The answer to a question: each person with everything they are registered under, and the question as it was asked. */
export function writeQueryAnswer(message: Message, frame: AnswerFrame, people: readonly FoundPerson[]): string {
  const query = at(message.root, 'controlActProcess/queryByParameter');
  const id = at(query, 'queryId');
  const found = people.map((person) =>
    node(
      'subject',
      { typeCode: 'SUBJ' },
      node(
        'registrationEvent',
        { classCode: 'REG', moodCode: 'EVN' },
        node('statusCode', { code: 'active' }),
        node('subject1', { typeCode: 'SBJ' }, patientNode(person)),
      ),
    ),
  );
  return envelope(message, frame, [
    node(
      'controlActProcess',
      { classCode: 'CACT', moodCode: 'EVN' },
      ...found,
      node(
        'queryAck',
        {},
        id && copy(id),
        node('queryResponseCode', { code: frame.code === 'AA' ? (people.length > 0 ? 'OK' : 'NF') : 'AE' }),
        node('resultTotalQuantity', { value: String(people.length) }),
      ),
      ...(query ? [copy(query)] : []),
    ),
  ]);
}

function patientNode({ identifiers, name, birthDate, sex, phone, address, score }: FoundPerson): Node {
  return node(
    'patient',
    { classCode: 'PAT' },
    identifiers.map(({ root, value, authority }) =>
      node('id', { ...(root && { root }), extension: value, assigningAuthorityName: authority }),
    ),
    node('statusCode', { code: 'active' }),
    node(
      'patientPerson',
      { classCode: 'PSN', determinerCode: 'INSTANCE' },
      name ? node('name', {}, name) : undefined,
      phone ? node('telecom', { value: `tel:${phone}` }) : undefined,
      node('administrativeGenderCode', { code: sexCodes[sex ?? ''] ?? '0', codeSystem: '2.16.156.10011.2.3.3.4' }),
      birthDate ? node('birthTime', { value: writeTime(birthDate) }) : undefined,
      address ? node('addr', {}, address) : undefined,
    ),
    score === null
      ? undefined
      : node(
          'subjectOf1',
          { typeCode: 'SBJ' },
          node(
            'queryMatchObservation',
            { classCode: 'OBS', moodCode: 'EVN' },
            node('code', { code: 'IHE_PDQ' }),
            node('value', {
              'xsi:type': 'INT',
              'xmlns:xsi': 'http://www.w3.org/2001/XMLSchema-instance',
              value: String(Math.round(score * 100)),
            }),
          ),
        ),
  );
}

const copied = (part: string | XmlElement): (Node | string)[] => {
  if (typeof part !== 'string') return [copy(part)];
  const text = part.trim();
  return text ? [text] : [];
};

const copy = (element: XmlElement): Node => ({
  name: element.name,
  attributes: [...element.attributes].filter(([name]) => !name.startsWith('xmlns')),
  children: element.content.flatMap(copied),
});

/** The root of resident numbers in an answer. */
export const residentRoot = roots.resident;
