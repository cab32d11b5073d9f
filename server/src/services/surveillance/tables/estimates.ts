import type { Estimate, ScanCluster } from '@hutong/contract/watch.ts';
import type { Queryable } from '../../../kit/pool.ts';

/** What is kept of an estimate; names are added when it is read. */
export type EstimateBody = Omit<Estimate, 'disease' | 'area' | 'madeAt'>;
export type EstimateRow = { disease: string; area: string; madeAt: Date; body: EstimateBody };
const columns = 'disease, area, made_at as "madeAt", body';

export async function saveEstimate(
  db: Queryable,
  disease: string,
  area: string,
  body: EstimateBody,
  at: Date,
): Promise<void> {
  await db.query(
    `insert into surveillance.estimate (disease, area, made_at, body) values ($1, $2, $3, $4)
     on conflict (disease, area) do update set made_at = $3, body = $4`,
    [disease, area, at, JSON.stringify(body)],
  );
}
/** Estimates that the last run did not make any more (too few cases now) are taken away. */
export async function dropEstimatesBefore(db: Queryable, at: Date): Promise<void> {
  await db.query('delete from surveillance.estimate where made_at < $1', [at]);
}
export async function estimateBy(db: Queryable, disease: string, area: string): Promise<EstimateRow | null> {
  const { rows } = await db.query<EstimateRow>(
    `select ${columns} from surveillance.estimate where disease = $1 and area = $2`,
    [disease, area],
  );
  return rows[0] ?? null;
}
/** The heads of all estimates: what a list shows, without the series. */
export async function estimateHeads(
  db: Queryable,
): Promise<(Omit<EstimateRow, 'body'> & Pick<EstimateBody, 'cases' | 'rt' | 'refused'>)[]> {
  const { rows } = await db.query(
    `select disease, area, made_at as "madeAt", (body->>'cases')::int as cases, body->'rt' as rt, body->'refused' as refused
     from surveillance.estimate order by (body->>'cases')::int desc, disease, area`,
  );
  return rows as never;
}

export type CaseDays = { area: string; event: string; report: string; n: number };
/** Cards of a disease by onset (or diagnosis), the day of receipt, and area. */
export async function caseDays(db: Queryable, disease: string, from: string, to: string): Promise<CaseDays[]> {
  const { rows } = await db.query<CaseDays>(
    `select area, day::text as event, (received at time zone 'Asia/Shanghai')::date::text as report, count(*)::int as n
     from surveillance.card where disease = $1 and day between $2 and $3 and state not in ('question', 'withdrawn', 'rejected', 'duplicate') group by 1, 2, 3`,
    [disease, from, to],
  );
  return rows;
}
/** Diseases with at least so many cases in a span. */
export async function busyDiseases(db: Queryable, from: string, to: string, fewest: number): Promise<string[]> {
  const { rows } = await db.query<{ topic: string }>(
    `select topic from surveillance.cell where channel = 'cases' and day between $1 and $2 group by topic having sum(n) >= $3 order by topic`,
    [from, to, fewest],
  );
  return rows.map(({ topic }) => topic);
}

export async function saveScan(
  db: Queryable,
  topic: string,
  model: ScanCluster['model'],
  clusters: ScanCluster[],
  at: Date,
): Promise<void> {
  await db.query(
    `insert into surveillance.scan (topic, model, made_at, clusters) values ($1, $2, $3, $4)
     on conflict (topic, model) do update set made_at = $3, clusters = $4`,
    [topic, model, at, JSON.stringify(clusters)],
  );
}
export async function dropScansBefore(db: Queryable, at: Date): Promise<void> {
  await db.query('delete from surveillance.scan where made_at < $1', [at]);
}
export async function scansOf(db: Queryable, topic: string): Promise<{ madeAt: Date; clusters: ScanCluster[] }[]> {
  const { rows } = await db.query<{ madeAt: Date; clusters: ScanCluster[] }>(
    'select made_at as "madeAt", clusters from surveillance.scan where topic = $1',
    [topic],
  );
  return rows;
}

/** The circles of the last run, whatever the disease, made since a moment. */
export async function scansSince(db: Queryable, since: Date): Promise<{ topic: string; clusters: ScanCluster[] }[]> {
  const { rows } = await db.query<{ topic: string; clusters: ScanCluster[] }>(
    "select topic, clusters from surveillance.scan where made_at >= $1 and model = 'space-time-permutation' order by topic",
    [since],
  );
  return rows;
}

export type Watched = { at: Date; day: string } | null;
export async function watchedAt(db: Queryable, job: string): Promise<Watched> {
  const { rows } = await db.query<{ at: Date; day: string }>(
    'select at, day::text from surveillance.watched where job = $1',
    [job],
  );
  return rows[0] ?? null;
}
export async function noteWatched(db: Queryable, job: string, at: Date, day: string): Promise<void> {
  await db.query(
    'insert into surveillance.watched (job, at, day) values ($1, $2, $3) on conflict (job) do update set at = $2, day = $3',
    [job, at, day],
  );
}
