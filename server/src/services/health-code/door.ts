import type { Directory } from '../../core/directory/index.ts';
import type { Identity } from '../../core/identity/index.ts';
import type { GroupCommitter } from '../../kit/group-commit.ts';
import type { Pool } from '../../kit/pool.ts';
import type { Vault } from '../../kit/vault.ts';
import type { InsuranceAdapter } from './insurance.ts';
import type { KeyStore } from './key-store.ts';
import type { Card, CardIdentity } from './model.ts';
import type { CardRow } from './tables/cards.ts';
import type { HandleRow } from './tables/codes.ts';

/** What the room works with. `keys` and `insurance` are null where none are configured. */
export type HealthCodeDoor = {
  pool: Pool;
  committer: GroupCommitter;
  directory: Directory;
  identity: Identity;
  vault: Vault;
  keys: KeyStore | null;
  insurance: InsuranceAdapter | null;
  /** Whose a handle of our own codes is. */
  handle(handle: Buffer): Promise<HandleRow | null>;
  /** A card by the index of any id it has had. */
  card(cardIndex: Buffer): Promise<CardRow | null>;
};

const bind = 'health_code.card.sealed';
export const sealCard = (vault: Vault, identity: CardIdentity): Buffer => vault.seal(JSON.stringify(identity), bind);
export const openCard = (vault: Vault, { sealed, lostAt: _, ...row }: CardRow): Card => ({
  ...row,
  identity: JSON.parse(vault.open(sealed, bind).toString()) as CardIdentity,
});
export const documentIndex = (vault: Vault, type: string, number: string): Buffer =>
  vault.blindIndex('document', `${type}:${number}`);
export const cardIndex = (vault: Vault, cardId: string): Buffer => vault.blindIndex('health-card', cardId);
export const temporaryIndex = (vault: Vault, randomId: string): Buffer => vault.blindIndex('temporary-card', randomId);
/** What a code is known by once it is used: a keyed index, so that the list of used codes tells nothing about anybody. */
export const spentKey = (vault: Vault, what: string): Buffer => vault.blindIndex('health-code-use', what);
