import fc from 'fast-check';
import { expect, it } from 'vitest';
import { blockingRecall, partitionFromPairs, reviewShare, scorePairs, scorePartition } from './score.ts';

it('counts pairs without regard to order or repetition', () => {
  const score = scorePairs(
    [
      ['a', 'b'],
      ['b', 'a'],
      ['c', 'd'],
    ],
    [
      ['b', 'a'],
      ['e', 'f'],
    ],
  );
  expect(score).toEqual({ precision: 0.5, recall: 0.5, f1: 0.5, found: 2, truth: 2, both: 1 });
});

it('judges clusters by their pairs as if the pairs were listed', () => {
  const groups = fc.array(fc.nat(4), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(groups, groups, (found, truth) => {
      const size = Math.min(found.length, truth.length);
      const map = (list: number[]) => new Map(list.slice(0, size).map((group, i) => [`r${i}`, `g${group}`]));
      const list = (of: Map<string, string>): [string, string][] => {
        const ids = [...of.keys()];
        return ids.flatMap((a, i) =>
          ids
            .slice(i + 1)
            .filter((b) => of.get(a) === of.get(b))
            .map((b): [string, string] => [a, b]),
        );
      };
      const [x, y] = [map(found), map(truth)];
      expect(scorePartition(x, y).pairs).toEqual(scorePairs(list(x), list(y)));
    }),
  );
});

it('counts a cluster as found only when it is whole', () => {
  const truth = new Map([
    ['a', '1'],
    ['b', '1'],
    ['c', '2'],
    ['d', '3'],
  ]);
  const found = new Map([
    ['a', 'x'],
    ['b', 'x'],
    ['c', 'y'],
    ['d', 'y'],
  ]);
  expect(scorePartition(found, truth).clusters).toMatchObject({ found: 2, truth: 3, both: 1 });
});

it('closes listed pairs to entities, measures what blocking offers and who must be reviewed', () => {
  const entity = partitionFromPairs(
    ['a', 'b', 'c', 'd'],
    [
      ['a', 'b'],
      ['c', 'b'],
    ],
  );
  expect(new Set(['a', 'b', 'c'].map((id) => entity.get(id))).size).toBe(1);
  expect(entity.get('d')).toBe('d');
  expect(
    blockingRecall(
      (a, b) => a + b !== 'ab',
      [
        ['a', 'b'],
        ['b', 'c'],
      ],
    ),
  ).toBe(0.5);
  expect(
    reviewShare(
      [
        ['a', 'b'],
        ['a', 'c'],
      ],
      12,
    ),
  ).toBe(0.25);
});
