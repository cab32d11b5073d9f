/**
 * HL7 v2 at the border: bytes to text, text to a message, a message to facts, and the answer. Everything is pure except the
 * sockets of {@link createMllpServer} and {@link MllpClient}. A usual caller does, for each message's bytes:
 * `decode` → `parse` → `translate` → (store) → `acknowledge` → `encode`.
 */
export { HEARSAY, keyText, personKeyText, type TranslateOptions } from './context.ts';
export { ETHNIC_GROUP } from './mapping/person.ts';
export { MllpClient, type MllpClientOptions } from './mllp/client.ts';
export { refusal } from './mllp/refusal.ts';
export {
  createMllpServer,
  type MllpLimits,
  type MllpNotice,
  type MllpPeer,
  type MllpServer,
  type MllpServerOptions,
  mllpLimits,
} from './mllp/server.ts';
export { type AnsweredPerson, answerQuery, type QueryAnswer } from './query/answer-query.ts';
export { isPersonQuery, type PersonQuery, readPersonQuery } from './query/read-query.ts';
export { codeSystem } from './read/codes.ts';
export { AREA_CODE, AREA_SYSTEM } from './read/contact.ts';
export { localSystem } from './read/identifier.ts';
export { issue, type RuleId, rules } from './rules.ts';
export { translate, translateHeader } from './translate.ts';
export { type AckCode, acknowledge, acknowledgeBatch, type Outcome, wantsAcceptOnly } from './wire/acknowledge.ts';
export { type Batch, isBatch, readBatch } from './wire/batch.ts';
export { type Charset, type Decoded, decode, encode } from './wire/charset.ts';
export { describe, type Summary } from './wire/describe.ts';
export { envelope, longestHead } from './wire/envelope.ts';
export type { Delimiters, Header, Message, Segment } from './wire/message.ts';
export { header, type Limits, limits, parse } from './wire/parse.ts';
export { build, components, escapeText, type SegmentToWrite } from './wire/write.ts';
