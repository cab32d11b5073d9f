/**
 * The health code: card centre, our own signed codes, one resolver for every code that a counter may scan, and the log that residents see.
 * A service and not part of core/identity: it asks the index who somebody is and writes to it only as an institution would.
 */
import type { Relation } from '@hutong/contract/health-code.ts';
import type { Route } from '../../core/access/index.ts';
import type { Consumer } from '../../core/events/index.ts';
import type { Client } from '../../kit/pool.ts';
import { vaultOf } from '../../kit/vault.ts';
import type { HealthCodeDoor } from './door.ts';
import { bindPeople } from './family.ts';
import { healthCodeRoutes } from './routes.ts';
import { openCards } from './tables/cards.ts';
import { openHandles, sweepCodes } from './tables/codes.ts';
import { eraseCodes } from './tables/erase.ts';
import { openVisits } from './visits/consumer.ts';
import { visitDays } from './visits/routes.ts';
import { forgetExpected } from './visits/tables.ts';

export { httpInsuranceAdapter, type InsuranceAdapter } from './insurance.ts';
export { type KeyStore, openKeyStore } from './key-store.ts';

export type HealthCode = {
  routes: Route[];
  /** Visit detection: reads scans and what institutions send after them. */
  visits: Consumer;
  /** Removes what is kept of these source identities, in the caller's transaction; codes already printed are refused from then on. */
  erase(client: Client, subjects: readonly bigint[]): Promise<void>;
  /** A bond between two source identities, as a counter that has seen both papers would make it. Does nothing against the rules. */
  bindPeople(bond: { holder: bigint; subject: bigint; relation: Relation }): Promise<void>;
  /** Starts forgetting used codes that have expired. @returns what stops it and the signing threads */
  start(onError: (error: unknown) => void): { stop(): Promise<void> };
};

const sweepEvery = 60_000;

export function openHealthCode(opened: Omit<HealthCodeDoor, 'vault' | 'handle' | 'card'>): HealthCode {
  const door: HealthCodeDoor = {
    ...opened,
    vault: vaultOf(opened.pool),
    handle: openHandles(opened.pool),
    card: openCards(opened.pool),
  };
  return {
    routes: healthCodeRoutes(door),
    visits: openVisits(door.identity),
    erase: eraseCodes,
    bindPeople: (bond) => bindPeople(door, bond, Date.now()),
    start(onError) {
      const timer = setInterval(() => {
        void sweepCodes(door.pool).catch(onError);
        void forgetExpected(door.pool, visitDays).catch(onError);
      }, sweepEvery);
      return {
        async stop() {
          clearInterval(timer);
          await door.keys?.close();
        },
      };
    },
  };
}
