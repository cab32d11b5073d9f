import { nodeCrypto } from '../crypto/node-provider.ts';
import type { CryptoProvider } from '../crypto/provider.ts';
import { openValidity } from './validity.ts';

/** What a time block is worth; `until` is the end it claims. */
export type ValidityJudgement =
  | { verdict: 'valid' | 'expired' | 'too-far-ahead'; until: Date }
  /** Made with another key, or forged. */
  | { verdict: 'unreadable'; until: null };

/**
 * Judges the time block of a dynamic code at `now`. `mostSeconds` is the longest life the issuer gives: a block that
 * ends later than that is refused as `too-far-ahead`, because the design lets a stolen future block be stored.
 */
export function judgeValidity(
  block: string,
  protectRootKey: string,
  now: Date,
  mostSeconds: number,
  crypto: CryptoProvider = nodeCrypto,
): ValidityJudgement {
  const until = openValidity(block, protectRootKey, crypto);
  if (until === null) return { verdict: 'unreadable', until };
  const left = until.getTime() - now.getTime();
  if (left < 0) return { verdict: 'expired', until };
  return { verdict: left > mostSeconds * 1000 ? 'too-far-ahead' : 'valid', until };
}
