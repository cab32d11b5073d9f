/**
 * Kinds of dirt and how often they happen at dial 0.5, "the default dirt of real life" of the linkage benchmark: 12 % of
 * records without any number, 2 % mistyped (half of them checksum-valid), 2 % with a parent's or agent's, 8 % with the name
 * written otherwise, 5 % with a wrong birth date, 25 % with another telephone, 20 % with another address. The rates of
 * messages are our choice, small enough that an inbox stays readable.
 */
const AT_HALF = {
  /** Source identity (institution-local registration). */
  'missing-number': 0.12,
  'mistyped-number': 0.02,
  'parents-number': 0.02,
  'name-variant': 0.08,
  'wrong-birth-date': 0.05,
  'other-phone': 0.25,
  'other-address': 0.2,
  'number-15': 0.02,
  'second-local-id': 0.03,
  /** Message. */
  duplicate: 0.03,
  late: 0.05,
  'out-of-order': 0.03,
  corrected: 0.03,
  cancelled: 0.01,
  broken: 0.01,
} as const;

/** One way in which a registration or a message is wrong. */
export type DirtKind = keyof typeof AT_HALF;
/** All of them: registrations first, then messages. */
export const DIRT_KINDS = Object.keys(AT_HALF) as DirtKind[];

/** Rates for a dial from 0 to 1: proportional, so 1 is twice as dirty as real life. */
export function ratesAt(dial: number): Record<DirtKind, number> {
  return Object.fromEntries(DIRT_KINDS.map((kind) => [kind, AT_HALF[kind] * dial * 2])) as Record<DirtKind, number>;
}
