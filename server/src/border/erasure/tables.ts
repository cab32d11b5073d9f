import type { Queryable } from '../../kit/pool.ts';

export type Erasure = {
  id: bigint;
  resident: bigint;
  reason: string;
  askedBy: string;
  askedAt: Date;
  agreedBy: string | null;
  state: 'asked' | 'erasing' | 'done' | 'lifted';
  versions: number | null;
  messages: number | null;
  sm3: string | null;
  doneAt: Date | null;
};
type Row = Omit<Erasure, 'id' | 'resident'> & { id: string; resident: string };

const columns = `id::text, resident::text, reason, asked_by as "askedBy", asked_at as "askedAt", agreed_by as "agreedBy", state, versions, messages, sm3, done_at as "doneAt"`;
const toErasure = (row: Row): Erasure => ({ ...row, id: BigInt(row.id), resident: BigInt(row.resident) });

/** @returns undefined when an erasure of this resident is open already */
export async function ask(
  db: Queryable,
  resident: bigint,
  reason: string,
  by: string,
  at: Date,
): Promise<Erasure | undefined> {
  const { rows } = await db.query<Row>(
    `insert into erasure.request (resident, reason, asked_by, asked_at) values ($1, $2, $3, $4) on conflict do nothing returning ${columns}`,
    [String(resident), reason, by, at],
  );
  return rows[0] && toErasure(rows[0]);
}

export async function erasureOf(db: Queryable, id: string): Promise<Erasure | undefined> {
  const { rows } = await db.query<Row>(`select ${columns} from erasure.request where id = $1`, [id]);
  return rows[0] && toErasure(rows[0]);
}

export async function newest(db: Queryable, limit: number): Promise<Erasure[]> {
  const { rows } = await db.query<Row>(`select ${columns} from erasure.request order by request.id desc limit $1`, [
    limit,
  ]);
  return rows.map(toErasure);
}

/** An erasure that was begun and whose server died is begun again by whoever agrees once more. */
export async function agree(db: Queryable, id: bigint, by: string, at: Date): Promise<boolean> {
  const { rowCount } = await db.query(
    `update erasure.request set state = 'erasing', agreed_by = $2, agreed_at = $3 where id = $1 and state in ('asked', 'erasing')`,
    [String(id), by, at],
  );
  return rowCount === 1;
}

export async function finish(
  db: Queryable,
  id: bigint,
  proof: { versions: number; messages: number; sm3: string },
  at: Date,
): Promise<void> {
  await db.query(
    `update erasure.request set state = 'done', versions = $2, messages = $3, sm3 = $4, done_at = $5 where id = $1`,
    [String(id), proof.versions, proof.messages, proof.sm3, at],
  );
}

export async function lift(db: Queryable, id: bigint, by: string, at: Date): Promise<boolean> {
  const { rowCount } = await db.query(
    `update erasure.request set state = 'lifted', lifted_by = $2, lifted_at = $3 where id = $1 and state = 'done'`,
    [String(id), by, at],
  );
  return rowCount === 1;
}
