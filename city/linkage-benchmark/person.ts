import type { Address } from '../people/resident.ts';
import type { District } from '../places/districts.ts';

export type Sex = 'male' | 'female';

/** One person as the truth has it. */
export type Person = {
  /** 0 .. in order of making. */
  index: number;
  name: string;
  sex: Sex;
  birthDay: number;
  /** Resident number, or passport of a foreigner. */
  number: string;
  /** Expired passport of a foreigner. */
  staleNumber: string | null;
  /** Serial numbers of telephones, now and before. */
  phone: number;
  formerPhone: number;
  child: boolean;
  /** First or second of twins, else 0. */
  twin: 0 | 1 | 2;
};

export type Family = { people: Person[]; mother: Person; district: District; home: Address; formerHome: Address };

export type BenchmarkKind =
  | 'missing-number'
  | 'mistyped-number-valid'
  | 'mistyped-number-invalid'
  | 'parents-number'
  | 'agents-number'
  | 'number-15'
  | 'stale-passport'
  | 'homophone'
  | 'look-alike'
  | 'variant'
  | 'dropped-character'
  | 'dot'
  | 'strange-character'
  | 'foreign-name'
  | 'newborn-unnamed'
  | 'wrong-birth-date'
  | 'wrong-sex'
  | 'other-phone'
  | 'other-address'
  | 'short-address';

/** One record as a desk typed it, with what is wrong with it. */
export type BenchmarkRecord = {
  /** `R` and eight digits; says nothing about the person. */
  id: string;
  name: string;
  sex: string;
  /** `YYYY-MM-DD` */
  birthDate: string;
  number: string;
  phone: string;
  address: string;
  /** The truth: who this is, and with whom they live. */
  person: number;
  household: number;
  twin: boolean;
  dirt: readonly BenchmarkKind[];
};
