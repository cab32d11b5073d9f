import { createPrivateKey, createPublicKey, verify as openSslVerify, sign } from 'node:crypto';
import fc from 'fast-check';
import { sm2 as library } from 'sm-crypto-v2';
import { describe, expect, test } from 'vitest';
import { nodeCrypto } from './node-provider.ts';
import { DEFAULT_SIGNER_ID } from './provider.ts';
import { sm2SignatureFromDer, sm2SignatureToDer } from './signature-der.ts';
import { fixedBase, G, hasX, invert, N, sumOfMultiples, xOf } from './sm2-fixed-base.ts';
import { signatureWith, signer, verifier, verify } from './sm2-signature.ts';

const bytes = (hex: string): Uint8Array => Buffer.from(hex.replaceAll(' ', ''), 'hex');
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

/** GB/T 32918.5-2017 annex A: key, nonce and signature of "message digest" under the default signer id. */
const PRIVATE = '3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8';
const PUBLIC =
  '0409F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13';
const R = 'F5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3';
const S = 'B1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA';
const MESSAGE = utf8('message digest');

describe('SM2 signatures', () => {
  test('the public key of GB/T 32918.5 annex A follows from its private key', () => {
    expect(nodeCrypto.sm2PublicKey(PRIVATE).toUpperCase()).toBe(PUBLIC);
  });

  test('the signature of annex A verifies, three times (plain, preparing, prepared key)', () => {
    for (let round = 0; round < 3; round++) expect(nodeCrypto.sm2Verify(MESSAGE, bytes(R + S), PUBLIC)).toBe(true);
  });

  test("with the annex's nonce the library signs annex A to the bit", () => {
    const k = BigInt('0x59276E27D506861A16680F3AD9C02DCCEF3CC1FA3CDBE4CE6D54B80DEAC1BC21');
    const x1 = BigInt('0x04EBFC718E8D1798620432268E77FEB6415E2EDE0E073C0F4F640ECD2E149A73');
    const options = { hash: true, publicKey: PUBLIC, userId: DEFAULT_SIGNER_ID, pointPool: [{ k, x1 }] };
    expect(library.doSignature(MESSAGE, PRIVATE, options).toUpperCase()).toBe(R + S);
  });

  test("with the annex's nonce the tables sign annex A to the bit, and take only what the library takes", () => {
    const k = BigInt('0x59276E27D506861A16680F3AD9C02DCCEF3CC1FA3CDBE4CE6D54B80DEAC1BC21');
    const key = signer(PRIVATE, PUBLIC, DEFAULT_SIGNER_ID);
    expect(signatureWith(key, MESSAGE, k)?.toString('hex').toUpperCase()).toBe(R + S);
    const prepared = verifier(PUBLIC, DEFAULT_SIGNER_ID);
    expect(verify(prepared, MESSAGE, bytes(R + S))).toBe(true);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), fc.nat(511), fc.bigInt(1n, N - 1n), (data, bit, nonce) => {
        const signature = signatureWith(key, data, nonce) as Buffer;
        const library2 = (text: Buffer) =>
          library.doVerifySignature(data, text.toString('hex'), PUBLIC, { hash: true, userId: DEFAULT_SIGNER_ID });
        expect(library2(signature)).toBe(true);
        expect(verify(prepared, data, signature)).toBe(true);
        signature[bit >> 3]! ^= 1 << (bit & 7);
        expect(verify(prepared, data, signature)).toBe(false);
      }),
      { numRuns: 10 },
    );
  });

  test('multiples by tables are those of the library, at the edges too', () => {
    const base = fixedBase(G);
    const scalars = [1n, 2n, 255n, 256n, 257n, 1n << 128n, N - 1n, N - 2n, 0xffn << 248n, (1n << 255n) - 1n];
    fc.assert(
      fc.property(fc.oneof(fc.constantFrom(...scalars), fc.bigInt(1n, N - 1n)), (scalar) => {
        const hex = scalar.toString(16).padStart(64, '0');
        const x = library.getPublicKeyFromPrivateKey(hex).slice(2, 66);
        const sum = sumOfMultiples([[Buffer.from(hex, 'hex'), base]]);
        expect(xOf(sum).toString(16).padStart(64, '0')).toBe(x);
        expect(hasX(sum, BigInt(`0x${x}`) % N)).toBe(true);
        expect(hasX(sum, (BigInt(`0x${x}`) + 1n) % N)).toBe(false);
      }),
      { numRuns: 60, examples: scalars.map((scalar) => [scalar] as [bigint]) },
    );
    // N times the point, and a sum of opposites, end at infinity, which has no x.
    const whole = Buffer.from(N.toString(16), 'hex');
    expect(hasX(sumOfMultiples([[whole, base]]), 0n)).toBe(false);
    const minusOne = Buffer.from((N - 1n).toString(16), 'hex');
    const one = Buffer.alloc(32, 0);
    one[31] = 1;
    expect(
      hasX(
        sumOfMultiples([
          [minusOne, base],
          [one, base],
        ]),
        0n,
      ),
    ).toBe(false);
    expect((invert(3n, N) * 3n) % N).toBe(1n);
  });

  test('what is signed verifies; another message, key or signer id does not', () => {
    const keys = nodeCrypto.sm2KeyPair();
    const stranger = nodeCrypto.sm2KeyPair();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (data) => {
        const signature = nodeCrypto.sm2Sign(data, keys.privateKey, { publicKey: keys.publicKey });
        expect(signature).toHaveLength(64);
        expect(nodeCrypto.sm2Verify(data, signature, keys.publicKey)).toBe(true);
        expect(nodeCrypto.sm2Verify(data, signature, keys.publicKey, 'other')).toBe(false);
        expect(nodeCrypto.sm2Verify(data, signature, stranger.publicKey)).toBe(false);
        expect(nodeCrypto.sm2Verify(Buffer.concat([data, data, utf8('.')]), signature, keys.publicKey)).toBe(false);
      }),
      { numRuns: 10 },
    );
  });

  test('a malformed signature or key is false, not an exception', () => {
    const order = 'FFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123';
    const zero = '0'.repeat(64);
    for (const bad of [zero + S, R + zero, zero + zero, order + S, R + order, 'f'.repeat(128), R]) {
      expect(nodeCrypto.sm2Verify(MESSAGE, bytes(bad), PUBLIC)).toBe(false);
    }
    expect(nodeCrypto.sm2Verify(MESSAGE, bytes(R + S), `04${'1'.repeat(128)}`)).toBe(false);
    expect(nodeCrypto.sm2Verify(MESSAGE, bytes(R + S), 'not a key')).toBe(false);
  });

  // OpenSSL knows only an empty signer id through node:crypto; with that one the two must agree both ways.
  test('OpenSSL and this provider accept each other under an empty signer id', () => {
    const { privateKey, publicKey } = nodeCrypto.sm2KeyPair();
    const der = (head: string, body: string) => Buffer.from(head + body, 'hex');
    const open = {
      key: der('3059301306072a8648ce3d020106082a811ccf5501822d034200', publicKey),
      format: 'der',
      type: 'spki',
    } as const;
    const secret = {
      key: der(
        '308187020100301306072a8648ce3d020106082a811ccf5501822d046d306b0201010420',
        `${privateKey}a144034200${publicKey}`,
      ),
      format: 'der',
      type: 'pkcs8',
    } as const;
    const ours = nodeCrypto.sm2Sign(MESSAGE, privateKey, { publicKey, signerId: '' });
    expect(openSslVerify('sm3', MESSAGE, createPublicKey(open), sm2SignatureToDer(ours))).toBe(true);
    const theirs = sm2SignatureFromDer(sign('sm3', MESSAGE, createPrivateKey(secret)));
    expect(theirs && nodeCrypto.sm2Verify(MESSAGE, theirs, publicKey, '')).toBe(true);
  });
});

describe('SM2 encryption', () => {
  test('opens the example of GB/T 32918.5 annex C', () => {
    const sealed = bytes(
      '0404EBFC718E8D1798620432268E77FEB6415E2EDE0E073C0F4F640ECD2E149A73E858F9D81E5430A57B36DAAB8F950A3C64E6EE6A63094D99283AFF767E124DF0' +
        '59983C18F809E262923C53AEC295D30383B54E39D609D160AFCB1908D0BD876621886CA989CA9C7D58087307CA93092D651EFA',
    );
    expect(Buffer.from(nodeCrypto.sm2Decrypt(sealed, PRIVATE)!).toString()).toBe('encryption standard');
    sealed[100]! ^= 1;
    expect(nodeCrypto.sm2Decrypt(sealed, PRIVATE)).toBeNull();
  });

  test('opens what it sealed, and nothing else', () => {
    const keys = nodeCrypto.sm2KeyPair();
    const sealed = nodeCrypto.sm2Encrypt(MESSAGE, keys.publicKey);
    expect(Buffer.from(nodeCrypto.sm2Decrypt(sealed, keys.privateKey)!)).toEqual(Buffer.from(MESSAGE));
    expect(nodeCrypto.sm2Decrypt(sealed, nodeCrypto.sm2KeyPair().privateKey)).toBeNull();
    expect(nodeCrypto.sm2Decrypt(new Uint8Array(200), keys.privateKey)).toBeNull();
    expect(() => nodeCrypto.sm2Encrypt(new Uint8Array(0), keys.publicKey)).toThrow(RangeError);
  });
});

describe('signatures in DER', () => {
  test('come back unchanged, and have only one form', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 64, maxLength: 64 }), (signature) => {
        const der = sm2SignatureToDer(signature);
        expect(Buffer.from(sm2SignatureFromDer(der)!)).toEqual(Buffer.from(signature));
        expect(sm2SignatureFromDer(der.subarray(0, der.length - 1))).toBeNull();
        expect(sm2SignatureFromDer(Buffer.concat([der, Buffer.from([0])]))).toBeNull();
      }),
    );
  });

  test('junk is null', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (junk) => {
        const read = sm2SignatureFromDer(junk);
        if (read !== null) expect(Buffer.from(sm2SignatureToDer(read))).toEqual(Buffer.from(junk));
      }),
    );
    expect(sm2SignatureFromDer(bytes('300702020001020101'))).toBeNull();
  });
});
