import type { Session } from '@hutong/contract/console.ts';
import { MutationCache, QueryCache, QueryClient, queryOptions, useQuery } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';
import { call, loginAddress, Problem } from './api.ts';

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: ({ signal }) => call<Session>('/session', { signal }),
  staleTime: 60_000,
});

/** Whether the server has forgotten this login while the page was open. */
let expired = false;
const listeners = new Set<() => void>();
const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};
export const useExpired = (): boolean => useSyncExternalStore(subscribe, () => expired);

function noteExpiry(failure: unknown): void {
  if (!(failure instanceof Problem) || failure.status !== 401 || expired) return;
  // Before anybody was logged in, a 401 is no expiry: the shell sends the visitor to the login.
  if (queryClient.getQueryData(sessionQuery.queryKey) === undefined) return;
  expired = true;
  for (const listener of listeners) listener();
}

export const queryClient: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError: noteExpiry }),
  mutationCache: new MutationCache({ onError: noteExpiry }),
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      refetchOnWindowFocus: false,
      // A refusal is an answer; only a lost connection or a busy platform is worth asking again.
      retry: (failures, failure) =>
        failure instanceof Problem && (failure.status === 0 || failure.status >= 502) && failures < 2,
    },
  },
});

export const useSession = () => useQuery(sessionQuery);

export function useMay(): (permission: string) => boolean {
  const { data } = useSession();
  return (permission) => data?.permissions.includes(permission) ?? false;
}

const here = (): string => location.pathname + location.search;
export const loginFromHere = (): string => loginAddress(here());

export async function logout(): Promise<void> {
  await call('/logout', { method: 'POST' });
  // A full load: nothing of this session stays in memory.
  location.assign('/');
}
