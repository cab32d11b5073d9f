import type { Discovery } from '../discover.ts';

/** An inbox in memory that follows the rules of the real one: no second signal while one is open, nor within 7 days of the last. */
export type Entry = { cell: string; formed: number; score: number; open: boolean };

export class Inbox {
  /** Nobody is thought to answer faster than this, days. */
  openDays: number;
  entries = new Map<string, Entry>();
  raised: Entry[] = [];

  constructor(openDays: number) {
    this.openDays = openDays;
  }

  /** Everything open on this day, the most urgent first. */
  ranked(): Entry[] {
    return [...this.entries.values()]
      .filter(({ open }) => open)
      .sort((a, b) => b.score - a.score || a.formed - b.formed);
  }

  answer(day: number): void {
    for (const entry of this.entries.values()) if (day - entry.formed >= this.openDays) entry.open = false;
  }

  /** @returns whether this is a new signal */
  raise(cell: string, score: number, day: number): boolean {
    const known = this.entries.get(cell);
    if (known && (known.open || day - known.formed < 7)) {
      if (known.open) known.score = score;
      return false;
    }
    const entry = { cell, formed: day, score, open: true };
    this.entries.set(cell, entry);
    this.raised.push(entry);
    return true;
  }
}

export const cellOf = ({ topic, area }: Pick<Discovery, 'topic' | 'area'>): string => `${topic.code} ${area}`;
