import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

/** OWASP Password Storage Cheat Sheet: N=2^15, r=8, p=3 stands beside N=2^17, p=1 and needs a quarter of its memory (32 MB). */
const cost = { logN: 15, r: 8, p: 3 };

const derive = (password: string, salt: Buffer, { logN, r, p }: typeof cost): Promise<Buffer> =>
  new Promise((done, fail) =>
    scrypt(password.normalize('NFKC'), salt, 32, { N: 2 ** logN, r, p, maxmem: 256 * 2 ** logN * r }, (error, key) =>
      error ? fail(error) : done(key),
    ),
  );

/** `scrypt:<log2 N>:<r>:<p>:<salt>:<hash>`, so that the cost may rise later without breaking what is stored. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const hash = await derive(password, salt, cost);
  return ['scrypt', cost.logN, cost.r, cost.p, salt.toString('base64url'), hash.toString('base64url')].join(':');
}

/** @param stored null for a login that does not exist: the same work is done, so that time does not tell */
export async function matchesPassword(password: string, stored: string | null): Promise<boolean> {
  const [, logN, r, p, salt, hash] = stored?.split(':') ?? [];
  if (!stored || !salt || !hash) {
    await derive(password, randomBytes(16), cost);
    return false;
  }
  const found = await derive(password, Buffer.from(salt, 'base64url'), {
    logN: Number(logN),
    r: Number(r),
    p: Number(p),
  });
  return timingSafeEqual(found, Buffer.from(hash, 'base64url'));
}

/** A password somebody chooses: long rather than intricate (NIST SP 800-63B section 5.1.1.2: length, and no composition rules). */
export const minimumPasswordLength = 12;
export const isAcceptablePassword = (password: string, login: string): boolean =>
  [...password].length >= minimumPasswordLength &&
  password.length <= 200 &&
  new Set(password).size >= 5 &&
  !password.toLowerCase().includes(login.toLowerCase());

/**
 * Lets few checks run at once and few wait: each costs 32 MB and a quarter second of a core, which a flood of logins
 * must not take from the messages.
 */
export function boundedChecks(atOnce: number, waiting: number): <T>(work: () => Promise<T>) => Promise<T | 'busy'> {
  let running = 0;
  const queue: (() => void)[] = [];
  return async (work) => {
    if (running >= atOnce) {
      if (queue.length >= waiting) return 'busy';
      // Whoever finishes hands its place over.
      await new Promise<void>((start) => queue.push(start));
    } else running++;
    try {
      return await work();
    } finally {
      const next = queue.shift();
      if (next) next();
      else running--;
    }
  };
}
