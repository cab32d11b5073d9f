import { foldName, readingKeys } from '@hutong/china';
import type { Comparable } from './records.ts';

/** A block is looked through up to this many records; a larger one is counted and shown, and left to the other keys. */
export const mostBlock = 100;

export type BlockKind =
  | 'number'
  | 'document'
  | 'phone'
  | 'name-birth'
  | 'sound-birth'
  | 'name-year'
  | 'name-day'
  | 'birth-address';
export type BlockText = { kind: BlockKind; text: string };

const addressTail = (address: string): string =>
  address
    .normalize('NFKC')
    .replace(/[\s,，。.-]/gu, '')
    .slice(-8);

/** The words under which a person is found again: any one in common makes two records candidates. */
export function blocksOf({ names, birthDate, numbers, documents, phones, address }: Comparable): BlockText[] {
  const blocks: BlockText[] = [];
  const add = (kind: BlockKind, ...parts: string[]): void =>
    void blocks.push({ kind, text: [kind, ...parts].join('|') });
  for (const number of numbers) add('number', number);
  for (const { number } of documents) add('document', number);
  for (const phone of phones) add('phone', phone.replace(/\D/g, '').slice(-11));
  const born = birthDate?.slice(0, 10);
  const whole = born?.length === 10 ? born : null;
  for (const name of new Set(names.map((text) => foldName(text).key))) {
    if (!name) continue;
    if (whole) {
      add('name-birth', name, whole);
      add('name-day', name, whole.slice(5));
    }
    if (born) add('name-year', name, born.slice(0, 4));
  }
  if (whole) {
    for (const sound of new Set(names.flatMap((name) => readingKeys(name, 2)))) add('sound-birth', sound, whole);
    const tail = address ? addressTail(address) : '';
    if (tail.length >= 5) add('birth-address', whole, tail);
  }
  return blocks;
}
