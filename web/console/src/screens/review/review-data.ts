import type { IdentitySummary, PairDetail, PairPage, PairState } from '@hutong/contract/identity.ts';
import { queryOptions } from '@tanstack/react-query';
import { call, queryOf } from '../../app/api.ts';
import type { Tone } from '../../app/theme.ts';

export const pairStates: readonly PairState[] = ['open', 'awaiting-second', 'unsure', 'linked', 'separate', 'settled'];
export const stateTones: Record<PairState, Tone> = {
  open: 'warn',
  'awaiting-second': 'info',
  unsure: 'plain',
  linked: 'good',
  separate: 'bad',
  settled: 'plain',
};

export const pageQuery = (state: PairState, after: string | null) =>
  queryOptions({
    queryKey: ['pairs', state, after],
    queryFn: ({ signal }) => call<PairPage>(`/identity/pairs${queryOf({ state, after, limit: 50 })}`, { signal }),
  });
export const summaryQuery = queryOptions({
  queryKey: ['identity-summary'],
  queryFn: ({ signal }) => call<IdentitySummary>('/identity/summary', { signal }),
  staleTime: 30_000,
});
/** Opening a pair is a look at two people, so it is kept for as long as the screen is open and never asked again by itself. */
export const pairQuery = (id: string, isUnmasked = false) =>
  queryOptions({
    queryKey: ['pair', id, isUnmasked],
    queryFn: ({ signal }) =>
      call<PairDetail>(`/identity/pairs/${encodeURIComponent(id)}${isUnmasked ? '?unmasked=yes' : ''}`, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
/** The pair after this one, loaded while this one is being judged. */
export const nextQuery = (current: string) =>
  queryOptions({
    queryKey: ['next-pair', current],
    queryFn: ({ signal }) =>
      call<{ pair: PairDetail | null }>(`/identity/next${queryOf({ skip: current })}`, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
