import fc from 'fast-check';
import { sm3 as otherSm3 } from 'sm-crypto-v2';
import { describe, expect, test } from 'vitest';
import { nodeCrypto } from './node-provider.ts';
import { hmacSm3, sm3Hex } from './sm3.ts';

describe('SM3', () => {
  test('gives the two examples of GB/T 32905-2016 annex A', () => {
    expect(sm3Hex('abc')).toBe('66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0');
    expect(sm3Hex('abcd'.repeat(16))).toBe('debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732');
  });

  test('agrees with a second implementation, plain and as HMAC', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.uint8Array({ minLength: 1, maxLength: 100 }), (data, key) => {
        expect(sm3Hex(data)).toBe(otherSm3(data));
        expect(hmacSm3(key, data).toString('hex')).toBe(otherSm3(data, { key, mode: 'hmac' }));
        expect(Buffer.from(nodeCrypto.hash(data)).toString('hex')).toBe(sm3Hex(data));
      }),
    );
  });

  test('takes text as UTF-8', () => {
    expect(sm3Hex('电子健康卡')).toBe(sm3Hex(new TextEncoder().encode('电子健康卡')));
  });
});
