import type { MyCode, MyCodes } from '@hutong/contract/health-code.ts';

/** The codes of one person that were fetched ahead. `offset`: how much the server's clock is ahead of the phone's, in milliseconds. */
export type Purse = { codes: MyCodes['codes']; offset: number };
export type Wallet = { me: MyCode | null; purses: Record<string, Purse> };

export const self = 'self';
const key = 'hutong.resident.wallet';

/** Codes are good for a minute each and at most for the minutes that the server gave ahead; nothing that lasts longer is kept on the phone. */
export function readWallet(): Wallet {
  try {
    const kept = JSON.parse(localStorage.getItem(key) ?? 'null') as Wallet | null;
    return kept?.purses ? kept : { me: null, purses: {} };
  } catch {
    return { me: null, purses: {} };
  }
}

export function keepWallet(wallet: Wallet): void {
  try {
    localStorage.setItem(key, JSON.stringify(wallet));
  } catch {
    // Storage can be forbidden; the code then needs a network.
  }
}

export function emptyWallet(): void {
  try {
    localStorage.removeItem(key);
  } catch {
    // Nothing was kept.
  }
}

export const purseOf = ({ now, codes }: MyCodes, receivedAt: number): Purse => ({
  codes,
  offset: Date.parse(now) - receivedAt,
});

export type Shown = { text: string; secondsLeft: number; offlineUntil: string };

/** The code for this moment, by the server's clock; null when none of the fetched ones is for now. */
export function codeAt(purse: Purse | undefined, phoneNow: number): Shown | null {
  if (!purse) return null;
  const now = phoneNow + purse.offset;
  const code = purse.codes.find(({ from, until }) => Date.parse(from) <= now && now < Date.parse(until));
  const last = purse.codes.at(-1);
  if (!code || !last) return null;
  return {
    text: code.text,
    secondsLeft: Math.max(1, Math.ceil((Date.parse(code.until) - now) / 1000)),
    offlineUntil: last.until,
  };
}

/** Whether it is time to fetch ahead again: two minutes of what was fetched are gone. */
export function isWorn(purse: Purse | undefined, phoneNow: number): boolean {
  const first = purse?.codes[0];
  return (
    !purse || !first || phoneNow + purse.offset - Date.parse(first.from) > 120_000 || codeAt(purse, phoneNow) === null
  );
}
