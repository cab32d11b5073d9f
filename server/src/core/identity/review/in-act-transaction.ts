import { setTimeout as wait } from 'node:timers/promises';
import { type Client, inTransaction, type Pool } from '../../../kit/pool.ts';
import { Busy } from '../acts/apply-acts.ts';

class TakeBack extends Error {}

/** Runs acts in a transaction of their own; `false` takes everything back. Tried again while a message holds the same people. */
export async function inActTransaction<T>(
  pool: Pool,
  work: (client: Client) => Promise<T | false>,
): Promise<T | false | 'busy'> {
  for (let tries = 0; tries < 5; tries++)
    try {
      return await inTransaction(pool, async (client) => {
        const result = await work(client);
        if (result === false) throw new TakeBack();
        return result;
      });
    } catch (error) {
      if (error instanceof TakeBack) return false;
      if (!(error instanceof Busy)) throw error;
      await wait(50 * (tries + 1));
    }
  return 'busy';
}
