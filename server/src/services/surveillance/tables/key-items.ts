import type { Client, Queryable } from '../../../kit/pool.ts';

export type KeyItemRow = {
  id: string;
  kind: 'person' | 'place' | 'thing';
  category: string;
  label: string | null;
  sealed: Buffer | null;
  area: string;
  reason: string;
  card: string | null;
  signal: string | null;
  source: string;
  state: 'open' | 'closed';
  createdAt: Date;
};
export type TaskRow = {
  id: string;
  item: string;
  title: string;
  due: string;
  state: 'open' | 'done' | 'cancelled';
  result: string | null;
  doneBy: string | null;
  doneAt: Date | null;
};
const columns = `id, kind, category, label, sealed, area, reason, card, signal, source, state, created_at as "createdAt"`;

export async function addKeyItem(client: Client, row: KeyItemRow, agent: string): Promise<void> {
  await client.query(
    `insert into surveillance.key_item (id, kind, category, label, sealed, area, reason, card, signal, source, state, created_by, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
    [
      row.id,
      row.kind,
      row.category,
      row.label,
      row.sealed,
      row.area,
      row.reason,
      row.card,
      row.signal,
      row.source,
      row.state,
      agent,
      row.createdAt,
    ],
  );
}

/** Those with overdue tasks first, then open ones, newest first. `reach`: the digits that areas begin with. */
export async function keyItems(
  db: Queryable,
  filter: { kind: string | null; state: string | null; reach: string; today: string; limit: number },
): Promise<{ rows: KeyItemRow[]; total: number; open: number; overdue: number }> {
  const where = `($1::text is null or kind = $1) and ($2 = '' or area like $2 || '%')`;
  const late = `exists (select 1 from surveillance.task t where t.item = k.id and t.state = 'open' and t.due < $3::date)`;
  const { rows } = await db.query<KeyItemRow>(
    `select ${columns} from surveillance.key_item k where ${where} and ($4::text is null or state = $4) order by ${late} desc, (state = 'open') desc, created_at desc limit $5`,
    [filter.kind, filter.reach, filter.today, filter.state, filter.limit],
  );
  const { rows: counts } = await db.query<{ total: number; open: number; overdue: number }>(
    `select count(*) filter (where $4::text is null or state = $4)::int as total, count(*) filter (where state = 'open')::int as open, count(*) filter (where ${late})::int as overdue from surveillance.key_item k where ${where}`,
    [filter.kind, filter.reach, filter.today, filter.state],
  );
  return { rows, ...(counts[0] as { total: number; open: number; overdue: number }) };
}

export async function keyItemBy(db: Queryable, id: string): Promise<KeyItemRow | null> {
  const { rows } = await db.query<KeyItemRow>(`select ${columns} from surveillance.key_item where id = $1`, [id]);
  return rows[0] ?? null;
}
export async function closeKeyItem(client: Client, id: string): Promise<void> {
  await client.query("update surveillance.key_item set state = 'closed' where id = $1", [id]);
  await client.query("update surveillance.task set state = 'cancelled' where item = $1 and state = 'open'", [id]);
}

export async function tasksOf(db: Queryable, items: string[]): Promise<TaskRow[]> {
  const { rows } = await db.query<TaskRow>(
    `select id, item, title, due::text, state, result, done_by as "doneBy", done_at as "doneAt" from surveillance.task where item = any($1) order by due, id`,
    [items],
  );
  return rows;
}
export async function addTask(
  db: Queryable,
  task: { id: string; item: string; title: string; due: string; agent: string; at: Date },
): Promise<void> {
  await db.query(
    "insert into surveillance.task (id, item, title, due, state, created_by, created_at) values ($1, $2, $3, $4, 'open', $5, $6)",
    [task.id, task.item, task.title, task.due, task.agent, task.at],
  );
}
/** @returns false when the task is not open */
export async function finishTask(db: Queryable, id: string, result: string, agent: string, at: Date): Promise<boolean> {
  const { rowCount } = await db.query(
    "update surveillance.task set state = 'done', result = $2, done_by = $3, done_at = $4 where id = $1 and state = 'open'",
    [id, result, agent, at],
  );
  return (rowCount ?? 0) > 0;
}
