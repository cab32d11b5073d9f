import { makeResidentNumber } from '@hutong/china';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type ActRow, edgesInForce } from '../acts/model.ts';
import { type Demographics, residentOfNumber, type Source, sourceId } from '../model.ts';
import { absorb, blankSource } from './absorb.ts';
import { contradiction } from './claims.ts';
import { decide } from './decide-links.ts';
import { namesFit } from './names-fit.ts';
import { resolve } from './resolve.ts';

const number = (birthDate: string, sequence = 1): string =>
  makeResidentNumber({ areaCode: '500999', birthDate, sequence });
const id = (localId: string): bigint => sourceId('A', '', localId);
const person = (localId: string, says: Omit<Demographics, 'stamp'> = {}, stamp = '1'): Source => {
  const source = blankSource({ id: id(localId), institution: 1, authority: '', localId, message: null });
  absorb(source, { stamp, ...says });
  return source;
};
const people = (...sources: Source[]): Map<bigint, Source> => new Map(sources.map((source) => [source.id, source]));
let acts = 0n;
const act = (kind: ActRow['kind'], left: bigint[], right: bigint[], more: Partial<ActRow> = {}): ActRow => ({
  id: ++acts,
  at: new Date(0),
  kind,
  byKind: 'staff',
  byId: 'somebody',
  institution: null,
  reason: null,
  note: null,
  model: null,
  weight: null,
  pair: null,
  left,
  right,
  awaitsSecond: false,
  confirms: null,
  undoes: null,
  undoneBy: null,
  ...more,
});
const residents = (sources: Map<bigint, Source>, done: ActRow[]): Record<string, string> =>
  Object.fromEntries(
    [...resolve(sources, edgesInForce(done))]
      .map(([one, { resident, how }]): [string, string] => [String(one), `${resident} ${how}`])
      .sort(),
  );
const together = (sources: Map<bigint, Source>, done: ActRow[], a: string, b: string): boolean => {
  const result = resolve(sources, edgesInForce(done));
  return result.get(id(a))?.resident === result.get(id(b))?.resident;
};

const n = number('1980-05-06');
const male = { number: n, birthDate: '1980-05-06', sex: 'male' as const };

test.each([
  ['the name is the same', { ...male, name: '张小明' }, true],
  ['the name is written with a variant', { ...male, name: '張小明' }, true],
  ['the name sounds the same', { ...male, name: '章小明' }, true],
  ['nobody said a name', male, true],
  ['the name is another', { ...male, name: '李国庆' }, false],
  ['the sex is another', { ...male, name: '张小明', sex: 'female' as const }, false],
  ['the birth date is another', { ...male, name: '张小明', birthDate: '2019-01-01' }, false],
])('a valid number links by itself only when nothing contradicts: %s', (_what, other, linked) => {
  const sources = people(person('1', { ...male, name: '张小明' }), person('2', other));
  expect(together(sources, [], '1', '2')).toBe(linked);
});

test('who was renamed stays one person: former names count', () => {
  const renamed = person('1', { ...male, name: '张小明' }, '1');
  absorb(renamed, { stamp: '2', ...male, name: '李国庆' });
  expect(together(people(renamed, person('2', { ...male, name: '张小明' })), [], '1', '2')).toBe(true);
  expect(renamed.told.map(({ kind, value }) => `${kind} ${value}`)).toEqual(['name 张小明', 'name 李国庆']);
});

test('a newborn that was called after its mother is the child once it has a name', () => {
  const child = number('2026-01-02');
  const says = { number: child, birthDate: '2026-01-02', sex: 'male' as const };
  const sources = people(person('1', { ...says, name: '王芳之子' }), person('2', { ...says, name: '李明' }));
  expect(together(sources, [], '1', '2')).toBe(true);
});

test('a number that hundreds claim links nobody', () => {
  const many = Array.from({ length: 150 }, (_, at) => person(`m${at}`, male));
  const result = resolve(people(...many), []);
  expect(new Set([...result.values()].map(({ resident }) => resident)).size).toBe(150);
  expect(result.get(id('m0'))?.how).toBe('number-overused');
});

test('what a person says beats the engine, and a negative link is honoured by later links', () => {
  const sources = people(person('1', { name: '张三' }), person('2', { name: '张三' }), person('3', { name: '张三' }));
  const engine = (a: string, b: string) => act('link', [id(a)], [id(b)], { byKind: 'engine', weight: 30 });
  const linked = [engine('1', '2'), engine('2', '3')];
  expect(together(sources, linked, '1', '3')).toBe(true);
  const apart = [...linked, act('separate', [id('1')], [id('2')])];
  expect(together(sources, apart, '1', '2')).toBe(false);
  expect(together(sources, [...apart, engine('1', '2')], '1', '2')).toBe(false);
  // A chain must not bring together what a person has parted.
  const chained = [...apart, engine('1', '3')];
  expect(together(sources, chained, '1', '2')).toBe(false);
});

test('the engine never joins two people with numbers of their own', () => {
  const sources = people(
    person('1', { ...male, name: '张三' }),
    person('2', { number: number('1981-05-06'), birthDate: '1981-05-06', sex: 'male', name: '张三' }),
  );
  const engine = act('link', [id('1')], [id('2')], { byKind: 'engine', weight: 40 });
  expect(together(sources, [engine], '1', '2')).toBe(false);
  expect(together(sources, [engine, act('link', [id('1')], [id('2')])], '1', '2')).toBe(true);
});

test('an act that waits for its second person moves nobody', () => {
  const sources = people(person('1'), person('2'));
  expect(together(sources, [act('link', [id('1')], [id('2')], { awaitsSecond: true })], '1', '2')).toBe(false);
});

const locals = ['1', '2', '3', '4', '5', '6'];
const numbers = [undefined, number('1980-05-06'), number('1991-07-08', 3)];
const arbitrary = {
  people: fc.tuple(
    ...locals.map(() =>
      fc.record({ number: fc.constantFrom(...numbers), name: fc.constantFrom('张三', '李四', undefined) }),
    ),
  ),
  act: fc.record({
    kind: fc.constantFrom(
      'link' as const,
      'merge' as const,
      'separate' as const,
      'split' as const,
      'unlink' as const,
      'engine' as const,
    ),
    left: fc.uniqueArray(fc.constantFrom(...locals), { minLength: 1, maxLength: 3 }),
    right: fc.uniqueArray(fc.constantFrom(...locals), { minLength: 1, maxLength: 3 }),
    weight: fc.integer({ min: 10, max: 40 }),
  }),
};
const made = (specs: { number?: string | undefined; name?: string | undefined }[]): Map<bigint, Source> =>
  people(
    ...specs.map(({ number: own, name }, at) =>
      person(locals[at] as string, { ...(own && { number: own }), ...(name && { name }) }),
    ),
  );

test('undoing any act leaves exactly what would be without it, at any later time and in any order', () => {
  fc.assert(
    fc.property(
      arbitrary.people,
      fc.array(arbitrary.act, { maxLength: 8 }),
      fc.infiniteStream(fc.nat()),
      (specs, wanted, picks) => {
        const sources = made(specs);
        const done: ActRow[] = [];
        for (const { kind, left, right, weight } of wanted) {
          const others = right.filter((local) => !left.includes(local));
          if (others.length === 0) continue;
          const more = kind === 'engine' ? { byKind: 'engine' as const, weight } : {};
          done.push(act(kind === 'engine' ? 'link' : kind, left.map(id), others.map(id), more));
        }
        let state = done;
        let without = done;
        for (let rounds = 0; rounds < done.length; rounds++) {
          const inForce = state.filter(({ kind, undoneBy }) => undoneBy === null && kind !== 'undo');
          const chosen = inForce[(picks.next().value as number) % inForce.length] as ActRow;
          const undo = act('undo', chosen.left, chosen.right, { undoes: chosen.id });
          state = [...state.map((one) => (one.id === chosen.id ? { ...one, undoneBy: undo.id } : one)), undo];
          without = without.filter(({ id: one }) => one !== chosen.id);
          expect(residents(sources, state)).toEqual(residents(sources, without));
        }
        expect(residents(sources, state)).toEqual(residents(sources, []));
      },
    ),
    { numRuns: 400 },
  );
});

test('the same acts and people in any order end in the same residents, and nobody whom a person parted is together', () => {
  fc.assert(
    fc.property(
      arbitrary.people,
      fc.array(arbitrary.act, { maxLength: 8 }),
      fc.infiniteStream(fc.nat()),
      (specs, wanted, picks) => {
        const sources = made(specs);
        const done = wanted.flatMap(({ kind, left, right, weight }) => {
          const others = right.filter((local) => !left.includes(local));
          if (others.length === 0) return [];
          const more = kind === 'engine' ? { byKind: 'engine' as const, weight } : {};
          return [act(kind === 'engine' ? 'link' : kind, left.map(id), others.map(id), more)];
        });
        const shuffle = <T>(list: T[]): T[] =>
          list
            .map((value) => ({ value, at: picks.next().value as number }))
            .sort((a, b) => a.at - b.at)
            .map(({ value }) => value);
        expect(residents(new Map(shuffle([...sources])), shuffle(done))).toEqual(residents(sources, done));
        const result = resolve(sources, edgesInForce(done));
        const last = new Map<string, string>();
        for (const { kind, byKind, left, right } of done)
          if (byKind === 'staff')
            for (const a of kind === 'link' || kind === 'merge' ? left.slice(0, 1) : left)
              for (const b of kind === 'link' || kind === 'merge' ? right.slice(0, 1) : right)
                last.set(a < b ? `${a} ${b}` : `${b} ${a}`, kind);
        for (const { left } of done.filter(({ kind }) => kind === 'split'))
          for (const [at, a] of left.entries())
            for (const b of left.slice(at + 1)) last.delete(a < b ? `${a} ${b}` : `${b} ${a}`);
        for (const [pair, kind] of last) {
          const [a, b] = pair.split(' ').map(BigInt) as [bigint, bigint];
          if (kind !== 'link' && kind !== 'merge') expect(result.get(a)?.resident).not.toBe(result.get(b)?.resident);
        }
      },
    ),
    { numRuns: 400 },
  );
});

test('a sighting of a third claimant with another name takes nobody away from whoever has the number', () => {
  const known = people(person('1', { ...male, name: '张小明' }), person('2', { ...male, name: '张小明' }));
  for (const { changed } of [
    decide(
      people(),
      [...known.values()].map((source) => ({
        ...source,
        message: null,
        says: { stamp: '1', ...male, name: '张小明' },
      })),
      [],
    ),
  ])
    for (const source of changed) known.set(source.id, { ...source, version: 1 });
  const { changed } = decide(
    known,
    [
      {
        id: id('3'),
        institution: 1,
        authority: '',
        localId: '3',
        message: null,
        says: { stamp: '9', ...male, name: '李国庆' },
      },
    ],
    [],
  );
  expect(changed.map(({ localId, how }) => `${localId} ${how}`)).toEqual(['3 number-contradicts-name']);
  expect(known.get(id('1'))?.resident).toBe(residentOfNumber(n));
});

test.each([
  [['张小明'], ['張小明'], true],
  [['欧阳娜娜'], ['欧阳娜'], true],
  [['刘䶮'], ['刘?'], true],
  [['张三'], ['李四'], false],
  [['王小红'], ['王小明'], false],
  [['Maria Garcia'], ['GARCIA, MARIA'], true],
  [['张三'], ['Zhang San'], true],
  [['John Smith'], ['Peter Smith'], false],
  [['无名氏'], ['张三'], true],
  [['买买提·阿不都拉'], ['买买提•阿不都拉'], true],
])('names that may be one person’s: %s and %s', (a, b, fits) => {
  expect(namesFit(a, b)).toBe(fits);
  expect(namesFit(b, a)).toBe(fits);
});

test('what a number says of its owner', () => {
  expect(contradiction(n, { birthDate: '1980-05-06', sex: 'male' })).toBeNull();
  expect(contradiction(n, { birthDate: '1980-05-07', sex: 'male' })).toBe('number-contradicts-birth-date');
  expect(contradiction(n, { birthDate: null, sex: 'female' })).toBe('number-contradicts-sex');
});
