import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openIdentity } from '../../core/identity/index.ts';
import { GroupCommitter } from '../../kit/group-commit.ts';
import { makeDemoAccounts, removeDemoCredentials, setPassword } from './accounts.ts';
import { openLogin } from './index.ts';
import { signingKeys } from './signing-keys.ts';
import { demoAccounts, openTestCity, type TestCity } from './test-city.ts';

let city: TestCity;
beforeAll(async () => {
  city = await openTestCity();
});
afterAll(() => city.close());

const start = (changes: object) =>
  openLogin({
    config: { ...city.config, ...changes },
    pool: city.pool,
    directory: city.directory,
    identity: openIdentity(city.pool),
    committer: new GroupCommitter(city.pool),
    demoAccounts: [],
  });

describe('the start outside demo mode', () => {
  it('is refused while a demo account or the demo operator is there, and names them', async () => {
    await expect(start({ demo: false })).rejects.toThrow(/gone, lin, operator, zhao/);
    await setPassword(city.pool, 'lin', 'a password of her own');
    await expect(start({ demo: false })).rejects.toThrow(/gone, operator, zhao/);
    await removeDemoCredentials(city.pool);
    const login = await start({ demo: false });
    expect(login.operatorKeyFile).toBeNull();
    await login.close();
    const { rows } = await city.pool.query('select login from gateway.account');
    expect(rows).toEqual([{ login: 'lin' }]);
  });

  it('is refused with a secret that can be guessed', async () => {
    await expect(start({ demo: false, secret: 'changeme'.repeat(5) })).rejects.toThrow(/HUTONG_SECRET/);
  });
});

describe('demo accounts', () => {
  it('are made once, and a changed password stays changed', async () => {
    await setPassword(city.pool, 'zhao', 'a password of his own');
    await makeDemoAccounts(city.pool, demoAccounts);
    const { rows } = await city.pool.query<{ login: string; demo: boolean }>(
      'select login, demo from gateway.account order by login',
    );
    expect(rows).toEqual([
      { login: 'gone', demo: true },
      { login: 'lin', demo: false },
      { login: 'zhao', demo: false },
    ]);
  });
});

describe('the signing key', () => {
  it('is the same at each start and at two starts at once, and lies sealed in the database', async () => {
    const secret = 'another secret of more than 32 characters';
    const [one, two] = await Promise.all([signingKeys(city.pool, secret), signingKeys(city.pool, secret)]);
    expect(one).toEqual(two);
    expect(await signingKeys(city.pool, secret)).toEqual(one);
    expect(one?.[0]?.kid).not.toBe((await signingKeys(city.pool, city.config.secret))[0]?.kid);
    const { rows } = await city.pool.query<{ sealed: Buffer }>('select sealed from gateway.signing_key');
    for (const { sealed } of rows) expect(sealed.includes(Buffer.from('"d"'))).toBe(false);
  });
});
