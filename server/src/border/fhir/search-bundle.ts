import type { SearchQuery } from '@hutong/fhir';
import type { Call } from '../../core/access/index.ts';
import type { Page, Stored } from '../../core/store/index.ts';
import { outcomeOf } from './outcome.ts';
import { shaped, shapeOfSearch } from './shape.ts';

const tooMany = outcomeOf([
  {
    severity: 'warning',
    rule: 'fhir.incomplete',
    path: '',
    zh: '包含的资源过多，本页未全部列出',
    en: 'Not everything to be included is on this page; ask for fewer matches at a time',
  },
]);

export const rowEntry = (
  origin: string,
  mode: string,
  body: string,
  { type, id }: Pick<Stored, 'type' | 'id'>,
): string => `{"fullUrl":"${origin}/fhir/${type}/${id}","resource":${body},"search":{"mode":"${mode}"}}`;

/** A searchset; bodies go out as they are stored unless the search cuts them. */
export function searchBundle(
  page: Page,
  call: Call,
  type: string | undefined,
  given: URLSearchParams,
  query: SearchQuery,
): string {
  const shape = shapeOfSearch(query);
  const entry =
    (mode: string) =>
    (row: Stored): string =>
      rowEntry(call.origin, mode, shaped(row.body, shape), row);
  const link = (after: string | null): string => {
    const parameters = new URLSearchParams(given);
    if (after === null) parameters.delete('_after');
    else parameters.set('_after', after);
    const text = parameters.toString();
    return JSON.stringify(`${call.origin}/fhir${type === undefined ? '' : `/${type}`}${text ? `?${text}` : ''}`);
  };
  const links = [
    `{"relation":"self","url":${link(given.get('_after'))}}`,
    ...(page.next ? [`{"relation":"next","url":${link(page.next)}}`] : []),
  ];
  const entries = [
    ...page.matches.map(entry('match')),
    ...page.included.map(entry('include')),
    ...(page.truncated ? [`{"resource":${JSON.stringify(tooMany)},"search":{"mode":"outcome"}}`] : []),
  ];
  const total = page.total === null ? '' : `"total":${page.total},`;
  const text = `{"resourceType":"Bundle","type":"searchset",${total}"link":[${links.join(',')}]${entries.length > 0 ? `,"entry":[${entries.join(',')}]` : ''}}`;
  return shape.pretty ? JSON.stringify(JSON.parse(text), null, 2) : text;
}
