import type { SourceIdentity } from '../dirt/source-identity.ts';
import type { ImagingReport, LabReport, Visit } from '../lives/visit.ts';
import type { Institution, Protocol } from '../places/institutions.ts';

/** What a hospital's interface engine has decided to send, before it is written in its protocol. */
export type Planned = {
  institution: Institution;
  /** When it leaves the hospital. */
  at: number;
  /** When the sending system says it wrote the message: differs from `at` for late messages. */
  writtenAt: number;
  controlId: string;
  kind: MessageKind;
  visit: Visit;
  identity: SourceIdentity;
  /** The registration that goes away (A40). */
  retired?: SourceIdentity;
  lab?: LabReport;
  /** Repeats a report with one value set right. */
  correction?: boolean;
  imaging?: ImagingReport;
  /** The registration has changed since it was last told: FHIR updates the Patient instead of creating it on condition. */
  renewed?: boolean;
  broken?: Breakage;
  dirt: readonly string[];
};

export type MessageKind =
  | 'ADT^A01'
  | 'ADT^A03'
  | 'ADT^A04'
  | 'ADT^A08'
  | 'ADT^A11'
  | 'ADT^A13'
  | 'ADT^A28'
  | 'ADT^A31'
  | 'ADT^A40'
  | 'ORU^R01'
  | 'ORM^O01'
  | 'OML^O21'
  | 'MDM^T02'
  | 'SIU^S12'
  | 'VXU^V04'
  | 'RDE^O11'
  | 'bundle:visit'
  | 'bundle:results'
  | 'bundle:imaging'
  | 'C0002'
  | 'C0006'
  | 'C0007';

export type Breakage =
  | 'no-patient-id'
  | 'wrong-charset'
  | 'future-birth-date'
  | 'truncated'
  | 'unknown-event'
  | 'bad-reference';

/** One message as it goes over the wire, with what is true about it. */
export type CityMessage = {
  institution: Institution;
  protocol: Protocol;
  /** Milliseconds since 1970: when it is sent. */
  at: number;
  bytes: Buffer;
  controlId: string;
  /** `ADT^A04`, `bundle:results`, `C0007` ... */
  kind: string;
  truth: Truth;
};

export type Truth = {
  resident: number;
  localId: string;
  visit: string;
  /** Dirt of the registration and of this message. */
  dirt: readonly string[];
  broken: Breakage | null;
  duplicate: boolean;
  outbreak: string | null;
};
