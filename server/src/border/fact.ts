/**
 * What every foreign format becomes at the border, before anybody is looked up and before anything is stored.
 * A translator (`hl7v2/`, `cda/`, `files/`) is a pure function from bytes to {@link Translation}; `intake/` resolves the
 * people and writes the facts. FHIR bundles arrive in this language already and only gain keys.
 */

/** A FHIR R4 resource as plain JSON. */
export type Resource = { resourceType: string; id?: string; [element: string]: unknown };

/**
 * A person as the sending institution names them. `localId` is the institution's own number (PID-3, recordTarget id);
 * `authority` is the assigning authority inside that institution ('' when it has only one).
 */
export type PersonKey = { authority: string; localId: string };

/**
 * One clinical fact: a resource with a business key, so that the same fact told twice, late, or corrected is one row.
 *
 * - `key` is unique within (sending institution, resource type), and the same for every message that speaks of the same
 *   thing: 'Encounter' + visit number, 'Observation' + filler order + code + sub-id, and so on. It must not depend on the
 *   message that carried it.
 * - References to other facts are written `{ reference: 'key:<resourceType>|<key>' }`; intake turns them into ids. The fact
 *   referred to need not be in the same message.
 * - `person` is the subject, absent for facts about nobody (Organization, Practitioner, Location).
 * - `stamp` orders versions of the same fact by when the sender said it (ISO 8601 in UTC with milliseconds, from MSH-7,
 *   OBR-22, EVN-2, effectiveTime), never by arrival. Equal stamps are ordered by control id.
 * - `merge: 'elements'` joins top-level elements one by one, newest stamp wins each (an A08 without PV1-44 keeps the
 *   admission time that the A01 gave); `'replace'` takes the newest whole.
 * - `cleared` names top-level elements that the sender explicitly emptied (HL7 v2 `""`).
 */
export type Fact = {
  key: string;
  resource: Resource;
  person?: PersonKey;
  stamp: string;
  merge: 'elements' | 'replace';
  cleared?: string[];
};

/** A40 and kin: everything of `retired` belongs to `survivor` from now on; undone only by the identity room. */
export type PersonMerge = { survivor: PersonKey; retired: PersonKey; stamp: string };

/** `error` keeps the message out of the record (held in the inbox, can be fixed and replayed); `warning` lets it through. */
export type BorderIssue = {
  severity: 'error' | 'warning';
  /** Closed list, one per rule, e.g. 'hl7v2.required-field-missing'; listed in the room's README. */
  rule: string;
  /** Where: 'PID-3[1].1', '/ClinicalDocument/recordTarget/…', 'Bundle.entry[3].resource.gender'. */
  path: string;
  /** One plain sentence each. They never quote personal data. */
  zh: string;
  en: string;
};

/** Something that came in and has no place in the record yet. Counted and shown, never silently dropped. */
export type Unmapped = { path: string; count: number };

export type Translation = {
  /** 'ORU^R01', 'C0007', 'csv:lab-results' … */
  kind: string;
  /** The sender's own id of this message; '' when the format has none (then the content hash stands for it). */
  controlId: string;
  /** When the sender made it: ISO 8601 UTC, or undefined when it does not say. */
  sentAt?: string;
  facts: Fact[];
  merges: PersonMerge[];
  unmapped: Unmapped[];
  issues: BorderIssue[];
};
