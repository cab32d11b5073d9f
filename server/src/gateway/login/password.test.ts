import { describe, expect, it } from 'vitest';
import { boundedChecks, hashPassword, isAcceptablePassword, matchesPassword } from './password.ts';

describe('a password', () => {
  it('is kept as a salted hash that only it matches', async () => {
    const [one, two] = [await hashPassword('正确的 horse battery'), await hashPassword('正确的 horse battery')];
    expect(one).not.toBe(two);
    expect(one).toMatch(/^scrypt:15:8:3:[\w-]{22}:[\w-]{43}$/);
    expect(await matchesPassword('正确的 horse battery', one)).toBe(true);
    expect(await matchesPassword('正确的 horse batterY', one)).toBe(false);
    expect(await matchesPassword('', null)).toBe(false);
  });

  it('may be any long one that is not the login', () => {
    expect(isAcceptablePassword('correct horse', 'lin')).toBe(true);
    expect(isAcceptablePassword('short', 'lin')).toBe(false);
    expect(isAcceptablePassword('aaaaaaaaaaaaaaaa', 'lin')).toBe(false);
    expect(isAcceptablePassword('LIN-the-clinician', 'lin')).toBe(false);
    expect(isAcceptablePassword('山高水长风清月明云淡天高', 'lin')).toBe(true);
  });
});

describe('checks of passwords', () => {
  it('run a few at once, wait a few, and are refused beyond', async () => {
    const check = boundedChecks(2, 3);
    let running = 0;
    let most = 0;
    const release: (() => void)[] = [];
    const work = async (): Promise<'done'> => {
      most = Math.max(most, ++running);
      await new Promise<void>((done) => release.push(done));
      running--;
      return 'done';
    };
    const all = Array.from({ length: 8 }, () => check(work));
    for (let round = 0; round < 10; round++) {
      release.shift()?.();
      await new Promise((done) => setImmediate(done));
    }
    const outcomes = await Promise.all(all);
    expect(outcomes.filter((outcome) => outcome === 'done')).toHaveLength(5);
    expect(outcomes.filter((outcome) => outcome === 'busy')).toHaveLength(3);
    expect(most).toBe(2);
    const later = check(work);
    release.shift()?.();
    expect(await later).toBe('done');
  });

  it('give their place back after a failure', async () => {
    const check = boundedChecks(1, 0);
    await expect(check(() => Promise.reject(new Error('away')))).rejects.toThrow('away');
    expect(await check(async () => 1)).toBe(1);
  });
});
