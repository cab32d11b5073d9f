import { parseSearch, type SearchQuery } from '@hutong/fhir';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freshDatabase } from '../../../../test/database.ts';
import { writeInto } from '../../../kit/group-commit.ts';
import { inTransaction, type Pool } from '../../../kit/pool.ts';
import {
  newVersion,
  type ResourceWrite,
  resourceWriter,
  type Scope,
  type SearchRequest,
  searchResources,
  shardOfPerson,
  systemScope,
} from '../index.ts';
import { isOpenType } from '../scope.ts';
import { type Row, rowOf } from './brute-force.ts';
import { bruteForce } from './brute-order.ts';
import { known, search } from './random-searches.ts';
import { type Placed, world } from './random-world.ts';

let pool: Pool;
let drop: () => Promise<void>;
beforeAll(async () => {
  ({ pool, drop } = await freshDatabase());
});
afterAll(() => drop());

const scopes: Scope[] = [
  systemScope,
  { institutions: [1], subjects: [], maxLabel: 1 },
  { institutions: [2], subjects: [101n], maxLabel: 0 },
  { institutions: [], subjects: [100n, 102n], maxLabel: 1 },
];

const subjectOf = ({ resource }: Placed): bigint | null => {
  const id =
    resource.resourceType === 'Patient'
      ? resource.id
      : /^Patient\/(p\d)/.exec((resource.subject as { reference?: string } | undefined)?.reference ?? '')?.[1];
  return id === undefined ? null : 100n + BigInt(id[1] as string);
};
const sees = (scope: Scope, row: Placed): boolean => {
  const subject = subjectOf(row);
  return (
    row.label <= scope.maxLabel &&
    (scope.institutions === 'all' ||
      (subject === null && isOpenType(row.resource.resourceType)) ||
      scope.institutions.includes(row.institution) ||
      (subject !== null && scope.subjects.includes(subject)))
  );
};

async function store(rows: readonly Placed[]): Promise<Row[]> {
  const writes = rows.map(({ resource, institution, label, received }, index): ResourceWrite => {
    const subject = subjectOf(rows[index] as Placed);
    return newVersion({
      resource,
      id: resource.id,
      shard: subject === null ? 0 : shardOfPerson(subject),
      expected: 0,
      version: 1,
      subject,
      institution,
      label,
      received,
      message: null,
    });
  });
  await inTransaction(pool, async (client) => {
    await client.query('truncate store.resource, store.string, store.range, store.client_id');
    expect(await writeInto(client, resourceWriter, writes)).toEqual([]);
  });
  return writes.map(({ body, received }) => rowOf(JSON.parse(body), received));
}

async function everyPage(
  query: SearchQuery,
  scope: Scope,
  count: number,
  ways: Pick<SearchRequest, 'chainKeys' | 'manyRows' | 'window'>,
): Promise<string[]> {
  const ids: string[] = [];
  let after: string | undefined;
  do {
    const page = await searchResources(pool, { query: { ...query, count }, scope, now: 0, after, ...ways, ...known });
    ids.push(...page.matches.map(({ id }) => id));
    after = page.next ?? undefined;
  } while (after !== undefined);
  return ids;
}

const runs = process.env.HUTONG_FULL === '1' ? 300 : 25;

test('random searches over random resources find what brute force finds, in the same order, on every page size, as every caller', async () => {
  let asked = 0;
  let found = 0;
  await fc.assert(
    fc.asyncProperty(world, fc.array(search, { minLength: 40, maxLength: 40 }), async (rows, searches) => {
      const stored = await store(rows as Placed[]);
      for (const [index, { type, filters, sort }] of searches.entries()) {
        const scope = scopes[index % scopes.length] as Scope;
        const parameters = new URLSearchParams([...filters, ...(sort ? [['_sort', sort] as [string, string]] : [])]);
        const parsed = parseSearch(type, parameters);
        if (!parsed.ok) throw new Error(`${type}?${parameters}: ${parsed.issues[0]?.diagnostics}`);
        const visible = stored.filter((_, at) => sees(scope, rows[at] as Placed));
        const expected = bruteForce(parsed.query, visible, known);
        // Every third search has its chains answered by a join instead of ahead, every second is read in its order as if many rows matched.
        const ways = {
          chainKeys: index % 3 === 0 ? 0 : undefined,
          manyRows: index % 2 === 0 ? 0 : undefined,
          window: [1, 3, undefined][index % 7],
        };
        const what = `${type}?${decodeURIComponent(parameters.toString())} as ${scopes.indexOf(scope)}`;
        const page = await searchResources(pool, {
          query: { ...parsed.query, total: 'accurate' },
          scope,
          now: 0,
          ...ways,
          ...known,
        });
        expect(
          page.matches.map(({ id }) => id),
          what,
        ).toEqual(expected);
        expect(page.total, what).toBe(expected.length);
        if (index % 5 === 0 || (index % 2 === 0 && sort !== undefined && !sort.includes(',')))
          expect(await everyPage(parsed.query, scope, 2, ways), `${what}, in pages`).toEqual(expected);
        asked++;
        if (expected.length > 0) found++;
      }
    }),
    { numRuns: runs, endOnFailure: process.env.HUTONG_FULL !== '1' },
  );
  // Searches that find nothing prove little: a good part must find something.
  expect(found / asked).toBeGreaterThan(0.3);
}, 300_000);
