import { pepperedKey64 } from '../../kit/vault.ts';

/** A paper other than the resident number. `type` is a word of `DocumentType` in libs/china, `number` its normalised form. */
export type Document = { type: string; number: string };

/** What a message says of a person, at the sender's time `stamp`. Absent fields say nothing; null empties. */
export type Demographics = {
  stamp: string;
  name?: string | null;
  sex?: 'male' | 'female' | 'other' | 'unknown' | null;
  birthDate?: string | null;
  /** The resident number as it was sent, and only if it is a valid one. */
  number?: string | null;
  documents?: readonly Document[];
  phone?: string | null;
  address?: string | null;
  area?: string | null;
  ethnicGroup?: string | null;
  deceased?: string | null;
};

/** A value that was told at some time, from the first to the last stamp; kept once there is more than one of its kind. */
export type Told = { kind: 'name' | 'number' | 'phone'; value: string; first: string; last: string };

/** A person as one institution knows them, as the room keeps it. */
export type Source = {
  id: bigint;
  institution: number;
  authority: string;
  localId: string;
  resident: bigint;
  mergedInto: bigint | null;
  mergedStamp: string | null;
  number: string | null;
  numberStamp: string | null;
  documents: (Document & { stamp: string })[];
  told: Told[];
  how: Rule;
  name: string | null;
  sex: string | null;
  birthDate: string | null;
  phone: string | null;
  address: string | null;
  area: string | null;
  ethnicGroup: string | null;
  deceased: string | null;
  stamp: string;
  version: number;
};

/** Why a source identity belongs to its resident. */
export type Rule =
  | 'resident-number'
  | 'local-id'
  | 'merged-by-institution'
  | 'probabilistic'
  | 'linked-by-person'
  | 'separated-by-person'
  | 'number-contradicts-birth-date'
  | 'number-contradicts-sex'
  | 'number-contradicts-name'
  | 'number-overused';

/** What an act in force says of two sources. `weight` is the engine's, in bits; null: a person's word. */
export type Edge = { a: bigint; b: bigint; act: bigint; says: 'one' | 'two'; weight: number | null };

/** One message speaking of one person. `message` is where it came from, for the decision's trail. */
export type Sighting = {
  id: bigint;
  institution: number;
  authority: string;
  localId: string;
  message: bigint | null;
  says?: Demographics;
};
export type Merge = { survivor: bigint; retired: bigint; stamp: string };

/** The immutable id of a source identity, from what it is and the platform's key, so that every server and every order of messages computes the same, and nobody else can. */
export const sourceId = (institutionCode: string, authority: string, localId: string): bigint =>
  pepperedKey64(`person|${institutionCode}|${authority}|${localId}`);

/** A resident known by a number; two institutions that send the number at the same instant make the same resident. */
export const residentOfNumber = (number: string): bigint => pepperedKey64(`resident|number|${number}`);
/** A resident known only by one institution. */
export const residentOfSource = (source: bigint): bigint => pepperedKey64(`resident|source|${source}`);
