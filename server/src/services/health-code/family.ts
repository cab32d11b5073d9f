import { maskName } from '@hutong/china';
import type { FamilyMember, Relation } from '@hutong/contract/health-code.ts';
import { type Call, type Caller, isRefusal, type Refusal, refuse } from '../../core/access/index.ts';
import { publicId } from '../../core/identity/index.ts';
import { shardOfPerson } from '../../core/store/index.ts';
import { type CardKey, findCard, readDocument } from './card-centre.ts';
import { mayHold } from './decide.ts';
import type { HealthCodeDoor } from './door.ts';
import { ageText, type Person, personOf, personOfResident } from './people.ts';
import { agentOf } from './scan.ts';
import { bindProxy, endProxy, heldBy } from './tables/family.ts';

/** Whoever a counter names by card or document: a card is not needed, a resident is. */
async function personNamed(door: HealthCodeDoor, key: CardKey, now: number): Promise<Person | Refusal> {
  const card = await findCard(door, key, now);
  if (card !== null && isRefusal(card)) return card;
  if (card) return (await personOf(door.identity, card.subject, now)) ?? refuse('HT-CODE-010');
  if (!key.documentNumber) return refuse('HT-CODE-010');
  const document = readDocument(key.documentType ?? '01', key.documentNumber, now);
  if (isRefusal(document)) return document;
  const { residents, total } = await door.identity.find(document.number, 2);
  if (total > 1) return refuse('HT-CODE-019');
  const [resident] = residents;
  const person = resident === undefined ? null : await personOfResident(door.identity, resident, now);
  return person ?? refuse('HT-CODE-010');
}

async function bothPeople(door: HealthCodeDoor, call: Call): Promise<{ holder: Person; subject: Person } | Refusal> {
  const body = call.body as { holder: CardKey; person: CardKey };
  const holder = await personNamed(door, body.holder, call.now);
  if (isRefusal(holder)) return holder;
  const subject = await personNamed(door, body.person, call.now);
  return isRefusal(subject) ? subject : { holder, subject };
}

export async function bindFamily(door: HealthCodeDoor, call: Call): Promise<object | Refusal> {
  const both = await bothPeople(door, call);
  if (isRefusal(both)) return both;
  const { holder, subject } = both;
  const { relation } = call.body as { relation: Relation };
  const bound = await bind(door, call.caller as Caller, holder, subject, relation);
  call.look({
    action: bound ? 'create' : 'refused',
    what: `health code held by ${relation}`,
    resident: subject.resident,
    ground: 'counter',
  });
  return bound ? { relation } : refuse('HT-CODE-015');
}

/** The rules of holding, and the row. @returns false when the rules say no; a bond that is there already is a yes */
async function bind(
  door: HealthCodeDoor,
  caller: Caller,
  holder: Person,
  subject: Person,
  relation: Relation,
): Promise<boolean> {
  const held = await heldBy(door.pool, holder.subjects);
  if (held.some((row) => subject.subjects.includes(row.subject) && row.relation === relation)) return true;
  if (!mayHold(relation, holder, subject, held.length)) return false;
  return bindProxy(door.pool, {
    shard: shardOfPerson(subject.subject),
    holder: holder.subject,
    subject: subject.subject,
    relation,
    by: agentOf(caller),
    institution: caller.institution,
  });
}

export async function endFamily(door: HealthCodeDoor, call: Call): Promise<object | Refusal> {
  const both = await bothPeople(door, call);
  if (isRefusal(both)) return both;
  const ended = await endProxy(door.pool, both.holder.subjects, both.subject.subjects, agentOf(call.caller as Caller));
  call.look({
    action: 'update',
    what: 'health code no longer held',
    resident: both.subject.resident,
    ground: 'counter',
  });
  return ended > 0 ? { ended } : refuse('HT-CODE-010');
}

export async function listFamily(door: HealthCodeDoor, call: Call): Promise<object | Refusal> {
  const holder = await personNamed(door, call.body as CardKey, call.now);
  if (isRefusal(holder)) return holder;
  call.look({ action: 'read', what: 'health codes held', resident: holder.resident, ground: 'counter' });
  return { items: await familyOf(door, holder, call.now) };
}

/** Whose codes this person may show today; who has come of age in between is not among them. */
export async function familyOf(door: HealthCodeDoor, holder: Person, now: number): Promise<FamilyMember[]> {
  const rows = await heldBy(door.pool, holder.subjects);
  const members: FamilyMember[] = [];
  for (const { subject, relation, since } of rows) {
    const person = await personOf(door.identity, subject, now);
    if (!person || !mayHold(relation, holder, person, 0)) continue;
    members.push({
      id: publicId(subject),
      name: maskName(person.name),
      relation,
      age: ageText(person.age),
      since: since.toISOString(),
    });
  }
  return members;
}

/** For the demo: a bond as a counter would make it. */
export async function bindPeople(
  door: HealthCodeDoor,
  bond: { holder: bigint; subject: bigint; relation: Relation },
  now: number,
): Promise<void> {
  const holder = await personOf(door.identity, bond.holder, now);
  const subject = await personOf(door.identity, bond.subject, now);
  const counter: Caller = {
    kind: 'staff',
    id: 'demo',
    role: 'clinician',
    institution: null,
    permissions: [],
    scopes: [],
  };
  if (holder && subject) await bind(door, counter, holder, subject, bond.relation);
}
