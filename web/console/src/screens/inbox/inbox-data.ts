import type { InboxItem, InboxMessage, InboxState } from '@hutong/contract/console.ts';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { call, queryOf } from '../../app/api.ts';

export type InboxFilters = {
  state?: string;
  institution?: string;
  protocol?: string;
  kind?: string;
  rule?: string;
  q?: string;
};
export type InboxPage = {
  items: InboxItem[];
  next: string | null;
  counts: Record<InboxState, number>;
  rules: { rule: string; zh: string; en: string; count: number }[];
};

export const inboxQuery = (filters: InboxFilters) =>
  infiniteQueryOptions({
    queryKey: ['inbox', filters],
    queryFn: ({ pageParam, signal }) =>
      call<InboxPage>(`/inbox${queryOf({ ...filters, before: pageParam, limit: 50 })}`, { signal }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next ?? undefined,
  });

export const messageQuery = (id: string) =>
  queryOptions({
    queryKey: ['inbox-message', id],
    queryFn: ({ signal }) => call<InboxMessage>(`/inbox/${encodeURIComponent(id)}`, { signal }),
    // Each reading is audited: a message is not fetched again merely because a window was touched.
    staleTime: 60_000,
    refetchInterval: ({ state }) => (state.data?.state === 'waiting' ? 2_000 : false),
  });
