import { splitName } from '@hutong/china';
import { answerHeader, versionOf } from '../wire/acknowledge.ts';
import type { Message } from '../wire/message.ts';
import { header } from '../wire/parse.ts';
import { build, components, type FieldValue, type SegmentToWrite } from '../wire/write.ts';

export type AnsweredPerson = {
  identifiers: readonly { value: string; authority: string; type: string }[];
  name: string | null;
  birthDate: string | null;
  sex: string | null;
  address: string | null;
  /** 0 to 1 for candidates; null where nobody guessed. */
  score: number | null;
  grade: string | null;
};
export type QueryAnswer = {
  /** OK: somebody; NF: nobody; AE: the question could not be understood or its identifier is not known. */
  status: 'OK' | 'NF' | 'AE';
  people: readonly AnsweredPerson[];
  /** For AE: where, code of table 0357, and a sentence that quotes nothing. */
  error?: { location: readonly string[]; code: number; text: string };
  controlId: string;
  at: string;
};

const sexes: Readonly<Record<string, string>> = { male: 'M', female: 'F', other: 'O' };

function nameField(name: string | null): FieldValue {
  if (!name) return '';
  if (!/\p{Script=Han}/u.test(name)) return components(name);
  const { surname, given } = splitName(name);
  return components(surname || name, given);
}

/** RSP^K22 or RSP^K23: MSH, MSA, ERR when something was wrong, QAK, the QPD that was asked, and a PID (with QRI for candidates) for each person. */
export function answerQuery(message: Message, event: 'K22' | 'K23', answer: QueryAnswer): string {
  const head = header(message);
  const qpd = message.segments.find(({ name }) => name === 'QPD');
  const type = components('RSP', event, event === 'K22' ? 'RSP_K21' : 'RSP_K23');
  const code = answer.status === 'AE' ? 'AE' : 'AA';
  const segments: SegmentToWrite[] = [
    ['MSH', ...answerHeader(message, head, versionOf(head), answer, type)],
    ['MSA', code, head.controlId],
  ];
  if (answer.error)
    segments.push([
      'ERR',
      '',
      components(...answer.error.location),
      components(String(answer.error.code), '', 'HL70357'),
      'E',
      '',
      '',
      '',
      answer.error.text,
    ]);
  const before = build(segments);
  const qak = build([
    [
      'QAK',
      qpd?.fields[2] ?? '',
      answer.status,
      qpd?.fields[1]?.split(message.delimiters.component)[0] ?? '',
      String(answer.people.length),
    ],
  ]);
  const echoed = qpd ? `${qpd.text}\r` : '';
  const people = answer.people.flatMap(
    ({ identifiers, name, birthDate, sex, address, score, grade }, at): SegmentToWrite[] => [
      [
        'PID',
        String(at + 1),
        '',
        { repetitions: identifiers.map((one) => components(one.value, '', '', one.authority, one.type)) },
        '',
        nameField(name),
        '',
        (birthDate ?? '').replaceAll('-', ''),
        sexes[sex ?? ''] ?? 'U',
        '',
        '',
        address ? components(address) : '',
      ],
      ...(score === null ? [] : [['QRI', score.toFixed(4), '', grade ?? ''] as SegmentToWrite]),
    ],
  );
  return before + qak + echoed + build(people);
}
