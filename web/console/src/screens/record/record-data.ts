import type { AccessGround, Analyte, CareEvent, Look, Resident360 } from '@hutong/contract/console.ts';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { call, Problem, queryOf } from '../../app/api.ts';

const of = (id: string): string => `/residents/${encodeURIComponent(id)}`;
/** Every reading of a record is audited, so nothing here is fetched again unless somebody asks. */
const staleTime = 300_000;

export type EventFilters = { kind?: string; institution?: string; from?: string; to?: string };
export type EventDetail = {
  event: CareEvent;
  resources: object[];
  rows: {
    labelZh: string;
    labelEn: string;
    value: string | number | null;
    unit: string | null;
    range: string | null;
    flag: string | null;
  }[];
  narrative: string | null;
};

export const recordQuery = (id: string) =>
  queryOptions({ queryKey: ['record', id], queryFn: ({ signal }) => call<Resident360>(of(id), { signal }), staleTime });

export const eventsQuery = (id: string, filters: EventFilters) =>
  infiniteQueryOptions({
    queryKey: ['record', id, 'events', filters],
    queryFn: ({ pageParam, signal }) =>
      call<{ items: CareEvent[]; next: string | null }>(
        `${of(id)}/events${queryOf({ ...filters, before: pageParam, limit: 50 })}`,
        { signal },
      ),
    initialPageParam: '',
    getNextPageParam: (page) => page.next ?? undefined,
    staleTime,
  });

export const eventQuery = (id: string, event: string) =>
  queryOptions({
    queryKey: ['record', id, 'event', event],
    queryFn: ({ signal }) => call<EventDetail>(`${of(id)}/events/${encodeURIComponent(event)}`, { signal }),
    staleTime,
  });

export const laboratoryQuery = (id: string) =>
  queryOptions({
    queryKey: ['record', id, 'laboratory'],
    queryFn: ({ signal }) => call<{ analytes: Analyte[] }>(`${of(id)}/laboratory`, { signal }),
    staleTime,
  });

export const looksQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: ['record', id, 'looks'],
    queryFn: ({ pageParam, signal }) =>
      call<{ items: Look[]; next: string | null }>(`${of(id)}/looks${queryOf({ before: pageParam })}`, { signal }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next ?? undefined,
    staleTime: 10_000,
  });

export const breakGlass = (id: string, reason: { reasonCode: string; text: string }): Promise<AccessGround> =>
  call<AccessGround>(`${of(id)}/break-glass`, { method: 'POST', body: reason });

/** The ground a 403 carries, as the answer itself or as its `access`. */
export function closedGround(failure: unknown): AccessGround | null {
  if (
    !(failure instanceof Problem) ||
    failure.status !== 403 ||
    typeof failure.body !== 'object' ||
    failure.body === null
  )
    return null;
  const { access = failure.body } = failure.body as { access?: unknown };
  return typeof access === 'object' && access !== null && 'canBreakGlass' in access ? (access as AccessGround) : null;
}
