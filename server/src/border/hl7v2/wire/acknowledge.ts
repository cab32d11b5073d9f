import type { BorderIssue } from '../../fact.ts';
import { errorCode } from '../rules.ts';
import type { Charset } from './charset.ts';
import type { Header, Message } from './message.ts';
import { header } from './parse.ts';
import { build, components, type FieldValue, type Repetition, type SegmentToWrite } from './write.ts';

export type AckCode = 'AA' | 'AE' | 'AR';

export type Outcome = {
  /** AA taken, AE kept but held because of its content, AR refused and not kept: send it again later. */
  code: AckCode;
  issues: readonly BorderIssue[];
  /** MSH-10 of the answer. */
  controlId: string;
  /** Time of the answer, ISO 8601 with offset or Z; written as Asia/Shanghai. */
  at: string;
};

const CHARSET_NAMES: Record<Charset, string> = {
  'UNICODE UTF-8': 'UNICODE UTF-8',
  'GB 18030-2000': 'GB 18030-2000',
  ASCII: 'ASCII',
  '8859/1': '8859/1',
};

/** The most ERR segments one answer carries: a message can have thousands of findings, its sender reads the first. */
const MOST_ERRORS = 50;

/** Enhanced mode (HL7 v2.5.1, 2.9.3): MSH-15 asks for an accept acknowledgement and MSH-16 for no application acknowledgement. */
export function wantsAcceptOnly(head: Header | undefined): boolean {
  const accept = head?.acceptAcknowledgement ?? '';
  return (accept === 'AL' || accept === 'ER' || accept === 'SU') && head?.applicationAcknowledgement === 'NE';
}

/**
 * The ACK of one message: sender and receiver swapped, in the sender's version and charset, MSA, and one ERR per issue.
 * `message` is undefined when nothing could be parsed. Encode it with the message's charset (UTF-8 when undefined).
 *
 * MSA-1 is CA, CE or CR for a sender that {@link wantsAcceptOnly}. In every other case it is AA, AE or AR: we answer once, after the
 * message is durable *and* judged, so the application answer includes the commit.
 */
export function acknowledge(message: Message | undefined, outcome: Outcome): string {
  const head = message ? header(message) : undefined;
  const version = versionOf(head);
  const code = wantsAcceptOnly(head) ? { AA: 'CA', AE: 'CE', AR: 'CR' }[outcome.code] : outcome.code;
  const first = outcome.issues.find((one) => one.severity === 'error') ?? outcome.issues[0];
  const segments: SegmentToWrite[] = [
    ['MSH', ...answerHeader(message, head, version, outcome)],
    ['MSA', code, head?.controlId ?? '', outcome.code === 'AA' || atLeast(version, 2.4) ? '' : (first?.en ?? '')],
    ...outcome.issues.slice(0, MOST_ERRORS).map((one) => errorSegment(one, version, latinOnly(message))),
  ];
  return build(segments);
}

/** The answer to a batch file: FHS/BHS of ours, the acknowledgements, BTS/FTS with counts. `at` as in {@link Outcome}. */
export function acknowledgeBatch(
  acknowledgements: readonly string[],
  batch: { controlId: string; at: string; withFile: boolean },
): string {
  const time = hl7Time(batch.at);
  const body = acknowledgements.join('');
  const inner =
    build([['BHS', 'HUTONG', '', '', '', time, '', '', '', batch.controlId]]) +
    body +
    build([['BTS', String(acknowledgements.length)]]);
  if (!batch.withFile) return inner;
  return build([['FHS', 'HUTONG', '', '', '', time, '', '', '', batch.controlId]]) + inner + build([['FTS', '1']]);
}

export const versionOf = (head: Header | undefined): string => head?.version.match(/^2\.\d(\.\d)?/)?.[0] ?? '2.5.1';

/** MSH of an answer, from field 3 on: sender and receiver swapped, the sender's version and charset. `kind`: MSH-9, an ACK where it is not given. */
export function answerHeader(
  message: Message | undefined,
  head: Header | undefined,
  version: string,
  outcome: Pick<Outcome, 'at' | 'controlId'>,
  kind?: FieldValue,
): FieldValue[] {
  const name = (n: number): Repetition | string => {
    const raw = message?.segments[0]?.fields[n] ?? '';
    return raw === '' ? '' : components(...raw.split(message!.delimiters.component).map((part) => part.trim()));
  };
  const type =
    kind ??
    (head?.event && atLeast(version, 2.3)
      ? components('ACK', head.event, ...(atLeast(version, 2.4) ? ['ACK'] : []))
      : 'ACK');
  const charset =
    message === undefined ? 'UNICODE UTF-8' : message.segments[0]?.fields[18] ? CHARSET_NAMES[message.charset] : '';
  const from = head ? [name(5), name(6), name(3), name(4)] : ['HUTONG', '', '', ''];
  return [
    ...from,
    hl7Time(outcome.at),
    '',
    type,
    outcome.controlId,
    head?.processingId || 'P',
    version,
    '',
    '',
    '',
    '',
    '',
    charset,
  ];
}

/** ERR as 2.5 and later have it (ERL location, table 0357 code, severity, sentence), or the ELD form of earlier versions. */
function errorSegment(one: BorderIssue, version: string, latin: boolean): SegmentToWrite {
  const place = location(one.path);
  const code = errorCode(one.rule);
  const sentence = latin ? one.en : `${one.zh} / ${one.en}`;
  if (!atLeast(version, 2.5)) {
    const [segment = '', sequence = '', field = ''] = place;
    return ['ERR', components(segment, sequence, field, [String(code), one.en, 'HL70357'])];
  }
  return [
    'ERR',
    '',
    place.length > 0 ? components(...place) : '',
    components(String(code), ERROR_TEXTS[code] ?? '', 'HL70357'),
    one.severity === 'error' ? 'E' : 'W',
    components(one.rule, '', 'L'),
    '',
    '',
    sentence,
  ];
}

/** A sender in ASCII or Latin-1 would read the Chinese sentence as question marks. */
function latinOnly(message: Message | undefined): boolean {
  return message?.charset === 'ASCII' || message?.charset === '8859/1';
}

const ERROR_TEXTS: Record<number, string> = {
  100: 'Segment sequence error',
  101: 'Required field missing',
  102: 'Data type error',
  103: 'Table value not found',
  200: 'Unsupported message type',
  201: 'Unsupported event code',
  203: 'Unsupported version id',
  204: 'Unknown key identifier',
  207: 'Application internal error',
};

/** 'OBX[3]-5[2].1' → segment, its sequence, field, repetition, component (ERL, HL7 v2.5.1, 2.A.28). */
function location(path: string): string[] {
  const parts = /^([A-Z][A-Z0-9]{2})(?:\[(\d+)\])?(?:-(\d+)(?:\[(\d+)\])?(?:\.(\d+))?)?$/.exec(path);
  if (!parts) return [];
  const [, segment = '', sequence = '1', field = '', repetition = '', component = ''] = parts;
  return field === '' ? [segment, sequence] : [segment, sequence, field, repetition || '1', component];
}

function atLeast(version: string, wanted: number): boolean {
  return Number.parseFloat(version) >= wanted;
}

/** ISO 8601 to `YYYYMMDDHHMMSS+0800`. */
function hl7Time(iso: string): string {
  const shanghai = new Date(Date.parse(iso) + 8 * 3_600_000).toISOString();
  return `${shanghai.slice(0, 19).replace(/[-:T]/g, '')}+0800`;
}
