import type { LoadResult } from '../load.ts';
import { summarise } from '../load.ts';
import type { Answer, Connection, Target } from './wire.ts';

export type Step = {
  /** What the figures are kept under. */
  kind: string;
  method: string;
  path: string;
  body?: string;
  good(answer: Answer): boolean;
  taken?(answer: Answer): void;
};

export type Outcome = LoadResult & { kinds: Map<string, LoadResult & { statuses: string }> };

/**
 * A closed loop: every connection asks again as soon as it has its answer. Ends after `seconds`, or when `next` has no more.
 * An answer that `good` does not hold for is an error; its status is counted, its content is not kept.
 */
export async function closedLoop(
  target: Target,
  connections: number,
  seconds: number,
  next: (connection: number) => Step | null,
): Promise<Outcome> {
  const all: number[] = [];
  type Kind = { latencies: number[]; errors: number; statuses: Map<number, number> };
  const kinds = new Map<string, Kind>();
  let errors = 0;
  const started = performance.now();
  const end = started + seconds * 1000;
  await Promise.all(
    Array.from({ length: connections }, async (_, number) => {
      let connection: Connection = target.open();
      while (performance.now() < end) {
        const step = next(number);
        if (!step) break;
        const kind: Kind = kinds.get(step.kind) ?? { latencies: [], errors: 0, statuses: new Map() };
        kinds.set(step.kind, kind);
        const from = performance.now();
        let answer: Answer | null = null;
        try {
          answer = await connection.send(step.method, step.path, { body: step.body });
        } catch {
          connection.close();
          connection = target.open();
        }
        const ms = performance.now() - from;
        all.push(ms);
        kind.latencies.push(ms);
        const status = answer?.status ?? 0;
        if (answer && step.good(answer)) step.taken?.(answer);
        else {
          errors++;
          kind.errors++;
          kind.statuses.set(status, (kind.statuses.get(status) ?? 0) + 1);
        }
      }
      connection.close();
    }),
  );
  const took = (performance.now() - started) / 1000;
  return {
    ...summarise(all, took, errors),
    kinds: new Map(
      [...kinds].map(([name, { latencies, errors: wrong, statuses }]) => [
        name,
        {
          ...summarise(latencies, took, wrong),
          statuses: [...statuses].map(([status, times]) => `${status || 'no answer'} x ${times}`).join(', '),
        },
      ]),
    ),
  };
}
