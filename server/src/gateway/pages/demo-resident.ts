import type { Relation } from '@hutong/contract/health-code.ts';
import type { Identity } from '../../core/identity/index.ts';
import type { Pool } from '../../kit/pool.ts';
import type { HealthCode } from '../../services/health-code/index.ts';
import { linkResident } from '../login/index.ts';

const bornBetween = (now: number, oldest: number, youngest: number): { from: string; to: string } => {
  const year = new Date(now).getUTCFullYear();
  return { from: `${year - oldest}-01-01`, to: `${year - youngest}-12-31` };
};

/**
 * The demo's resident: a grown-up whom many institutions know, so that there is something to see, with a child and an elder whose code they show
 * (of the same household where there is one). Does nothing while the city is still empty, and keeps its person afterwards.
 */
export async function registerDemoResident(door: {
  pool: Pool;
  identity: Identity;
  healthCode: HealthCode;
}): Promise<void> {
  const { pool, identity, healthCode } = door;
  const now = Date.now();
  const [person] = await identity.wellKnown({ ...bornBetween(now, 55, 30), at: null, limit: 1 });
  if (!person) return;
  const holder = await linkResident(pool, 'resident', person.subject);
  const relatives: [Relation, number, number][] = [
    ['parent', 14, 1],
    ['child', 90, 62],
  ];
  for (const [relation, oldest, youngest] of relatives) {
    const born = bornBetween(now, oldest, youngest);
    const near = person.address ? await identity.wellKnown({ ...born, at: person.address, limit: 1 }) : [];
    const [relative] = near.length > 0 ? near : await identity.wellKnown({ ...born, at: null, limit: 1 });
    if (relative) await healthCode.bindPeople({ holder, subject: relative.subject, relation });
  }
}
