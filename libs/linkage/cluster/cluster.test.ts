import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { collectPairs, type ScoredPairs } from '../find-pairs.ts';
import { agglomerate, type ClusterOptions } from './agglomerate.ts';
import { matchOneToOne } from './one-to-one.ts';

type Weights = Map<string, number>;

function scored(weights: Weights, order = [...weights.keys()]): ScoredPairs {
  const sink = collectPairs();
  for (const key of order) {
    const [a, b] = key.split(' ').map(Number);
    sink.add(a!, b!, weights.get(key)!, 0);
  }
  return sink.finish();
}

function cluster(size: number, weights: Weights, options?: ClusterOptions, order?: string[]): number[] {
  const score = (a: number, b: number) => ({ weight: weights.get(`${a} ${b}`) ?? -15, vetoed: false });
  return [...agglomerate(size, scored(weights, order), score, options).clusterOf];
}

const graph = fc
  .array(fc.tuple(fc.nat(11), fc.nat(11), fc.integer({ min: -100, max: 150 })), { maxLength: 40 })
  .map((edges): Weights => {
    const out: Weights = new Map();
    for (const [a, b, weight] of edges) if (a !== b) out.set(`${Math.min(a, b)} ${Math.max(a, b)}`, weight / 10);
    return out;
  });

describe('clustering', () => {
  it('does not let one chance pair join two persons, as closure would', () => {
    const weights: Weights = new Map();
    for (const group of [
      [0, 1, 2, 3],
      [4, 5, 6, 7],
    ]) {
      for (const a of group) for (const b of group) if (a < b) weights.set(`${a} ${b}`, 12);
    }
    weights.set('3 4', 9);
    expect(cluster(8, weights)).toEqual([0, 0, 0, 0, 4, 4, 4, 4]);
  });

  it('names the bridge it refused', () => {
    const weights: Weights = new Map([
      ['0 1', 12],
      ['2 3', 12],
      ['1 2', 9],
    ]);
    const score = (a: number, b: number) => ({ weight: weights.get(`${a} ${b}`) ?? -15, vetoed: false });
    const { refused } = agglomerate(4, scored(weights), score);
    expect(refused).toHaveLength(1);
    expect(refused[0]!.reason).toBe('mean-too-low');
  });

  it('gives the same partition whatever the order of the pairs', () => {
    fc.assert(
      fc.property(
        graph.chain((weights) =>
          fc.tuple(fc.constant(weights), fc.shuffledSubarray([...weights.keys()], { minLength: weights.size })),
        ),
        ([weights, order]) => {
          expect(cluster(12, weights, {}, order)).toEqual(cluster(12, weights));
        },
      ),
    );
  });

  it('honours must-link and cannot-link; where they contradict, cannot-link wins and is told', () => {
    const pair = fc.tuple(fc.nat(11), fc.nat(11)).filter(([a, b]) => a !== b);
    fc.assert(
      fc.property(
        graph,
        fc.array(pair, { maxLength: 4 }),
        fc.array(pair, { maxLength: 4 }),
        (weights, mustLink, cannotLink) => {
          const score = (a: number, b: number) => ({ weight: weights.get(`${a} ${b}`) ?? -15, vetoed: false });
          const { clusterOf, contradictions } = agglomerate(12, scored(weights), score, { mustLink, cannotLink });
          for (const [a, b] of cannotLink) expect(clusterOf[a]).not.toBe(clusterOf[b]);
          const told = new Set(contradictions.map(([a, b]) => `${a} ${b}`));
          for (const [a, b] of mustLink) {
            if (told.has(`${Math.min(a, b)} ${Math.max(a, b)}`)) continue;
            expect(clusterOf[a]).toBe(clusterOf[b]);
          }
          if (cannotLink.length === 0) expect(contradictions).toEqual([]);
        },
      ),
    );
  });

  it('never grows past the allowed size', () => {
    const weights: Weights = new Map();
    for (let a = 0; a < 6; a++) for (let b = a + 1; b < 6; b++) weights.set(`${a} ${b}`, 12);
    const sizes = new Map<number, number>();
    for (const root of cluster(6, weights, { mostRecords: 3 })) sizes.set(root, (sizes.get(root) ?? 0) + 1);
    expect(Math.max(...sizes.values())).toBe(3);
  });

  it('keeps vetoed pairs apart however strong', () => {
    const sink = collectPairs();
    sink.add(0, 1, 30, 1);
    const { clusterOf, refused } = agglomerate(2, sink.finish(), () => ({ weight: 30, vetoed: true }));
    expect([...clusterOf]).toEqual([0, 1]);
    expect(refused[0]!.reason).toBe('forbidden');
  });
});

describe('one-to-one matching', () => {
  it('finds the greatest sum of weights that any matching has', () => {
    const edges = fc.uniqueArray(fc.record({ a: fc.nat(3), b: fc.nat(3), weight: fc.integer({ min: 1, max: 20 }) }), {
      selector: ({ a, b }) => a * 4 + b,
      maxLength: 10,
    });
    fc.assert(
      fc.property(edges, (list) => {
        const sink = collectPairs();
        for (const { a, b, weight } of list) sink.add(a, b + 4, weight, 0);
        const pairs = sink.finish();
        const chosen = matchOneToOne(8, pairs, 0);
        expect(new Set(chosen.map((at) => pairs.a[at])).size).toBe(chosen.length);
        expect(new Set(chosen.map((at) => pairs.b[at])).size).toBe(chosen.length);
        const best = (from: number, usedA: number, usedB: number): number => {
          if (from === list.length) return 0;
          const { a, b, weight } = list[from]!;
          const without = best(from + 1, usedA, usedB);
          if ((usedA >> a) & 1 || (usedB >> b) & 1) return without;
          return Math.max(without, weight + best(from + 1, usedA | (1 << a), usedB | (1 << b)));
        };
        expect(chosen.reduce((sum, at) => sum + pairs.weight[at]!, 0)).toBe(best(0, 0, 0));
      }),
    );
  });
});
