import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freshDatabase } from '../../test/database.ts';
import { type Column, copyRows } from './copy.ts';
import { inTransaction, type Pool } from './pool.ts';

let pool: Pool;
let drop: () => Promise<void>;
beforeAll(async () => {
  ({ pool, drop } = await freshDatabase());
  await pool.query(
    'create table public.everything (i2 int2, i4 int4, i8 int8, f8 float8, t text, b bytea, flag bool, at timestamptz, keys int8[], doc jsonb)',
  );
});
afterAll(() => drop());

const columns: Column[] = [
  ['i2', 'int2'],
  ['i4', 'int4'],
  ['i8', 'int8'],
  ['f8', 'float8'],
  ['t', 'text'],
  ['b', 'bytea'],
  ['flag', 'bool'],
  ['at', 'timestamptz'],
  ['keys', 'int8[]'],
  ['doc', 'jsonb'],
];
const text = fc.string({ unit: 'grapheme', maxLength: 200 }).map((value) => value.replaceAll('\u0000', ''));

test('every cell that goes in by binary COPY comes out the same, whatever the text', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.record({
          i2: fc.integer({ min: -32768, max: 32767 }),
          i4: fc.integer({ min: -2147483648, max: 2147483647 }),
          i8: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
          f8: fc.double({ noNaN: true }),
          t: fc.option(text),
          b: fc.uint8Array(),
          flag: fc.boolean(),
          at: fc.integer({ min: -2_000_000_000_000, max: 4_000_000_000_000 }),
          keys: fc.array(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), { maxLength: 5 }),
        }),
        { minLength: 1, maxLength: 20 },
      ),
      async (rows) => {
        await pool.query('truncate everything');
        await inTransaction(pool, (client) =>
          copyRows(
            client,
            'everything',
            columns,
            rows.map((row) => [
              row.i2,
              row.i4,
              row.i8,
              row.f8,
              row.t,
              row.b,
              row.flag,
              row.at,
              row.keys,
              JSON.stringify({ t: row.t }),
            ]),
          ),
        );
        const { rows: out } = await pool.query(
          'select i2, i4, i8::text, f8, t, b, flag, at, keys::text[] as keys, doc from everything order by ctid',
        );
        expect(out.map((row) => ({ ...row, b: [...row.b], at: row.at.getTime() }))).toEqual(
          rows.map((row) => ({
            ...row,
            i8: String(row.i8),
            b: [...row.b],
            keys: row.keys.map(String),
            doc: { t: row.t },
          })),
        );
      },
    ),
    { numRuns: 40 },
  );
});
