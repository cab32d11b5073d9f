import { parseSearch } from '@hutong/fhir';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freshDatabase } from '../../../test/database.ts';
import { writeInto } from '../../kit/group-commit.ts';
import { inTransaction, type Pool } from '../../kit/pool.ts';
import { newVersion, reindexResources, resourceWriter, searchResources, systemScope } from './index.ts';
import { tokenOf } from './tokens.ts';

let pool: Pool;
let drop: () => Promise<void>;
beforeAll(async () => {
  ({ pool, drop } = await freshDatabase());
});
afterAll(() => drop());

test('rows of an older layout are indexed anew, in steps, until nothing is left', async () => {
  const writes = Array.from({ length: 7 }, (_, n) =>
    newVersion({
      resource: {
        resourceType: 'Organization',
        name: `Hospital ${n}`,
        identifier: [{ system: 'urn:o', value: `${n}` }],
      },
      id: `o${n}`,
      shard: 0,
      expected: 0,
      version: 1,
      subject: null,
      institution: 1,
      label: 0,
      received: 1e12 + n,
      message: null,
    }),
  );
  await inTransaction(pool, async (client) => {
    expect(await writeInto(client, resourceWriter, writes)).toEqual([]);
  });
  const found = async (query: string): Promise<number> => {
    const parsed = parseSearch('Organization', query);
    return parsed.ok
      ? (await searchResources(pool, { query: parsed.query, scope: systemScope, now: 0 })).matches.length
      : -1;
  };
  const queries = ['name=hospital', 'identifier=urn:o|', 'name:missing=false', 'name:exact=Hospital 3'];
  const before = await Promise.all(queries.map(found));
  expect(before).toEqual([7, 7, 7, 1]);
  await pool.query("update store.resource set layout = 1, present = 0, tokens = '{}'");
  await pool.query('delete from store.string');
  expect(await Promise.all(queries.map(found))).toEqual([0, 0, 0, 0]);
  expect([await reindexResources(pool, 5), await reindexResources(pool, 5), await reindexResources(pool, 5)]).toEqual([
    5, 2, 0,
  ]);
  expect(await Promise.all(queries.map(found))).toEqual(before);
});

test('a code with its value is found while its row still has the words of an older layout, and after', async () => {
  const write = newVersion({
    resource: {
      resourceType: 'Observation',
      status: 'final',
      code: { coding: [{ system: 'urn:c', code: 'x' }] },
      valueQuantity: { value: 7, system: 'http://unitsofmeasure.org', code: 'g/L' },
    },
    id: 'w',
    shard: 0,
    expected: 0,
    version: 1,
    subject: null,
    institution: 1,
    label: 0,
    received: 1e12,
    message: null,
  });
  await inTransaction(pool, async (client) => {
    expect(await writeInto(client, resourceWriter, [write])).toEqual([]);
  });
  /** As a server sees it that has just started: whether all rows have the newest words is remembered. */
  const found = async (query: string): Promise<number> => {
    const parsed = parseSearch('Observation', query);
    const db = { query: pool.query.bind(pool) } as typeof pool;
    return parsed.ok
      ? (await searchResources(db, { query: parsed.query, scope: systemScope, now: 0 })).matches.length
      : -1;
  };
  const queries = [
    'code-value-quantity=urn:c|x$gt5',
    'code-value-quantity=x$7000|http://unitsofmeasure.org|mg/L',
    'code-value-quantity=urn:c|x$gt8',
  ];
  const all = (): Promise<number[]> => Promise.all(queries.map(found));
  expect(await all()).toEqual([1, 1, 0]);
  const words = [tokenOf('Observation', 'code', 'urn:c', 'x'), tokenOf('Observation', 'code', null, 'x')];
  await pool.query("update store.resource set layout = 4, tokens = $1::int8[] where id = 'w'", [words.map(String)]);
  expect(await all()).toEqual([1, 1, 0]);
  expect(await reindexResources(pool)).toBe(1);
  expect(await all()).toEqual([1, 1, 0]);
  const { rows } = await pool.query("select cardinality(tokens) as n from store.resource where id = 'w'");
  expect(rows[0].n).toBe(write.index.tokens.length);
});
