import { isResourceType } from '@hutong/fhir';
import { type Caller, scopeCovers } from '../../../core/access/index.ts';
import type { BorderIssue, Resource } from '../../fact.ts';
import { parseBody } from '../body.ts';
import type { Entry } from '../entry.ts';
import { issue } from '../outcome.ts';

/** A line of the upload: what it asks to be written, or why it cannot be. Lines count from 1. */
export type Line = { number: number; text: string; read: Entry | BorderIssue[] };

/** Cuts a file into lines, whatever the pieces are that it comes in; empty lines are counted and left out. */
export async function* linesOf(
  pieces: AsyncIterable<Buffer>,
  after: number,
): AsyncGenerator<{ number: number; bytes: Buffer }> {
  let rest: Buffer = Buffer.alloc(0);
  let number = 0;
  for await (const piece of pieces) {
    let from = 0;
    for (let end = piece.indexOf(10); end >= 0; end = piece.indexOf(10, from)) {
      const bytes = Buffer.concat([rest, piece.subarray(from, end)]);
      rest = Buffer.alloc(0);
      from = end + 1;
      number++;
      if (number > after && bytes.toString('latin1').trim() !== '') yield { number, bytes };
    }
    rest = Buffer.concat([rest, piece.subarray(from)]);
  }
  if (rest.toString('latin1').trim() !== '' && ++number > after) yield { number, bytes: rest };
}

/** One resource a line: under its own id if it has one, else a new one. */
export function readLine(caller: Caller, { number, bytes }: { number: number; bytes: Buffer }): Line {
  const resource = parseBody(bytes);
  const text = bytes.toString();
  if (Array.isArray(resource)) return { number, text, read: resource };
  const type = String(resource.resourceType);
  if (!isResourceType(type) || type === 'Bundle')
    return {
      number,
      text,
      read: [
        issue('invalid', 'resourceType', '每行应为一个资源，不能是 Bundle', 'Each line is one resource, and no Bundle'),
      ],
    };
  const method = typeof resource.id === 'string' ? 'PUT' : 'POST';
  if (!scopeCovers(caller.scopes, type, method === 'PUT' ? 'u' : 'c'))
    return {
      number,
      text,
      read: [issue('forbidden', type, `令牌的授权范围不包含 ${type}`, `The token’s scopes do not cover ${type}`)],
    };
  return { number, text, read: entryOf(number, method, type, resource) };
}

const entryOf = (number: number, method: 'PUT' | 'POST', type: string, resource: Resource): Entry => ({
  // What makes the id of a new one: its line, so that a line that is taken twice is one resource.
  at: `line[${number}]`,
  method,
  type,
  ...(method === 'PUT' && { id: resource.id as string }),
  resource,
});
