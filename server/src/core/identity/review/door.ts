import type { IdentityWords, InstitutionName } from '@hutong/contract/identity.ts';
import type { Pool } from '../../../kit/pool.ts';
import type { Directory } from '../../directory/index.ts';
import type { CurrentModel } from '../matching/current-model.ts';

/** What the review of the index stands on. `twoPeople`: a link by hand needs two members of staff. */
export type ReviewDoor = { pool: Pool; directory: Directory; model: CurrentModel; twoPeople: boolean };

export const institutionOf = (directory: Directory, id: number | null): InstitutionName => {
  const row = id === null ? undefined : directory.institution(id);
  return { code: row?.code ?? '', nameZh: row?.nameZh ?? '未知机构', nameEn: row?.nameEn ?? 'Unknown institution' };
};

export const agentName = (directory: Directory, kind: string, id: string): string =>
  kind === 'staff' ? (directory.staff(id)?.nameZh ?? id) : id;

export const withWords = <Code extends string>(
  code: Code,
  words: IdentityWords | null,
): { code: Code } & IdentityWords => ({ code, zh: words?.zh ?? code, en: words?.en ?? code });
