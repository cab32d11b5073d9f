import type { Queryable } from '../../../kit/pool.ts';
import { vaultOf } from '../../../kit/vault.ts';
import type { Edge, Source } from '../model.ts';

const bind = {
  local: 'identity.source.local_id',
  number: 'identity.source.number',
  phone: 'identity.source.phone',
  more: 'identity.source.more',
} as const;

/** Blind indexes by which sources are found: equal values, equal words; without the platform's key nobody can try values out. */
export const indexOf = (db: Queryable, kind: 'number' | 'phone' | 'local-id', value: string): Buffer =>
  vaultOf(db).blindIndex(`identity ${kind}`, value);

export const sourceColumns = `id::text, institution, authority, local_id as "localId", local_sealed as "localSealed", resident::text, merged_into::text as "mergedInto",
  merged_stamp as "mergedStamp", number, number_sealed as "numberSealed", number_stamp as "numberStamp", more_sealed as "moreSealed", how, name, sex,
  birth_date as "birthDate", phone, phone_sealed as "phoneSealed", address, area, ethnic_group as "ethnicGroup", deceased, stamp, version`;

type Plain = Omit<Source, 'id' | 'resident' | 'mergedInto' | 'localId' | 'documents' | 'told'>;
export type SourceColumns = Plain & {
  id: string;
  resident: string;
  mergedInto: string | null;
  localId: string | null;
  localSealed: Buffer | null;
  numberSealed: Buffer | null;
  phoneSealed: Buffer | null;
  moreSealed: Buffer | null;
};

/** Opens a row. What older rows hold in clear is taken as it is until it has been sealed. */
export function toSource(db: Queryable, row: SourceColumns): Source {
  const vault = vaultOf(db);
  const { localSealed, numberSealed, phoneSealed, moreSealed, ...plain } = row;
  const more = moreSealed
    ? (JSON.parse(vault.open(moreSealed, bind.more).toString()) as Pick<Source, 'documents' | 'told'>)
    : { documents: [], told: [] };
  return {
    ...plain,
    ...more,
    id: BigInt(row.id),
    resident: BigInt(row.resident),
    mergedInto: row.mergedInto === null ? null : BigInt(row.mergedInto),
    localId: localSealed ? vault.open(localSealed, bind.local).toString() : (row.localId ?? ''),
    number: numberSealed ? vault.open(numberSealed, bind.number).toString() : row.number,
    phone: phoneSealed ? vault.open(phoneSealed, bind.phone).toString() : row.phone,
  };
}

/** The sealed columns of a source, as they go to the database: bytes as hex. */
export function sealedColumns(db: Queryable, source: Source): Record<string, string | null> {
  const vault = vaultOf(db);
  const { localId, number, phone, documents, told } = source;
  const hex = (bytes: Buffer): string => bytes.toString('hex');
  const more = documents.length > 0 || told.length > 0 ? JSON.stringify({ documents, told }) : null;
  return {
    local_sealed: hex(vault.seal(localId, bind.local)),
    local_index: hex(indexOf(db, 'local-id', localId)),
    number_sealed: number && hex(vault.seal(number, bind.number)),
    number_index: number && hex(indexOf(db, 'number', number)),
    phone_sealed: phone && hex(vault.seal(phone, bind.phone)),
    phone_index: phone && hex(indexOf(db, 'phone', phone)),
    more_sealed: more && hex(vault.seal(more, bind.more)),
  };
}

export type EdgeColumns = { a: string; b: string; act: string; says: 'one' | 'two'; weight: number | null };
export const toEdge = (row: EdgeColumns): Edge => ({
  ...row,
  a: BigInt(row.a),
  b: BigInt(row.b),
  act: BigInt(row.act),
});
