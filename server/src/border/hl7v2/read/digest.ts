import { createHash } from 'node:crypto';

/**
 * A key from content, for things without a business number: 20 hexadecimal digits of SHA-256 over the parts. The parts may
 * be personal (a relative's name), so the key never shows them.
 */
export function digest(...parts: string[]): string {
  return createHash('sha256').update(parts.join('\u0000')).digest('hex').slice(0, 20);
}
