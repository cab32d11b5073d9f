import { makeResidentNumber } from '@hutong/china';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Merge, residentOfNumber, type Sighting, type Source, sourceId } from '../model.ts';
import { decide } from './decide-links.ts';

const number = (birthDate: string, sequence = 1): string =>
  makeResidentNumber({ areaCode: '500999', birthDate, sequence });
const person = (localId: string, says?: Sighting['says'], hospital = 'A'): Sighting => ({
  id: sourceId(hospital, '', localId),
  institution: hospital === 'A' ? 1 : 2,
  authority: '',
  localId,
  message: null,
  ...(says && { says }),
});

/** Feeds what was said piece by piece, as messages arrive, and answers with who belongs to whom at the end. */
function play(steps: { sightings: Sighting[]; merges?: Merge[] }[]): Map<bigint, Source> {
  const state = new Map<bigint, Source>();
  for (const { sightings, merges = [] } of steps) {
    const all = [
      ...sightings,
      ...merges.flatMap(({ survivor, retired }) =>
        [survivor, retired].filter((id) => !state.has(id)).map((id) => ({ ...person(`id ${id}`), id })),
      ),
    ];
    for (const source of decide(state, all, merges).changed)
      state.set(source.id, { ...source, version: source.version + 1 });
  }
  return state;
}
const residentOf = (state: Map<bigint, Source>, localId: string, hospital = 'A'): bigint | undefined =>
  state.get(sourceId(hospital, '', localId))?.resident;

test('the same valid number at two hospitals is one resident', () => {
  const n = number('1980-05-06');
  const state = play([
    { sightings: [person('1', { stamp: '1', number: n, birthDate: '1980-05-06' })] },
    { sightings: [person('77', { stamp: '1', number: n, birthDate: '1980-05-06' }, 'B')] },
  ]);
  expect(residentOf(state, '1')).toBe(residentOf(state, '77', 'B'));
  expect(residentOf(state, '1')).toBe(residentOfNumber(n));
});

test('a number whose birth date is not the person’s (a parent’s, for a child) links nobody', () => {
  const parents = number('1980-05-06');
  const state = play([
    { sightings: [person('mother', { stamp: '1', number: parents, birthDate: '1980-05-06' })] },
    { sightings: [person('child', { stamp: '1', number: parents, birthDate: '2024-01-02' }, 'B')] },
  ]);
  expect(residentOf(state, 'child', 'B')).not.toBe(residentOf(state, 'mother'));
  expect(state.get(sourceId('B', '', 'child'))?.how).toBe('number-contradicts-birth-date');
});

test('a number that comes later moves the pointer, and nothing else', () => {
  const n = number('2026-01-02');
  const before = play([{ sightings: [person('newborn', { stamp: '1', birthDate: '2026-01-02' })] }]);
  const after = play([
    { sightings: [person('newborn', { stamp: '1', birthDate: '2026-01-02' })] },
    { sightings: [person('newborn', { stamp: '2', number: n, birthDate: '2026-01-02' })] },
  ]);
  expect(residentOf(before, 'newborn')).not.toBe(residentOf(after, 'newborn'));
  expect(residentOf(after, 'newborn')).toBe(residentOfNumber(n));
});

test('the order of arrival never decides who is who', () => {
  const numbers = [number('1980-05-06'), number('1991-07-08'), number('2001-01-01')];
  const said = fc.record({
    localId: fc.constantFrom('1', '2', '3', '4'),
    stamp: fc.integer({ min: 1, max: 999 }).map((n) => `2026-${String(n).padStart(4, '0')}`),
    number: fc.option(fc.constantFrom(...numbers), { nil: undefined }),
  });
  const merged = fc.record({
    survivor: fc.constantFrom('1', '2'),
    retired: fc.constantFrom('3', '4'),
    stamp: fc.integer({ min: 1, max: 999 }).map((n) => `2026-${String(n).padStart(4, '0')}`),
  });
  fc.assert(
    fc.property(
      fc.uniqueArray(said, { selector: ({ localId, stamp }) => `${localId} ${stamp}`, maxLength: 8 }),
      fc.uniqueArray(merged, { selector: ({ retired, stamp }) => `${retired} ${stamp}`, maxLength: 3 }),
      fc.infiniteStream(fc.nat()),
      (facts, merges, shuffle) => {
        const steps = [
          ...facts.map(({ localId, stamp, number: n }) => ({
            sightings: [person(localId, { stamp, ...(n && { number: n }) })],
          })),
          ...merges.map(({ survivor, retired, stamp }) => ({
            sightings: [person(survivor), person(retired)],
            merges: [{ survivor: sourceId('A', '', survivor), retired: sourceId('A', '', retired), stamp }],
          })),
        ];
        const shuffled = steps
          .map((step) => ({ step, at: shuffle.next().value as number }))
          .sort((a, b) => a.at - b.at)
          .map(({ step }) => step);
        const residents = (state: Map<bigint, Source>): [string, bigint][] =>
          [...state].map(([id, { resident }]): [string, bigint] => [String(id), resident]).sort();
        expect(residents(play(shuffled))).toEqual(residents(play(steps)));
      },
    ),
    { numRuns: 500 },
  );
});

test('what was said twice changes nothing the second time', () => {
  const says = { stamp: '2026-01', number: number('1980-05-06'), birthDate: '1980-05-06', name: '张三' };
  const state = play([{ sightings: [person('1', says)] }]);
  expect(decide(state, [person('1', says)], []).changed).toEqual([]);
});
