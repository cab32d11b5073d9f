import { vaultOf } from '../../../kit/vault.ts';

/** Names, telephones and document numbers that people type in are kept under the vault's keys, bound to their column. */
const bind = 'surveillance.card_act.sealed';

export const sealFields = (db: object, fields: Record<string, string> | null): Buffer | null =>
  fields === null || Object.keys(fields).length === 0 ? null : vaultOf(db).seal(JSON.stringify(fields), bind);
export const openFields = (db: object, sealed: Buffer | null): Record<string, string> =>
  sealed === null ? {} : (JSON.parse(vaultOf(db).open(sealed, bind).toString('utf8')) as Record<string, string>);
