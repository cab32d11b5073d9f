import { includesOf, type Scope, type Stored } from '../../core/store/index.ts';
import type { Pool } from '../../kit/pool.ts';
import type { BorderIssue } from '../fact.ts';
import type { Sender } from './entry.ts';
import { issue } from './outcome.ts';

/** `Prefer: handling=strict` (RFC 7240 §4.4): a deletion is refused while others refer to what it would take away. */
export const isStrict = (prefer: string | undefined): boolean => /(?:^|[,;\s])handling=strict\b/.test(prefer ?? '');

const everything = { source: '*', param: '*', target: undefined, iterate: false } as const;
const mostNamed = 5;

/**
 * Who refers to what is to be deleted, by the reference words of the index (a look-up per parameter, no scan). Only rows that the sender sees count: a
 * refusal because of others would tell that they are there. Those that go, or are written anew, in the same request do not count.
 * @param handled keys that the request itself deletes or writes
 */
export async function stillReferred(
  pool: Pool,
  leaving: readonly { at: string; row: Stored }[],
  handled: ReadonlySet<bigint>,
  sender: Sender,
): Promise<BorderIssue[]> {
  if (leaving.length === 0) return [];
  const people = [...new Set(leaving.flatMap(({ row }) => (row.subject === null ? [] : [row.subject])))];
  const opened = people.length > 0 ? await sender.opens(people) : new Set<bigint>();
  const scope: Scope = { institutions: [sender.institution.id], subjects: [...opened], maxLabel: 1 };
  const issues: BorderIssue[] = [];
  for (const { at, row } of leaving) {
    const { included } = await includesOf(pool, [row], { includes: [], revincludes: [everything] }, scope);
    const others = included.filter(({ key }) => !handled.has(key));
    if (others.length === 0) continue;
    const names = others.slice(0, mostNamed).map(({ type, id }) => `${type}/${id}`);
    const more = others.length > mostNamed ? ' …' : '';
    issues.push(
      issue(
        'conflict',
        at || row.type,
        `仍被其他资源引用：${names.join('、')}${more}`,
        `Other resources refer to it: ${names.join(', ')}${more}`,
      ),
    );
  }
  return issues;
}
