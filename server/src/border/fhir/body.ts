import type { BorderIssue, Resource } from '../fact.ts';
import { issue } from './outcome.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true });
/** Deeper than any FHIR resource (a Questionnaire's items in a Bundle), and far below what a recursive reader can bear. */
const deepest = 150;

/** Bodies that came in another format: the bytes as they came, and why they could not be translated. */
const asCame = new WeakMap<Buffer, Buffer>();
const untranslated = new WeakMap<Buffer, BorderIssue[]>();

/** The JSON that stands for a body of another format, or one that says what is wrong with it: whoever keeps the message keeps what came. */
export function standIn(came: Buffer, translated: Buffer | BorderIssue[]): Buffer {
  const body = Array.isArray(translated) ? Buffer.from(came) : translated;
  asCame.set(body, came);
  if (Array.isArray(translated)) untranslated.set(body, translated);
  return body;
}

/** The bytes that the sender sent. */
export const asItCame = (body: Buffer): Buffer => asCame.get(body) ?? body;

/** Reads a JSON body, or says what is wrong with it. Never throws, whatever the bytes are. */
export function parseBody(bytes: unknown): Resource | BorderIssue[] {
  if (!Buffer.isBuffer(bytes) || bytes.length === 0) return [issue('structure', '', '没有内容', 'There is no content')];
  const known = untranslated.get(bytes);
  if (known) return known;
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch {
    return [issue('invalid', '', '内容不是有效的 UTF-8', 'The content is not valid UTF-8')];
  }
  if (isTooDeep(bytes))
    return [
      issue('structure', '', `内容嵌套超过 ${deepest} 层`, `The content is nested deeper than ${deepest} levels`),
    ];
  try {
    const value: unknown = JSON.parse(text);
    return value !== null && typeof value === 'object' && !Array.isArray(value)
      ? (value as Resource)
      : [issue('structure', '', '内容不是 JSON 对象', 'The content is not a JSON object')];
  } catch (error) {
    return [issue('structure', '', '内容不是有效的 JSON', `The content is not valid JSON${placeOf(error)}`)];
  }
}

/** Only the position: the engine's message quotes the text. */
const placeOf = (error: unknown): string => {
  const at = /at position \d+/.exec((error as Error).message)?.[0];
  return at ? ` (${at})` : '';
};

const [quote, backslash, openBrace, closeBrace, openBracket, closeBracket] = [34, 92, 123, 125, 91, 93];

/** Counts brackets outside strings, before anything recursive meets the text. */
export function isTooDeep(bytes: Buffer): boolean {
  let depth = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === quote) {
      for (at++; at < bytes.length && bytes[at] !== quote; at++) if (bytes[at] === backslash) at++;
    } else if (byte === openBrace || byte === openBracket) {
      if (++depth > deepest) return true;
    } else if (byte === closeBrace || byte === closeBracket) depth--;
  }
  return false;
}
