import { parseDocument, translate } from '../../cda/index.ts';
import type { BorderIssue, Translation } from '../../fact.ts';
import type { Incoming } from '../receive.ts';

export type Submission = {
  bytes: Buffer;
  sender: string;
  institution: { id: number; code: string };
  receivedAt: number;
  trace: string;
};

/** The answer to a document or a row: what became of it, in the sender's words and ours. Kept, so that the same message gets the same answer. */
export const answerText =
  (kind: string) =>
  (outcome: string, issues: BorderIssue[]): string =>
    JSON.stringify({ outcome, kind, issues });

/** A shared document's bytes to facts. */
export function translateCda(bytes: Buffer, institution: string, receivedAt: number): Translation {
  const document = parseDocument(bytes);
  if (Array.isArray(document))
    return { kind: 'CDA', controlId: '', facts: [], merges: [], unmapped: [], issues: document };
  return translate(document, { institution, receivedAt: new Date(receivedAt).toISOString() });
}

export function readCda({ bytes, sender, institution, receivedAt, trace }: Submission): Incoming {
  const translation = translateCda(bytes, institution.code, receivedAt);
  const charset = /encoding=["']([\w-]{1,20})["']/.exec(bytes.subarray(0, 120).toString('latin1'))?.[1] ?? 'UTF-8';
  return {
    protocol: 'cda',
    sender,
    institution,
    raw: bytes,
    charset,
    receivedAt,
    trace,
    translation,
    acknowledge: answerText(translation.kind),
  };
}
