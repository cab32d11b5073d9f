import type { Directory } from '../../../core/directory/index.ts';
import type { BorderIssue, Translation } from '../../fact.ts';
import {
  acknowledge,
  type Charset,
  decode,
  describe,
  encode,
  envelope,
  header,
  longestHead,
  type Message,
  parse,
  type TranslateOptions,
  translate,
  translateHeader,
  wantsAcceptOnly,
} from '../../hl7v2/index.ts';
import type { Incoming, Intake } from '../receive.ts';
import { type Hl7Sender, hl7SenderOf } from './hl7v2-sender.ts';

/** Where an HL7 v2 message came from: a socket, or a client with a token (whose institution then is known already). */
export type Hl7Arrival = {
  bytes: Buffer;
  protocol: 'hl7v2-mllp' | 'hl7v2-http';
  receivedAt: number;
  trace: string;
  institution?: { id: number; code: string } | null;
  /** The name in the certificate of the connection; null or absent where none is asked for. */
  certified?: string | null;
  identity?: 'content';
};

const nothing = (issues: BorderIssue[]): Translation => ({
  kind: 'HL7 v2',
  controlId: '',
  facts: [],
  merges: [],
  unmapped: [],
  issues,
});
const codes = { taken: 'AA', held: 'AE', conflict: 'AE', refused: 'AR', unavailable: 'AR' } as const;

/** What can be told of the bytes before anything is stored: who sent them, and what they mean. */
export function readHl7(arrival: Hl7Arrival, directory: Directory): { incoming: Incoming; charset: Charset } {
  const accepted = readForAccept(arrival, directory);
  if (accepted) return accepted;
  const decoded = decode(arrival.bytes);
  if ('rule' in decoded) return unreadable(arrival, directory, 'UNICODE UTF-8', decoded);
  const message = parse(decoded.text, decoded.charset);
  if ('rule' in message) return unreadable(arrival, directory, decoded.charset, message);
  const from = hl7SenderOf(arrival, directory, describe(message));
  const translation = translate(message, optionsOf(arrival, from));
  translation.issues.push(...decoded.warnings);
  return { incoming: incomingOf(arrival, from, decoded.charset, translation, message), charset: decoded.charset };
}

const optionsOf = ({ receivedAt }: Hl7Arrival, { institution }: Hl7Sender): TranslateOptions => ({
  institution: institution?.code ?? 'unregistered',
  receivedAt: new Date(receivedAt).toISOString(),
});

const startOfMessage = Buffer.from('MSH');

/**
 * A live sender in enhanced mode is promised safe keeping: MSH is judged, and the content when it is recorded (an error is found in the inbox).
 * undefined for all others, and where MSH alone does not say all that is wanted of it: its charset and its event.
 */
function readForAccept(
  arrival: Hl7Arrival,
  directory: Directory,
): { incoming: Incoming; charset: Charset } | undefined {
  const head = arrival.bytes.subarray(0, longestHead);
  if (arrival.protocol !== 'hl7v2-mllp' || !head.subarray(0, 3).equals(startOfMessage) || !head.includes('\r'))
    return undefined;
  const message = envelope(arrival.bytes);
  if (!message?.segments[0]?.fields[18] || !header(message).event || !wantsAcceptOnly(header(message)))
    return undefined;
  const from = hl7SenderOf(arrival, directory, describe(message));
  const translation = translateHeader(message, optionsOf(arrival, from));
  const incoming = incomingOf(arrival, from, message.charset, translation, message);
  return { incoming: { ...incoming, judged: false }, charset: message.charset };
}

/** What cannot be read still says who sent it and under which number: its sender is told exactly what is wrong, and finds it in the own inbox. */
function unreadable(
  arrival: Hl7Arrival,
  directory: Directory,
  charset: Charset,
  issue: BorderIssue,
): { incoming: Incoming; charset: Charset } {
  const message = envelope(arrival.bytes, charset);
  const said = message && describe(message);
  const translation = { ...nothing([issue]), ...(said && { kind: said.kind, controlId: said.controlId }) };
  const from = hl7SenderOf(arrival, directory, said);
  return { incoming: incomingOf(arrival, from, charset, translation, message), charset };
}

function incomingOf(
  { bytes, protocol, receivedAt, trace, identity }: Hl7Arrival,
  from: Hl7Sender,
  charset: string,
  translation: Translation,
  message: Message | undefined,
): Incoming {
  return {
    protocol,
    ...from,
    raw: bytes,
    charset,
    receivedAt,
    trace,
    translation,
    ...(identity && { identity }),
    acknowledge: (outcome, issues) =>
      acknowledge(message, {
        code: codes[outcome],
        issues,
        controlId: `HT${trace.replaceAll('-', '').slice(0, 18)}`,
        at: new Date(receivedAt).toISOString(),
      }),
  };
}

/**
 * One message in, its acknowledgement out, in the message's own charset.
 * @param freshen looks whether the directory has changed, before a sender is told that nobody knows it
 */
export async function takeHl7(
  intake: Intake,
  directory: Directory,
  arrival: Hl7Arrival,
  freshen?: () => Promise<void>,
): Promise<{ answer: Buffer; outcome: string }> {
  let { incoming, charset } = readHl7(arrival, directory);
  if (freshen && !incoming.institution) {
    // The directory cannot be read: what is in memory decides, and the store says whether the database is away.
    await freshen().catch(() => {});
    ({ incoming, charset } = readHl7(arrival, directory));
  }
  const receipt = await intake.receive(incoming);
  return { answer: encode(receipt.acknowledgement, charset), outcome: receipt.outcome };
}

/** Stored bytes to facts again, for what a killed server left waiting and for replays. */
export function retranslateHl7(bytes: Buffer, institution: string, receivedAt: number): Translation {
  const decoded = decode(bytes);
  if ('rule' in decoded) return nothing([decoded]);
  const message = parse(decoded.text, decoded.charset);
  if ('rule' in message) return nothing([message]);
  return translate(message, { institution, receivedAt: new Date(receivedAt).toISOString() });
}
