import { loginAs } from '../server/test/login-as.ts';
import { fillResidents } from './fill-residents.ts';
import { httpLoad } from './load.ts';
import { startServer } from './measured-server.ts';

type Note = (workload: string, figure: string, value: number | string, unit: string, beside?: string) => void;
const queue = 100_000;
const reasons = ['score', 'two-residents-fit', 'number-contradicts-name', 'same-birth-other-name'];

/** The review queue over 100,000 open pairs of different people: what the screen asks when it opens, pages, and shows a pair with the next one loaded. */
export async function review(note: Note): Promise<void> {
  const server = await startServer();
  const { pool } = await fillResidents(server.databaseUrl, 'bench-secret-'.repeat(4), 2 * queue);
  await server.register('BENCH1');
  await pool.query(
    `with numbered as (select id, row_number() over (order by id) as n from identity.source)
     insert into identity.pair (a, b, state, reason, weight, model, found_at)
     select a.id, b.id, 'open', ($2::text[])[1 + a.n % 4], (a.n * 7919 % 13000) / 1000.0, 'model-1', now() - a.n * interval '1 minute'
     from numbered a join numbered b on b.n = a.n + 1 where a.n % 2 = 1 limit $1`,
    [queue, reasons],
  );
  await pool.query('analyze');
  const { rows } = await pool.query<{ n: number }>("select count(*)::int as n from identity.pair where state = 'open'");
  const staff = await loginAs(server.base, 'administrator');
  const ok = (response: Response): boolean => response.status === 200;
  const ask = async (figure: string, times: number, paths: (n: number) => string[], beside = ''): Promise<void> => {
    const load = await httpLoad(
      times,
      1,
      async (n) => {
        const answers = await Promise.all(paths(n).map((path) => staff(`/api/identity/${path}`)));
        return answers.find((answer) => !ok(answer)) ?? (answers[0] as Response);
      },
      ok,
    );
    note('review', figure, load.p95, 'ms', `p50 ${load.p50}, ${load.errors} errors${beside}`);
  };
  const first = (await (await staff('/api/identity/pairs?limit=50')).json()) as {
    items: { id: string }[];
    next: string;
    counts: { open: number };
  };
  if (first.counts.open !== rows[0]?.n || first.items.length !== 50)
    throw new Error('the queue is not what was filled');
  const { items, next } = first;
  const idOf = (n: number): string => items[n % items.length]?.id as string;
  await ask(
    'the screen opens (queue and summary), p95',
    30,
    () => ['pairs?state=open&limit=50', 'summary'],
    `, ${rows[0]?.n} open pairs (asked: <= 300)`,
  );
  await ask('one reason only', 30, (n) => [`pairs?state=open&limit=50&reason=${reasons[n % 4]}`]);
  await ask('the next page', 30, () => [`pairs?state=open&limit=50&after=${encodeURIComponent(next)}`]);
  await ask('a pair side by side, and the next one', 30, (n) => [`pairs/${idOf(n)}`, `next?skip=${idOf(n)}`]);
  await pool.end();
  await server.stop();
}
