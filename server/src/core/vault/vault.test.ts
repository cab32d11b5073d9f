import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshDatabase } from '../../../test/database.ts';
import { testSecret } from '../../../test/secret.ts';
import { SealBroken, vaultOf } from '../../kit/vault.ts';
import { openVault, WrongSecret } from './index.ts';

let database: Awaited<ReturnType<typeof freshDatabase>>;
beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(() => database.drop());

const number = '500999199001011234';
const bind = 'identity.source.number';

describe('the vault', () => {
  it.each(['aes-256-gcm', 'sm4-gcm'] as const)(
    'seals and opens with %s, and says nothing of what it holds',
    async (cipher) => {
      const vault = await openVault(database.pool, { secret: testSecret, cipher });
      const sealed = vault.seal(number, bind);
      expect(sealed.includes(number)).toBe(false);
      expect(vault.seal(number, bind).equals(sealed)).toBe(false);
      expect(vault.open(sealed, bind).toString()).toBe(number);
      expect(vault.open(vault.seal('', bind), bind).length).toBe(0);
    },
  );

  it('does not open what was altered, cut, or moved to another column', () => {
    const vault = vaultOf(database.pool);
    const sealed = vault.seal(number, bind);
    expect(() => vault.open(sealed, 'identity.source.phone')).toThrow(SealBroken);
    expect(() => vault.open(sealed.subarray(0, 30), bind)).toThrow(SealBroken);
    for (const at of [0, 3, 8, 20, sealed.length - 1]) {
      const altered = Buffer.from(sealed);
      altered[at] = (altered[at] as number) ^ 1;
      expect(() => vault.open(altered, bind)).toThrow(SealBroken);
    }
  });

  it('opens with one server what another has sealed, and finds the same number by the same index', async () => {
    const sealed = vaultOf(database.pool).seal(number, bind);
    const index = vaultOf(database.pool).blindIndex('resident-number', number);
    const other = await openVault(database.pool, { secret: testSecret });
    expect(other.open(sealed, bind).toString()).toBe(number);
    expect(other.blindIndex('resident-number', number)).toEqual(index);
    expect(other.blindIndex('telephone', number)).not.toEqual(index);
  });

  it('belongs to the clients of its pool', async () => {
    const client = await database.pool.connect();
    expect(vaultOf(client)).toBe(vaultOf(database.pool));
    client.release();
    expect(() => vaultOf({})).toThrow('No vault');
  });

  it('refuses a wrong secret, and is handed over to a new one', async () => {
    const sealed = vaultOf(database.pool).seal(number, bind);
    const secret = 'another-secret-'.repeat(4);
    await expect(openVault(database.pool, { secret })).rejects.toThrow(WrongSecret);
    const moved = await openVault(database.pool, { secret, previousSecret: testSecret });
    expect(moved.open(sealed, bind).toString()).toBe(number);
    await expect(openVault(database.pool, { secret: testSecret })).rejects.toThrow(WrongSecret);
    await openVault(database.pool, { secret: testSecret, previousSecret: secret });
  });
});
