import { maskName } from '@hutong/china';
import type { ContactPerson } from '@hutong/contract/surveillance.ts';
import { vaultOf } from '../../../kit/vault.ts';

/** Where the particulars of a person lie sealed. */
export type PersonColumn =
  | 'surveillance.contact.sealed'
  | 'surveillance.key_item.sealed'
  | 'surveillance.exchanged.sealed';

export const sealPerson = (db: object, person: ContactPerson, column: PersonColumn): Buffer =>
  vaultOf(db).seal(JSON.stringify(person), column);
export const openPerson = (db: object, sealed: Buffer, column: PersonColumn): ContactPerson =>
  JSON.parse(vaultOf(db).open(sealed, column).toString('utf8')) as ContactPerson;
export const maskedName = (db: object, sealed: Buffer, column: PersonColumn): string =>
  maskName(openPerson(db, sealed, column).name);

/** Equal for the same document number or, without one, the same telephone; null for somebody without either. */
export function personIndex(db: object, { number, phone }: ContactPerson): Buffer | null {
  const value = number ?? phone;
  return value
    ? vaultOf(db).blindIndex(number ? 'number' : 'phone', value.toUpperCase().replaceAll(/[\s-]/g, ''))
    : null;
}

export const personSchema = {
  name: { type: 'string', minLength: 1, maxLength: 60 },
  phone: { type: ['string', 'null'], maxLength: 30 },
  number: { type: ['string', 'null'], maxLength: 30 },
  address: { type: ['string', 'null'], maxLength: 200 },
};
export const personOfBody = (body: Record<string, unknown>): ContactPerson => ({
  name: String(body.name).normalize('NFKC').trim(),
  phone: (body.phone as string | null | undefined)?.trim() || null,
  number: (body.number as string | null | undefined)?.trim().toUpperCase() || null,
  address: (body.address as string | null | undefined)?.trim() || null,
});
