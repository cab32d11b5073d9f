import type { Queryable } from '../../../kit/pool.ts';

/** Which of these institutions may trace. */
export async function tracersAmong(db: Queryable, institutions: readonly number[]): Promise<Set<number>> {
  const { rows } = await db.query<{ institution: number }>({
    name: 'identity-tracers',
    text: 'select institution from identity.tracer where institution = any($1::int4[])',
    values: [institutions],
  });
  return new Set(rows.map(({ institution }) => institution));
}

export async function tracers(db: Queryable): Promise<{ institution: number; since: Date; by: string }[]> {
  const { rows } = await db.query<{ institution: number; since: Date; by: string }>(
    'select institution, since, by_id as by from identity.tracer order by since',
  );
  return rows;
}

export async function setTracer(db: Queryable, institution: number, allowed: boolean, by: string): Promise<void> {
  if (allowed)
    await db.query('insert into identity.tracer (institution, by_id) values ($1, $2) on conflict do nothing', [
      institution,
      by,
    ]);
  else await db.query('delete from identity.tracer where institution = $1', [institution]);
}
