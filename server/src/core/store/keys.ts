import { isResourceType, type ResourceType, resourceTypes } from '@hutong/fhir';
import { base32, quickKey64 } from '../../kit/hash.ts';
import { pepperedHash } from '../../kit/vault.ts';

/** Logical shards; a distributed PostgreSQL spreads them over nodes, one PostgreSQL ignores them. Fits ten bits of every id. */
export const shardCount = 256;
/** Where facts about nobody lie (institutions, practitioners, locations): copied to every node when distributed. */
export const referenceShard = 0;
/**
 * The shard of everything about a person as one institution knows them (docs/decisions/0005-shards.md): the source identity never
 * changes, while the resident it points to may (a late number, a merge, an unmerge), and no row may have to move for that.
 */
export const shardOfPerson = (person: bigint): number =>
  1 + Number(BigInt.asUintN(32, person) % BigInt(shardCount - 1));

const typeNumbers = new Map<string, number>(resourceTypes.map((type, index) => [type, index + 1]));

export const typeNumber = (type: string): number => typeNumbers.get(type) ?? 0;
export const typeName = (number: number): ResourceType => resourceTypes[number - 1] as ResourceType;

/**
 * The internal key of a resource: 64 bits of hash, so a reference resolves by arithmetic. At 10^10 resources in 255 shards a clash inside a
 * shard has odds of about 1 in 100; it is refused at the write (type and id are compared), never merged.
 */
export const resourceKey = (type: string, id: string): bigint => quickKey64(`${type}/${id}`);

const letters = 'abcdefghijklmnopqrstuvwxyz234567';
const ourId = /^[a-z2-7]{25}$/;

/** An id of ours: two letters of shard and 23 of keyed hash, so that reading by id needs no look-up of the shard, and the id does not give away the number that it was made of. */
export function mintId(shard: number, seed: string): string {
  return `${letters[shard >>> 5]}${letters[shard & 31]}${base32(pepperedHash(seed).subarray(0, 14))}`;
}

/** The shard inside an id of ours; null for an id that a client chose. */
export function shardOfId(id: string): number | null {
  if (!ourId.test(id)) return null;
  const shard = letters.indexOf(id[0] as string) * 32 + letters.indexOf(id[1] as string);
  return shard < shardCount ? shard : null;
}

/** Splits 'Type/id' and '…/Type/id/_history/n' of our own base; null for anything else. */
export function parseLocalReference(reference: string): { type: ResourceType; id: string } | null {
  const [type, id, rest, version] = reference.split('/');
  if (!type || !id || !isResourceType(type)) return null;
  if (rest !== undefined && (rest !== '_history' || !version)) return null;
  return { type, id };
}
