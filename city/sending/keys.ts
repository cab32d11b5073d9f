import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose';

/** Private keys of the city's institutions by client id, made on first use; the file is readable by its owner alone. */
export class KeyRing {
  file: string;
  keys: Map<string, JWK>;

  constructor(directory: string) {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    this.file = join(directory, 'institution-keys.json');
    this.keys = new Map(
      existsSync(this.file) ? Object.entries(JSON.parse(readFileSync(this.file, 'utf8')) as Record<string, JWK>) : [],
    );
  }

  /** Makes what is missing and saves once. */
  async ensure(clientIds: readonly string[]): Promise<void> {
    const missing = clientIds.filter((clientId) => !this.keys.has(clientId));
    for (const clientId of missing) {
      const { privateKey } = await generateKeyPair('ES256', { extractable: true });
      const jwk = await exportJWK(privateKey);
      this.keys.set(clientId, { ...jwk, kid: await calculateJwkThumbprint(jwk), alg: 'ES256', use: 'sig' });
    }
    if (missing.length === 0) return;
    writeFileSync(this.file, JSON.stringify(Object.fromEntries(this.keys)), { mode: 0o600 });
    chmodSync(this.file, 0o600);
  }

  privateKey(clientId: string): JWK {
    const key = this.keys.get(clientId);
    if (!key) throw new Error(`no key for ${clientId}: call ensure first`);
    return key;
  }

  publicKeys(clientId: string): { keys: JWK[] } {
    const { d: _private, ...open } = this.privateKey(clientId);
    return { keys: [open] };
  }
}
