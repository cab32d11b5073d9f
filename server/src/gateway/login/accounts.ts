import type { Pool, Queryable } from '../../kit/pool.ts';
import { boundedChecks, hashPassword, matchesPassword } from './password.ts';

/** Failures before the first lock; the lock then lasts 1, 2, 4 ... 64 minutes. */
export const failuresBeforeLock = 5;

export type Attempt = 'right' | 'must-change' | 'wrong' | 'busy';

const check = boundedChecks(2, 40);

/**
 * Checks a password. The failure is counted *before* the check and taken back after a right one, so that many guesses
 * at once cannot slip past the lock. A locked, an unknown and a wrong login get the same answer after the same work.
 */
export async function attempt(
  pool: Pool,
  login: string,
  password: string,
): Promise<{ outcome: Attempt; known: boolean }> {
  const outcome = await check(async () => {
    const { rows } = await pool.query<{ password: string; must_change: boolean }>(
      `update gateway.account set failed = failed + 1,
         locked_until = case when failed + 1 >= $2 then now() + make_interval(mins => power(2, least(failed + 1 - $2, 6))::int) end
       where login = $1 and (locked_until is null or locked_until <= now()) returning password, must_change`,
      [login, failuresBeforeLock],
    );
    const right = await matchesPassword(password, rows[0]?.password ?? null);
    if (!right) return 'wrong';
    await pool.query('update gateway.account set failed = 0, locked_until = null where login = $1', [login]);
    return rows[0]?.must_change ? 'must-change' : 'right';
  });
  const { rowCount } = await pool.query('select from gateway.account where login = $1', [login]);
  return { outcome, known: rowCount === 1 };
}

/** Sets an account's password, making the account when it does not exist. A password set here is nobody's demo password. */
export async function setPassword(
  db: Queryable,
  login: string,
  password: string,
  { mustChange = false } = {},
): Promise<void> {
  await db.query(
    `insert into gateway.account (login, password, must_change) values ($1, $2, $3)
     on conflict (login) do update set password = $2, must_change = $3, demo = false, failed = 0, locked_until = null, changed_at = now()`,
    [login, await hashPassword(password), mustChange],
  );
}

/** Makes the demo accounts that are not there yet; one whose password somebody has changed keeps it. */
export async function makeDemoAccounts(
  db: Queryable,
  accounts: readonly { login: string; password: string }[],
): Promise<void> {
  const { rows } = await db.query<{ login: string }>('select login from gateway.account where login = any($1)', [
    accounts.map(({ login }) => login),
  ]);
  const there = new Set(rows.map(({ login }) => login));
  // The demo's password stands on the login page: one hash of it serves all, and a first start need not wait for ten.
  const hashes = new Map<string, string>();
  for (const { login, password } of accounts) {
    if (there.has(login)) continue;
    const hash = hashes.get(password) ?? (await hashPassword(password));
    hashes.set(password, hash);
    await db.query('insert into gateway.account (login, password, demo) values ($1, $2, true) on conflict do nothing', [
      login,
      hash,
    ]);
  }
}

/** Logins and clients whose password or key is a demo one. */
export async function demoCredentials(db: Queryable): Promise<string[]> {
  const { rows } = await db.query<{ name: string }>(
    'select login as name from gateway.account where demo union all select client_id from gateway.client where demo order by name',
  );
  return rows.map(({ name }) => name);
}

/** Takes every demo account and demo client away, for the way from a first look to real use. */
export async function removeDemoCredentials(db: Queryable): Promise<string[]> {
  const names = await demoCredentials(db);
  await db.query('delete from gateway.session where login in (select login from gateway.account where demo)');
  await db.query('delete from gateway.account where demo');
  await db.query('delete from gateway.client where demo');
  return names;
}
