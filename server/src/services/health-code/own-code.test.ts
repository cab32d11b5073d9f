import { randomBytes } from 'node:crypto';
import { nodeCrypto } from '@hutong/china';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { keyIdOf, type OwnCode, ownCodeBytes, ownCodeText, parseOwnCode, verifyOffline } from './own-code.ts';

const { privateKey, publicKey } = nodeCrypto.sm2KeyPair();
const keyId = keyIdOf(publicKey);
const published = {
  issuer: 'hutong-test',
  signerId: '1234567812345678',
  keys: [{ id: keyId, publicKey, current: true }],
};
const now = Date.UTC(2026, 10, 30, 8);
const codeAt = (from: number, more: Partial<OwnCode> = {}): OwnCode => ({
  kind: 'own',
  keyId,
  issuer: 'hutong-test',
  handle: randomBytes(16),
  from: from / 1000,
  life: 60,
  nonce: randomBytes(12),
  holder: null,
  name: '张*明',
  ...more,
});
const make = (code: OwnCode): string => {
  const bytes = ownCodeBytes(code);
  return ownCodeText(bytes, nodeCrypto.sm2Sign(bytes, privateKey, { publicKey }));
};
const check = (text: string, at = now, revoked: string[] = []) =>
  verifyOffline(text, published, new Set(revoked), at, nodeCrypto);

test('a terminal without a network checks a code with the published key alone', () => {
  const code = codeAt(now);
  expect(check(make(code))).toMatchObject({ ok: true, code: { kind: 'own', name: '张*明', issuer: 'hutong-test' } });
  expect(check(make(code).toLowerCase())).toMatchObject({ ok: true });
  expect(make(code)).toMatch(/^[0-9A-Z:]{150,240}$/);
});

test.each([
  ['expired', make(codeAt(now - 60_000)), now, 'expired'],
  ['made for a later minute', make(codeAt(now + 60_000)), now, 'future'],
  ['claiming an hour of life', make(codeAt(now, { life: 3600 })), now, 'forged'],
  ['of another issuer', make(codeAt(now, { issuer: 'elsewhere' })), now, 'other-issuer'],
  ['signed with an unknown key', make(codeAt(now, { keyId: '00000000' })), now, 'other-issuer'],
  ['that is no code', 'HT1:AAAA', now, 'not-a-code'],
])('a code %s is refused', (_what, text, at, why) => {
  expect(check(text, at)).toEqual({ ok: false, why });
});

test('a revoked handle is refused, its neighbour is not', () => {
  const code = codeAt(now);
  expect(check(make(code), now, [code.handle.toString('hex')])).toEqual({ ok: false, why: 'revoked' });
  expect(check(make(codeAt(now)), now, [code.handle.toString('hex')])).toMatchObject({ ok: true });
});

test('no part of one code can be moved to another: handle, time, nonce, name, signature', () => {
  const left = parseOwnCode(make(codeAt(now))) as NonNullable<ReturnType<typeof parseOwnCode>>;
  const right = parseOwnCode(make(codeAt(now, { name: '李*' }))) as NonNullable<ReturnType<typeof parseOwnCode>>;
  for (const part of ['handle', 'from', 'nonce', 'name', 'kind'] as const) {
    const spliced = {
      ...left.code,
      [part]: part === 'kind' ? 'printed' : part === 'from' ? right.code.from + 1 : right.code[part],
    };
    expect(check(ownCodeText(ownCodeBytes(spliced as OwnCode), left.signature)), part).toMatchObject({ why: 'forged' });
  }
  expect(check(ownCodeText(left.bytes, right.signature))).toMatchObject({ why: 'forged' });
});

test('no changed bit of a code is taken', () => {
  const text = make(codeAt(now));
  fc.assert(
    fc.property(fc.nat(text.length - 5), fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'), (at, letter) => {
      const place = at + 4;
      if (text[place] === letter) return;
      expect(check(text.slice(0, place) + letter + text.slice(place + 1)).ok).toBe(false);
    }),
    { numRuns: 60 },
  );
});
