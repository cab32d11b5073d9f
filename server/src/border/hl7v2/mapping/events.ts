/** How a trigger event bears on the person and the visit. Absent trigger events are not supported. */
export type EventRule = {
  /** Status of the visit that the event itself decides. */
  visit?: 'planned' | 'arrived' | 'in-progress' | 'onleave' | 'finished' | 'cancelled' | 'entered-in-error';
  /** The message is about the administration of the visit: what its PV1 says is first-hand. */
  administrative: boolean;
  /** Without PV1-44 (PV1-45) the visit began (ended) when the event happened. */
  begins?: true;
  ends?: true;
  /** Takes a discharge back. */
  reopens?: true;
  /** The person of MRG-1 is from now on the one of PID-3. */
  merges?: true;
  /** Patient.active */
  active?: boolean;
  /** Only person and visit are taken; the rest (accounts, tracking of pending moves) has no place in the record. */
  partial?: true;
};

const person: EventRule = { administrative: true };

/** HL7 v2.8.2 chapter 3, by trigger event. */
export const adtEvents: Readonly<Record<string, EventRule>> = {
  A01: { administrative: true, visit: 'in-progress', begins: true },
  A02: { administrative: true, visit: 'in-progress' },
  A03: { administrative: true, visit: 'finished', ends: true },
  A04: { administrative: true, visit: 'in-progress', begins: true },
  A05: { administrative: true, visit: 'planned' },
  A06: { administrative: true, visit: 'in-progress' },
  A07: { administrative: true, visit: 'in-progress' },
  A08: person,
  A09: person,
  A10: { administrative: true, visit: 'arrived' },
  A11: { administrative: true, visit: 'cancelled' },
  A12: person,
  A13: { administrative: true, visit: 'in-progress', reopens: true },
  A14: { administrative: true, visit: 'planned' },
  A15: person,
  A16: person,
  A18: { administrative: true, merges: true },
  A21: { administrative: true, visit: 'onleave' },
  A22: { administrative: true, visit: 'in-progress' },
  A23: { administrative: true, visit: 'entered-in-error' },
  A25: person,
  A26: person,
  A27: { administrative: true, visit: 'cancelled' },
  A28: { administrative: true, active: true },
  A29: { administrative: true, active: false },
  A30: { administrative: true, merges: true },
  A31: person,
  A34: { administrative: true, merges: true },
  A36: { administrative: true, merges: true },
  A38: { administrative: true, visit: 'cancelled' },
  A39: { administrative: true, merges: true },
  A40: { administrative: true, merges: true },
  A41: { administrative: true, partial: true },
  A45: { administrative: true, partial: true },
  A46: { administrative: true, merges: true },
  A47: { administrative: true, merges: true },
  A52: { administrative: true, visit: 'in-progress' },
  A53: { administrative: true, visit: 'onleave' },
  A60: person,
};

/** What messages of other families say about the visit is hearsay. */
export const beside: EventRule = { administrative: false };
