import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planKeys } from './blocking/plan.ts';
import { levelOf, openFields } from './compare/field.ts';
import { BEARING, doubtFields, doubtOf } from './doubts.ts';
import { explainPair } from './explain.ts';
import { findPairs } from './find-pairs.ts';
import { makeHistoricPersons } from './fixtures/make-population.ts';
import { openClusterIndex } from './incremental.ts';
import { type Rival, readModel, writeModel } from './model.ts';
import { findPairsInParallel } from './parallel.ts';
import { automaticGroups, chooseQuestions, expectedLinks } from './review.ts';
import { run } from './run.ts';
import type { LinkageRecord, Schema } from './schema.ts';
import { openScorer, prepare, scorePair, twinField } from './scorer.ts';
import { LEVEL_SENTENCES } from './sentences.ts';
import { readTable } from './table/table.ts';
import { openRowScorer } from './table/weights.ts';
import { tableFromRecords } from './table-from-records.ts';
import { automaticBound } from './train/thresholds.ts';
import { train } from './train/train.ts';

const schema: Schema = {
  fields: [
    { name: 'first', kind: 'name', swapWith: 'surname', label: { zh: '名', en: 'first name' } },
    { name: 'surname', kind: 'name', swapWith: 'first' },
    { name: 'born', kind: 'date', veto: ['differs'] },
    { name: 'birthplace', kind: 'text' },
    { name: 'postcode', kind: 'code' },
    { name: 'trade', kind: 'category' },
  ],
};
const made = makeHistoricPersons(120, 3);
const built = tableFromRecords(schema, made);
if (!built.ok) throw new Error(built.reason);
const { table } = built;
const { model } = train(schema, table);
const scorer = openScorer(model);
const records: LinkageRecord[] = made.map(({ record }) => record);
const someRecord = fc
  .constantFrom(...records)
  .chain((record) =>
    fc
      .constantFrom(...records)
      .map((other): LinkageRecord => ({ ...record, surname: [record.surname as string, other.surname as string] })),
  );

describe('scoring a pair', () => {
  it('does not depend on which record comes first, also with several values in a field', () => {
    fc.assert(
      fc.property(someRecord, someRecord, (a, b) => {
        const [x, y] = [prepare(scorer, a), prepare(scorer, b)];
        expect(scorePair(scorer, x, y)).toEqual(scorePair(scorer, y, x));
      }),
    );
  });

  it('gives online what the table gives in bulk', () => {
    const rows = openRowScorer(scorer, table);
    const read = readTable(table);
    const byId = new Map(made.map(({ id, record }) => [id, prepare(scorer, record)]));
    fc.assert(
      fc.property(fc.nat(table.size - 1), fc.nat(table.size - 1), (a, b) => {
        const online = scorePair(scorer, byId.get(read.id(a))!, byId.get(read.id(b))!);
        expect(rows.weight(a, b)).toBeCloseTo(online.weight, 4);
        expect(rows.vetoed()).toBe(online.vetoes.length > 0);
      }),
      { numRuns: 500 },
    );
  });

  it('leaves a missing value without any weight', () => {
    const whole = {
      first: 'anna',
      surname: 'baker',
      born: '1800-02-03',
      birthplace: 'x town',
      postcode: 'ab1 2cd',
      trade: 'poet',
    };
    const { trade: _, ...part } = whole;
    const score = scorePair(scorer, prepare(scorer, whole), prepare(scorer, part));
    expect(score.evidence[5]).toEqual({ level: 255, weight: 0, rarity: 0 });
  });

  it('sees given name and surname exchanged', () => {
    const [a, b] = [
      { first: 'wilford', surname: 'hencot' },
      { first: 'hencot', surname: 'wilford' },
    ];
    const steps = explainPair(scorer, prepare(scorer, a), prepare(scorer, b)).steps;
    expect(
      steps
        .filter((step) => step.kind === 'field' && step.level === 'swapped')
        .map((step) => step.field)
        .sort(),
    ).toEqual(['first', 'surname']);
  });

  it('weighs agreement on a rare name higher than on a common one, equal or nearly equal', () => {
    const counts = new Map<string, number>();
    for (const record of records) counts.set(record.surname as string, (counts.get(record.surname as string) ?? 0) + 1);
    const common = [...counts].sort((x, y) => y[1] - x[1]).find(([name]) => name.length >= 5)![0];
    const rare = 'quizzworth';
    const weight = (a: string, b: string): number =>
      scorePair(scorer, prepare(scorer, { surname: a }), prepare(scorer, { surname: b })).weight;
    expect(weight(rare, rare)).toBeGreaterThan(weight(common, common) + 1);
    expect(weight(rare, `${rare}s`)).toBeGreaterThan(weight(common, `${common}q`) + 0.4);
  });
});

describe('the waterfall', () => {
  it('adds up to the weight, step by step, with a sentence in both languages', () => {
    fc.assert(
      fc.property(someRecord, someRecord, (a, b) => {
        const { steps, weight } = explainPair(scorer, prepare(scorer, a), prepare(scorer, b));
        let sum = 0;
        for (const step of steps) {
          sum += step.bits;
          expect(step.sum).toBeCloseTo(sum, 9);
          expect(step.zh).not.toMatch(/[{}]/);
          expect(step.en).not.toMatch(/[{}]/);
        }
        expect(sum).toBeCloseTo(weight, 9);
      }),
    );
  });

  it('has words for every level of every field', () => {
    for (const field of model.fields)
      for (const { code } of field.levels) expect(LEVEL_SENTENCES).toHaveProperty([code]);
  });
});

describe('people of one home', () => {
  // A class of pairs that share the post code and little else.
  const rival: Rival = {
    code: 'household',
    sharing: ['postcode'],
    share: 0.002,
    levels: model.fields.map((field) =>
      field.levels.map(({ u }, level) => (field.field === 'postcode' ? (level === 0 ? 0.95 : u) : Math.max(u, 0.01))),
    ),
  };
  const wary = openScorer({ ...model, rivals: [rival] });
  const pairs = fc.tuple(fc.nat(table.size - 1), fc.nat(table.size - 1));
  const byRow = Array.from({ length: table.size }, (_, row) => made.find(({ id }) => id === readTable(table).id(row))!);

  it('weaken a pair by what they share too, online as in bulk, and the waterfall says so', () => {
    const rows = openRowScorer(wary, table);
    let weakened = 0;
    fc.assert(
      fc.property(pairs, ([a, b]) => {
        const [x, y] = [prepare(wary, byRow[a]!.record), prepare(wary, byRow[b]!.record)];
        const score = scorePair(wary, x, y);
        expect(rows.weight(a, b)).toBeCloseTo(score.weight, 4);
        const plain = scorePair(scorer, x, y).weight;
        expect(score.weight).toBeLessThanOrEqual(plain);
        const { steps, weight } = explainPair(wary, x, y);
        expect(steps[steps.length - 1]!.sum).toBeCloseTo(weight, 9);
        const said = steps.filter((step) => step.kind === 'rival').length;
        expect(said).toBe(score.weight < plain ? 1 : 0);
        weakened += said;
      }),
      { numRuns: 300 },
    );
    expect(weakened).toBeGreaterThan(0);
  });

  it('do not weaken a pair that shares no home', () => {
    const [x, y] = [
      { first: 'wilford', surname: 'hencot', born: '1801-05-06', postcode: 'ab1 2cd' },
      { first: 'wilford', surname: 'hencot', born: '1801-05-06', postcode: 'zz9 9zz' },
    ].map((record) => prepare(wary, record));
    expect(scorePair(wary, x!, y!).weight).toBe(scorePair(scorer, x!, y!).weight);
  });
});

it('twins are vetoed by their numbers however much else agrees, one person mistyped is not', () => {
  const card: Schema = {
    fields: [
      { name: 'name', kind: 'chinese-name' },
      { name: 'number', kind: 'identifier', check: 'mod11-2' },
    ],
  };
  const fields = openFields(card.fields);
  const levelsOf = (a: string, b: string) => (f: number) =>
    f === 0 ? levelOf(fields[0]!, a, b) : levelOf(fields[1]!, '500997198712285239', '500997198712285255');
  expect(twinField(fields, levelsOf('闫伟杰', '闫伟'))).toBe(1);
  expect(twinField(fields, levelsOf('闫伟杰', '闫伟明'))).toBe(1);
  expect(twinField(fields, levelsOf('闫伟杰', '闫伟杰'))).toBe(-1);
});

describe('pairs that only a person may link', () => {
  const schema: Schema = {
    fields: [
      { name: 'name', kind: 'chinese-name' },
      { name: 'sex', kind: 'category' },
      { name: 'born', kind: 'date' },
      { name: 'number', kind: 'identifier', check: 'mod11-2' },
      { name: 'phone', kind: 'phone' },
    ],
  };
  const fields = openFields(schema.fields);
  const at = doubtFields(fields);
  const [one, other] = ['500997198712285239', '500998198204046209'];
  const doubted = (a: string[], b: string[], bothBearOut = false): boolean => {
    const level = (f: number): number => (a[f] && b[f] ? levelOf(fields[f]!, a[f], b[f]) : 255);
    const agrees = (f: number): boolean => level(f) !== 255 && fields[f]!.levels[level(f)]!.agrees;
    return doubtOf(fields, at, level, agrees, bothBearOut) !== null;
  };
  const person = ['闫伟杰', 'M', '19871228', one, '12900000001'];
  it.each([
    ['one person written twice', person, person, false, false],
    [
      'an equal number under a plainly other name',
      person,
      ['王建国', 'M', '19871228', one, '12900000001'],
      false,
      true,
    ],
    [
      'two numbers that each bear their own birth date',
      person,
      ['闫伟杰', 'M', '19871228', other, '12900000001'],
      true,
      true,
    ],
    ['a number of somebody else', person, ['闫伟杰', 'M', '19871228', other, '12900000001'], false, false],
    ['a near name without number, at one home', person, ['闫伟洁', 'M', '19871228', '', '12900000001'], false, false],
    ['a near name without number and home', person, ['闫伟洁', 'M', '19871228', '', '12911112222'], false, false],
    ['a near name of another sex', person, ['闫伟洁', 'F', '19871228', '', '12900000001'], false, true],
    ['a near name and a near birth date', person, ['闫伟洁', 'M', '19871229', '', '12900000001'], false, true],
    ['a shorter name without number, at one home', person, ['闫杰', 'M', '19871228', '', '12900000001'], false, false],
    ['a shorter name without number and home', person, ['闫杰', 'M', '19871228', '', '12911112222'], false, true],
    ['a near name with the number', person, ['闫伟洁', 'M', '19871229', one, ''], false, false],
    ['a near name of another sex, even with the number', person, ['闫伟洁', 'F', '19871229', one, ''], false, true],
    [
      'one name, and numbers of one area and day',
      person,
      ['闫伟杰', 'M', '19871228', '500997198712285255', '12911112222'],
      false,
      true,
    ],
    [
      'the same at one home: a slip, for no family gives a name twice',
      person,
      ['闫伟杰', 'M', '19871228', '500997198712285255', '12900000001'],
      false,
      false,
    ],
  ])('%s', (_, a, b, bothBearOut, expected) => {
    expect(doubted(a, b, bothBearOut)).toBe(expected);
    expect(doubted(b, a, bothBearOut)).toBe(expected);
  });
});

describe('the bound for automatic links', () => {
  it('is the lowest from which the expected share of wrong links stays small', () => {
    const sure = Array.from({ length: 1000 }, () => 30);
    expect(automaticBound(sure)).toBe(14); // nothing lower was seen, so nothing lower is promised
    expect(automaticBound([...sure, 8])).toBe(8);
    const bound = automaticBound([...sure, ...Array.from({ length: 1000 }, (_, i) => 6 + i / 100)]);
    expect(bound).toBeGreaterThan(8);
    expect(bound).toBeLessThan(14);
  });

  it('lets groups that several records each bear out under another number stand apart', () => {
    const chain = { a: [0, 1, 2, 3], b: [1, 2, 3, 4], weight: [30, 20, 19, 30] };
    const found = {
      a: Int32Array.from(chain.a),
      b: Int32Array.from(chain.b),
      weight: Float32Array.from(chain.weight),
      vetoed: new Uint8Array(4),
    };
    const one = new Int32Array(5);
    const bounds = { link: 0, review: -3, automatic: 10 };
    // Rows 0 and 1 bear out number 7, rows 3 and 4 number 8; row 2 has none and goes with the stronger side.
    const numbers = { values: Int32Array.from([7, 7, 0, 8, 8]), bearing: null, areSlips: () => true };
    expect([...automaticGroups(5, found, one, bounds, [numbers])]).toEqual([0, 0, 0, 3, 3]);
    // Both rows that say 8 were born on another day than 8 says: it is somebody else's, and tells nobody apart.
    const { own, other } = BEARING;
    const borrowed = { ...numbers, bearing: Uint8Array.from([own, own, 0, other, other]) };
    expect([...automaticGroups(5, found, one, bounds, [borrowed])]).toEqual([0, 0, 0, 0, 0]);
    const once = { ...borrowed, bearing: Uint8Array.from([own, own, 0, own, other]) };
    expect([...automaticGroups(5, found, one, bounds, [once])]).toEqual([0, 0, 0, 3, 3]);
    // One record alone bears 9 out: a slip of 7 where one name lives at one home.
    const alone = {
      values: Int32Array.from([7, 7, 0, 9, 9]),
      bearing: Uint8Array.from([own, own, 0, own, 0]),
      areSlips: (_: number, __: number, oneAtHome: boolean) => oneAtHome,
    };
    const pair = { ...found, a: found.a.slice(0, 3), b: found.b.slice(0, 3), weight: found.weight.slice(0, 3) };
    expect([...automaticGroups(5, pair, one, bounds, [alone])]).toEqual([0, 0, 0, 3, 4]);
    expect([...automaticGroups(5, pair, one, bounds, [alone], () => true)]).toEqual([0, 0, 0, 0, 4]);
    expect([...automaticGroups(5, found, one, bounds)]).toEqual([0, 0, 0, 0, 0]);
  });
});

describe('questions to people', () => {
  const pairs = {
    a: Int32Array.from([0, 0, 1, 2, 4]),
    b: Int32Array.from([2, 3, 2, 4, 5]),
    weight: Float32Array.from([3, 5, 1, -1, -4]),
    vetoed: new Uint8Array(5),
  };
  // Rows 0 and 1 are one group, rows 2 and 3 another.
  const groups = Int32Array.from([0, 0, 2, 2, 4, 5]);
  const bounds = { link: 0, review: -3, automatic: 10 };

  it('are asked once for two groups, the likeliest first, and below the bound not at all', () => {
    const { questions, pairs: shown, left } = chooseQuestions(pairs, groups, bounds, 10, () => 'weight');
    expect(questions).toEqual([
      { at: 1, weight: 5, reason: 'weight', pairs: 3 },
      { at: 3, weight: -1, reason: 'weight', pairs: 1 },
    ]);
    expect(shown).toEqual([0, 1, 2, 3]);
    expect(left).toEqual([]);
  });

  it('are no more than people can answer, and what is left is told', () => {
    const { questions, pairs: shown, left } = chooseQuestions(pairs, groups, bounds, 1, () => 'weight');
    expect(questions.map(({ at }) => at)).toEqual([1]);
    expect(shown).toEqual([0, 1, 2]);
    expect(left.map(({ at }) => at)).toEqual([3]);
    expect(expectedLinks(left)).toBeCloseTo(1 / 3, 12);
  });
});

describe('a model', () => {
  it('is the same after writing and reading, and scores the same', () => {
    const again = readModel(writeModel(model));
    expect(again).toEqual({ ok: true, model });
  });

  it('is trained the same every time from the same records and seed', () => {
    expect(writeModel(train(schema, table).model)).toBe(writeModel(model));
  });

  it.each([
    ['{', 'not-json'],
    ['{"format":"other"}', 'not-a-model'],
    ['{"format":"hutong-linkage-model","version":99}', 'unknown-version'],
    ['{"format":"hutong-linkage-model","version":1}', 'incomplete'],
  ])('is refused when it reads %s', (text, reason) => {
    expect(readModel(text)).toEqual({ ok: false, reason });
  });

  it('has weights that never rise with distance and stay finite', () => {
    for (const { levels } of model.fields) {
      for (let l = 1; l < levels.length; l++)
        expect(levels[l]!.weight).toBeLessThanOrEqual(levels[l - 1]!.weight + 1e-9);
      for (const { weight } of levels) expect(Number.isFinite(weight)).toBe(true);
    }
  });
});

it('finds the same pairs in two threads as in one', async () => {
  const { keys } = planKeys(scorer.fields, table, model.keys, false, 30_000);
  const one = findPairs(scorer, table, keys, false, -6);
  const two = await findPairsInParallel(model, table, keys, false, -6, 2, 0);
  expect(two).toEqual(one);
  expect(one.compared).toBeGreaterThan(1000);
}, 60_000);

describe('records that come one at a time', () => {
  it('join the cluster of their person, without retraining, and name no cluster anew', async () => {
    const outcome = await run(model, table);
    const read = readTable(table);
    const clusterOf = new Map(
      Array.from({ length: table.size }, (_, row) => [read.id(row), read.id(outcome.clustering.clusterOf[row]!)]),
    );
    const index = openClusterIndex(scorer);
    const late = made.filter((_, i) => i % 10 === 9);
    for (const { id, record } of made)
      if (!late.some((other) => other.id === id)) index.add(id, record, clusterOf.get(id)!);
    let right = 0;
    let wrong = 0;
    for (const { id, entity, record } of late) {
      const placed = index.place(record);
      const cluster = placed.cluster ?? `new ${id}`;
      if (placed.action === 'join') {
        const best = made.find(
          (other) => other.id === placed.candidates.find((c) => c.cluster === cluster)!.bestRecord,
        )!;
        if (best.entity === entity) right++;
        else wrong++;
      }
      index.add(id, record, cluster);
    }
    expect(index.size()).toBe(made.length);
    expect(right / late.length).toBeGreaterThan(0.85);
    expect(wrong / late.length).toBeLessThan(0.02);
  });

  it('report a bridge between two clusters and merge nothing', () => {
    const index = openClusterIndex(scorer);
    const person = {
      first: 'wilford',
      surname: 'hencot',
      born: '1801-05-06',
      birthplace: 'ashton',
      postcode: 'ab1 2cd',
      trade: 'poet',
    };
    index.add('a', person, 'one');
    index.add('b', person, 'two');
    const placed = index.place(person);
    expect([placed.cluster, ...placed.bridges].sort()).toEqual(['one', 'two']);
  });

  it('that resemble nobody start a new cluster', () => {
    const index = openClusterIndex(scorer);
    expect(index.place({ first: 'zora' })).toEqual({
      action: 'new',
      cluster: null,
      candidates: [],
      bridges: [],
      skipped: 0,
    });
  });

  it('count the candidates left out of an overgrown block', () => {
    const index = openClusterIndex(scorer, { mostBlock: 5 });
    const person = { first: 'wilford', surname: 'hencot', born: '1801-05-06' };
    for (let i = 0; i < 9; i++) index.add(`a${i}`, person, `c${i}`);
    const byOneKey = index.place({ first: 'wilford', surname: 'hencot' });
    const found = byOneKey.candidates.length;
    expect(found + byOneKey.skipped === 9 || byOneKey.skipped === 0).toBe(true);
    expect(index.place(person).candidates.length + index.place(person).skipped).toBeGreaterThanOrEqual(9);
  });
});
