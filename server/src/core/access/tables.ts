import type { Queryable } from '../../kit/pool.ts';

export async function breakGlassUntil(db: Queryable, agent: string, resident: bigint): Promise<number | null> {
  const { rows } = await db.query<{ until: Date }>(
    'select until from access.break_glass where agent = $1 and resident = $2 and until > now() order by until desc limit 1',
    [agent, String(resident)],
  );
  return rows[0]?.until.getTime() ?? null;
}

export async function openBreakGlass(
  db: Queryable,
  use: {
    agent: string;
    institution: number | null;
    resident: bigint;
    reasonCode: string;
    reason: string;
    at: Date;
    until: Date;
  },
): Promise<void> {
  await db.query(
    'insert into access.break_glass (agent, institution, resident, reason_code, reason, opened_at, until) values ($1, $2, $3, $4, $5, $6, $7)',
    [use.agent, use.institution, String(use.resident), use.reasonCode, use.reason, use.at, use.until],
  );
}
