/**
 * The registration service of residents as XML (WS/T 790.6 style): register, update, merge and query as messages of HL7 v3. Pure: bytes to a
 * translation or a question, results to an answer.
 */
export { type Message, readMessage } from './read-message.ts';
export { type Query, readQuery } from './read-query.ts';
export { issue, type RuleId, rules } from './rules.ts';
export { translate } from './translate.ts';
export {
  type AnswerCode,
  type FoundPerson,
  residentRoot,
  writeAcknowledgement,
  writeQueryAnswer,
} from './write-answer.ts';
