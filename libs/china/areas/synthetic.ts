/**
 * Codes reserved for residents who do not exist. GB/T 2260 never issued a county number above 5009xx in Chongqing, so a
 * number made with them can never be a living person's, and every screen and export can tell it at a glance.
 * Ten of them, because one area holds at most 999 people per birthday and a full-size city needs more.
 */
export const SYNTHETIC_AREAS: readonly string[] = [
  ...['500999', '500998', '500997', '500996', '500995'],
  ...['500994', '500993', '500992', '500991', '500990'],
];

/** The first of `SYNTHETIC_AREAS`, enough for demonstrations and tests. */
export const SYNTHETIC_AREA = '500999';

/** Whether a resident number (15 or 18 places) or an area code belongs to nobody. */
export function isSyntheticArea(codeOrNumber: string): boolean {
  return SYNTHETIC_AREAS.includes(codeOrNumber.slice(0, 6));
}
