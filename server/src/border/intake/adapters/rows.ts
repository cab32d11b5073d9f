import type { BorderIssue, Translation } from '../../fact.ts';
import { type CsvRow, type Mapping, readMapping, translateRow } from '../../files/index.ts';
import type { Incoming } from '../receive.ts';
import { answerText, type Submission } from './cda.ts';

/** A row of a table as it is kept: with the mapping that it was sent under, so that it can be understood again on its own. */
type KeptRow = { mapping: unknown; row: CsvRow };

const unreadable = (issues: BorderIssue[]): Translation => ({
  kind: 'csv',
  controlId: '',
  facts: [],
  merges: [],
  unmapped: [],
  issues,
});

export function translateKeptRow(bytes: Buffer, institution: string, receivedAt: number): Translation {
  const kept = JSON.parse(bytes.toString('utf8')) as KeptRow;
  const mapping = readMapping(kept.mapping);
  if ('issues' in mapping) return unreadable(mapping.issues);
  return translateRow(mapping.mapping, kept.row, { institution, receivedAt: new Date(receivedAt).toISOString() });
}

export function readRow(mapping: Mapping, row: CsvRow, submission: Omit<Submission, 'bytes'>): Incoming {
  const translation = translateRow(mapping, row, {
    institution: submission.institution.code,
    receivedAt: new Date(submission.receivedAt).toISOString(),
  });
  const raw = Buffer.from(JSON.stringify({ mapping, row } satisfies KeptRow));
  return {
    protocol: 'files',
    raw,
    charset: 'UTF-8',
    translation,
    acknowledge: answerText(translation.kind),
    ...submission,
  };
}
