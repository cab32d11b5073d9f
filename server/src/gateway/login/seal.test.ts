import { describe, expect, it } from 'vitest';
import { deriveKey, seal, unseal } from './seal.ts';

describe('a sealed text', () => {
  const key = deriveKey('a secret', 'one purpose');
  it('opens with its key, for its purpose, unchanged, and not otherwise', () => {
    const sealed = seal(key, '密钥', 'kid-1');
    expect(unseal(key, sealed, 'kid-1')).toBe('密钥');
    expect(unseal(key, sealed, 'kid-2')).toBeNull();
    expect(unseal(deriveKey('a secret', 'another purpose'), sealed, 'kid-1')).toBeNull();
    expect(unseal(deriveKey('another secret', 'one purpose'), sealed, 'kid-1')).toBeNull();
    for (let at = 0; at < sealed.length; at++) {
      const changed = Buffer.from(sealed);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(unseal(key, changed, 'kid-1')).toBeNull();
    }
    expect(unseal(key, sealed.subarray(0, 20), 'kid-1')).toBeNull();
  });

  it('never looks the same twice', () => {
    expect(seal(key, 'x', 'y').equals(seal(key, 'x', 'y'))).toBe(false);
  });
});
