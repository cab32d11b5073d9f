import { parseSearch, type ResourceType } from '@hutong/fhir';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freshDatabase } from '../../../../test/database.ts';
import { type CommitOutcome, GroupCommitter, Unit } from '../../../kit/group-commit.ts';
import { key64 } from '../../../kit/hash.ts';
import type { Pool } from '../../../kit/pool.ts';
import {
  type Ask,
  absenceWriter,
  matchesOf,
  newVersion,
  type ResourceWrite,
  resourceKey,
  resourceWriter,
  type Scope,
} from '../index.ts';

let pool: Pool;
let drop: () => Promise<void>;
beforeAll(async () => {
  ({ pool, drop } = await freshDatabase());
});
afterAll(() => drop());

const scopeOf = (institution: number): Scope => ({ institutions: [institution], subjects: [], maxLabel: 9 });
function ask(type: ResourceType, query: string, institution = 1): Ask {
  const parsed = parseSearch(type, query);
  if (!parsed.ok) throw new Error(query);
  return { type, filters: parsed.query.filters, scope: scopeOf(institution) };
}
const row = (id: string, value: string, institution = 1): ResourceWrite =>
  newVersion({
    resource: { resourceType: 'Group', type: 'person', actual: true, identifier: [{ system: 'urn:g', value }] },
    id,
    shard: 0,
    expected: 0,
    version: 1,
    subject: null,
    institution,
    label: 0,
    received: 1e12,
    message: null,
  });

test('conditions are answered together: none, one, or too many, each within its scope', async () => {
  const committer = new GroupCommitter(pool);
  await committer.commit(
    new Unit().add(resourceWriter, [row('a', 'one'), row('b', 'two'), row('c', 'two'), row('d', 'four', 2)]),
  );
  const asks = [
    'identifier=urn:g|one',
    'identifier=urn:g|two',
    'identifier=three',
    'identifier=urn:g|four',
    '_id=a',
    'identifier=urn:g|one&type=person',
    'identifier=one,two',
  ].map((query) => ask('Group', query));
  expect((await matchesOf(pool, asks)).map((matches) => matches.map(({ id }) => id).sort().length)).toEqual([
    1, 2, 0, 0, 1, 1, 2,
  ]);
  expect(
    (
      await matchesOf(pool, [ask('Group', 'identifier=urn:g|four', 2), ask('Organization', 'identifier=urn:g|four', 2)])
    ).map((matches) => matches.map(({ id }) => id)),
  ).toEqual([['d'], []]);
});

test('two servers that both found nothing: one makes it, the other is told to look again', async () => {
  for (let round = 0; round < 10; round++) {
    const value = `race-${round}`;
    const servers = [new GroupCommitter(pool), new GroupCommitter(pool), new GroupCommitter(pool)];
    const outcomes = await Promise.all(
      servers.map((server, n): Promise<CommitOutcome> => {
        const id = `r${round}-${n}`;
        const unit = new Unit();
        unit.add(absenceWriter, [
          { ask: ask('Group', `identifier=urn:g|${value}`), lock: key64(value), own: resourceKey('Group', id) },
        ]);
        unit.add(resourceWriter, [row(id, value)]);
        return server.commit(unit);
      }),
    );
    expect(outcomes.map((outcome) => (outcome.ok ? 'made' : outcome.error)).sort()).toEqual([
      'conflict',
      'conflict',
      'made',
    ]);
  }
});
