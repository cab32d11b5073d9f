import { labelOf } from '../../core/access/index.ts';
import type { Directory } from '../../core/directory/index.ts';
import type { Consumer, DomainEvent } from '../../core/events/index.ts';
import type { Identity } from '../../core/identity/index.ts';
import { currentByKeys, type Stored, typeNumber } from '../../core/store/index.ts';
import type { Terminology } from '../../core/terminology/index.ts';
import type { Client } from '../../kit/pool.ts';
import { type Person, personOf } from './cards/people.ts';
import { recard } from './cards/recard.ts';
import { dayOf, readingsOf } from './decide.ts';
import { hintsOf } from './hints.ts';
import type { Lists } from './model.ts';
import { raiseSingleCases } from './single-cases.ts';
import { actedDiseases, renewPeople } from './tables/cards.ts';
import { type Cell, recountCells } from './tables/counts.ts';
import {
  addFindings,
  dropFindings,
  emptyReadings,
  type FindingRow,
  moveSubjects,
  noteHeard,
  type Touched,
} from './tables/findings.ts';

export type ReadingDoor = { identity: Identity; directory: Directory; terminology: Terminology; lists: Lists };

const read = new Set(
  [
    'Condition',
    'Observation',
    'Encounter',
    'MedicationRequest',
    'MedicationDispense',
    'MedicationAdministration',
    'MedicationStatement',
    'DiagnosticReport',
    'DocumentReference',
    'Composition',
  ].map(typeNumber),
);
const person = typeNumber('Patient');
/** Which channel an institution is heard on by a fact of this type, whatever it says. */
const heardOn: Record<string, string[]> = {
  Condition: ['cases'],
  Encounter: ['syndromes'],
  Observation: ['laboratory'],
};
type Payload = { keys?: [string, number][]; from?: string | null };
type Json = Record<string, unknown>;
const loinc = 'http://loinc.org';

/**
 * The feed's reader: record -> findings -> cards, counts, single-case signals. It reads the newest truth of whatever the events name, and
 * works out anew every card and count that this touches, so any order, repetition or replay of events ends in the same rows.
 */
export function surveillanceConsumer(door: ReadingDoor): Consumer {
  return { name: 'surveillance', handle: (events, client) => handle(door, events, client), reset: emptyReadings };
}

async function handle(door: ReadingDoor, events: DomainEvent[], client: Client): Promise<void> {
  const keys = new Set<bigint>();
  const people = new Set<bigint>();
  const left = new Set<bigint>();
  for (const { kind, payload, subject } of events) {
    if (kind === 'resident-linked' && subject !== null) {
      people.add(subject);
      const { from } = payload as Payload;
      if (from) left.add(BigInt(from));
    }
    if (kind !== 'record-written') continue;
    for (const [key, type] of (payload as Payload).keys ?? []) {
      if (read.has(type)) keys.add(BigInt(key));
      if (type === person && subject !== null) people.add(subject);
    }
  }
  if (keys.size === 0 && people.size === 0) return;
  const stored = await currentByKeys(client, [...keys]);
  const heard: Parameters<typeof noteHeard>[1] = [];
  const pending: { row: Stored; readings: ReturnType<typeof readingsOf> }[] = [];
  for (const row of stored.values()) {
    const times = {
      occurred: row.occurred?.getTime() ?? null,
      recorded: row.recorded?.getTime() ?? null,
      received: row.received.getTime(),
    };
    const day = dayOf(Math.min(times.occurred ?? times.recorded ?? times.received, times.received));
    for (const channel of heardOn[row.type] ?? []) heard.push({ channel, institution: row.institution, day });
    if (row.subject === null) continue;
    const resource = JSON.parse(row.body) as Json;
    const standard = row.type === 'Observation' ? standardCode(door, row.institution, resource) : null;
    const found = readingsOf(resource, times, door.lists, standard);
    pending.push({ row, readings: [...found, ...hintsOf(resource, times, door.lists, found)] });
  }
  await noteHeard(client, heard);
  const touched = await dropFindings(client, [...keys]);
  const acted = await actedDiseases(client, [...keys]);
  const speaking = pending
    .filter(({ readings, row }) => readings.length > 0 || acted.has(row.key))
    .map(({ row }) => row.subject as bigint);
  const residents = await whose(door, [...speaking, ...people], left);
  const rows = pending.flatMap(({ row, readings }) =>
    findingRows(door, row, readings, acted.get(row.key) ?? [], residents),
  );
  await addFindings(client, rows);
  touched.push(...rows.map(({ resident, channel, topic, area, day }) => ({ resident, channel, topic, area, day })));
  touched.push(
    ...(await moveSubjects(
      client,
      [...residents].map(([subject, { resident, area }]) => ({ subject, resident, area })),
    )),
  );
  await follow(door, client, touched);
  await renewPeople(client, new Map([...residents.values()].map(({ resident, person: known }) => [resident, known])));
}

function standardCode(door: ReadingDoor, institution: number, resource: Json): string | null {
  const codings = (resource.code as { coding?: { system?: string; code?: string }[] } | undefined)?.coding ?? [];
  const direct = codings.find(({ system, code }) => system === loinc && code)?.code;
  if (direct) return direct;
  const own = door.directory.institution(institution)?.code ?? '';
  for (const { system, code } of codings) {
    const mapped =
      system && code
        ? door.terminology.translate(own, system, code).find((target) => target.system === loinc)
        : undefined;
    if (mapped) return mapped.code;
  }
  return null;
}

type Whose = Map<bigint, { resident: bigint; area: string | null; person: Person }>;
/**
 * Who these source identities are today, and the district in which the resident lives, as whoever wrote last says. It covers all identities of
 * the residents concerned, also of those that an identity has left: the home of one is the home of all.
 */
async function whose(door: ReadingDoor, subjects: bigint[], left: Set<bigint>): Promise<Whose> {
  const residents = await door.identity.residentsOf([...new Set(subjects)]);
  const found: Whose = new Map();
  // Asked for together, they are one query.
  const asked = [...new Set([...residents.values(), ...left])].map(async (resident) => {
    const sources = await door.identity.sources(resident);
    const area = sources.find((source) => source.area !== null)?.area ?? null;
    const person = personOf(sources);
    for (const { id } of sources) found.set(id, { resident, area, person });
  });
  await Promise.all(asked);
  return found;
}

function findingRows(
  door: ReadingDoor,
  row: Stored,
  readings: ReturnType<typeof readingsOf>,
  acted: string[],
  residents: Whose,
): FindingRow[] {
  const subject = row.subject as bigint;
  const home = residents.get(subject);
  if (!home) return [];
  const received = row.received.getTime();
  const at = Math.min(row.occurred?.getTime() ?? row.recorded?.getTime() ?? received, received);
  const base = {
    shard: row.shard,
    key: row.key,
    subject,
    resident: home.resident,
    institution: row.institution,
    label: row.label,
    received,
    area: home.area ?? door.directory.institution(row.institution)?.area ?? '',
  };
  // The doctor has acted on this fact as another disease than it says now: that card is taken back, not forgotten.
  const void_ = acted
    .filter((disease) => !readings.some(({ topic, channel }) => topic === disease && channel !== 'syndromes'))
    .map((topic) => ({
      channel: 'cases' as const,
      topic,
      certainty: 'void' as const,
      code: '',
      zh: '',
      en: '',
      at,
      onset: null,
      day: dayOf(at),
    }));
  return [...readings, ...void_].map((reading) => ({
    ...base,
    label: Math.max(row.label, labelOfDisease(door.lists, reading)),
    ...reading,
  }));
}

/** A drug against HIV says what its diagnosis would: it is as restricted. */
function labelOfDisease({ diseases }: Lists, { channel, topic }: { channel: string; topic: string }): number {
  const code = channel === 'syndromes' ? undefined : diseases.find((one) => one.code === topic)?.icd10[0];
  return code ? labelOf({ coding: [{ system: 'http://hl7.org/fhir/sid/icd-10', code }] }) : 0;
}

/** Cards, counts and single-case signals of everything that was touched. */
async function follow(door: ReadingDoor, client: Client, touched: Touched[]): Promise<void> {
  const cells: Cell[] = touched
    .filter(({ channel }) => channel === 'laboratory' || channel === 'syndromes')
    .map(({ channel, topic, area, day }) => ({ channel, topic, area, day }));
  const diseases = new Map(
    touched
      .filter(({ channel }) => channel !== 'syndromes')
      .map(({ resident, topic }) => [`${resident} ${topic}`, { resident, topic }]),
  );
  for (const { resident, topic } of diseases.values()) {
    const { cards, former } = await recard(door, client, resident, topic);
    cells.push(...[...former, ...cards].map(({ area, day }) => ({ channel: 'cases', topic, area, day })));
    await raiseSingleCases(door, client, topic, cards, Date.now());
  }
  await recountCells(client, cells);
}
