import { createCipheriv } from 'node:crypto';
import fc from 'fast-check';
import { sm4 as otherSm4 } from 'sm-crypto-v2';
import { describe, expect, test } from 'vitest';
import { nodeCrypto } from './node-provider.ts';

const bytes = (hex: string): Uint8Array => Buffer.from(hex.replaceAll(' ', ''), 'hex');
const hex = (data: Uint8Array | null): string | null =>
  data === null ? null : Buffer.from(data).toString('hex').toUpperCase();
const KEY = bytes('0123456789ABCDEFFEDCBA9876543210');
const sixteen = fc.uint8Array({ minLength: 16, maxLength: 16 });

describe('SM4', () => {
  test('gives example 1 of GB/T 32907-2016 annex A', () => {
    expect(hex(nodeCrypto.sm4Encrypt(KEY, { mode: 'ecb', key: KEY }))).toBe('681EDF34D206965E86B3E94F536E4246');
  });

  test('gives example 2 of GB/T 32907-2016 annex A: one million rounds', () => {
    // One cipher object for the chain: making a million of them would measure allocation, not SM4.
    const cipher = createCipheriv('sm4-ecb', KEY, null);
    let block: Uint8Array = KEY;
    for (let round = 0; round < 1_000_000; round++) block = cipher.update(block);
    expect(hex(block)).toBe('595298C7C6FD271F0402F804C33D3F66');
  }, 30_000);

  test('in GCM gives the example of RFC 8998 appendix A.1', () => {
    const options = {
      key: KEY,
      nonce: bytes('00001234567800000000ABCD'),
      associated: bytes('FEEDFACEDEADBEEFFEEDFACEDEADBEEFABADDAD2'),
    };
    const plain = bytes(
      'AAAAAAAAAAAAAAAABBBBBBBBBBBBBBBBCCCCCCCCCCCCCCCCDDDDDDDDDDDDDDDD' +
        'EEEEEEEEEEEEEEEEFFFFFFFFFFFFFFFFEEEEEEEEEEEEEEEEAAAAAAAAAAAAAAAA',
    );
    const sealed = nodeCrypto.sm4Seal(plain, options);
    expect(hex(sealed)).toBe(
      '17F399F08C67D5EE19D0DC9969C4BB7D5FD46FD3756489069157B282BB200735' +
        'D82710CA5C22F0CCFA7CBF93D496AC15A56834CBCF98C397B4024A2691233B8D' +
        '83DE3541E4C2B58177E065A9BF7B62EC',
    );
    expect(hex(nodeCrypto.sm4Open(sealed, options))).toBe(hex(plain));
  });

  test('agrees with a second implementation in ECB, CBC and GCM', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), sixteen, sixteen, (data, key, iv) => {
        const other = (mode: 'ecb' | 'cbc') =>
          otherSm4.encrypt(data, key, {
            mode,
            iv: mode === 'cbc' ? iv : undefined,
            padding: 'pkcs#7',
            output: 'array',
          });
        for (const mode of ['ecb', 'cbc'] as const) {
          expect(hex(nodeCrypto.sm4Encrypt(data, { mode, key, iv, padding: true }))).toBe(hex(other(mode)));
        }
        const nonce = iv.subarray(0, 12);
        const sealed = otherSm4.encrypt(data, key, {
          mode: 'gcm',
          iv: nonce,
          output: 'array',
          outputTag: true,
          padding: 'none',
        });
        expect(hex(nodeCrypto.sm4Seal(data, { key, nonce }))).toBe(hex(Buffer.concat([sealed.output, sealed.tag!])));
      }),
      { numRuns: 40 },
    );
  });

  test('decrypting gives back what was encrypted in every mode', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), sixteen, sixteen, (data, key, iv) => {
        for (const mode of ['ecb', 'cbc', 'ctr'] as const) {
          const options = { mode, key, iv, padding: true };
          expect(hex(nodeCrypto.sm4Decrypt(nodeCrypto.sm4Encrypt(data, options), options))).toBe(hex(data));
        }
      }),
    );
  });

  test('what was damaged on the way is an answer, not an exception', () => {
    const iv = new Uint8Array(16);
    expect(nodeCrypto.sm4Decrypt(new Uint8Array(15), { mode: 'ecb', key: KEY })).toBeNull();
    expect(nodeCrypto.sm4Decrypt(new Uint8Array(0), { mode: 'cbc', key: KEY, iv, padding: true })).toBeNull();
    const unpadded = nodeCrypto.sm4Encrypt(new Uint8Array(16), { mode: 'cbc', key: KEY, iv });
    expect(nodeCrypto.sm4Decrypt(unpadded, { mode: 'cbc', key: KEY, iv, padding: true })).toBeNull();
    const nonce = new Uint8Array(12);
    const sealed = nodeCrypto.sm4Seal(KEY, { key: KEY, nonce, associated: iv });
    for (let place = 0; place < sealed.length; place++) {
      const changed = Uint8Array.from(sealed);
      changed[place]! ^= 1;
      expect(nodeCrypto.sm4Open(changed, { key: KEY, nonce, associated: iv })).toBeNull();
    }
    expect(nodeCrypto.sm4Open(sealed, { key: KEY, nonce })).toBeNull();
    expect(nodeCrypto.sm4Open(sealed.subarray(0, 15), { key: KEY, nonce, associated: iv })).toBeNull();
  });

  test('a wrong length of key, iv or nonce is a bug and throws', () => {
    expect(() => nodeCrypto.sm4Encrypt(KEY, { mode: 'ecb', key: KEY.subarray(1) })).toThrow();
    expect(() => nodeCrypto.sm4Encrypt(KEY, { mode: 'cbc', key: KEY })).toThrow(RangeError);
    expect(() => nodeCrypto.sm4Seal(KEY, { key: KEY, nonce: KEY })).toThrow(RangeError);
  });
});
