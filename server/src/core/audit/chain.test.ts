import { afterAll, beforeAll, expect, test } from 'vitest';
import { freshDatabase } from '../../../test/database.ts';
import { writeInto } from '../../kit/group-commit.ts';
import { inTransaction, type Pool } from '../../kit/pool.ts';
import { type AuditEntry, auditWriter, sealAudit, verifyAudit } from './index.ts';

let pool: Pool;
let drop: () => Promise<void>;
beforeAll(async () => {
  ({ pool, drop } = await freshDatabase());
});
afterAll(() => drop());

const entry = (n: number): AuditEntry => ({
  at: 1_790_000_000_000 + n,
  agent: `staff ${n}`,
  role: 'clinician',
  institution: 1,
  action: 'read',
  what: 'front page',
  resident: BigInt(n),
  ground: 'care-relationship',
  trace: `t${n}`,
});
const write = (...numbers: number[]): Promise<unknown> =>
  inTransaction(pool, (client) => writeInto(client, auditWriter, numbers.map(entry)));

/** Other databases of the same cluster hold back the oldest running transaction for a moment: seal until `rows` are in. */
async function seal(rows: number): Promise<void> {
  for (let sealed = 0; sealed < rows; ) {
    sealed += await sealAudit(pool);
    if (sealed < rows) await new Promise((done) => setTimeout(done, 20));
  }
}

test('what was sealed verifies, also when it was written by transactions that overlapped', async () => {
  const early = await pool.connect();
  await early.query('begin');
  await writeInto(early, auditWriter, [entry(1)]);
  await write(2, 3);
  // Row 1 is not committed yet: nothing that might come after it may be sealed.
  expect(await sealAudit(pool)).toBe(0);
  await early.query('commit');
  early.release();
  await seal(3);
  await write(...Array.from({ length: 2500 }, (_, n) => n + 10));
  await seal(2500);
  expect(await verifyAudit(pool)).toMatchObject({ ok: true, rows: 2503, firstBad: null });
});

test.each([
  [
    'a changed row',
    'update audit.entry set resident = 99 where seq = 2',
    'update audit.entry set resident = 2 where seq = 2',
  ],
  [
    'a changed time',
    `update audit.entry set at = at + interval '1 second' where seq = 3`,
    `update audit.entry set at = at - interval '1 second' where seq = 3`,
  ],
  [
    'a changed block',
    `update audit.block set rows = rows + 1 where number = 2`,
    'update audit.block set rows = rows - 1 where number = 2',
  ],
])('%s is found and named', async (_what, tamper, restore) => {
  await pool.query(tamper);
  expect((await verifyAudit(pool)).ok).toBe(false);
  await pool.query(restore);
  expect((await verifyAudit(pool)).ok).toBe(true);
});

test('a removed row, and a row slipped in later under an old number, are found', async () => {
  await pool.query('create table kept as select * from audit.entry where seq = 2');
  await pool.query('delete from audit.entry where seq = 2');
  expect((await verifyAudit(pool)).ok).toBe(false);
  await pool.query('insert into audit.entry overriding system value select * from kept');
  expect((await verifyAudit(pool)).ok).toBe(true);
  await pool.query(`insert into audit.entry (seq, xid, at, agent, role, action, what, ground, trace) overriding system value
    select 100000, xid, at, agent, role, action, what, ground, trace from audit.entry where seq = 3`);
  expect((await verifyAudit(pool)).ok).toBe(false);
});
