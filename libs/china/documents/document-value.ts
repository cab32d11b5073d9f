import type { ResidentNumber, ResidentNumberReason } from '../resident-number.ts';

/** A number read as the paper it stands on. `number` is the normalised form to store and compare. */
export type DocumentValue =
  | ({ type: 'resident-id' | 'household-book' | 'hmt-residence-permit'; number: string } & Resident)
  | ({ type: 'foreign-permanent-id'; number: string; layout: '2023' } & Resident & {
        /** Digits 2-3: province that received the application. */
        placeCode: string;
        /** Digits 4-6: GB/T 2659 numeric country code. */
        countryNumeric: string;
      })
  | { type: 'foreign-permanent-id'; number: string; layout: '2004'; countryAlpha3: string }
  | {
      type: 'hm-travel-permit';
      /** Letter and eight digits: the lasting part, without the count of issues. */
      number: string;
      region: 'hong-kong' | 'macao';
      issueCount: number | null;
    }
  | { type: 'tw-travel-permit'; number: string; issueCount: number | null }
  | { type: 'birth-certificate'; number: string; series: string; serial: string }
  | {
      type: 'health-record';
      number: string;
      /** 6 digits; township code 9 digits; village code 12 digits; sequence in the village, 1 and up. */
      areaCode: string;
      townshipCode: string;
      villageCode: string;
      sequence: number;
    }
  | { type: 'driving-licence'; number: string; resident: ResidentNumber | null }
  | { type: 'passport' | 'officer-card' | 'other'; number: string };

type Resident = { resident: ResidentNumber };

/** Why a document number was refused; the first seven come from the citizen number inside it. */
export type DocumentReason =
  | ResidentNumberReason
  | 'format'
  | 'sequence-impossible'
  | 'not-this-document'
  | 'document-type-unknown';
