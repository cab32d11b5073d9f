import { maskName, maskNumber } from '@hutong/china';
import type { WaitingCards } from '@hutong/contract/health-code.ts';
import { type Call, type Caller, type Refusal, type Reply, type Route, refuse } from '../../core/access/index.ts';
import { type HealthCodeDoor, openCard } from './door.ts';
import type { KeyStore } from './key-store.ts';
import { agentOf } from './scan.ts';
import { cardsWaiting } from './tables/cards.ts';

const most = 100;

/** The list that a counter's second pair of eyes works through. */
export function waitingRoutes(door: HealthCodeDoor): Route[] {
  return [
    {
      method: 'GET',
      path: '/api/card-centre/waiting',
      permission: 'codes.serve',
      summary: 'Registrations of the caller’s institution that wait for review',
      handle: (call) => waiting(door, call),
    },
  ];
}

async function waiting(door: HealthCodeDoor, call: Call): Promise<Reply | Refusal> {
  const { keys } = door;
  const caller = call.caller as Caller;
  if (!keys) return refuse('HT-CODE-013');
  if (caller.institution === null) return refuse('HT-ACCESS-003');
  const rows = await cardsWaiting(door.pool, caller.institution, most);
  call.look({ action: 'read', what: `health cards in review, ${rows.length}`, ground: 'counter' });
  const items = await Promise.all(rows.map((row) => itemOf(door, keys, call, row)));
  return { body: { items } satisfies WaitingCards };
}

async function itemOf(
  door: HealthCodeDoor,
  keys: KeyStore,
  call: Call,
  row: Awaited<ReturnType<typeof cardsWaiting>>[0],
): Promise<WaitingCards['items'][0]> {
  const { madeAt, ...card } = row;
  const { identity, subject, madeBy } = openCard(door.vault, card);
  const { residents } = await door.identity.find(identity.documentNumber, 5);
  const known = (await Promise.all(residents.map((resident) => door.identity.sources(resident)))).flat();
  const names = known.flatMap(({ name, id }) => (name && id !== subject ? [maskName(name)] : []));
  call.look({ action: 'read', what: 'health card in review', subject, ground: 'counter' });
  return {
    cardId: keys.cardId(identity),
    madeAt: madeAt.toISOString(),
    documentType: identity.documentType,
    documentNumber: maskNumber(identity.documentNumber),
    name: maskName(identity.name),
    knownAs: [...new Set(names)],
    mayReview: madeBy !== agentOf(call.caller as Caller),
  };
}
