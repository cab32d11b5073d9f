import { expect, test } from 'vitest';
import { breather } from './breather.ts';

const busy = (ms: number): void => {
  const until = performance.now() + ms;
  while (performance.now() < until);
};

test('others get their turn during long arithmetic, and short arithmetic is not interrupted', async () => {
  const others: number[] = [];
  let piece = 0;
  const look = (): void => {
    others.push(piece);
    if (piece < 20) setImmediate(look);
  };
  setImmediate(look);
  const breathe = breather();
  for (piece = 1; piece <= 20; piece++) {
    busy(2);
    await breathe();
  }
  expect(others.filter((at) => at <= 20).length).toBeGreaterThan(2);
  expect(breather()()).toBeUndefined();
});
