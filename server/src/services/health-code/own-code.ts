import { hash } from 'node:crypto';
import type { CryptoProvider } from '@hutong/china';
import type { PublishedKeys } from '@hutong/contract/health-code.ts';
import { base32 } from '../../kit/hash.ts';
import { liveSeconds, skewSeconds } from './model.ts';

/**
 * Our own code: `HT1:` and base32 (so that a QR code stays in its alphanumeric mode and no scanner's letter case matters) over
 *   1 version · 1 kind · 4 key id · 1+n issuer · 16 handle · 4 from (s) · 4 life (s) · 12 nonce · 16 holder's handle or zeros · 1+n masked name · 64 SM2 signature.
 * The signature covers everything before it, so nothing can be moved from one code to another.
 */
export type OwnCode = {
  kind: 'own' | 'proxy' | 'printed';
  keyId: string;
  issuer: string;
  handle: Buffer;
  /** Epoch seconds from which it is good, and for how long. */
  from: number;
  life: number;
  nonce: Buffer;
  holder: Buffer | null;
  /** For a counter without a network: enough to compare with the person in front of it. */
  name: string;
};

const prefix = 'HT1:';
const kinds = ['own', 'proxy', 'printed'] as const;
const signatureBytes = 64;
/** Masked names are short; a code must stay small enough to be read from a cracked screen. */
const mostText = 40;

export const keyIdOf = (publicKey: string): string => hash('sm3', Buffer.from(publicKey, 'hex'), 'hex').slice(0, 8);

const text = (value: string): Buffer => {
  let bytes = Buffer.from(value);
  while (bytes.length > mostText) bytes = Buffer.from([...bytes.toString()].slice(0, -1).join(''));
  return Buffer.concat([Buffer.of(bytes.length), bytes]);
};
const number4 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};

/** The bytes that are signed. */
export function ownCodeBytes(code: OwnCode): Buffer {
  return Buffer.concat([
    Buffer.of(1, kinds.indexOf(code.kind)),
    Buffer.from(code.keyId, 'hex'),
    text(code.issuer),
    code.handle,
    number4(code.from),
    number4(code.life),
    code.nonce,
    code.holder ?? Buffer.alloc(16),
    text(code.name),
  ]);
}

export const ownCodeText = (bytes: Uint8Array, signature: Uint8Array): string =>
  prefix + base32(Buffer.concat([bytes, signature])).toUpperCase();

export const looksLikeOwnCode = (scanned: string): boolean => scanned.trim().toUpperCase().startsWith(prefix);

/** Reads the text of a code of ours; null when it is none, whatever it begins with. Says nothing about its truth. */
export function parseOwnCode(scanned: string): { code: OwnCode; bytes: Buffer; signature: Buffer } | null {
  const trimmed = scanned.trim().toUpperCase();
  if (!trimmed.startsWith(prefix) || trimmed.length > 500) return null;
  const whole = fromBase32(trimmed.slice(prefix.length));
  if (whole === null || whole.length < 64 + signatureBytes || whole[0] !== 1) return null;
  const bytes = whole.subarray(0, -signatureBytes);
  const kind = kinds[bytes[1] as number];
  const issuerLength = bytes[6] as number;
  const at = 7 + issuerLength;
  const nameAt = at + 52;
  const nameLength = bytes[nameAt];
  if (!kind || nameLength === undefined || bytes.length !== nameAt + 1 + nameLength) return null;
  const holder = bytes.subarray(at + 36, at + 52);
  return {
    bytes,
    signature: whole.subarray(-signatureBytes),
    code: {
      kind,
      keyId: bytes.subarray(2, 6).toString('hex'),
      issuer: bytes.subarray(7, at).toString(),
      handle: bytes.subarray(at, at + 16),
      from: bytes.readUInt32BE(at + 16),
      life: bytes.readUInt32BE(at + 20),
      nonce: bytes.subarray(at + 24, at + 36),
      holder: kind === 'proxy' ? holder : null,
      name: bytes.subarray(nameAt + 1).toString(),
    },
  };
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

function fromBase32(encoded: string): Buffer | null {
  const out = Buffer.alloc(Math.floor((encoded.length * 5) / 8));
  let bits = 0;
  let value = 0;
  let at = 0;
  for (const letter of encoded) {
    const five = letters.indexOf(letter);
    if (five < 0) return null;
    value = ((value << 5) | five) & 0xfff;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      out[at++] = (value >>> bits) & 0xff;
    }
  }
  // Left-over bits must be zero, or one code would have several texts.
  return (value & ((1 << bits) - 1)) === 0 ? out : null;
}

/** Whether a code is good at this moment; a code that claims a longer life than we give is not ours. */
export function judgeTime(code: OwnCode, now: number): 'good' | 'expired' | 'future' | 'forged' {
  if (code.kind !== 'printed' && (code.life > liveSeconds || code.life === 0)) return 'forged';
  const seconds = now / 1000;
  if (code.from > seconds + skewSeconds) return 'future';
  return seconds >= code.from + code.life ? 'expired' : 'good';
}

export type OfflineVerdict =
  | { ok: true; code: OwnCode }
  | { ok: false; why: 'not-a-code' | 'other-issuer' | 'forged' | 'expired' | 'future' | 'revoked' };

/**
 * The check that a terminal makes without a network: the published keys, the last revocation list and a clock are all it needs. What it
 * cannot know is whether the code was used a moment ago at another counter; it therefore identifies and opens nothing.
 */
export function verifyOffline(
  scanned: string,
  published: PublishedKeys,
  revoked: ReadonlySet<string>,
  now: number,
  crypto: Pick<CryptoProvider, 'sm2Verify'>,
): OfflineVerdict {
  const parsed = parseOwnCode(scanned);
  if (!parsed) return { ok: false, why: 'not-a-code' };
  const { code, bytes, signature } = parsed;
  const key = published.keys.find(({ id }) => id === code.keyId);
  if (!key || code.issuer !== published.issuer) return { ok: false, why: 'other-issuer' };
  if (!crypto.sm2Verify(bytes, signature, key.publicKey, published.signerId)) return { ok: false, why: 'forged' };
  const time = judgeTime(code, now);
  if (time !== 'good') return { ok: false, why: time };
  return revoked.has(code.handle.toString('hex')) ? { ok: false, why: 'revoked' } : { ok: true, code };
}
