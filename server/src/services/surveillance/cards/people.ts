import { foldName } from '@hutong/china';
import type { SourceRow } from '../../../core/identity/index.ts';
import { pepperedKey64 } from '../../../kit/vault.ts';
import { newest } from './door.ts';

/** What lists and pyramids need of a resident, kept on the card. `twin` is 0 where name or birth date are unknown. */
export type Person = { sex: string; birth: string | null; twin: bigint };

export function personOf(sources: SourceRow[]): Person {
  const name = newest(sources, 'name');
  const birthDate = newest(sources, 'birthDate');
  // A year or a month alone is taken as its first day: ages in years stay right to one year.
  const birth = birthDate && /^\d{4}/.test(birthDate) ? `${birthDate}-01-01`.slice(0, 10) : null;
  return {
    sex: newest(sources, 'sex') ?? 'unknown',
    birth,
    twin: name && birth ? pepperedKey64(`${foldName(name).key}|${birth}`) : 0n,
  };
}
