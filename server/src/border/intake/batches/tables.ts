import type { Queryable } from '../../../kit/pool.ts';
import { vaultOf } from '../../../kit/vault.ts';

export type BatchRow = {
  id: string;
  institution: number;
  byId: string;
  at: Date;
  fileName: string;
  mapping: string;
  bytes: number;
  state: 'running' | 'done' | 'unreadable';
  rows: number;
  finishedAt: Date | null;
};
/** What came of one line. `outcome`: a receipt's word, or 'unreadable' for a line that is no row. */
export type RowResult = {
  row: number;
  line: number;
  outcome: string;
  message: bigint | null;
  rules: readonly string[];
};

const bind = 'intake.batch.sealed';
const columns = `id::text, institution, by_id as "byId", at, file_name as "fileName", mapping, bytes, state, rows, finished_at as "finishedAt"`;

/** @returns false when this very file was uploaded before */
export async function insertBatch(
  db: Queryable,
  batch: Pick<BatchRow, 'institution' | 'byId' | 'at' | 'fileName' | 'mapping' | 'bytes'> & {
    id: bigint;
    data: Buffer;
  },
): Promise<boolean> {
  const { rowCount } = await db.query(
    `insert into intake.batch (id, institution, by_id, at, file_name, mapping, sealed, bytes, state) values ($1, $2, $3, $4, $5, $6, $7, $8, 'running')
     on conflict do nothing`,
    [
      String(batch.id),
      batch.institution,
      batch.byId,
      batch.at,
      batch.fileName,
      batch.mapping,
      vaultOf(db).seal(batch.data, bind),
      batch.bytes,
    ],
  );
  return rowCount === 1;
}

export async function batchesOf(db: Queryable, institution: number): Promise<BatchRow[]> {
  const { rows } = await db.query<BatchRow>(
    `select ${columns} from intake.batch where institution = $1 order by at desc limit 100`,
    [institution],
  );
  return rows;
}

/** An institution's own; another's is as if it were not there. */
export async function batchOf(db: Queryable, id: string, institution: number): Promise<BatchRow | undefined> {
  const { rows } = await db.query<BatchRow>(`select ${columns} from intake.batch where id = $1 and institution = $2`, [
    id,
    institution,
  ]);
  return rows[0];
}

/** The oldest unfinished batch that nobody works on, leased to the caller. */
export async function takeBatch(db: Queryable, seconds: number): Promise<(BatchRow & { data: Buffer }) | undefined> {
  const { rows } = await db.query<BatchRow & { sealed: Buffer }>(
    `update intake.batch set lease = now() + $1 * interval '1 second' where id = (
       select id from intake.batch where state = 'running' and (lease is null or lease < now()) order by at limit 1 for update skip locked)
     returning ${columns}, sealed`,
    [seconds],
  );
  const [row] = rows;
  if (!row) return undefined;
  const { sealed, ...batch } = row;
  return { ...batch, data: vaultOf(db).open(sealed, bind) };
}

/** Keeps what became of some rows, and the lease. */
export async function saveRows(db: Queryable, id: string, rows: readonly RowResult[], seconds: number): Promise<void> {
  await db.query(
    `with kept as (insert into intake.batch_row (batch, row, line, outcome, message, rules)
       select $1, row, line, outcome, message, string_to_array(rules, ' ')
       from unnest($2::int4[], $3::int4[], $4::text[], $5::int8[], $6::text[]) as g (row, line, outcome, message, rules)
       on conflict (batch, row) do nothing)
     update intake.batch set rows = greatest(rows, $7), lease = now() + $8 * interval '1 second' where id = $1`,
    [
      id,
      rows.map(({ row }) => row),
      rows.map(({ line }) => line),
      rows.map(({ outcome }) => outcome),
      rows.map(({ message }) => (message === null ? null : String(message))),
      rows.map(({ rules }) => rules.join(' ')),
      rows.reduce((most, { row }) => Math.max(most, row), 0),
      seconds,
    ],
  );
}

/** The rows are kept as messages now: the file itself goes. */
export async function endBatch(db: Queryable, id: string, state: 'done' | 'unreadable'): Promise<void> {
  await db.query('update intake.batch set state = $2, finished_at = now(), lease = null, sealed = null where id = $1', [
    id,
    state,
  ]);
}

export async function releaseBatch(db: Queryable, id: string): Promise<void> {
  await db.query('update intake.batch set lease = null where id = $1', [id]);
}

export async function rowsDone(db: Queryable, id: string): Promise<number> {
  const { rows } = await db.query<{ last: number }>(
    'select coalesce(max(row), 0) as last from intake.batch_row where batch = $1',
    [id],
  );
  return rows[0]?.last ?? 0;
}

/** Rows by what they are now: the message's newest verdict, else what was said at its arrival. */
export async function countsOf(db: Queryable, id: string): Promise<Record<string, number>> {
  const { rows } = await db.query<{ state: string; n: number }>(
    `select coalesce(o.state, r.outcome) as state, count(*)::int as n from intake.batch_row r left join intake.outcome o on o.message = r.message
     where r.batch = $1 group by 1`,
    [id],
  );
  return Object.fromEntries(rows.map(({ state, n }) => [state, n]));
}

export type ResultRow = {
  row: number;
  line: number;
  outcome: string;
  state: string;
  message: string | null;
  rules: string[];
  patient: string | null;
};

/** A page of what became of the rows; `patient` is the id of the Patient that a row has made or changed. */
export async function resultsOf(db: Queryable, id: string, after: number, limit: number): Promise<ResultRow[]> {
  const { rows } = await db.query<ResultRow>(
    `select r.row, r.line, r.outcome, coalesce(o.state, r.outcome) as state, r.message::text,
       case when o.message is null then r.rules else array(select i ->> 'rule' from jsonb_array_elements(o.issues) i) end as rules,
       (select w ->> 'id' from jsonb_array_elements(o.written) w where w ->> 'resourceType' = 'Patient' limit 1) as patient
     from intake.batch_row r left join intake.outcome o on o.message = r.message where r.batch = $1 and r.row > $2 order by r.row limit $3`,
    [id, after, limit],
  );
  return rows;
}
