import type { ContactResult, ContactState } from '@hutong/contract/surveillance.ts';

const dayMs = 86_400_000;
export const addDays = (day: string, days: number): string =>
  new Date(Date.parse(day) + days * dayMs).toISOString().slice(0, 10);

/** The days on which a contact is to be followed up: from the day after the last exposure to the end of the observation. */
export function followUpDays(lastExposure: string, until: string): string[] {
  const days: string[] = [];
  for (let day = addDays(lastExposure, 1); day <= until && days.length < 120; day = addDays(day, 1)) days.push(day);
  return days;
}

export type Visit = { day: string; result: ContactResult };
/** What stands open for a contact on a day: today's visit, and past days without one. Only who is being watched owes a visit. */
export function owedOf(
  contact: { lastExposure: string; until: string; state: ContactState; since: string },
  visits: Visit[],
  today: string,
): { dueToday: boolean; missedDays: number } {
  if (contact.state !== 'watching') return { dueToday: false, missedDays: 0 };
  const done = new Set(visits.filter(({ result }) => result !== 'not-reached').map(({ day }) => day));
  const days = followUpDays(contact.lastExposure, contact.until).filter((day) => !done.has(day));
  return {
    dueToday: days.includes(today),
    // A contact who was found late owes no visits for the days before.
    missedDays: days.filter((day) => day < today && day >= contact.since).length,
  };
}

export type Link = { from: string; to: string };
/** Whether linking `from` to `to` would close a ring: nobody is infected by a case of their own chain. */
export function makesRing(links: Link[], from: string, to: string): boolean {
  const parents = new Map(links.map((link) => [link.to, link.from]));
  for (let at: string | undefined = from, steps = 0; at !== undefined && steps < 10_000; at = parents.get(at), steps++)
    if (at === to) return true;
  return false;
}
