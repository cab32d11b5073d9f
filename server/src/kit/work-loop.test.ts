import { expect, test } from 'vitest';
import { workLoop } from './work-loop.ts';

const never = { pauseMs: 60_000, onError: () => {} };

test('goes on while there is work, sleeps without, wakes when told, and stops after the piece in hand', async () => {
  let left = 3;
  let done = 0;
  const loop = workLoop(async () => {
    if (left === 0) return false;
    left--;
    done++;
    return true;
  }, never);
  await expect.poll(() => done).toBe(3);
  left = 2;
  loop.nudge();
  await expect.poll(() => done).toBe(5);
  await loop.stop();
  left = 1;
  loop.nudge();
  await new Promise((after) => setTimeout(after, 10));
  expect(done).toBe(5);
});

test('a word that comes while it looks in vain is not lost', async () => {
  let looks = 0;
  const loop = workLoop(async () => {
    looks++;
    if (looks === 1) loop.nudge();
    await Promise.resolve();
    return false;
  }, never);
  await expect.poll(() => looks).toBe(2);
  await loop.stop();
});

test('what goes wrong is told, and tried again after the pause', async () => {
  const told: unknown[] = [];
  let tries = 0;
  const loop = workLoop(
    async () => {
      if (++tries < 3) throw new Error(`try ${tries}`);
      return false;
    },
    { pauseMs: 1, onError: (error) => told.push((error as Error).message) },
  );
  await expect.poll(() => told).toEqual(['try 1', 'try 2']);
  await loop.stop();
});
