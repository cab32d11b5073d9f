import { closedLoop, type Outcome } from './closed-loop.ts';
import { perPerson, person, shared } from './population.ts';
import type { Target } from './wire.ts';

/** Stores the people from `from` up to `to` (not included) as one transaction bundle each. */
export async function importPeople(
  target: Target,
  { from, to, connections }: { from: number; to: number; connections: number },
): Promise<Outcome & { resources: number }> {
  if (from === 0) {
    const connection = target.open();
    const { status, body } = await connection.send('POST', '', { body: shared() });
    connection.close();
    if (status >= 300)
      throw new Error(`the shared resources are answered with ${status}: ${body.toString().slice(0, 600)}`);
  }
  let n = from;
  const told = setInterval(() => process.stderr.write(`\r  ${n - from} of ${to - from} bundles `), 2000);
  const outcome = await closedLoop(target, connections, Number.POSITIVE_INFINITY, () =>
    n < to
      ? { kind: 'transaction', method: 'POST', path: '', body: person(n++), good: ({ status }) => status === 200 }
      : null,
  );
  clearInterval(told);
  return { ...outcome, resources: (outcome.done - outcome.errors) * perPerson };
}
