import type { Queryable } from '../../kit/pool.ts';

export type LookRow = {
  seq: number;
  at: Date;
  agent: string;
  role: string;
  institution: number | null;
  action: string;
  what: string;
  ground: string;
  breakGlass: boolean;
};

/** Who looked at or changed the data of these people, newest first. */
export async function looksAt(
  db: Queryable,
  people: { residents: bigint[]; subjects: bigint[] },
  before: number | null,
  limit: number,
): Promise<LookRow[]> {
  const select = `select seq, at, agent, role, institution, action, what, ground, break_glass as "breakGlass" from audit.entry`;
  const { rows } = await db.query<LookRow>(
    `(${select} where resident = any($1::int8[]) and ($3::int8 is null or seq < $3) order by seq desc limit $4)
     union
     (${select} where subject = any($2::int8[]) and ($3::int8 is null or seq < $3) order by seq desc limit $4)
     order by seq desc limit $4`,
    [people.residents.map(String), people.subjects.map(String), before, limit],
  );
  return rows;
}

export type SealableRow = {
  seq: string;
  xid: string;
  at: string;
  agent: string;
  role: string;
  institution: number | null;
  action: string;
  what: string;
  subject: string | null;
  resident: string | null;
  ground: string;
  break_glass: boolean;
  trace: string;
};

const sealable = `seq::text, xid::text, (extract(epoch from at) * 1000000)::bigint::text as at, agent, role, institution, action, what,
  subject::text, resident::text, ground, break_glass, trace`;

/** Rows after (xid, seq) that can no longer get an older neighbour: every transaction that could write one has ended. */
export async function rowsToSeal(
  db: Queryable,
  after: { xid: string; seq: string },
  limit: number,
): Promise<SealableRow[]> {
  const { rows } = await db.query<SealableRow>(
    `select ${sealable} from audit.entry
     where (xid, seq) > ($1::xid8, $2::bigint) and xid < pg_snapshot_xmin(pg_current_snapshot()) order by entry.xid, entry.seq limit $3`,
    [after.xid, after.seq, limit],
  );
  return rows;
}

/** The rows of a block again, in its order. */
export async function rowsBetween(
  db: Queryable,
  after: { xid: string; seq: string },
  to: { xid: string; seq: string },
): Promise<SealableRow[]> {
  const { rows } = await db.query<SealableRow>(
    `select ${sealable} from audit.entry where (xid, seq) > ($1::xid8, $2::bigint) and (xid, seq) <= ($3::xid8, $4::bigint)
     order by entry.xid, entry.seq`,
    [after.xid, after.seq, to.xid, to.seq],
  );
  return rows;
}

export type BlockRow = {
  number: string;
  xid: string;
  seq: string;
  rows: number;
  previous: string;
  hash: string;
  sealed_at: Date;
};

const block = 'number::text, last_xid::text as xid, last_seq::text as seq, rows, previous, hash, sealed_at';

export async function lastBlock(db: Queryable): Promise<BlockRow | undefined> {
  const { rows } = await db.query<BlockRow>(
    `select ${block} from audit.block order by audit.block.number desc limit 1`,
  );
  return rows[0];
}

export async function blocksFrom(db: Queryable, number: string, limit: number): Promise<BlockRow[]> {
  const { rows } = await db.query<BlockRow>(
    `select ${block} from audit.block where number >= $1 order by audit.block.number limit $2`,
    [number, limit],
  );
  return rows;
}

/** @returns false when another server sealed this block first */
export async function insertBlock(db: Queryable, row: Omit<BlockRow, 'sealed_at'>): Promise<boolean> {
  const { rowCount } = await db.query(
    `insert into audit.block (number, last_xid, last_seq, rows, previous, hash) values ($1, $2::xid8, $3, $4, $5, $6) on conflict do nothing`,
    [row.number, row.xid, row.seq, row.rows, row.previous, row.hash],
  );
  return rowCount === 1;
}

export async function auditState(
  db: Queryable,
): Promise<{ rows: number; sealed: number; lastSealAt: Date | null; headSm3: string | null }> {
  const { rows } = await db.query<{ rows: number; sealed: number }>(
    `select coalesce((select last_value from audit.entry_seq_seq where is_called), 0) as rows, coalesce((select sum(b.rows) from audit.block b), 0)::bigint as sealed`,
  );
  const head = await lastBlock(db);
  return {
    rows: rows[0]?.rows ?? 0,
    sealed: rows[0]?.sealed ?? 0,
    lastSealAt: head?.sealed_at ?? null,
    headSm3: head?.hash ?? null,
  };
}
