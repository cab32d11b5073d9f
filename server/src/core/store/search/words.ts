import { type ReferenceTerm, type ResourceType, searchParameters, type TokenTerm } from '@hutong/fhir';
import { resourceKey } from '../keys.ts';
import { stringLength } from '../search-layout.ts';
import { referenceToken, systemToken, tokenOf, versionToken } from '../tokens.ts';
import { type At, type Binder, NotSearchable, or } from './at.ts';
import { perRow } from './compile-range.ts';

export const tokenWord = (type: string, param: string, { system, code }: TokenTerm): bigint =>
  code === undefined
    ? systemToken(type, param, system ?? '')
    : tokenOf(type, param, system === undefined ? null : (system ?? ''), code);

export function referenceWords(
  type: ResourceType,
  param: string,
  { type: target, id, url, version }: ReferenceTerm,
  base: string | undefined,
  stored = param,
): bigint[] {
  const local =
    url === undefined || (base !== undefined && target !== undefined && url.startsWith(`${base}/${target}/`));
  if (version !== undefined) return [versionToken(type, stored, local ? `${target}/${id}` : (url as string), version)];
  if (!local) return [tokenOf(type, stored, null, url)];
  if (!id) return [];
  const targets = target ? [target] : (searchParameters(type).get(param)?.targets ?? []);
  return targets.map((one) => referenceToken(type, stored, resourceKey(one, id)));
}

export const likeEscape = (text: string): string => text.replace(/[\\%_]/g, '\\$&');
/** A text longer than what is stored could match too much: refused. NUL cannot be in a PostgreSQL text, so it matches nothing. */
export const searched = (param: string, text: string): string => {
  if (text.length > stringLength) throw new NotSearchable(`${param} (more than ${stringLength} characters)`);
  return text.replaceAll('\0', '\ufffd');
};

export const stringTest = (
  param: string,
  match: string,
  values: readonly { folded: string }[],
  { bind }: { bind: Binder },
): string =>
  or(
    values.map(({ folded }) => {
      const text = searched(param, folded);
      if (match === 'equals') return `s.value = ${bind(text)}`;
      const pattern = {
        starts: `${likeEscape(text)}%`,
        contains: `%${likeEscape(text)}%`,
        ends: `%${likeEscape(text)}`,
      }[match];
      return `s.value like ${bind(pattern)}`;
    }),
  );

export const stringExistsAt = (number: number, test: string, { alias, bind }: At): string =>
  `exists (select 1 from store.string s where s.shard = ${alias}.shard and s.key = ${alias}.key and s.param = ${bind(number)} and ${test} ${perRow})`;
/** 'http://a/b/c' → 'http://a', 'http://a/b', 'http://a/b/c', each with and without the last slash. */
export function beginnings(uri: string): string[] {
  const found = [uri];
  const start = uri.indexOf('://') + 3;
  for (let at = uri.indexOf('/', start); at >= 0; at = uri.indexOf('/', at + 1))
    found.push(uri.slice(0, at), uri.slice(0, at + 1));
  return found;
}
