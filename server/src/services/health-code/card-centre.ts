import { randomBytes } from 'node:crypto';
import { dynamicCode, namesAgree, parseDocument, staticCode, temporaryCode } from '@hutong/china';
import type { CardState } from '@hutong/contract/health-code.ts';
import { type Call, type Caller, type Refusal, refuse } from '../../core/access/index.ts';
import { eventWriter } from '../../core/events/index.ts';
import { type Sighting, sourceId } from '../../core/identity/index.ts';
import { shardOfPerson } from '../../core/store/index.ts';
import { type CommitOutcome, Unit } from '../../kit/group-commit.ts';
import { isInForce, stateOfRegistration } from './decide.ts';
import { cardIndex, documentIndex, type HealthCodeDoor, openCard, sealCard, temporaryIndex } from './door.ts';
import { issuedKey } from './find-code.ts';
import type { KeyStore } from './key-store.ts';
import { type Card, type CardIdentity, liveSeconds, temporaryDays } from './model.ts';
import { dayOf, personOf } from './people.ts';
import { agentOf } from './scan.ts';
import { cardByDocument, cardWriter, temporaryWriter } from './tables/cards.ts';
import { issuedWriter } from './tables/codes.ts';

export type Registration = {
  documentType: string;
  documentNumber: string;
  name: string;
  phone?: string;
  sex?: 'male' | 'female' | 'unknown';
  birthDate?: string;
};
export type CardAnswer = { cardId: string; state: CardState };

const isRefusal = (value: object): value is Refusal => 'refusal' in value;
const tries = 5;
/** What was read may have moved on before it was written: then it is read and decided again. */
async function decided(work: () => Promise<Unit | Refusal>, commit: (unit: Unit) => Promise<CommitOutcome>) {
  for (let round = 0; round < tries; round++) {
    const unit = await work();
    if (isRefusal(unit)) return unit;
    const kept = await commit(unit);
    if (kept.ok) return null;
    if (kept.error === 'unavailable') return refuse('HT-PLATFORM-001');
  }
  return refuse('HT-INPUT-006');
}

/** A source identity of the card centre's: the person as this institution registered them, without their number in clear. */
function sightingOf(
  door: HealthCodeDoor,
  call: Call,
  authority: string,
  localId: string,
  says: Sighting['says'],
): Sighting {
  const institution = (call.caller as Caller).institution as number;
  const code = door.directory.institution(institution)?.code ?? '';
  return {
    id: sourceId(code, authority, localId),
    institution,
    authority,
    localId,
    message: null,
    ...(says && { says }),
  };
}

/** Adds the person to the master index, as a message of the institution would. @returns by which rule it belongs to whom */
async function addPerson(door: HealthCodeDoor, call: Call, unit: Unit, sighting: Sighting): Promise<string> {
  const moved = await door.identity.addTo(unit, [sighting], []);
  unit.add(
    eventWriter,
    moved.map(({ source, from, to, rule }) => ({
      at: call.now,
      kind: 'resident-linked' as const,
      shard: shardOfPerson(source),
      subject: source,
      institution: sighting.institution,
      payload: { from: from === null ? null : String(from), to: String(to), rule },
    })),
  );
  return moved.find(({ source }) => source === sighting.id)?.rule ?? '';
}

const atInstitution = (call: Call): Refusal | null =>
  (call.caller as Caller).institution === null
    ? refuse('HT-ACCESS-003', { zh: '只有机构可以办理', en: 'Only an institution can do this' })
    : null;

/** Checks type and number as they stand on the paper, and gives the form to keep. */
export function readDocument(type: string, number: string, now: number): { type: string; number: string } | Refusal {
  const parsed = parseDocument(type, number, dayOf(now));
  if (!parsed.ok) return refuse('HT-CODE-016', { zh: parsed.zh, en: parsed.en });
  return { type: type.trim().padStart(2, '0'), number: parsed.value.number };
}

/** Registers a card. In doubt about the person it waits in state 2 until somebody else has looked at it. */
export async function register(door: HealthCodeDoor, call: Call, given: Registration): Promise<CardAnswer | Refusal> {
  const { keys } = door;
  if (!keys) return refuse('HT-CODE-013');
  const nowhere = atInstitution(call);
  if (nowhere) return nowhere;
  const document = readDocument(given.documentType, given.documentNumber, call.now);
  if (isRefusal(document)) return document;
  const identity: CardIdentity = {
    documentType: document.type,
    documentNumber: document.number,
    name: given.name.trim(),
    phone: given.phone ?? null,
  };
  const cardId = keys.cardId(identity);
  const key = documentIndex(door.vault, document.type, document.number);
  const isNumber = document.type === '01' || document.type === '02';
  const sighting = sightingOf(door, call, 'health-card', key.toString('hex'), {
    stamp: new Date(call.now).toISOString(),
    name: identity.name,
    ...(isNumber && { number: document.number }),
    ...(given.sex && { sex: given.sex }),
    ...(given.birthDate && { birthDate: given.birthDate }),
    ...(given.phone && { phone: given.phone }),
  });
  let state: CardState = 1;
  const failed = await decided(
    async () => {
      const before = await cardByDocument(door.pool, key);
      if (before && (isInForce(before.state) || before.state === 4))
        return refuse('HT-CODE-014', undefined, { returnCode: '2004', cardState: before.state });
      const known = isNumber ? await door.identity.find(document.number, 1) : null;
      const names = known?.residents[0] === undefined ? [] : await door.identity.sources(known.residents[0]);
      const others = names.filter(({ name, id }) => name !== null && id !== sighting.id);
      const agree = others.length === 0 || others.some(({ name }) => namesAgree(name as string, identity.name));
      const unit = new Unit().touch(`card ${key.toString('hex')}`);
      const rule = await addPerson(door, call, unit, sighting);
      state = stateOfRegistration(rule, agree);
      unit.add(cardWriter, [
        {
          do: 'make',
          shard: shardOfPerson(sighting.id),
          documentIndex: key,
          cardIndex: cardIndex(door.vault, cardId),
          card: {
            subject: sighting.id,
            sealed: sealCard(door.vault, identity),
            state,
            institution: sighting.institution,
            madeBy: agentOf(call.caller as Caller),
          },
        },
      ]);
      call.lookIn(unit, { action: 'create', what: 'health card', subject: sighting.id, ground: 'counter' });
      return unit;
    },
    (unit) => door.committer.commit(unit),
  );
  return failed ?? { cardId, state };
}

export type CardKey = { cardId?: string; documentType?: string; documentNumber?: string };

/** By card id or document; both given must belong together. */
export async function findCard(door: HealthCodeDoor, key: CardKey, now: number): Promise<Card | null | Refusal> {
  const byId = key.cardId ? await door.card(cardIndex(door.vault, key.cardId.toUpperCase())) : undefined;
  if (key.documentNumber === undefined) {
    if (byId === undefined) return refuse('HT-INPUT-001');
    return byId && openCard(door.vault, byId);
  }
  const document = readDocument(key.documentType ?? '01', key.documentNumber, now);
  if (isRefusal(document)) return document;
  if (byId === undefined) {
    const row = await cardByDocument(door.pool, documentIndex(door.vault, document.type, document.number));
    return row && openCard(door.vault, row);
  }
  const card = byId && openCard(door.vault, byId);
  if (card && (card.identity.documentNumber !== document.number || card.identity.documentType !== document.type))
    return refuse('HT-CODE-017', undefined, { returnCode: '4001' });
  return card;
}

/** The text to draw: static for paper, dynamic for one use within a minute. */
export async function fetchCode(
  door: HealthCodeDoor,
  call: Call,
  card: Card,
  kind: 'static' | 'dynamic',
): Promise<{ cardId: string; text: string; until: string | null } | Refusal> {
  const keys = door.keys as KeyStore;
  if (!isInForce(card.state)) return refuse('HT-CODE-009', undefined, { returnCode: '3008', cardState: card.state });
  const cardId = keys.cardId(card.identity);
  const unit = new Unit();
  call.lookIn(unit, { action: 'create', what: `${kind} code`, subject: card.subject, ground: 'counter' });
  let text = staticCode(cardId);
  let until: Date | null = null;
  if (kind === 'dynamic') {
    // Whole seconds: the block carries no fractions, and what is written must be what is compared.
    until = new Date(Math.floor(call.now / 1000) * 1000 + liveSeconds * 1000);
    const validity = keys.sealValidity(until);
    text = dynamicCode(cardId, validity, { issuer: keys.issuer });
    unit.add(issuedWriter, [{ key: issuedKey(door, cardId, validity), card: card.id, until }]);
  }
  const kept = await door.committer.commit(unit);
  return kept.ok ? { cardId, text, until: until?.toISOString() ?? null } : refuse('HT-PLATFORM-001');
}

/** A new name or telephone. The name is part of the card id, so the id changes; codes under the old one go on resolving. */
export async function change(
  door: HealthCodeDoor,
  call: Call,
  card: Card,
  given: { name?: string; phone?: string },
): Promise<CardAnswer | Refusal> {
  if (!isInForce(card.state)) return refuse('HT-CODE-009', undefined, { returnCode: '3008', cardState: card.state });
  const nowhere = atInstitution(call);
  if (nowhere) return nowhere;
  const identity: CardIdentity = {
    ...card.identity,
    ...(given.name && { name: given.name.trim() }),
    ...(given.phone && { phone: given.phone }),
  };
  const cardId = (door.keys as KeyStore).cardId(identity);
  const person = await personOf(door.identity, card.subject, call.now);
  const own = person?.sources.find(({ id }) => id === card.subject);
  const failed = await decided(
    async () => {
      const unit = new Unit().touch(`card ${card.id}`).add(cardWriter, [
        {
          do: 'change',
          id: card.id,
          version: card.version,
          sealed: sealCard(door.vault, identity),
          cardIndex: cardIndex(door.vault, cardId),
        },
      ]);
      if (own)
        await addPerson(door, call, unit, {
          ...own,
          message: null,
          says: {
            stamp: new Date(call.now).toISOString(),
            name: identity.name,
            ...(identity.phone && { phone: identity.phone }),
          },
        });
      call.lookIn(unit, { action: 'update', what: 'health card', subject: card.subject, ground: 'counter' });
      return unit;
    },
    (unit) => door.committer.commit(unit),
  );
  return failed ?? { cardId, state: card.state };
}

/** Cancels a card, or answers a registration that was in doubt. Whoever registered it does not review it. */
export async function setState(
  door: HealthCodeDoor,
  call: Call,
  card: Card,
  to: 'cancel' | 'approve' | 'reject',
): Promise<CardAnswer | Refusal> {
  const wanted = to === 'cancel' ? [1, 2, 4] : [2];
  if (!wanted.includes(card.state))
    return refuse('HT-CODE-009', undefined, { returnCode: '3008', cardState: card.state });
  if (to !== 'cancel' && card.madeBy === agentOf(call.caller as Caller))
    return refuse('HT-CODE-020', undefined, { returnCode: '4002' });
  const state: CardState = to === 'cancel' ? 0 : to === 'approve' ? 1 : 3;
  const unit = new Unit()
    .touch(`card ${card.id}`)
    .add(cardWriter, [{ do: 'state', id: card.id, version: card.version, state }]);
  call.lookIn(unit, { action: 'update', what: `health card ${to}`, subject: card.subject, ground: 'counter' });
  const kept = await door.committer.commit(unit);
  if (kept.ok) return { cardId: (door.keys as KeyStore).cardId(card.identity), state };
  return refuse(kept.error === 'conflict' ? 'HT-INPUT-006' : 'HT-PLATFORM-001');
}

/** For somebody without papers: a random id that means a person at this institution, for a month. */
export async function temporary(
  door: HealthCodeDoor,
  call: Call,
  given: Omit<Registration, 'documentType' | 'documentNumber'>,
): Promise<{ text: string; until: string } | Refusal> {
  const nowhere = atInstitution(call);
  if (nowhere) return nowhere;
  const randomId = randomBytes(16).toString('hex');
  const idIndex = temporaryIndex(door.vault, randomId);
  const until = new Date(call.now + temporaryDays * 86_400_000);
  const sighting = sightingOf(door, call, 'temporary-card', idIndex.toString('hex'), {
    stamp: new Date(call.now).toISOString(),
    name: given.name.trim(),
    ...(given.sex && { sex: given.sex }),
    ...(given.birthDate && { birthDate: given.birthDate }),
    ...(given.phone && { phone: given.phone }),
  });
  const unit = new Unit();
  await addPerson(door, call, unit, sighting);
  unit.add(temporaryWriter, [
    { idIndex, shard: shardOfPerson(sighting.id), subject: sighting.id, institution: sighting.institution, until },
  ]);
  call.lookIn(unit, { action: 'create', what: 'temporary card', subject: sighting.id, ground: 'counter' });
  const kept = await door.committer.commit(unit);
  return kept.ok ? { text: temporaryCode(randomId), until: until.toISOString() } : refuse('HT-PLATFORM-001');
}
