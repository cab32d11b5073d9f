import type { Queryable } from '../../../kit/pool.ts';

export async function isTracer(db: Queryable, institution: number): Promise<boolean> {
  const { rows } = await db.query<{ yes: boolean }>(
    'select exists (select 1 from identity.tracer where institution = $1) as yes',
    [institution],
  );
  return rows[0]?.yes ?? false;
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
