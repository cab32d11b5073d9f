import type { MyCodes } from '@hutong/contract/health-code.ts';
import { useCallback, useEffect, useRef, useState } from 'react';
import { call, Problem } from './api.ts';
import { codeAt, isWorn, keepWallet, purseOf, readWallet, type Shown, self } from './wallet.ts';

export type CodeState = {
  shown: Shown | null;
  isOffline: boolean;
  isFetching: boolean;
  /** Another problem than the network: a refusal of the server. */
  problem: Problem | null;
  renew(): void;
};

/** The code of one person at this moment, renewed each minute, from the purse on the phone while there is no network. */
export function useCode(person: string): CodeState {
  const [now, setNow] = useState(() => Date.now());
  const [isOffline, setOffline] = useState(false);
  const [isFetching, setFetching] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const busy = useRef(false);
  const triedAt = useRef(0);

  const fetchAhead = useCallback(async () => {
    if (busy.current) return;
    busy.current = true;
    triedAt.current = Date.now();
    setFetching(true);
    try {
      const answer = await call<MyCodes>('/my/codes', person === self ? {} : { person });
      const wallet = readWallet();
      keepWallet({ ...wallet, purses: { ...wallet.purses, [person]: purseOf(answer, Date.now()) } });
      setOffline(false);
      setProblem(null);
    } catch (failure) {
      const isAway = failure instanceof Problem && failure.status === 0;
      setOffline(isAway);
      setProblem(isAway ? null : (failure as Problem));
    } finally {
      busy.current = false;
      setFetching(false);
      setNow(Date.now());
    }
  }, [person]);

  useEffect(() => {
    triedAt.current = 0;
    const tick = (): void => {
      setNow(Date.now());
      // Without a network it is tried again every ten seconds.
      if (isWorn(readWallet().purses[person], Date.now()) && Date.now() - triedAt.current > 10_000) void fetchAhead();
    };
    tick();
    const timer = setInterval(tick, 500);
    const back = (): void => void fetchAhead();
    addEventListener('online', back);
    return () => {
      clearInterval(timer);
      removeEventListener('online', back);
    };
  }, [person, fetchAhead]);

  return {
    shown: codeAt(readWallet().purses[person], now),
    isOffline,
    isFetching,
    problem,
    renew: () => void fetchAhead(),
  };
}
