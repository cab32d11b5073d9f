import type { ErrorCode } from '@hutong/contract/errors.ts';
import type { CardState, CodeKind, Relation } from '@hutong/contract/health-code.ts';
import type { Caller } from '../../core/access/index.ts';
import { ageOn, isInForce, mayHold, type Reading, readScan } from './decide.ts';
import { cardIndex, type HealthCodeDoor, spentKey, temporaryIndex } from './door.ts';
import { judgeTime, looksLikeOwnCode, parseOwnCode } from './own-code.ts';
import { dayOf, type Person, personOf, personOfResident } from './people.ts';
import { temporaryById } from './tables/cards.ts';
import { nobody, type Spend, wasIssued } from './tables/codes.ts';
import { heldBy } from './tables/family.ts';

/** What a scanned text turned out to be. `spend` is null for what may be shown again and again. */
export type FoundCode = {
  kind: CodeKind;
  person: Person;
  presentedBy: { person: Person; relation: Relation } | null;
  cardState: CardState | null;
  spend: Spend | null;
  /** The institution that gave a temporary card. */
  issuedAt: number | null;
};
/** `subject` is whose code was refused, where it is known: the refusal then stands in the log that they see. */
export type RefusedCode = {
  refusal: ErrorCode;
  kind: CodeKind;
  detail?: { zh: string; en: string };
  subject?: bigint;
  state?: CardState;
};
export type Resolution = FoundCode | RefusedCode;

const refused = (kind: CodeKind, refusal: ErrorCode, more: Partial<RefusedCode> = {}): RefusedCode => ({
  refusal,
  kind,
  ...more,
});

/** The one resolver: every code, card and number that a counter may scan. Looks everything up and changes nothing. */
export async function findCode(
  door: HealthCodeDoor,
  scanned: { code: string; as: 'auto' | 'document' | 'hospital-card'; step: string },
  caller: Caller,
  now: number,
): Promise<Resolution> {
  const reading = readScan(scanned.code, scanned.as, scanned.as === 'auto' && looksLikeOwnCode(scanned.code));
  switch (reading.kind) {
    case 'unreadable':
      return refused('document', 'HT-CODE-001', { detail: { zh: reading.zh, en: reading.en } });
    case 'own-code':
      return ownCode(door, scanned.code, now);
    case 'static':
    case 'dynamic':
      return nationalCode(door, reading, now);
    case 'temporary':
      return temporaryCode(door, reading.randomId, now);
    case 'insurance':
      return insuranceCode(door, reading.token, scanned.step, caller, now);
    case 'document':
      return byDocument(door, 'document', reading.number, now);
    case 'hospital-card':
      return hospitalCard(door, reading.number, caller, now);
  }
}

const found = (kind: CodeKind, person: Person, more: Partial<FoundCode> = {}): FoundCode => ({
  kind,
  person,
  presentedBy: null,
  cardState: null,
  spend: null,
  issuedAt: null,
  ...more,
});

async function ownCode(door: HealthCodeDoor, text: string, now: number): Promise<Resolution> {
  if (!door.keys) return refused('own', 'HT-CODE-013');
  const parsed = parseOwnCode(text);
  if (!parsed) return refused('own', 'HT-CODE-001');
  const { code, bytes, signature } = parsed;
  const { kind } = code;
  if (code.issuer !== door.keys.issuer) return refused(kind, 'HT-CODE-011');
  const [good, handle] = await Promise.all([door.keys.verify(code.keyId, bytes, signature), door.handle(code.handle)]);
  if (good === null) return refused(kind, 'HT-CODE-011');
  // Before the signature is known to be ours, the handle in it says nothing about anybody.
  if (!good || !handle || (handle.use === 'printed') !== (kind === 'printed')) return refused(kind, 'HT-CODE-004');
  const { subject } = handle;
  if (subject === nobody) return refused(kind, 'HT-CODE-007');
  const time = judgeTime(code, now);
  if (time === 'future') return refused(kind, 'HT-CODE-006', { subject });
  if (time === 'expired') return refused(kind, 'HT-CODE-003', { subject });
  if (time === 'forged') return refused(kind, 'HT-CODE-004', { subject });
  if (handle.revokedAt) return refused(kind, 'HT-CODE-007', { subject });
  const person = await personOf(door.identity, subject, now);
  if (!person) return refused(kind, 'HT-CODE-010');
  if (kind === 'printed') return found('printed', person);
  const spend = {
    key: spentKey(door.vault, `own ${code.nonce.toString('hex')}`),
    until: new Date((code.from + code.life) * 1000),
  };
  if (kind === 'own') return found('own', person, { spend });
  const holderHandle = code.holder && (await door.handle(code.holder));
  const holder = holderHandle && (await personOf(door.identity, holderHandle.subject, now));
  if (!holder || holderHandle.revokedAt) return refused('proxy', 'HT-CODE-007', { subject });
  const bond = (await heldBy(door.pool, holder.subjects)).find((row) => person.subjects.includes(row.subject));
  // The bond may have been ended, or the child may have come of age, after the code was fetched.
  const still =
    bond &&
    mayHold(bond.relation, { ...holder }, { resident: person.resident, age: ageOn(person.birthDate, dayOf(now)) }, 0);
  if (!bond || !still) return refused('proxy', 'HT-CODE-015', { subject });
  return found('proxy', person, { spend, presentedBy: { person: holder, relation: bond.relation } });
}

async function nationalCode(
  door: HealthCodeDoor,
  reading: Extract<Reading, { kind: 'static' | 'dynamic' }>,
  now: number,
): Promise<Resolution> {
  const { kind } = reading;
  if (!door.keys) return refused(kind, 'HT-CODE-013');
  const card = await door.card(cardIndex(door.vault, reading.cardId));
  if (kind === 'dynamic') {
    if (reading.issuer && reading.issuer !== door.keys.issuer) return refused(kind, 'HT-CODE-011');
    const time = door.keys.judgeValidity(reading.validity, new Date(now));
    if (time.verdict === 'unreadable') return refused(kind, 'HT-CODE-004', { ...(card && { subject: card.subject }) });
    if (!card) return refused(kind, 'HT-CODE-010');
    const { subject } = card;
    if (time.verdict === 'expired') return refused(kind, 'HT-CODE-003', { subject });
    if (time.verdict === 'too-far-ahead') return refused(kind, 'HT-CODE-006', { subject });
    if (!isInForce(card.state)) return refused(kind, 'HT-CODE-009', { subject, state: card.state });
    // The block is bound to nothing but a time and a key that all cards share: only the list of what was given out shows a splice.
    if (!(await wasIssued(door.pool, issuedKey(door, reading.cardId, reading.validity))))
      return refused(kind, 'HT-CODE-005', { subject });
    const person = await personOf(door.identity, subject, now);
    if (!person) return refused(kind, 'HT-CODE-010');
    return found(kind, person, {
      cardState: card.state,
      spend: { key: spentKey(door.vault, `national ${reading.cardId} ${reading.validity}`), until: time.until },
    });
  }
  if (!card) return refused(kind, 'HT-CODE-010');
  const { subject } = card;
  if (!isInForce(card.state)) return refused(kind, 'HT-CODE-009', { subject, state: card.state });
  if (card.lostAt) return refused(kind, 'HT-CODE-008', { subject });
  const person = await personOf(door.identity, subject, now);
  return person ? found(kind, person, { cardState: card.state }) : refused(kind, 'HT-CODE-010');
}

export const issuedKey = (door: HealthCodeDoor, cardId: string, validity: string): Buffer =>
  spentKey(door.vault, `issued ${cardId} ${validity}`);

async function temporaryCode(door: HealthCodeDoor, randomId: string, now: number): Promise<Resolution> {
  const row = await temporaryById(door.pool, temporaryIndex(door.vault, randomId));
  if (!row) return refused('temporary', 'HT-CODE-010');
  if (row.until.getTime() <= now) return refused('temporary', 'HT-CODE-003', { subject: row.subject });
  const person = await personOf(door.identity, row.subject, now);
  return person ? found('temporary', person, { issuedAt: row.institution }) : refused('temporary', 'HT-CODE-010');
}

async function insuranceCode(
  door: HealthCodeDoor,
  token: string,
  step: string,
  caller: Caller,
  now: number,
): Promise<Resolution> {
  if (!door.insurance) return refused('insurance', 'HT-CODE-012');
  const institution = caller.institution === null ? '' : (door.directory.institution(caller.institution)?.code ?? '');
  let insured: Awaited<ReturnType<typeof door.insurance.decode>>;
  try {
    insured = await door.insurance.decode(token, { institution, step });
  } catch {
    return refused('insurance', 'HT-CODE-018');
  }
  return insured ? byDocument(door, 'insurance', insured.documentNumber, now) : refused('insurance', 'HT-CODE-010');
}

async function byDocument(
  door: HealthCodeDoor,
  kind: 'document' | 'insurance',
  number: string,
  now: number,
): Promise<Resolution> {
  const { residents, total } = await door.identity.find(number, 2);
  const [resident] = residents;
  if (resident === undefined) return refused(kind, 'HT-CODE-010');
  if (total > 1) return refused(kind, 'HT-CODE-019');
  const person = await personOfResident(door.identity, resident, now);
  return person ? found(kind, person) : refused(kind, 'HT-CODE-010');
}

/** A hospital's own card number means somebody only at that hospital; the same digits are somebody else elsewhere. */
async function hospitalCard(door: HealthCodeDoor, number: string, caller: Caller, now: number): Promise<Resolution> {
  const { residents } = await door.identity.find(number, 50);
  const people = (
    await Promise.all(residents.map((resident) => personOfResident(door.identity, resident, now)))
  ).flatMap((person) => {
    const source = person?.sources.find(
      ({ institution, localId }) => institution === caller.institution && localId === number,
    );
    return person && source ? [{ ...person, subject: source.id }] : [];
  });
  const [person] = people;
  if (!person) return refused('hospital-card', 'HT-CODE-010');
  return people.length === 1 ? found('hospital-card', person) : refused('hospital-card', 'HT-CODE-019');
}
