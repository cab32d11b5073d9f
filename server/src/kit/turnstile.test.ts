import { expect, test } from 'vitest';
import { turnstile } from './turnstile.ts';

/** Works that end when they are told to, and say when they have begun. */
function works(inTurn: ReturnType<typeof turnstile>) {
  const begun: string[] = [];
  const end = new Map<string, (error?: Error) => void>();
  const start = (name: string, weight: number): Promise<string> =>
    inTurn(weight, () => {
      begun.push(name);
      return new Promise((resolve, reject) => end.set(name, (error) => (error ? reject(error) : resolve(name))));
    });
  return { begun, end, start };
}
const turn = (): Promise<void> => new Promise((done) => setImmediate(done));

test('lets in what fits, in the order of arrival, and the next when somebody leaves, by error too', async () => {
  const { begun, end, start } = works(turnstile(10));
  const a = start('a', 6);
  const b = start('b', 4);
  const c = start('c', 5);
  const d = start('d', 1);
  await turn();
  expect(begun, 'd would fit, and waits behind c').toEqual(['a', 'b']);
  end.get('b')?.(new Error('spoilt'));
  await expect(b).rejects.toThrow('spoilt');
  await turn();
  expect(begun).toEqual(['a', 'b']);
  end.get('a')?.();
  expect(await a).toBe('a');
  await turn();
  expect(begun).toEqual(['a', 'b', 'c', 'd']);
  end.get('c')?.();
  end.get('d')?.();
  expect(await Promise.all([c, d])).toEqual(['c', 'd']);
});

test('lets in alone what is heavier than everything that may be inside', async () => {
  const { begun, end, start } = works(turnstile(10));
  const light = start('light', 1);
  const heavy = start('heavy', 100);
  const after = start('after', 1);
  await turn();
  expect(begun).toEqual(['light']);
  end.get('light')?.();
  await light;
  await turn();
  expect(begun).toEqual(['light', 'heavy']);
  end.get('heavy')?.();
  await heavy;
  await turn();
  expect(begun).toEqual(['light', 'heavy', 'after']);
  end.get('after')?.();
  await after;
});
