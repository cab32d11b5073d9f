import type { Consumer, DomainEvent } from '../../core/events/index.ts';
import { currentByKeys, parseLocalReference, resourceKey, type Stored, typeNumber } from '../../core/store/index.ts';
import type { Client } from '../../kit/pool.ts';
import { careEventOf } from './decide.ts';
import { timelineTypes } from './model.ts';
import { type CareEventRow, emptyIndex, replaceCareEvents } from './tables.ts';

const wanted = new Set(timelineTypes.map(typeNumber));
const report = typeNumber('DiagnosticReport');

type Payload = { keys?: [string, number][] };
type Json = Record<string, unknown>;

const resultKeys = (resource: Json): bigint[] =>
  (Array.isArray(resource.result) ? (resource.result as { reference?: string }[]) : []).flatMap(({ reference }) => {
    const local = reference ? parseLocalReference(reference) : null;
    return local ? [resourceKey(local.type, local.id)] : [];
  });

/** Reads the newest truth of whatever the events name, so that any order, repetition or replay of events ends in the same rows. */
async function handle(events: DomainEvent[], client: Client): Promise<void> {
  const keys = new Set<bigint>();
  for (const { kind, payload } of events)
    if (kind === 'record-written')
      for (const [key, type] of (payload as Payload).keys ?? []) if (wanted.has(type)) keys.add(BigInt(key));
  if (keys.size === 0) return;
  const stored = await currentByKeys(client, [...keys]);
  const bodies = new Map([...stored].map(([key, { body }]) => [key, JSON.parse(body) as Json]));
  const results = await currentByKeys(
    client,
    [...stored.values()]
      .filter(({ type }) => typeNumber(type) === report)
      .flatMap(({ key }) => resultKeys(bodies.get(key) as Json)),
  );
  const rows: CareEventRow[] = [];
  for (const [key, row] of stored) {
    const resource = bodies.get(key) as Json;
    const event = careEventOf(
      resource,
      resultKeys(resource).flatMap((result) =>
        results.has(result) ? [JSON.parse((results.get(result) as Stored).body) as Json] : [],
      ),
    );
    if (event && row.subject !== null)
      rows.push({ ...row, ...event, subject: row.subject, at: row.occurred ?? row.recorded ?? row.received });
  }
  await replaceCareEvents(client, [...keys], rows);
}

export const recordIndexConsumer: Consumer = { name: 'record-index', handle, reset: emptyIndex };
