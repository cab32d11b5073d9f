import type { Field } from '../compare/field.ts';
import type { BlockingKey, KeyPart } from '../schema.ts';
import { hashPair, hashText } from '../strings/hash.ts';
import { combineCodes } from './key-index.ts';
import { takeFrom } from './take.ts';

/** Codes of one record under a key, from its folded values: for records that come one at a time. Equal to those of a table before refinement. */
export function recordCodes(fields: readonly Field[], key: BlockingKey, folded: readonly string[]): number[] {
  return combineCodes(key.parts.map((part) => partOf(fields, part, folded)));
}

function partOf(fields: readonly Field[], part: KeyPart, folded: readonly string[]): number[] {
  const codes = (name: string, take: KeyPart['take']): number[] => {
    const f = fields.findIndex((field) => field.spec.name === name);
    return takeFrom(fields[f]!, folded[f]!, take).map((piece) => hashText(piece) || 1);
  };
  const first = codes(part.field, part.take);
  if (part.also === undefined) return first;
  return first.flatMap((a) => codes(part.also!, 'all').map((b) => (a < b ? hashPair(a, b) : hashPair(b, a))));
}
