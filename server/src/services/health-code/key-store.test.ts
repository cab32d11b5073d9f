import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { nodeCrypto } from '@hutong/china';
import { expect, test } from 'vitest';
import { demoKeyFile, KeyFileError, openKeyStore, softKeyStore } from './key-store.ts';

const vector = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../../../libs/china/fixtures/ehealthcard-kat.json'), 'utf8'),
) as Record<string, string>;
const usable = demoKeyFile('a secret of this test that nobody else has');

test('published and guessable root keys are refused', () => {
  for (const securityRootKey of [vector.securityRootKey as string, '0'.repeat(32), 'not hexadecimal', '12'.repeat(16)])
    expect(() => softKeyStore({ ...usable, securityRootKey }), securityRootKey).toThrow(KeyFileError);
  expect(() => softKeyStore({ ...usable, signing: [] })).toThrow(KeyFileError);
});

test('outside demo mode there are no keys unless a file gives them', () => {
  expect(openKeyStore({ cardKeys: null, demo: false, secret: 's'.repeat(40) })).toBeNull();
  expect(() => openKeyStore({ cardKeys: '/nowhere/keys.json', demo: false, secret: 's'.repeat(40) })).toThrow(
    KeyFileError,
  );
});

test('two installations in demo mode have different keys, and one has the same every day', () => {
  expect(demoKeyFile('one secret')).toEqual(demoKeyFile('one secret'));
  expect(demoKeyFile('one secret').signing).not.toEqual(demoKeyFile('another secret').signing);
});

test('the threads sign what anybody can check with the published key, and tell a changed text', async () => {
  const keys = softKeyStore(usable);
  const texts = [Buffer.from('one'), Buffer.from('two')];
  const signatures = await keys.sign(texts);
  const [key] = keys.published().keys;
  for (const [at, text] of texts.entries())
    expect(nodeCrypto.sm2Verify(text, signatures[at] as Uint8Array, key?.publicKey as string)).toBe(true);
  expect(await keys.verify(keys.keyId, texts[0] as Buffer, signatures[0] as Uint8Array)).toBe(true);
  expect(await keys.verify(keys.keyId, texts[1] as Buffer, signatures[0] as Uint8Array)).toBe(false);
  expect(await keys.verify('ffffffff', texts[0] as Buffer, signatures[0] as Uint8Array)).toBeNull();
  await keys.close();
});
