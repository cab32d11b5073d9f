import { validateResource } from '@hutong/fhir';
import { labelOf } from '../../core/access/index.ts';
import { eventWriter } from '../../core/events/index.ts';
import type { Identity, Merge, Sighting } from '../../core/identity/index.ts';
import {
  currentByKeys,
  erasedAmong,
  lastVersions,
  newStamps,
  newVersion,
  type ResourceWrite,
  resourceKey,
  resourceWriter,
  shardOfPerson,
} from '../../core/store/index.ts';
import type { Unit } from '../../kit/group-commit.ts';
import type { Pool } from '../../kit/pool.ts';
import type { BorderIssue, Fact, Translation } from '../fact.ts';
import { demographicsOf } from './demographics.ts';
import { mergeFact, newestStamp } from './merge.ts';
import { placeOf, resolveReferences, subjectOf } from './place.ts';
import { addTraces } from './traces.ts';

/** A translated message on its way into the record. */
export type Accepted = {
  message: bigint;
  institution: { id: number; code: string };
  receivedAt: number;
  trace: string;
  /** 'hl7v2-mllp', 'cda' …: for the audit. */
  protocol: string;
  translation: Translation;
};

export type Written = { resourceType: string; id: string; version: number };
export type Recorded = { written: Written[] } | { issues: BorderIssue[] };

/** The one place where facts of HL7 v2, shared documents and files become record rows. */
export type FactRecorder = {
  /**
   * Decides what the messages mean beside what is stored, and adds all rows to `unit`. Messages of one call must be about
   * different people (the caller sees to it); facts about nobody may repeat. A message that fails its checks adds nothing.
   */
  addTo(unit: Unit, messages: Accepted[]): Promise<Recorded[]>;
};

type People = { sightings: Map<bigint, Sighting>; merges: Merge[]; messages: Map<bigint, Accepted> };

/** Nothing comes back silently: what is sent about an erased person waits for somebody to decide. */
export const erasedIssue: BorderIssue = {
  severity: 'error',
  rule: 'intake.erased-resident',
  path: '',
  zh: '该居民的数据已依法删除，未经解除不再接收',
  en: 'The data of this person were erased; nothing is taken until the erasure is lifted',
};

/** Whom a message is about. */
const subjectsOf = ({
  message,
  places,
}: {
  message: Accepted;
  places: readonly { subject: bigint | null }[];
}): bigint[] => [
  ...places.flatMap(({ subject }) => (subject === null ? [] : [subject])),
  ...message.translation.merges
    .flatMap(({ survivor, retired }) => [survivor, retired])
    .map((person) => subjectOf(message.institution.code, person)),
];

const chinaDay = (at: number): string => new Date(at + 8 * 3_600_000).toISOString().slice(0, 10);

export function openFactRecorder(pool: Pool, identity: Identity): FactRecorder {
  return {
    async addTo(unit, messages) {
      const prepared = messages.map((message) => prepare(message));
      const keys = [...new Set(prepared.flatMap(({ places }) => places.map(({ key }) => key)))];
      const stored = await currentByKeys(pool, keys);
      const missing = keys.filter((key) => !stored.has(key));
      const buried = await lastVersions(pool, missing);
      const erased = await erasedAmong(pool, [...new Set(prepared.flatMap(subjectsOf))]);
      const pendingShared = new Map<bigint, ResourceWrite>();
      const people: People = { sightings: new Map(), merges: [], messages: new Map() };
      const results: Recorded[] = [];
      for (const one of prepared) {
        const { message, facts, places } = one;
        if (erased.size > 0 && subjectsOf(one).some((subject) => erased.has(subject))) {
          results.push({ issues: [erasedIssue] });
          continue;
        }
        const writes: ResourceWrite[] = [];
        const written: Written[] = [];
        const sightings = new Map<bigint, Sighting>();
        const issues: BorderIssue[] = [];
        facts.forEach((fact, index) => {
          const place = places[index] as (typeof places)[number];
          // A message may tell of the same thing twice, and messages of one batch share what is about nobody: the newest draft counts.
          const draft = writes.find(({ key }) => key === place.key) ?? pendingShared.get(place.key);
          const existing = stored.get(place.key);
          const base = draft ?? existing;
          const merged = mergeFact(
            base && { resource: JSON.parse(base.body), stamps: base.stamps },
            fact,
            message.translation.controlId,
          );
          if (fact.person && place.subject !== null)
            noteSighting(sightings, message, fact, place.subject, merged, base);
          if (merged === 'older' || merged === 'same') {
            if (base) written.push({ resourceType: fact.resource.resourceType, id: place.id, version: base.version });
            return;
          }
          const expected = existing?.version ?? 0;
          const keep = (write: ResourceWrite): void => {
            const at = writes.findIndex(({ key }) => key === place.key);
            if (at >= 0) writes[at] = write;
            else writes.push(write);
          };
          if (merged.unchanged && existing && (!draft || draft.stampsOnly)) {
            keep(newStamps(existing, merged.stamps));
            written.push({ resourceType: fact.resource.resourceType, id: place.id, version: existing.version });
            return;
          }
          for (const found of validateResource({ ...merged.resource, id: place.id }))
            if (found.severity === 'error')
              issues.push({
                severity: 'error',
                rule: `fhir.${found.code}`,
                path: found.expression,
                zh: found.zh,
                en: found.diagnostics,
              });
          const version = (existing?.version ?? buried.get(place.key) ?? 0) + 1;
          const write = newVersion({
            resource: merged.resource as { resourceType: string },
            id: place.id,
            shard: place.shard,
            expected,
            version,
            subject: place.subject,
            institution: message.institution.id,
            label: labelOf(merged.resource),
            received: message.receivedAt,
            message: message.message,
            stamps: merged.stamps,
          });
          keep(write);
          written.push({ resourceType: fact.resource.resourceType, id: place.id, version });
        });
        if (issues.length > 0) {
          results.push({ issues });
          continue;
        }
        for (const write of writes) if (write.subject === null) pendingShared.set(write.key, write);
        unit.add(
          resourceWriter,
          writes.filter(({ subject }) => subject !== null),
        );
        for (const write of writes) unit.touch(`resource ${write.key}`);
        notePeople(people, message, sightings);
        addTraces(
          unit,
          { ...message, kind: message.translation.kind },
          writes.filter(({ stampsOnly }) => !stampsOnly),
        );
        results.push({ written: distinct(written) });
      }
      unit.add(resourceWriter, [...pendingShared.values()]);
      await addPeople(unit, people);
      return results;
    },
  };

  function prepare(message: Accepted) {
    const { facts } = message.translation;
    resolveReferences(message.institution.code, facts);
    const places = facts.map((fact) => {
      const place = placeOf(message.institution.code, fact.resource.resourceType, fact.key, fact.person);
      return { ...place, key: resourceKey(fact.resource.resourceType, place.id) };
    });
    return { message, facts, places };
  }

  /** The master index learns from the *merged* Patient, so that it, too, does not depend on the order of arrival. */
  function noteSighting(
    sightings: Map<bigint, Sighting>,
    message: Accepted,
    fact: Fact,
    subject: bigint,
    merged: ReturnType<typeof mergeFact>,
    base: { body: string; stamps: string | null } | undefined,
  ): void {
    const person = fact.person as NonNullable<Fact['person']>;
    const known = sightings.get(subject) ?? {
      id: subject,
      institution: message.institution.id,
      authority: person.authority,
      localId: person.localId,
      message: message.message,
    };
    sightings.set(subject, known);
    if (fact.resource.resourceType !== 'Patient') return;
    const whole =
      typeof merged === 'object' ? merged : base && { resource: JSON.parse(base.body), stamps: base.stamps ?? '' };
    if (whole) known.says = demographicsOf(whole.resource, newestStamp(whole.stamps), chinaDay(message.receivedAt));
  }

  function notePeople(people: People, message: Accepted, sightings: Map<bigint, Sighting>): void {
    const { code, id: institution } = message.institution;
    for (const { survivor, retired, stamp } of message.translation.merges) {
      for (const person of [survivor, retired]) {
        const id = subjectOf(code, person);
        if (!sightings.has(id))
          sightings.set(id, {
            id,
            institution,
            authority: person.authority,
            localId: person.localId,
            message: message.message,
          });
      }
      people.merges.push({ survivor: subjectOf(code, survivor), retired: subjectOf(code, retired), stamp });
    }
    for (const [id, sighting] of sightings) {
      people.sightings.set(id, sighting);
      people.messages.set(id, message);
    }
  }

  async function addPeople(unit: Unit, { sightings, merges, messages }: People): Promise<void> {
    const relinked = await identity.addTo(unit, [...sightings.values()], merges);
    unit.add(
      eventWriter,
      relinked.map(({ source, from, to, rule }) => ({
        at: messages.get(source)?.receivedAt ?? Date.now(),
        kind: 'resident-linked' as const,
        shard: shardOfPerson(source),
        subject: source,
        institution: messages.get(source)?.institution.id ?? null,
        payload: { from: from === null ? null : String(from), to: String(to), rule },
      })),
    );
  }
}

const distinct = (written: Written[]): Written[] => [
  ...new Map(written.map((row) => [`${row.resourceType}/${row.id}`, row])).values(),
];
