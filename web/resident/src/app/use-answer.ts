import { useCallback, useEffect, useState } from 'react';
import { call, Problem } from './api.ts';

export type Answered<T> = { value: T | null; problem: Problem | null; again(): void };

/** One GET when the screen opens. Looking is audited, so nothing is asked again by itself. */
export function useAnswer<T>(path: string | null): Answered<T> {
  const [value, setValue] = useState<T | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [round, setRound] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `round` asks again
  useEffect(() => {
    if (path === null) return;
    let isGone = false;
    setProblem(null);
    call<T>(path).then(
      (answer) => !isGone && setValue(answer),
      (failure: unknown) => !isGone && setProblem(failure instanceof Problem ? failure : new Problem(0, null)),
    );
    return () => {
      isGone = true;
    };
  }, [path, round]);
  return { value, problem, again: useCallback(() => setRound((n) => n + 1), []) };
}

/** Pages of a list that is read on by cursor. */
export function usePages<T>(path: string): {
  items: T[] | null;
  hasMore: boolean;
  problem: Problem | null;
  more(): void;
} {
  const [pages, setPages] = useState<{ items: T[]; next: string | null } | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const load = useCallback(
    async (before: string | null) => {
      try {
        const answer = await call<{ items: T[]; next: string | null }>(
          before === null ? path : `${path}?before=${encodeURIComponent(before)}`,
        );
        setPages((known) => ({
          items: [...(before === null ? [] : (known?.items ?? [])), ...answer.items],
          next: answer.next,
        }));
        setProblem(null);
      } catch (failure) {
        setProblem(failure instanceof Problem ? failure : new Problem(0, null));
      }
    },
    [path],
  );
  useEffect(() => void load(null), [load]);
  return {
    items: pages?.items ?? null,
    hasMore: pages?.next != null,
    problem,
    more: () => void load(pages?.next ?? null),
  };
}
