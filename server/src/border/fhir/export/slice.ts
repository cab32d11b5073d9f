import { type Filter, parseSearch, type ResourceType } from '@hutong/fhir';
import type { ExportSlice } from '../../../core/store/index.ts';
import { shippedTerminology } from '../../../core/terminology/index.ts';
import { withinScopes } from '../within-scopes.ts';
import { callerOfJob, type People, scopeOf } from './members.ts';
import type { Job } from './tables.ts';

/** One type of an export, as the store is asked for it: the client's scope is part of it, in its filters' chains too. */
export function sliceOf(
  job: Pick<Job, 'client' | 'institution' | 'request' | 'asked'>,
  people: People | null,
  type: ResourceType,
): ExportSlice {
  const { level, since, typeFilters, base } = job.request;
  const at = job.asked.getTime();
  return {
    type,
    scope: scopeOf(job, people),
    now: at,
    base,
    expand: (valueSet) => shippedTerminology().expand(valueSet.split('|')[0] as string),
    since,
    until: at,
    about: people ? [...people.keys()] : level === 'system' ? 'anything' : 'somebody',
    anyOf: typeFilters.flatMap((filter): (readonly Filter[])[] => {
      const [of, query = ''] = filter.split(/\?(.*)/s);
      if (of !== type) return [];
      const parsed = parseSearch(type, new URLSearchParams(query), []);
      const narrowed = parsed.ok ? withinScopes(callerOfJob(job), parsed.query, type) : '';
      return typeof narrowed === 'string' ? [[{ kind: 'or', filters: [] }]] : [narrowed.filters];
    }),
  };
}
