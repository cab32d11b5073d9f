import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Fact, Resource } from '../fact.ts';
import { mergeFact } from './merge.ts';

type State = { resource: Resource; stamps: string } | undefined;

function play(facts: { fact: Fact; controlId: string }[]): State {
  let state: State;
  for (const { fact, controlId } of facts) {
    const merged = mergeFact(state, structuredClone(fact), controlId);
    if (typeof merged === 'object') state = merged;
  }
  return state;
}

const element = fc.constantFrom(
  'status',
  'period',
  'class',
  'reasonCode',
  'valueQuantity',
  'valueString',
  'deceasedBoolean',
  'deceasedDateTime',
);
const fact = (merge: Fact['merge']) =>
  fc
    .record({
      stamp: fc.integer({ min: 10, max: 40 }).map((n) => `2026-01-01T00:00:${n}.000Z`),
      controlId: fc.string({ minLength: 1, maxLength: 4 }),
      elements: fc.dictionary(element, fc.nat(5), { maxKeys: 4 }),
      identifiers: fc.array(fc.record({ system: fc.constantFrom('a', 'b'), value: fc.string({ maxLength: 3 }) }), {
        maxLength: 2,
      }),
      cleared: fc.array(element, { maxLength: 1 }),
    })
    .map(({ stamp, controlId, elements, identifiers, cleared }) => ({
      controlId,
      fact: {
        key: 'k',
        stamp,
        merge,
        cleared,
        resource: {
          resourceType: 'Encounter',
          ...elements,
          ...(identifiers.length > 0 && {
            identifier: identifiers.filter(
              ({ system }, at) => identifiers.findIndex((other) => other.system === system) === at,
            ),
          }),
        },
      } satisfies Fact,
    }));

test.each(['elements', 'replace'] as const)(
  'messages in any order, repeated or late, end in the same resource (%s)',
  (merge) => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fact(merge), {
          selector: ({ fact: { stamp }, controlId }) => `${stamp}|${controlId}`,
          minLength: 1,
          maxLength: 6,
        }),
        fc.infiniteStream(fc.nat()),
        (facts, shuffle) => {
          const shuffled = [...facts, ...facts.slice(0, 2)]
            .map((item) => ({ item, at: shuffle.next().value as number }))
            .sort((a, b) => a.at - b.at)
            .map(({ item }) => item);
          const sorted = (state: State): unknown =>
            state && {
              ...state.resource,
              stamps: state.stamps.startsWith('{') ? JSON.parse(state.stamps) : state.stamps,
            };
          expect(sorted(play(shuffled))).toEqual(sorted(play(facts)));
        },
      ),
      { numRuns: 400 },
    );
  },
);

const visit = (stamp: string, elements: object, cleared: string[] = []): { fact: Fact; controlId: string } => ({
  controlId: stamp,
  fact: { key: 'k', stamp, merge: 'elements', cleared, resource: { resourceType: 'Encounter', ...elements } },
});

test('an update that does not mention the admission time keeps it', () => {
  expect(
    play([visit('1', { period: { start: '2026-01-01' }, status: 'in-progress' }), visit('2', { status: 'finished' })])
      ?.resource,
  ).toMatchObject({ period: { start: '2026-01-01' }, status: 'finished' });
});

test('what the sender emptied stays empty when an older message arrives late', () => {
  expect(
    play([visit('2', {}, ['reasonCode']), visit('1', { reasonCode: [{ text: 'x' }] })])?.resource,
  ).not.toHaveProperty('reasonCode');
});

test('a corrected value of another type pushes the former one out', () => {
  const result = play([visit('1', { valueQuantity: { value: 3 } }), visit('2', { valueString: '标本溶血' })])?.resource;
  expect(result).toMatchObject({ valueString: '标本溶血' });
  expect(result).not.toHaveProperty('valueQuantity');
});
