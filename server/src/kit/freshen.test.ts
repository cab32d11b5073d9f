import { expect, test } from 'vitest';
import { freshenOnce } from './freshen.ts';

test('who asks together shares one refresh; who asks later gets a later one, apart from the first', async () => {
  const at: number[] = [];
  const freshen = freshenOnce(async () => void at.push(Date.now()), 50);
  await Promise.all([freshen(), freshen(), freshen()]);
  expect(at).toHaveLength(1);
  await Promise.all([freshen(), freshen()]);
  expect(at).toHaveLength(2);
  expect((at[1] as number) - (at[0] as number)).toBeGreaterThanOrEqual(49);
});

test('a refresh that fails is told to its askers, and the next one is tried anew', async () => {
  let fails = true;
  const freshen = freshenOnce(async () => {
    if (fails) throw new Error('away');
  }, 1);
  await expect(freshen()).rejects.toThrow('away');
  fails = false;
  await freshen();
});
