import { afterAll, beforeAll, expect, test } from 'vitest';
import { freshDatabase } from '../../test/database.ts';
import { copyRows } from './copy.ts';
import { GroupCommitter, type TableWriter, Unit } from './group-commit.ts';
import { openPool, type Pool } from './pool.ts';

let pool: Pool;
let drop: () => Promise<void>;
let url: string;
beforeAll(async () => {
  ({ pool, drop, url } = await freshDatabase());
  await pool.query('create table public.line (id int primary key, value int not null)');
});
afterAll(() => drop());

const insert: TableWriter<{ id: number; value: number }> = {
  name: 'line',
  async write(client, rows) {
    await copyRows(
      client,
      'public.line',
      [
        ['id', 'int4'],
        ['value', 'int4'],
      ],
      rows.map(({ id, value }) => [id, value]),
    );
    return [];
  },
};
const refuseOdd: TableWriter<number> = {
  name: 'refuse',
  write: async (_client, rows) => rows.flatMap((row, index) => (row % 2 ? [index] : [])),
};

test('many units share few commits, and each is durable when its promise resolves', async () => {
  const committer = new GroupCommitter(pool);
  const outcomes = await Promise.all(
    Array.from({ length: 500 }, (_, id) => committer.commit(new Unit().add(insert, [{ id, value: id }]))),
  );
  expect(outcomes.every(({ ok }) => ok)).toBe(true);
  expect(committer.counters.commits).toBeLessThan(50);
  expect((await pool.query('select count(*) as n from line where id < 500')).rows[0].n).toBe(500);
});

test('one unit that violates a key fails alone; its neighbours are written', async () => {
  const committer = new GroupCommitter(pool);
  const outcomes = await Promise.all(
    [1000, 1001, 7, 1002].map((id) => committer.commit(new Unit().add(insert, [{ id, value: 0 }]))),
  );
  expect(outcomes.map((outcome) => (outcome.ok ? 'ok' : outcome.error))).toEqual(['ok', 'ok', 'conflict', 'ok']);
});

test('a unit is all or nothing: rows beside a refused one are not written', async () => {
  const committer = new GroupCommitter(pool);
  const outcome = await committer.commit(new Unit().add(insert, [{ id: 2000, value: 0 }]).add(refuseOdd, [1]));
  expect(outcome).toMatchObject({ ok: false, error: 'conflict' });
  expect((await pool.query('select 1 from line where id = 2000')).rows).toEqual([]);
});

test('units that touch the same thing never run at once and keep their order', async () => {
  const committer = new GroupCommitter(pool, { lanes: 4 });
  let running = 0;
  const order: number[] = [];
  const slow: TableWriter<number> = {
    name: 'slow',
    async write(client, rows) {
      running++;
      expect(running).toBe(1);
      expect(rows).toHaveLength(1);
      await client.query('select pg_sleep(0.01)');
      order.push(...rows);
      running--;
      return [];
    },
  };
  await Promise.all([1, 2, 3, 4, 5].map((n) => committer.commit(new Unit().add(slow, [n]).touch('same'))));
  expect(order).toEqual([1, 2, 3, 4, 5]);
});

test('a database that is away is an outcome, not a throw, and nothing is half-stored', async () => {
  const away = openPool(url.replace(/:\d+\//, ':1/'), 'away', 1);
  const outcome = await new GroupCommitter(away).commit(new Unit().add(insert, [{ id: 3000, value: 0 }]));
  expect(outcome).toMatchObject({ ok: false, error: 'unavailable' });
  await away.end();
});
