import type { TableWriter } from '../../kit/group-commit.ts';
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

/** A resident showed a live code at an institution. */
export type PresentedCode = { institution: number; resident: bigint; until: Date };

/** Joins the transaction that uses the code up: no ground without its scan. */
export const presentedWriter: TableWriter<PresentedCode> = {
  name: 'access presented codes',
  async write(client, rows) {
    await client.query(
      `insert into access.presented_code (institution, resident, until) select i, r, max(u) from unnest($1::int4[], $2::int8[], $3::timestamptz[]) as g (i, r, u)
       group by i, r order by i, r on conflict (institution, resident) do update set until = greatest(presented_code.until, excluded.until)`,
      [
        rows.map(({ institution }) => institution),
        rows.map(({ resident }) => String(resident)),
        rows.map(({ until }) => until),
      ],
    );
    return [];
  },
};

export async function presentedUntil(
  db: Queryable,
  institution: number | null,
  resident: bigint,
): Promise<number | null> {
  if (institution === null) return null;
  const { rows } = await db.query<{ until: Date }>(
    'select until from access.presented_code where institution = $1 and resident = $2 and until > now()',
    [institution, String(resident)],
  );
  return rows[0]?.until.getTime() ?? null;
}

/** Forgets where a resident showed a code. Emergency openings stay: they account for looks, as the audit does. */
export async function erasePresented(db: Queryable, resident: bigint): Promise<void> {
  await db.query('delete from access.presented_code where resident = $1', [String(resident)]);
}
